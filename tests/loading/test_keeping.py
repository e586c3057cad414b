"""What is loaded, forgotten, compared, counted and dumped, in the embedded store and on a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO
from urllib.parse import unquote

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wire import HOSTILE, changed, wire

from kgload import library, ontology
from kgload.errors import InputNotFound, StoreError
from kgload.loading import loader, records
from kgload.loading.differences import differences
from kgload.loading.dumping import dump
from kgload.loading.forgetting import forget
from kgload.loading.graphs import Graph, from_triples, read_graphs
from kgload.loading.loader import Report
from kgload.loading.status import status
from kgload.loading.whole import load_file
from kgload.stores import open_store
from kgload.stores.base import RECORDS, Store
from kgload.stores.embedded import EmbeddedStore

BASE = "https://w3id.org/kgload/"
Opener = Callable[[], AbstractContextManager[Store]]


@pytest.fixture(params=["folder", "server"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    if request.param == "folder":
        yield lambda: open_store(tmp_path / "store", create=True)
        return
    url = request.getfixturevalue("oxigraph_server")
    with open_store(endpoint=url) as server:
        server.update("DROP ALL")
    yield lambda: open_store(endpoint=url)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Two documents, and two others that speak of the same linked entities."""
    documents = wire()
    library.write(documents[:2], tmp_path / "a.nq")
    library.write(documents[2:], tmp_path / "b.nq")
    return tmp_path / "a.nq", tmp_path / "b.nq"


def put(store: Store, *paths: Path) -> Report:
    report = Report()
    for path in paths:
        for _ in load_file(store, path, report):
            pass
    return report


def held(store: Store) -> bytes:
    return b"".join(dump(store))


def everything(store: Store) -> list[str]:
    """All statements with the records, but for the time of the last load."""
    memory = ox.Store()
    for piece in store.quads():
        memory.load(piece, ox.RdfFormat.N_QUADS)
    return sorted(str(quad) for quad in memory if quad.predicate != records.MODIFIED)


def as_kept(path: Path) -> bytes:
    memory = ox.Store()
    memory.load(path=str(path))
    return b"".join(sorted(f"{quad} .\n".encode() for quad in memory))


def test_a_dump_is_what_was_loaded_sorted(opened: Opener, files: tuple[Path, Path]) -> None:
    with opened() as store:
        put(store, *files)
        assert held(store) == b"".join(sorted((as_kept(files[0]) + as_kept(files[1])).splitlines(keepends=True)))


def test_a_dump_leaves_the_ontology_out_unless_it_is_asked_for(tmp_path: Path) -> None:
    library.write(wire()[:1], tmp_path / "one.nq")
    library.load([tmp_path / "one.nq"], store=tmp_path / "s")
    with open_store(tmp_path / "s", read_only=True) as store:
        without, with_it = held(store), b"".join(dump(store, with_ontology=True))
    assert ontology.GRAPH.encode() + b"> ." not in without
    assert len(with_it.splitlines()) == len(without.splitlines()) + len(set(ontology.triples()))
    assert RECORDS.encode() not in with_it


def test_what_stands_in_no_named_graph_is_no_part_of_a_dump() -> None:
    with EmbeddedStore() as store:
        store.insert(
            b'<http://e.org/s> <http://e.org/p> "x" .\n<http://e.org/s> <http://e.org/p> "x" <http://e.org/g> .'
        )
        assert held(store) == b'<http://e.org/s> <http://e.org/p> "x" <http://e.org/g> .\n'


def test_a_server_that_dumps_nonsense_is_told(tmp_path: Path) -> None:
    class Nonsense:
        name = "it"

        def quads(self) -> Iterator[bytes]:
            yield b"<html>"

    with pytest.raises(StoreError, match="it gave an answer"):
        list(dump(Nonsense()))


