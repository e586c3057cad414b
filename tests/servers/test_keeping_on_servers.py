"""Whichever the server: documents are forgotten, compared, counted and dumped as in the embedded store."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from running import run, told
from servers import Server
from wire import changed, wire

from kgload import library, ontology
from kgload.loading import known_files
from kgload.loading.graphs import read_graphs
from kgload.stores import open_store
from kgload.stores.base import RECORDS, canonical


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    library.write(wire(), tmp_path / "wire.nq")
    return tmp_path / "wire.nq"


@pytest.fixture
def filled(server: Server, graph: Path) -> Iterator[Server]:
    with open_store(endpoint=server.url) as opened:
        for name in [*opened.graphs(), RECORDS]:
            opened.replace(name, [])
    library.load([graph], endpoint=server.url)
    yield server


def canonical_graphs(path: Path) -> dict[str, frozenset[ox.Triple]]:
    found: dict[str, list[ox.Triple]] = defaultdict(list)
    for name, triples in ((graph.name, graph.triples) for graph in read_graphs(path)):
        found[name] += triples
    return {name: canonical(triples) for name, triples in found.items()}


def done(*arguments: object, server: Server, code: int = 0) -> str:
    finished = run(*arguments, "--endpoint", server.url)
    assert finished.returncode == code, finished.stderr
    return finished.stdout


def test_what_is_dumped_is_what_was_loaded_after_the_stores_own_way_to_write_numbers(
    filled: Server, graph: Path, tmp_path: Path
) -> None:
    done("dump", "-o", tmp_path / "back.nq", server=filled)
    lines = (tmp_path / "back.nq").read_bytes().splitlines()
    assert lines == sorted(set(lines))
    assert canonical_graphs(tmp_path / "back.nq") == canonical_graphs(graph)
    done("dump", "-o", tmp_path / "again.nq", server=filled)
    assert (tmp_path / "again.nq").read_bytes() == (tmp_path / "back.nq").read_bytes()


def test_a_dump_loads_to_the_same(filled: Server, graph: Path, tmp_path: Path) -> None:
    done("dump", "-o", tmp_path / "back.nq.gz", server=filled)
    library.load([tmp_path / "back.nq.gz"], store=tmp_path / "from dump")
    library.load([graph], store=tmp_path / "from file")
    with open_store(tmp_path / "from dump", read_only=True) as one, open_store(tmp_path / "from file") as other:
        assert list(one.graphs()) == list(other.graphs())
        assert all(one.graph(name) == other.graph(name) for name in other.graphs())


def test_nothing_differs_from_the_file_until_something_does(filled: Server, graph: Path, tmp_path: Path) -> None:
    assert done("diff", graph, server=filled) == ""
    documents = wire()
    library.write([changed(documents[1]), *documents[2:]], tmp_path / "later.nq")
    told_lines = done("diff", tmp_path / "later.nq", server=filled, code=1).splitlines()
    assert [line[0] for line in told_lines] == ["-", "~"] or sorted(line[0] for line in told_lines) == ["-", "~"]


def test_a_document_is_forgotten_and_nothing_else(filled: Server, graph: Path) -> None:
    expected = canonical_graphs(graph)
    done("forget", "wire/met", server=filled)
    with open_store(endpoint=filled.url, read_only=True) as opened:
        there = {name: canonical(list(opened.graph(name))) for name in opened.graphs() if name != ontology.GRAPH}
    del expected["https://w3id.org/kgload/document/wire%2Fmet"]
    assert there == expected
    failed = run("forget", "wire/met", "--endpoint", filled.url)
    assert told(failed) == "KGL-101"
    assert library.load([graph], endpoint=filled.url).added == 1


def test_a_file_is_known_again_until_the_store_holds_other_than_it_says(
    filled: Server, graph: Path, tmp_path: Path
) -> None:
    documents = wire()
    later = tmp_path / "later.nq"
    library.write([changed(documents[1]), documents[0], *documents[2:]], later)
    first, second = (hashlib.sha256(path.read_bytes()).hexdigest() for path in (graph, later))
    with open_store(endpoint=filled.url) as opened:

        def known() -> list[int]:
            found = (known_files.known(opened, digest) for digest in (first, second))
            return [one.graphs if one else 0 for one in found]

        assert known() == [4, 0]
        assert library.load([graph], endpoint=filled.url).unchanged == 4
        assert library.load([later], endpoint=filled.url).unchanged == 3
        assert known() == [0, 4]
        assert not known_files.is_on_record(opened, first)
        assert library.load([later], endpoint=filled.url).unchanged == 4
        done("forget", "wire/met", server=filled)
        assert known() == [0, 0]
        assert not known_files.is_on_record(opened, second)
        assert library.load([later], endpoint=filled.url).added == 1
        assert known() == [0, 4]


def test_the_status_counts_what_the_embedded_store_counts(filled: Server, graph: Path, tmp_path: Path) -> None:
    library.load([graph], store=tmp_path / "s")
    there = json.loads(done("status", "--json", server=filled))
    here = json.loads(run("status", "--json", "--store", tmp_path / "s").stdout)
    own = ("store", "version", "last_load")
    assert {k: v for k, v in there.items() if k not in own} == {k: v for k, v in here.items() if k not in own}
    assert filled.kind in there["version"].casefold()


def test_a_dry_run_writes_nothing(filled: Server, graph: Path, tmp_path: Path) -> None:
    documents = wire()
    library.write([changed(documents[1]), *documents[2:]], tmp_path / "later.nq")
    before = done("dump", server=filled)
    told_json = json.loads(done("load", tmp_path / "later.nq", "--dry-run", "--json", server=filled))
    assert (told_json["replaced"], told_json["unchanged"]) == (1, 2)
    assert done("dump", server=filled) == before


def test_a_server_is_compacted_where_it_can_be(filled: Server) -> None:
    before = done("dump", server=filled)
    if filled.kind == "fuseki":
        done("compact", server=filled)
    else:
        assert told(run("compact", "--endpoint", filled.url)) == "KGL-500"
    assert done("dump", server=filled) == before
