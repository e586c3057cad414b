"""Nothing in a parameter's value can change the query, and each value is checked for its type."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kgload.errors import BadParameter
from kgload.querying.binding import bind, term
from kgload.querying.catalogue import CannedQuery, ParameterType, catalogue

VALUES = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
ATTACKS = (
    '" } } ; DROP ALL #', "' } UNION { ?s ?p ?o } #", "\\", '\\"', "a\nb\r\tc", "<x>", "?x", "{}", "#", "\u202e",
    "\U0001f6d1",
    '""" } #', "\x00\x01\x7f", "${x}", "%s", "\\u0022 } #",
)  # fmt: skip
LITERAL = [q for q in catalogue().values() if any(p.type is ParameterType.STRING for p in q.parameters)]


def bound(query: CannedQuery, value: str) -> tuple[str, str]:
    """The query's text with the value in each of its string parameters, and what stands in the first one's place."""
    first = min((p for p in query.parameters if p.type is ParameterType.STRING), key=lambda p: p.begin)
    text = bind(query, {p.name: value for p in query.parameters if p.type is ParameterType.STRING})
    before, after = query.text[: first.begin], query.text[first.end :]
    assert text.startswith(before) and text.endswith(after)
    return text, text[len(before) : len(text) - len(after)]


@given(st.sampled_from(LITERAL), VALUES)
@example(LITERAL[0], ATTACKS[0])
def test_a_value_stays_one_literal_in_its_place(query: CannedQuery, value: str) -> None:
    text, inserted = bound(query, value)
    ox.Store().query(text)
    [row] = ox.Store().query(f"SELECT ?v {{ VALUES ?v {{ {inserted} }} }}")  # type: ignore[misc]
    assert row["v"] == ox.Literal(value)


@pytest.mark.parametrize("value", ATTACKS)
def test_attacks_are_looked_for_as_words(value: str) -> None:
    store = ox.Store()
    subject, graph = ox.NamedNode("http://example.org/s"), ox.NamedNode("http://example.org/g")
    identifier = ox.NamedNode("http://purl.org/dc/terms/identifier")
    document = ox.NamedNode("https://w3id.org/kgload/ontology#Document")
    rdf_type = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    store.extend([ox.Quad(subject, identifier, ox.Literal(value), graph), ox.Quad(subject, rdf_type, document, graph)])
    found = list(store.query(bind(catalogue()["graph-of"], {"id": value})))
    assert len(found) == 2
    assert len(store) == 2


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        (ParameterType.IRI, "not an iri"),
        (ParameterType.IRI, "http://example.org/> } #"),
        (ParameterType.IRI, "relative/path"),
        (ParameterType.ITEM, "Q0"),
        (ParameterType.ITEM, "Q12 }"),
        (ParameterType.DATE, "2025-02-30"),
        (ParameterType.DATE, 'x" }'),
        (ParameterType.INTEGER, "1 }"),
        (ParameterType.STRING, "\ud800"),
    ],
)
def test_a_value_that_is_not_of_its_type_is_refused(type_: ParameterType, value: str) -> None:
    with pytest.raises(BadParameter):
        term(type_, value)


def test_values_of_each_type_become_terms() -> None:
    assert term(ParameterType.ITEM, "Q159") == ox.NamedNode("http://www.wikidata.org/entity/Q159")
    assert term(ParameterType.ITEM, "https://items.example/7") == ox.NamedNode("https://items.example/7")
    assert str(term(ParameterType.DATE, "2025-08-13")) == '"2025-08-13"^^<http://www.w3.org/2001/XMLSchema#date>'
    assert str(term(ParameterType.INTEGER, "007")) == '"7"^^<http://www.w3.org/2001/XMLSchema#integer>'


def test_a_missing_or_unknown_parameter_is_named() -> None:
    with pytest.raises(BadParameter, match="needs --param name="):
        bind(catalogue()["meetings-of"], {})
    with pytest.raises(BadParameter, match="no parameter 'nmae'; it takes name"):
        bind(catalogue()["meetings-of"], {"nmae": "x"})
