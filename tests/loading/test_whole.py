"""A file that was loaded before is known again, and only where the store still holds all that it holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from wire import changed, wire

from kgload import library
from kgload.errors import StoreError
from kgload.loading import nquads, records, whole
from kgload.loading.forgetting import forget
from kgload.loading.loader import Report
from kgload.loading.status import status
from kgload.loading.whole import load_file
from kgload.stores.base import RECORDS
from kgload.stores.embedded import EmbeddedStore


@pytest.fixture
def file(tmp_path: Path) -> Path:
    library.write(wire(), tmp_path / "wire.nq")
    return tmp_path / "wire.nq"


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that were read graph by graph."""
    found: list[Path] = []
    original = whole.read_graphs

    def counted(path: Path, at: Callable[[float], None]) -> object:
        found.append(path)
        return original(path, at)

    monkeypatch.setattr(whole, "read_graphs", counted)
    return found


def put(store: EmbeddedStore, path: Path) -> tuple[int, int, int, int]:
    report = Report()
    names = list(load_file(store, path, report))
    assert len(names) == report.graphs
    return report.added, report.replaced, report.unchanged, report.triples


def test_a_file_that_was_loaded_before_is_not_read_again(file: Path, reads: list[Path], tmp_path: Path) -> None:
    with EmbeddedStore() as store:
        first = put(store, file)
        before = store.graph(RECORDS)
        again = put(store, file)
        library.write(wire(), tmp_path / "packed.nq.gz")
        packed = put(store, tmp_path / "packed.nq.gz")
        assert again == packed == (0, 0, first[0], first[3])
        assert reads == [file]
        assert store.graph(RECORDS) == before, "what changes nothing writes nothing"


@pytest.mark.parametrize("change", ["forgotten", "emptied", "replaced", "unrecorded", "doubled"])
def test_a_file_is_read_again_where_the_store_holds_no_longer_what_it_holds(
    change: str, file: Path, reads: list[Path], tmp_path: Path
) -> None:
    name = "https://w3id.org/kgload/document/wire%2Fmet"
    with EmbeddedStore() as store:
        put(store, file)
        expected = {graph: store.graph(graph) for graph in store.graphs()}
        if change == "forgotten":
            forget(store, ["wire/met"])
        elif change == "emptied":
            store.update(f"DROP GRAPH <{name}>")
        elif change == "replaced":
            library.write([changed(wire()[1])], tmp_path / "later.nq")
            put(store, tmp_path / "later.nq")
        elif change == "unrecorded":
            store.update(records.forgetting([name], with_graphs=False))
        else:
            store.update(f'INSERT DATA {{ GRAPH <{RECORDS}> {{ <{name}> <{records.HASH.value}> "another" }} }}')
        added, replaced, unchanged, _ = put(store, file)
        assert (added + replaced, unchanged) == (1, 3)
        assert {graph: store.graph(graph) for graph in store.graphs()} == expected
        assert put(store, file)[2] == 4


def test_a_scattered_file_is_loaded_as_any_other(file: Path, tmp_path: Path) -> None:
    (tmp_path / "sorted.nq").write_bytes(b"".join(sorted(file.read_bytes().splitlines(keepends=True))))
    with EmbeddedStore() as store:
        assert put(store, tmp_path / "sorted.nq")[0] == 4
        assert put(store, tmp_path / "sorted.nq")[2] == 4
        assert put(store, file)[2] == 4


def test_a_file_that_breaks_off_is_not_on_record(file: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.nq"
    broken.write_bytes(file.read_bytes() + b"<nonsense\n")
    with EmbeddedStore() as store:
        for _ in range(2):
            with pytest.raises(Exception, match="line"):
                put(store, broken)
        assert status(store).graphs == 3, "those before the last, which may have had more to come"


def test_a_load_that_failed_is_no_last_load(file: Path, tmp_path: Path) -> None:
    (tmp_path / "broken.nq").write_bytes(b"<nonsense\n")
    for path in (tmp_path / "broken.nq", file):
        with pytest.raises(Exception, match="line") if path != file else pytest.MonkeyPatch.context():
            library.load([path], store=tmp_path / "store")
        with EmbeddedStore(tmp_path / "store") as store:
            assert (status(store).last_load is None) == (path != file)


def test_names_are_skimmed_as_they_are_read() -> None:
    lines = [f'<http://e/s> <http://e/p> "{"x" * (n % 900)}" <http://e/g{n // 7}> .\n'.encode() for n in range(5_000)]
    for size in (100, 1 << 16, 1 << 30):
        content = b"".join(lines)
        pieces = [content[at : at + size] for at in range(0, len(content), size)]
        assert dict.fromkeys(nquads.skimmed(pieces)) == dict.fromkeys(nquads.names(pieces))
    with pytest.raises(nquads.Unreadable, match="line 2 ends otherwise"):
        list(nquads.skimmed([lines[0], b"# a comment\n"]))


def test_a_store_that_fails_is_told(file: Path) -> None:
    class Failing(EmbeddedStore):
        def update(self, sparql: str) -> None:
            raise StoreError("gone")

    with Failing() as store, pytest.raises(StoreError, match="gone"):
        put(store, file)
