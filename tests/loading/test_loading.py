"""What is loaded is what the file says, once, and a document is there wholly or not at all."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from wire import changed, wire

from kgload import library, ontology
from kgload.errors import BadGraph, BadLine, InputNotFound
from kgload.loading.dumping import dump
from kgload.loading.graphs import read_graphs
from kgload.mapping import iris
from kgload.stores import open_store
from kgload.stores.base import RECORDS, canonical

BASE = "https://w3id.org/kgload/"


def content(store: Path) -> dict[str, frozenset[ox.Triple]]:
    with open_store(store, read_only=True) as opened:
        return {name: opened.graph(name) for name in opened.graphs() if name != ontology.GRAPH}


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    library.write(wire(), tmp_path / "wire.nq")
    return tmp_path / "wire.nq"


@pytest.mark.parametrize("name", ["w.trig", "w.nq", "w.jsonld", "w.ttl", "w.nt", "w.nq.gz", "w.ttl.gz"])
def test_every_format_loads_to_the_same_graphs(name: str, graph: Path, tmp_path: Path) -> None:
    library.load([graph], store=tmp_path / "expected")
    library.write(wire(), tmp_path / name)
    library.load([tmp_path / name], store=tmp_path / "store")
    expected, found = content(tmp_path / "expected"), content(tmp_path / "store")
    assert set(found) == set(expected)
    if name.removesuffix(".gz").endswith((".ttl", ".nt")):
        # Without graphs, what two documents say of a shared entity's names is said by both.
        assert all(expected[g] <= found[g] for g in expected)
        assert set().union(*expected.values()) == set().union(*found.values())
    else:
        assert found == expected


def test_loading_again_changes_nothing(graph: Path, tmp_path: Path) -> None:
    first = library.load([graph], store=tmp_path / "s")
    before = content(tmp_path / "s")
    again = library.load([graph], store=tmp_path / "s")
    assert (first.added, first.replaced, first.unchanged) == (4, 0, 0)
    assert (again.added, again.replaced, again.unchanged) == (0, 0, 4)
    assert content(tmp_path / "s") == before


def test_a_changed_document_replaces_itself_and_nothing_else(graph: Path, tmp_path: Path) -> None:
    library.load([graph], store=tmp_path / "s")
    before = content(tmp_path / "s")
    documents = wire()
    library.write([changed(documents[1]), *documents[2:]], tmp_path / "later.nq")
    report = library.load([tmp_path / "later.nq"], store=tmp_path / "s")
    after = content(tmp_path / "s")
    assert (report.replaced, report.unchanged) == (1, 2)
    name = iris.document(BASE, "wire/met")
    assert after[name] < before[name]
    assert {n: g for n, g in after.items() if n != name} == {n: g for n, g in before.items() if n != name}


def test_loading_into_a_server_gives_what_a_folder_holds(graph: Path, tmp_path: Path, oxigraph_server: str) -> None:
    library.load([graph], store=tmp_path / "s")
    library.load([graph], endpoint=oxigraph_server)
    again = library.load([graph], endpoint=oxigraph_server)
    assert again.unchanged == 4
    with open_store(endpoint=oxigraph_server) as server:
        assert {name: canonical(list(server.graph(name))) for name in content(tmp_path / "s")} == content(
            tmp_path / "s"
        )


def test_a_graph_whose_statements_are_scattered_is_whole(graph: Path, tmp_path: Path) -> None:
    lines = graph.read_bytes().splitlines(keepends=True)
    (tmp_path / "scattered.nq").write_bytes(b"".join(sorted(lines)))
    library.load([graph], store=tmp_path / "one")
    library.load([tmp_path / "scattered.nq"], store=tmp_path / "two")
    assert content(tmp_path / "one") == content(tmp_path / "two")


def test_an_error_in_the_middle_leaves_whole_documents_only(graph: Path, tmp_path: Path) -> None:
    library.load([graph], store=tmp_path / "whole")
    whole = content(tmp_path / "whole")
    lines = graph.read_bytes().splitlines(keepends=True)
    middle = len(lines) * 2 // 3
    (tmp_path / "broken.nq").write_bytes(b"".join([*lines[:middle], b"<nonsense\n", *lines[middle:]]))
    with pytest.raises(BadGraph, match=r"broken\.nq"):
        library.load([tmp_path / "broken.nq"], store=tmp_path / "s")
    found = content(tmp_path / "s")
    assert 0 < len(found) < len(whole)
    assert all(whole[name] == statements for name, statements in found.items())


def test_a_file_that_is_not_there_makes_no_store(tmp_path: Path) -> None:
    with pytest.raises(InputNotFound):
        library.load([tmp_path / "none.nq"], store=tmp_path / "s")
    assert not (tmp_path / "s").exists()


def test_foreign_statements_load_into_the_graph_that_the_file_names(tmp_path: Path) -> None:
    (tmp_path / "own.trig").write_text("<http://e.org/g> { <http://e.org/s> <http://e.org/p> 007 }", encoding="utf-8")
    (tmp_path / "own names.ttl").write_text("<http://e.org/s> <http://e.org/p> 'x'@en .", encoding="utf-8")
    library.load([tmp_path / "own.trig", tmp_path / "own names.ttl"], store=tmp_path / "s")
    assert set(content(tmp_path / "s")) == {"http://e.org/g", "urn:kgload:file:own%20names.ttl"}


def test_a_statement_in_no_graph_is_refused_where_the_format_has_graphs(tmp_path: Path) -> None:
    (tmp_path / "none.nq").write_text("<http://e.org/s> <http://e.org/p> <http://e.org/o> .\n", encoding="utf-8")
    with pytest.raises(BadGraph, match="no named graph"):
        list(read_graphs(tmp_path / "none.nq"))


def test_the_store_holds_the_ontology_in_a_graph_of_its_own(graph: Path, tmp_path: Path) -> None:
    library.load([graph], store=tmp_path / "s")
    with open_store(tmp_path / "s", read_only=True) as store:
        assert store.holds(ontology.GRAPH, ontology.triples())


def test_a_packed_graph_that_is_damaged_is_told_in_one_line(graph: Path, tmp_path: Path) -> None:
    import gzip

    packed = bytearray(gzip.compress(graph.read_bytes()))
    packed[len(packed) // 2] ^= 0xFF
    packed[len(packed) // 2 + 1] ^= 0xFF
    (tmp_path / "bad.nq.gz").write_bytes(packed)
    with pytest.raises(BadGraph, match=r"bad\.nq\.gz"):
        library.load([tmp_path / "bad.nq.gz"], store=tmp_path / "s")


def test_documents_before_one_that_cannot_be_read_are_loaded(tmp_path: Path) -> None:
    from kgload import records_json

    lines = [records_json.dump(document) for document in wire()]
    (tmp_path / "records.jsonl").write_text("\n".join([*lines, "{bad"]) + "\n", encoding="utf-8")
    with pytest.raises(BadLine):
        library.load([tmp_path / "records.jsonl"], store=tmp_path / "s")
    assert len(content(tmp_path / "s")) == len(lines)


@pytest.mark.parametrize("name", [RECORDS, ontology.GRAPH])
@pytest.mark.parametrize("form", ["nq", "trig", "ttl"])
def test_a_file_cannot_forge_what_kgload_keeps(name: str, form: str, graph: Path, tmp_path: Path) -> None:
    library.load([graph], store=tmp_path / "s")
    kept = [open_store(tmp_path / "s", read_only=True).graph(name) for name in (RECORDS, ontology.GRAPH)]
    statement = f"<{name}> a <https://w3id.org/kgload/ontology#Document>"
    texts = {"trig": f"<{name}> {{ {statement} }}", "ttl": f"{statement} ."}
    texts["nq"] = f"{statement.replace(' a ', ' <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ')} <{name}> .\n"
    (tmp_path / f"forged.{form}").write_text(texts[form])
    with pytest.raises(BadGraph, match=name):
        library.load([tmp_path / f"forged.{form}"], store=tmp_path / "s")
    assert kept == [open_store(tmp_path / "s", read_only=True).graph(name) for name in (RECORDS, ontology.GRAPH)]


def test_a_dump_with_the_ontology_loads_again(graph: Path, tmp_path: Path) -> None:
    library.load([graph], store=tmp_path / "s")
    with open_store(tmp_path / "s", read_only=True) as opened:
        (tmp_path / "all.nq").write_bytes(b"".join(dump(opened, with_ontology=True)))
    library.load([tmp_path / "all.nq"], store=tmp_path / "again")
    assert content(tmp_path / "again") == content(tmp_path / "s")
