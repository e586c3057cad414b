"""What stores do to literals is what the page says, line by line."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import session
from servers import Server

from kgload.stores import open_store
from kgload.stores.base import Store

PAGE = (session.ROOT / "docs" / "stores.md").read_text("utf-8")
NAMES = {"embedded": 1, "oxigraph": 1, "fuseki": 2, "rdf4j": 3, "virtuoso": 4}


def literal(text: str) -> ox.Literal:
    full = text.replace("^^xsd:", "^^<http://www.w3.org/2001/XMLSchema#") + (">" if "^^xsd:" in text else "")
    (quad,) = ox.parse(f"<urn:s> <urn:p> {full} .", ox.RdfFormat.N_TRIPLES)
    assert isinstance(quad.object, ox.Literal)
    return quad.object


def lines() -> list[list[str]]:
    """The table's lines: what is loaded, and what comes back from each store."""
    table = PAGE.partition("| loaded | embedded, Oxigraph |")[2].partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip(" `") for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in table]


def assert_as_the_page_says(store: Store, kind: str) -> None:
    wrong = {}
    for number, cells in enumerate(lines()):
        graph, term = f"urn:kgload:literal:{number}", literal(cells[0])
        store.replace(graph, [ox.Triple(ox.NamedNode(graph), ox.NamedNode("urn:p"), term)])
        said = cells[NAMES[kind]]
        expected = term if said == "as loaded" else literal(said)
        found = [triple.object for triple in store.graph(graph)]
        if found != [expected]:
            wrong[str(term)] = [str(one) for one in found]
        store.replace(graph, [])
    assert not wrong


def test_the_table_is_read() -> None:
    assert len(lines()) > 15
    assert all(len(cells) == 5 for cells in lines())


def test_the_embedded_store_keeps_literals_as_the_page_says(tmp_path: Path) -> None:
    with open_store(tmp_path / "store", create=True) as store:
        assert_as_the_page_says(store, "embedded")


@pytest.mark.servers
def test_a_server_keeps_literals_as_the_page_says(server: Server) -> None:
    with open_store(endpoint=server.url) as store:
        assert_as_the_page_says(store, server.kind)
