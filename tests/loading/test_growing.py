"""A file that is read while it is written: all of it arrives, again from the beginning, or not at all."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgload.errors import EndpointRefused, StoreError
from kgload.loading import growing, writing
from kgload.loading.graphs import Graph, from_quads
from kgload.loading.growing import Abandoned, Growing
from kgload.loading.loader import Report, load
from kgload.stores.embedded import EmbeddedStore

import pyoxigraph as ox  # isort: skip


@settings(max_examples=30, deadline=None)
@given(pieces=st.lists(st.binary(max_size=200), max_size=30), before=st.binary(max_size=50))
def test_all_that_is_written_is_read(pieces: list[bytes], before: bytes) -> None:
    with tempfile.TemporaryFile() as file, ThreadPoolExecutor(1) as reader, pytest.MonkeyPatch.context() as patch:
        patch.setattr(growing, "PIECE", 16)
        patch.setattr(growing, "AHEAD", 64)
        file.write(before)
        flow = Growing(file)
        read = reader.submit(lambda: b"".join(flow))
        for piece in pieces:
            flow.write(piece)
        flow.end()
        assert read.result(10) == before + b"".join(pieces)
        flow.seek(0)
        assert b"".join(flow) == before + b"".join(pieces), "again from the beginning"
        assert flow.leave()
        assert flow.part(0, len(before)) == before


def test_a_reader_is_told_that_there_is_no_end() -> None:
    with tempfile.TemporaryFile() as file, ThreadPoolExecutor(1) as reader:
        flow = Growing(file)
        read = reader.submit(lambda: b"".join(flow))
        flow.write(b"half")
        flow.abandon()
        with pytest.raises(Abandoned):
            read.result(10)


def test_a_writer_does_not_wait_for_a_reader_that_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growing, "AHEAD", 10)
    with tempfile.TemporaryFile() as file, ThreadPoolExecutor(1) as writer:
        flow = Growing(file)
        done = writer.submit(flow.write, b"x" * 100)
        assert not flow.leave()
        assert done.result(10) == 100


class Streaming(EmbeddedStore):
    """A store in memory that takes a stream, and may fail in the midst of one."""

    def __init__(self, fail_at: int | None = None, *, leaves: bool = False) -> None:
        super().__init__()
        self.streamed = 0
        self._fail_at, self._leaves = fail_at, leaves

    @property
    def streams(self) -> bool:
        return True

    @property
    def at_once(self) -> int:
        return 300

    def insert(self, quads: object, *, only_once: bool = False) -> None:
        if not isinstance(quads, Growing):
            super().insert(quads, only_once=only_once)  # type: ignore[arg-type]
            return
        self.streamed += 1
        content = b""
        for piece in quads:
            content += piece
            if self._leaves:
                return
            if self._fail_at is not None and len(content) > self._fail_at:
                raise StoreError("gone")
        super().insert(content)


def graphs(count: int = 100) -> Iterator[Graph]:
    for number in range(count):
        name = ox.NamedNode(f"http://e.org/{number}")
        yield from_quads(name.value, [ox.Quad(name, name, ox.Literal(str(n)), name) for n in range(number % 11 + 1)])


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    from kgload.loading import loader

    monkeypatch.setattr(writing, "STREAMED", 500)
    monkeypatch.setattr(growing, "PIECE", 256)
    monkeypatch.setattr(loader, "LOOKED_UP", 5)


def test_what_is_streamed_is_what_is_loaded() -> None:
    with EmbeddedStore() as expected, Streaming() as store:
        names = list(load(expected, graphs(), Report()))
        assert list(load(store, graphs(), report := Report())) == names
        assert report.added == 100
        assert store.streamed > 1
        assert b"".join(sorted(b"".join(store.quads()).splitlines())) == b"".join(
            sorted(b"".join(expected.quads()).splitlines())
        )
        assert len(list(load(store, graphs(150), report := Report()))) == 150
        assert (report.added, report.unchanged) == (50, 100)


@pytest.mark.parametrize("fail_at", [0, 2_000])
def test_a_store_that_fails_in_the_midst_ends_the_load(fail_at: int) -> None:
    before = threading.active_count()
    with Streaming(fail_at) as store, pytest.raises(StoreError, match="gone"):
        list(load(store, graphs(), Report()))
    assert threading.active_count() == before


def test_a_store_that_says_done_before_it_has_read_all_is_not_believed() -> None:
    with Streaming(leaves=True) as store, pytest.raises(EndpointRefused, match="before it had been sent all"):
        list(load(store, graphs(), Report()))


def test_a_load_that_is_stopped_leaves_nothing_of_what_was_under_way() -> None:
    with Streaming() as store:

        def stopped() -> Iterator[Graph]:
            yield from graphs(40)
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            list(load(store, stopped(), Report()))
        assert store.streamed == 1
        assert list(store.graphs()) == []


def test_graphs_with_blank_nodes_are_not_streamed() -> None:
    name = ox.NamedNode("http://e.org/blank")
    blank = from_quads(name.value, [ox.Quad(ox.BlankNode("b"), name, name, name)])
    with Streaming() as store:
        list(load(store, [*graphs(), blank], Report()))
        assert len(store.graph(name.value)) == 1