def test_a_dump_loads_to_the_same_again(opened: Opener, files: tuple[Path, Path], tmp_path: Path) -> None:
    with opened() as store:
        put(store, *files)
        (tmp_path / "dump.nq").write_bytes(held(store))
        again = put(store, tmp_path / "dump.nq")
        assert held(store) == (tmp_path / "dump.nq").read_bytes()
        assert again.graphs == 4
        assert put(store, tmp_path / "dump.nq").unchanged == 4


def test_loading_again_and_again_leaves_all_as_it_was_after_once(opened: Opener, files: tuple[Path, Path]) -> None:
    with opened() as store:
        put(store, *files)
        once, stamped = everything(store), records.last_load(store)
        for _ in range(3):
            assert put(store, *files).unchanged == 4
        assert everything(store) == once
        assert records.last_load(store) == stamped


def test_an_unchanged_graph_is_neither_fetched_nor_sent(files: tuple[Path, Path]) -> None:
    with EmbeddedStore() as store:
        put(store, *files)
        silent = _Silent(store)
        assert put(silent, *files).unchanged == 4  # type: ignore[arg-type]
        assert silent.asked


class _Silent:
    """A store that can be asked about its records, and nothing else."""

    takes_quads, streams, at_once, own_graphs = True, False, 1000, frozenset({RECORDS})

    def __init__(self, store: Store) -> None:
        self._store = store
        self.asked = 0

    def query(self, sparql: str) -> object:
        self.asked += 1
        assert RECORDS in sparql
        return self._store.query(sparql)


def test_the_spelling_and_order_of_a_file_are_no_change(files: tuple[Path, Path], tmp_path: Path) -> None:
    with EmbeddedStore() as store:
        put(store, files[0])
        lines = files[0].read_bytes().splitlines()
        spelt = [b"\t" + line.replace(b"https:", b"\\u0068ttps:") + b" # here" for line in reversed(lines)]
        (tmp_path / "spelt.nq").write_bytes(b"\r\n\n".join([*spelt, *spelt]))
        assert put(store, tmp_path / "spelt.nq").unchanged == 2


def test_two_stores_agree(files: tuple[Path, Path], tmp_path: Path, oxigraph_server: str) -> None:
    with open_store(tmp_path / "s", create=True) as folder, open_store(endpoint=oxigraph_server) as server:
        server.update("DROP ALL")
        put(folder, *files)
        put(server, *reversed(files))
        assert everything(folder) == everything(server)


def test_a_graph_that_was_emptied_behind_our_back_is_loaded_again(opened: Opener, files: tuple[Path, Path]) -> None:
    name = next(read_graphs(files[0])).name
    with opened() as store:
        put(store, files[0])
        before = everything(store)
        store.update(f"DROP GRAPH <{name}>")
        report = put(store, files[0])
        assert (report.added, report.replaced, report.unchanged) == (1, 0, 1)
        assert everything(store) == before


def test_a_graph_without_a_record_is_replaced(opened: Opener, files: tuple[Path, Path]) -> None:
    graph = next(read_graphs(files[0]))
    with opened() as store:
        store.add(graph.name, [*graph.triples[:5], triple("left by another program")])
        put(store, files[0])
        assert store.graph(graph.name) == canonical_of(graph)


def triple(value: str) -> ox.Triple:
    return ox.Triple(ox.NamedNode("http://e.org/s"), ox.NamedNode("http://e.org/p"), ox.Literal(value))


def canonical_of(graph: Graph) -> frozenset[ox.Triple]:
    memory = ox.Store()
    memory.load(graph.lines, ox.RdfFormat.N_QUADS)
    return frozenset(quad.triple for quad in memory)


def test_where_two_loaders_brought_two_versions_the_next_load_leaves_one(opened: Opener) -> None:
    one, other = (from_triples("http://e.org/g", [triple(value)]) for value in ("one", "other"))
    with opened() as store:
        for graph in (one, other):  # what two of them do that both found no such graph
            store.insert(graph.lines + records.line(graph))
        for _ in loader.load(store, [one], report := Report()):
            pass
        assert report.replaced == 1
        assert store.graph("http://e.org/g") == {triple("one")}
        assert records.hashes(store, ["http://e.org/g"]) == {"http://e.org/g": {one.hash}}


