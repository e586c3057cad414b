"""A file that was loaded before is known again, and only where the store still holds all that it holds."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from wire import changed, wire

from kgload import library
from kgload.errors import StoreError
from kgload.loading import known_files, loader, records, whole
from kgload.loading.forgetting import forget
from kgload.loading.graphs import read_graphs
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


MET = "https://w3id.org/kgload/document/wire%2Fmet"


def put(store: EmbeddedStore, path: Path) -> tuple[int, int, int, int]:
    report = Report()
    for _ in load_file(store, path, report):
        pass
    return report.added, report.replaced, report.unchanged, report.triples


def on_record(store: EmbeddedStore) -> set[str]:
    """The hashes of the files that are on record."""
    subjects = (getattr(triple.subject, "value", "") for triple in store.graph(RECORDS))
    return {name.removeprefix(records.FILE) for name in subjects if name.startswith(records.FILE)}


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


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


@pytest.mark.parametrize(
    "change", ["forgotten", "emptied", "replaced", "unrecorded", "doubled", "forgotten before", "replaced before"]
)
def test_a_file_is_read_again_where_the_store_holds_no_longer_what_it_holds(
    change: str, file: Path, reads: list[Path], tmp_path: Path
) -> None:
    name = MET
    other = f'GRAPH <{RECORDS}> {{ <{name}> <{records.HASH.value}> "another" }}'
    of_hash = f"GRAPH <{RECORDS}> {{ <{name}> <{records.HASH.value}> ?hash }}"
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
        elif change == "forgotten before":  # by the version before, which knows of no files that a graph came in
            store.update(f"DELETE WHERE {{ {of_hash} }} ; DROP GRAPH <{name}>")
        elif change == "replaced before":
            store.update(f"DELETE WHERE {{ {of_hash} }} ; INSERT DATA {{ {other} }}")
        else:
            store.update(f"INSERT DATA {{ {other} }}")
        added, replaced, unchanged, _ = put(store, file)
        assert (added + replaced, unchanged) == (1, 3)
        assert {graph: store.graph(graph) for graph in store.graphs()} == expected
        assert put(store, file)[2] == 4


def test_a_file_without_statements_leaves_nothing_on_record(file: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.nq").touch()
    with EmbeddedStore() as store:
        put(store, file)
        before = store.graph(RECORDS)
        assert put(store, tmp_path / "empty.nq") == (0, 0, 0, 0)
        assert store.graph(RECORDS) == before


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


def test_a_forgotten_document_leaves_no_file_on_record_that_held_it(file: Path, tmp_path: Path) -> None:
    library.write(wire()[:1], tmp_path / "other.nq")
    with EmbeddedStore() as store:
        put(store, tmp_path / "other.nq")
        before = {triple for triple in store.graph(RECORDS) if triple.predicate != records.MODIFIED}
        library.write(wire()[1:], tmp_path / "rest.nq")
        put(store, tmp_path / "rest.nq")
        assert on_record(store) == {digest(tmp_path / name) for name in ("other.nq", "rest.nq")}
        (met,) = forget(store, ["wire/met"])
        assert on_record(store) == {digest(tmp_path / "other.nq")}
        assert met == MET
        assert not any(MET in str(triple) for triple in store.graph(RECORDS))
        for graph in read_graphs(tmp_path / "rest.nq"):
            if graph.name != MET:
                forget(store, [graph.name])
        assert {triple for triple in store.graph(RECORDS) if triple.predicate != records.MODIFIED} == before


@pytest.mark.parametrize("others", [0, 100])
def test_graphs_that_are_no_documents_are_known_again_in_a_large_store_as_in_a_small(
    others: int, reads: list[Path], tmp_path: Path
) -> None:
    odd, many = tmp_path / "odd.nq", tmp_path / "many.nq"
    odd.write_text('<urn:x:s> <urn:x:p> "x" <urn:x:a> .\n<urn:x:s> <urn:x:p> "x" <urn:x:b> .\n', encoding="utf-8")
    many.write_text("".join(f'<urn:x:s> <urn:x:p> "x" <urn:x:{n}> .\n' for n in range(others)), encoding="utf-8")
    with EmbeddedStore() as store:
        put(store, many)
        for _ in range(2):
            put(store, odd)
        assert reads == [many, odd]
        store.update("CLEAR GRAPH <urn:x:a>")
        assert put(store, odd)[:3] == (1, 0, 1)


def test_a_later_version_of_a_file_takes_the_place_of_the_one_before(
    file: Path, reads: list[Path], tmp_path: Path
) -> None:
    with EmbeddedStore() as store:
        put(store, file)
        size = len(store.graph(RECORDS))
        for number in range(3):
            later = tmp_path / f"later{number}.nq"
            library.write([changed(d) if n == number else d for n, d in enumerate(wire())], later)
            assert put(store, later)[1:3] == ((2, 2) if number else (1, 3))
            assert on_record(store) == {digest(later)}
            assert put(store, later)[2] == 4
            assert len(store.graph(RECORDS)) == size, "what is on record of files that are gone goes, too"
        assert len(reads) == 4


def test_files_that_share_documents_do_not_take_turns_at_being_on_record(file: Path, tmp_path: Path) -> None:
    library.write([*wire()[:2], changed(wire()[2])], tmp_path / "other.nq")
    library.write(wire()[:2], tmp_path / "part.nq")
    with EmbeddedStore() as store:
        for path in (file, tmp_path / "other.nq"):
            put(store, path)
        before = store.graph(RECORDS)
        for _ in range(2):
            put(store, tmp_path / "part.nq")
            put(store, tmp_path / "other.nq")
        assert store.graph(RECORDS) == before


def test_a_load_that_was_killed_before_its_last_word_is_put_on_record_by_the_next(
    file: Path, reads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    with EmbeddedStore() as store:
        with monkeypatch.context() as patched:
            patched.setattr(records, "stamp", lambda *_: (_ for _ in ()).throw(StoreError("killed")))
            with pytest.raises(StoreError, match="killed"):
                put(store, file)
        assert on_record(store) == set()
        assert put(store, file)[2] == 4
        assert on_record(store) == {digest(file)}
        assert put(store, file)[2] == 4
        assert len(reads) == 2


def test_what_the_version_before_put_on_record_is_taken_over(file: Path, reads: list[Path]) -> None:
    with EmbeddedStore() as store:
        for _ in loader.load(store, read_graphs(file), Report()):
            pass
        of_file = f"GRAPH <{RECORDS}> {{ <{records.FILE}{digest(file)}> <{known_files.HELD.value}>"
        store.update(f'INSERT DATA {{ {of_file} "0f 4711" }} }}')
        for _ in range(3):
            assert put(store, file)[2] == 4
        assert len(reads) == 1
        assert not store.query(f"ASK {{ {of_file} ?held }} }}")


def test_two_loads_of_one_file_at_once_leave_it_on_record(file: Path, reads: list[Path]) -> None:
    class Raced(EmbeddedStore):
        """Before it takes in what it is given, another loader has brought the same."""

        is_first = True

        def insert(self, quads: Any, *, only_once: bool = False) -> None:
            if self.is_first:
                self.is_first = False
                put(self, file)
            super().insert(quads)

    with Raced() as store:
        put(store, file)
        before = store.graph(RECORDS)
        assert put(store, file)[2] == 4
        assert store.graph(RECORDS) == before
        assert len(reads) == 2


def test_a_file_that_is_written_while_it_is_read_is_not_on_record(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = whole.read_graphs

    def growing(path: Path, at: Callable[[float], None]) -> object:
        yield from original(path, at)
        with path.open("ab") as stream:
            stream.write(b'<urn:x:s> <urn:x:p> "later" <urn:x:g> .\n')

    monkeypatch.setattr(whole, "read_graphs", growing)
    read = digest(file)
    with EmbeddedStore() as store:
        put(store, file)
        assert on_record(store) == set()
        assert not any(read in str(triple) for triple in store.graph(RECORDS))
        assert put(store, file)[0] == 1


def test_a_store_that_fails_is_told(file: Path) -> None:
    class Failing(EmbeddedStore):
        def update(self, sparql: str) -> None:
            raise StoreError("gone")

    with Failing() as store, pytest.raises(StoreError, match="gone"):
        put(store, file)
