"""What is refused before a store sees it, however it is written; and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgload.errors import BadSparql, QueryRefused
from kgload.serving import guard

SERVICES = [
    "SERVICE <http://x.example/> { }",
    "service silent <http://x.example/> { }",
    "SERVICE ?where { }",
    "SERVICE:x { }",
    "SERVICESILENT<http://x.example/>{ }",
    "\\u0053ERVICE <http://x.example/> { }",
    "S\\U00000045RVICE <http://x.example/> { }",
    "?s ?p trueSERVICE <http://x.example/> { }",
    "?s ?p 1.SERVICE <http://x.example/> { }",
    "?s ?p ex:a.SERVICE <http://x.example/> { }",
    "?s ?p '' SERVICE <http://x.example/> { } ?s ?p ''",
    '?s ?p """a"" \\""" b""" SERVICE <http://x.example/> { }',
    "?s ?p 'a\\'' . SERVICE <http://x.example/> { } # '",
    "?s <http://x.example/#a> ?o SERVICE <http://x.example/> { }",
    "# nothing\nSERVICE <http://x.example/> { }",
    "# nothing\rSERVICE <http://x.example/> { }",
]
AROUND = [
    "SELECT * {{ {} }}",
    "SELECT * {{ {{ SELECT * {{ OPTIONAL {{ GRAPH ?g {{ {} }} }} }} }} }}",
    "SELECT * {{ ?s ?p ?o FILTER NOT EXISTS {{ {} }} }}",
    "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {{ ?s ?p ?o }} UNION {{ {} }} }}",
    "ASK {{ MINUS {{ {} }} }}",
    "DESCRIBE ?x WHERE {{ {} }}",
]


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("service", SERVICES)
def test_service_is_refused_wherever_it_stands(service: str, around: str) -> None:
    with pytest.raises(QueryRefused):
        guard.check(around.format(service))


@pytest.mark.parametrize(
    "sparql",
    [
        "INSERT DATA { <urn:a> <urn:b> 1 }",
        "PREFIX a: <urn:a> # note\nDELETE WHERE { ?s ?p ?o }",
        "LOAD <file:///etc/passwd>",
        "drop all",
        "WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
        "SELECT * FROM NAMED<FILE:/etc/passwd> { ?s ?p ?o }",
        "BASE <file:///etc/> SELECT * FROM <passwd> { ?s ?p ?o }",
        "PREFIX f: <file:///etc/> SELECT * FROM f:passwd { ?s ?p ?o }",
        "SELECT * FROM <\\u0066ile:///etc/passwd> { ?s ?p ?o }",
    ],
)
def test_updates_and_files_are_refused(sparql: str) -> None:
    with pytest.raises(QueryRefused):
        guard.check(sparql)


@pytest.mark.parametrize(
    "sparql",
    [
        'SELECT * { ?s ?p "SERVICE <http://x.example/>" }',
        "SELECT ?service { ?service <urn:SERVICE> ?load } # SERVICE, LOAD",
        "SELECT * { ?s a ex:service ; ex:load '''it's a SERVICE''' }",
        "SELECT * FROM <https://w3id.org/kgload/document/a> { ?s ?p ?o }",
        "DESCRIBE <file:///a>",
        'SELECT * { ?s ?p "x"@en-service }',
        "SELECT (1 < 2 AS ?a) (3 > 2 AS ?b) { }",
        "PREFIX clear: <urn:clear:> SELECT * { ?s clear:all ?drop }",
    ],
)
def test_what_only_looks_like_it_is_let_pass(sparql: str) -> None:
    guard.check(sparql)


def test_brackets_too_deep_for_a_parser_are_told_of() -> None:
    with pytest.raises(BadSparql):
        guard.check("SELECT * " + "{" * 20_000 + "}" * 20_000)


@given(st.text(alphabet="SERVICEservice <>\"'\\#{}?:.u0053\n@_-", max_size=60))
def test_whatever_the_library_would_ask_another_server_for_is_refused(text: str) -> None:
    """No text that the library takes for a query with SERVICE gets by: it would be told by an attempt to connect."""
    import pyoxigraph as ox

    sparql = f"ASK {{ {text} }}"
    try:
        guard.check(sparql)
    except (QueryRefused, BadSparql):
        return
    store = ox.Store()
    try:
        store.query(sparql)
    except (SyntaxError, ValueError):
        return
    except OSError as error:
        raise AssertionError(f"{sparql!r} was asked of another server") from error


@given(st.text(max_size=200))
def test_any_text_is_read_to_its_end(text: str) -> None:
    found = list(guard.tokens(text))
    assert all(text[t.begin : t.begin + len(t.text)] == t.text for t in found)
