"""Whichever the server: what is loaded is there once and whole, and queries answer as the embedded store does."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from canned import BREAKOUTS, CASES, ELSEWHERE, IDS, STRINGS
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from real_servers import running, signed
from record_samples import documents
from servers import Server
from wire import changed, wire

from kgload import library, ontology
from kgload.asking import ask, bound
from kgload.mapping import iris
from kgload.records import Document
from kgload.stores import open_store
from kgload.stores.base import RECORDS, canonical

BASE = "https://w3id.org/kgload/"
Content = dict[str, frozenset[ox.Triple]]


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("embedded")
    library.write(wire(), folder / "wire.nq")
    library.load([folder / "wire.nq"], store=folder / "store")
    return folder


def content(store: Path | None = None, endpoint: str | None = None) -> Content:
    with open_store(store, endpoint, read_only=True) as opened:
        return {name: canonical(list(opened.graph(name))) for name in opened.graphs()}


def emptied(server: Server) -> None:
    """A server with nothing of ours in it."""
    with open_store(endpoint=server.url) as opened:
        for name in [*opened.graphs(), RECORDS]:
            opened.replace(name, [])
        assert not list(opened.graphs())


@pytest.fixture
def filled(server: Server, embedded: Path) -> Server:
    """A server with the wire, and nothing else."""
    if content(endpoint=server.url) != content(embedded / "store"):
        emptied(server)
        library.load([embedded / "wire.nq"], endpoint=server.url)
    return server


def test_a_server_is_recognised_by_what_it_answers(server: Server) -> None:
    with open_store(endpoint=server.url) as opened:
        assert opened.profile.name == server.kind  # type: ignore[attr-defined]
        assert server.kind in opened.version().casefold()


def test_a_server_is_recognised_by_its_query_address_too(server: Server) -> None:
    beside = {"fuseki": "/sparql", "oxigraph": "/query", "rdf4j": "", "virtuoso": ""}[server.kind]
    with open_store(endpoint=server.url + beside) as opened:
        assert opened.profile.name == server.kind  # type: ignore[attr-defined]


def test_what_is_loaded_three_times_is_there_once(server: Server, embedded: Path) -> None:
    emptied(server)
    reports = [library.load([embedded / "wire.nq"], endpoint=server.url) for _ in range(3)]
    assert [(r.added, r.replaced, r.unchanged) for r in reports] == [(4, 0, 0), (0, 0, 4), (0, 0, 4)]
    assert content(endpoint=server.url) == content(embedded / "store")


def test_a_changed_document_replaces_itself_and_nothing_else(filled: Server, tmp_path: Path) -> None:
    before = content(endpoint=filled.url)
    given_documents = wire()
    library.write([changed(given_documents[1]), *given_documents[2:]], tmp_path / "later.nq")
    report = library.load([tmp_path / "later.nq"], endpoint=filled.url)
    assert (report.added, report.replaced, report.unchanged) == (0, 1, 2)
    after = content(endpoint=filled.url)
    name = iris.document(BASE, "wire/met")
    assert after[name] < before[name]
    assert {n: g for n, g in after.items() if n != name} == {n: g for n, g in before.items() if n != name}


@pytest.mark.parametrize(("name", "values"), CASES, ids=IDS)
def test_canned_queries_have_the_same_rows_in_the_same_order(
    name: str, values: dict[str, str], filled: Server, embedded: Path
) -> None:
    here = ask(bound(name, values), name=name, store=embedded / "store")
    there = ask(bound(name, values), name=name, endpoint=filled.url)
    assert there.variables == here.variables
    assert there.rows == here.rows
    assert set(there.triples) == set(here.triples)
    assert here.is_empty == (values == ELSEWHERE), "each query has an answer here"


@pytest.mark.parametrize("breakout", BREAKOUTS.values(), ids=BREAKOUTS)
def test_no_parameter_gets_out_of_its_place(breakout: str, filled: Server, embedded: Path) -> None:
    before = content(endpoint=filled.url)
    for name, parameter in STRINGS:
        sparql = bound(name, {parameter: breakout})
        here = ask(sparql, name=name, store=embedded / "store")
        there = ask(sparql, name=name, endpoint=filled.url)
        assert (there.rows, set(there.triples)) == (here.rows, set(here.triples)), name
    assert content(endpoint=filled.url) == before


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=st.lists(documents(), min_size=1, max_size=3, unique_by=lambda d: d.article.id))
def test_whatever_a_document_holds_is_loaded_as_it_is(
    made: list[Document], server: Server, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if server.kind == "virtuoso":  # it makes decimals of integers beyond 31 bits, as docs/stores.md says
        assume(all((entity.quantity or 0) < 2**31 for document in made for entity in document.entities))
    folder = tmp_path_factory.mktemp("any")
    library.write(made, folder / "any.nq")
    library.load([folder / "any.nq"], store=folder / "store")
    emptied(server)
    library.load([folder / "any.nq"], endpoint=server.url)
    assert content(endpoint=server.url) == content(folder / "store")
    assert library.load([folder / "any.nq"], endpoint=server.url).unchanged == len(made)


def test_all_quads_come_back(filled: Server, embedded: Path) -> None:
    with open_store(endpoint=filled.url) as opened:
        found = list(ox.parse(b"".join(opened.quads()), format=ox.RdfFormat.N_QUADS))
    expected = content(embedded / "store")
    back = {g: canonical([q.triple for q in found if q.graph_name == ox.NamedNode(g)]) for g in expected}
    assert back == expected
    assert ontology.GRAPH in back


def test_what_was_loaded_is_there_after_the_server_was_killed_and_started_again(
    server: Server, embedded: Path, tmp_path: Path
) -> None:
    with running(server.kind, tmp_path / "data") as first, signed(first):
        library.load([embedded / "wire.nq"], endpoint=first.url)
        first.kill()
    with running(server.kind, tmp_path / "data") as again, signed(again):
        assert content(endpoint=again.url) == content(embedded / "store")
