"""`/sparql` by the SPARQL 1.1 Protocol, over HTTP."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest
from web_server import Web

from kgload.stores import open_store

EVENTS = "SELECT ?e WHERE { GRAPH ?g { ?e a <https://w3id.org/kgload/ontology#Event> } } ORDER BY ?e"
GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH <https://w3id.org/kgload/document/wire%2Fmet> { ?s ?p ?o } }"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
QUERY = {"Content-Type": "application/sparql-query"}


@pytest.fixture(scope="module")
def events(stored: Path) -> list[str]:
    with open_store(stored, read_only=True) as store:
        return [row[0].value for row in store.query(EVENTS).rows]  # type: ignore[union-attr]


def names(reply_body: bytes) -> list[str]:
    return [row["e"]["value"] for row in json.loads(reply_body)["results"]["bindings"]]


def test_the_three_ways_to_ask_give_one_answer(served: Web, events: list[str]) -> None:
    assert events
    by_get = served.sparql(EVENTS)
    by_form = served.ask("/sparql", "POST", urlencode({"query": EVENTS}).encode(), FORM)
    by_body = served.ask("/sparql", "POST", EVENTS.encode(), QUERY)
    for reply in (by_get, by_form, by_body):
        assert reply.status == 200
        assert reply.headers["content-type"] == "application/sparql-results+json"
        assert names(reply.body) == events
    assert served.ask(f"/sparql?{urlencode({'query': EVENTS})}", "HEAD").body == b""


def test_rows_come_in_the_four_forms(served: Web, events: list[str]) -> None:
    xml = ET.fromstring(served.sparql(EVENTS, "application/sparql-results+xml").body)
    assert [uri.text for uri in xml.iter("{http://www.w3.org/2005/sparql-results#}uri")] == events
    rows = list(csv.reader(io.StringIO(served.sparql(EVENTS, "text/csv").text)))
    assert rows == [["e"], *([e] for e in events)]
    tsv = served.sparql(EVENTS, "text/tab-separated-values").text.splitlines()
    assert tsv == ["?e", *(f"<{e}>" for e in events)]


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("text/turtle", ox.RdfFormat.TURTLE),
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
    ],
)
def test_graphs_come_in_the_four_forms(served: Web, stored: Path, accept: str, form: ox.RdfFormat) -> None:
    reply = served.sparql(GRAPH, accept)
    assert reply.status == 200
    assert reply.headers["content-type"].startswith(accept)
    with open_store(stored, read_only=True) as store:
        expected = store.graph("https://w3id.org/kgload/document/wire%2Fmet")
    assert {q.triple for q in ox.parse(reply.body, format=form)} == set(expected)


def test_yes_and_no(served: Web) -> None:
    assert json.loads(served.sparql("ASK { GRAPH ?g { ?s ?p ?o } }").body)["boolean"] is True
    assert b"<boolean>false</boolean>" in served.sparql("ASK { }  ".replace("{ }", "{ <urn:a> ?p ?o }"),
                                                        "application/sparql-results+xml").body  # fmt: skip


def test_the_request_says_which_graphs_are_asked(served: Web) -> None:
    all_of_it = "SELECT (COUNT(*) AS ?e) WHERE { ?s ?p ?o }"
    graph = "https://w3id.org/kgload/document/wire%2Fmet"
    assert names(served.sparql(all_of_it).body) == ["0"]
    one = int(names(served.sparql(all_of_it, **{"default-graph-uri": graph}).body)[0])
    assert one > 10
    # What the request says goes before what the query says.
    other = all_of_it.replace("WHERE", "FROM <urn:none> WHERE")
    assert names(served.sparql(other, **{"default-graph-uri": graph}).body) == [str(one)]
    named = "SELECT (COUNT(DISTINCT ?g) AS ?e) WHERE { GRAPH ?g { ?s ?p ?o } }"
    assert names(served.sparql(named, **{"named-graph-uri": graph}).body) == ["1"]
    body = urlencode([("query", named), ("named-graph-uri", graph), ("named-graph-uri", "urn:none")]).encode()
    assert names(served.ask("/sparql", "POST", body, FORM).body) == ["1"]


@pytest.mark.parametrize(
    ("status", "method", "path", "body", "headers"),
    [
        (400, "GET", "/sparql?query=SELECT", None, {}),
        (400, "GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", None, {}),
        (400, "GET", "/sparql?query=%ff", None, {}),
        (400, "GET", "/sparql?query=ASK%7B%7D&default-graph-uri=no+iri", None, {}),
        (400, "POST", "/sparql", b"", FORM),
        (400, "POST", "/sparql", b"\xff\xfe", QUERY),
        (403, "POST", "/sparql", b"update=DROP+ALL", FORM),
        (403, "POST", "/sparql", b"DROP ALL", {"Content-Type": "application/sparql-update"}),
        (403, "POST", "/sparql", b"INSERT DATA { <urn:a> <urn:b> 1 }", QUERY),
        (403, "GET", "/sparql?query=ASK%7B%7D&default-graph-uri=file:///etc/passwd", None, {}),
        (405, "PUT", "/sparql", b"ASK {}", QUERY),
        (405, "DELETE", "/sparql", None, {}),
        (406, "GET", "/sparql?query=ASK%7B%7D", None, {"Accept": "image/png"}),
        (413, "POST", "/sparql", b"ASK {} # " + b"x" * (1 << 20), QUERY),
        (415, "POST", "/sparql", b"ASK {}", {"Content-Type": "text/plain"}),
        (415, "POST", "/sparql", b"ASK {}", {}),
        (415, "POST", "/sparql", b"ASK {}", {"Content-Type": "application/sparql-query; charset=utf-16"}),
        (415, "POST", "/sparql", b"ASK {}", {**QUERY, "Content-Encoding": "gzip"}),
    ],
)
def test_a_wrong_request_is_told_what_is_wrong(
    served: Web, status: int, method: str, path: str, body: bytes | None, headers: dict[str, str]
) -> None:
    reply = served.ask(path, method, body, headers)
    assert reply.status == status
    assert reply.text.count("\n") == 1
    assert "Traceback" not in reply.text
    if status == 405:
        assert {"GET", "POST"} <= set(reply.headers["allow"].split(", "))


def test_without_a_query_a_program_gets_the_description_and_a_person_the_editor(served: Web) -> None:
    described = served.ask("/sparql", headers={"Accept": "text/turtle"})
    assert "sparql-service-description#endpoint" in described.text
    assert "<textarea" in served.page("/sparql").text


def test_the_data_is_described_where_it_is_looked_for(served: Web, stored: Path) -> None:
    triples = {q.triple for q in ox.parse(served.ask("/.well-known/void").body, format=ox.RdfFormat.TURTLE)}
    said = {t.predicate.value.rpartition("#")[2]: t.object.value for t in triples}  # type: ignore[union-attr]
    assert said["sparqlEndpoint"] == f"{served.url}/sparql"
    assert said["documents"] == "4"
    with open_store(stored, read_only=True) as store:
        held = sum(len(store.graph(name)) for name in store.graphs())
    assert int(said["triples"]) == held