@pytest.mark.parametrize("is_empty", [True, False])
def test_a_graph_that_another_loader_brings_meanwhile_does_not_mix(opened: Opener, is_empty: bool) -> None:
    ours, theirs = (from_triples("http://e.org/g", [triple(value)]) for value in ("ours", "theirs"))
    with opened() as store:
        if not is_empty:
            for _ in loader.load(store, [from_triples("http://e.org/other", [triple("before")])], Report()):
                pass

        class Raced:
            takes_quads, streams, at_once, own_graphs = True, False, 1000, frozenset({RECORDS})
            query, update, replace = store.query, store.update, store.replace

            def insert(self, quads: bytes | IO[bytes], *, only_once: bool = False) -> None:
                store.insert(theirs.lines + records.line(theirs))
                store.insert(quads)

        for _ in loader.load(Raced(), [ours], Report()):
            pass
        assert store.graph("http://e.org/g") == {triple("ours")}
        assert records.hashes(store, ["http://e.org/g"]) == {"http://e.org/g": {ours.hash}}


class OneByOne:
    """A server without transactions over several graphs; it can be made to fail at its n-th step."""

    takes_quads, streams, at_once, own_graphs = False, False, 1000, frozenset({RECORDS})

    def __init__(self, store: Store, fail_at: int = -1) -> None:
        self._store, self._left = store, fail_at
        self.query, self.name = store.query, store.name

    def _step(self) -> None:
        if not self._left:
            raise StoreError("gone")
        self._left -= 1

    def insert(self, quads: object, *, only_once: bool = False) -> None:
        raise AssertionError

    def update(self, sparql: str) -> None:
        self._step()
        self._store.update(sparql)

    def replace(self, name: str, triples: Sequence[ox.Triple]) -> None:
        # Half of it stays where it breaks off.
        self._store.replace(name, triples[: len(triples) // 2])
        self._step()
        self._store.replace(name, triples)


@pytest.mark.parametrize("step", range(12))
def test_what_broke_off_without_transactions_is_repaired_by_the_next_load(files: tuple[Path, Path], step: int) -> None:
    with EmbeddedStore() as expected, EmbeddedStore() as store:
        put(expected, files[0])
        with pytest.raises(StoreError) if step < 7 else _nothing():
            put(OneByOne(store, step), files[0])  # type: ignore[arg-type]
        put(OneByOne(store), files[0])  # type: ignore[arg-type]
        assert everything(store) == everything(expected)
        forget(OneByOne(store), ["wire/met"])
        forget(expected, ["wire/met"])
        assert everything(store) == everything(expected)


class _nothing:  # noqa: N801 - it stands where pytest.raises does
    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


def test_forgetting_leaves_what_was_there_before(opened: Opener, files: tuple[Path, Path]) -> None:
    with opened() as store:
        put(store, files[0])
        before = everything(store)
        put(store, files[1])
        names = [graph.name for graph in read_graphs(files[1])]
        gone = forget(store, [names[0], *(unquote(name.partition("document/")[2]) for name in names[1:])])
        assert gone == sorted(names)
        assert everything(store) == before


@pytest.mark.parametrize(
    "document", ["nowhere", 'x" } DROP ALL #', HOSTILE, RECORDS, "", "http://e.org/none", "\ud800"]
)
def test_a_document_that_is_not_there_is_said_and_none_is_forgotten(files: tuple[Path, Path], document: str) -> None:
    with EmbeddedStore() as store:
        put(store, *files)
        before = everything(store)
        with pytest.raises((InputNotFound, StoreError)):
            forget(store, ["wire/met", document])
        assert everything(store) == before


def test_a_dry_run_says_what_would_be_done_and_does_nothing(
    opened: Opener, files: tuple[Path, Path], tmp_path: Path
) -> None:
    documents = wire()
    library.write([changed(documents[1]), documents[0], documents[2]], tmp_path / "later.nq")
    with opened() as store:
        put(store, files[0])
        before, stamped = everything(store), records.last_load(store)
        report = Report()
        for _ in loader.load(store, read_graphs(tmp_path / "later.nq"), report, dry_run=True):
            pass
        assert (report.added, report.replaced, report.unchanged) == (1, 1, 1)
        assert forget(store, ["wire/met"], dry_run=True) == [BASE + "document/wire%2Fmet"]
        assert (everything(store), records.last_load(store)) == (before, stamped)


def test_differences_are_told_by_document(opened: Opener, files: tuple[Path, Path], tmp_path: Path) -> None:
    documents = wire()
    library.write([changed(documents[1]), documents[0], documents[2]], tmp_path / "later.nq")
    with opened() as store:
        put(store, files[0])
        assert list(differences(store, read_graphs(files[0]))) == []
        found = list(differences(store, read_graphs(tmp_path / "later.nq")))
        assert [(d.is_new, d.is_gone, not d.in_file) for d in found] == [(False, False, True), (True, False, False)]
        (gone,) = differences(store, list(read_graphs(files[0]))[:1])
        assert gone.is_gone
        assert gone.in_store
        assert not gone.in_file


def test_a_statement_that_was_changed_behind_our_back_is_a_difference(opened: Opener, files: tuple[Path, Path]) -> None:
    name = next(read_graphs(files[0])).name
    with opened() as store:
        put(store, files[0])
        store.add(name, [triple("of another program")])
        (found,) = differences(store, read_graphs(files[0]))
    assert (found.name, found.in_file, found.in_store) == (name, (), (f"{triple('of another program')} .",))


def test_status_counts_what_is_there(opened: Opener, files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    with opened() as store:
        nothing = status(store)
        put(store, *files)
        for _ in loader.load(store, [from_triples(ontology.GRAPH, ontology.triples())], Report()):
            pass
        found = status(store)
        statements = len(held(store).splitlines())
    assert (nothing.documents, nothing.triples, nothing.last_load) == (0, 0, None)
    assert (found.documents, found.graphs, found.triples) == (4, 4, statements)
    assert found.events == {"Agreement": 1, "Deployment": 1, "Meeting": 5}
    assert found.entities["State"] >= 2
    assert found.last_load == "1970-01-02T00:00:00Z"
    assert "Oxigraph" in found.version


def test_compacting_changes_nothing_that_is_held(files: tuple[Path, Path], tmp_path: Path) -> None:
    with open_store(tmp_path / "s", create=True) as store:
        put(store, *files)
        before = everything(store)
        store.compact()
        assert everything(store) == before


def test_a_server_that_is_not_compacted_from_outside_says_so(oxigraph_server: str) -> None:
    with open_store(endpoint=oxigraph_server) as store, pytest.raises(StoreError, match="compacted"):
        store.compact()


ODD = st.sampled_from('\\"u{}#<>\n\r\t\x00\u202e\U0001f6d1\ufffe é0041@^_:.;')
LITERALS = st.text(st.one_of(ODD, st.characters(exclude_categories=["Cs"])), max_size=12)
ANY = "http://e.org/any"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(old=st.lists(LITERALS, max_size=4), new=st.lists(LITERALS, min_size=1, max_size=6, unique=True))
def test_any_literal_comes_back_as_it_was_put_in(opened: Opener, old: list[str], new: list[str]) -> None:
    with opened() as store:
        for values in filter(None, (old, new)):
            for _ in loader.load(store, [from_triples(ANY, map(triple, values))], Report()):
                pass
        assert store.graph(ANY) == {triple(value) for value in new}
        quads = ox.parse(held(store), ox.RdfFormat.N_QUADS)
        assert {quad.triple for quad in quads if quad.graph_name == ox.NamedNode(ANY)} == set(map(triple, new))
