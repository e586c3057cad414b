"""The columns answer as SPARQL does, whatever the graph and the filter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from record_samples import documents
from wire import wire

from kgload.mapping.graph import quads
from kgload.records import Document, Status
from kgload.serving import gathering
from kgload.serving.columns import Columns, Texts
from kgload.stores.embedded import EmbeddedStore
from kgload.views import data
from kgload.views.data import Order
from kgload.views.filters import Filters


def store_of(made: list[Document]) -> EmbeddedStore:
    store = EmbeddedStore()
    for document in made:
        found = quads(document)
        if found:
            store.add(found[0].graph_name.value, [quad.triple for quad in found])  # type: ignore[union-attr]
    return store


def agree(columns: Columns, store: EmbeddedStore, filters: Filters) -> None:
    for order in Order:
        expected = data.page(store, filters, number=1, size=3, order=order)
        assert columns.page(filters, 1, 3, order) == ([e.iri for e in expected.events], expected.total)
    assert columns.counts(filters) == data.counts(store, filters)
    assert columns.ties(filters, 50) == data.ties(store, filters, most=50)
    assert columns.most_frequent_places(filters, 50) == data.places(store, filters, most=50)


def filters() -> st.SearchStrategy[Filters]:
    days = st.none() | st.dates(dt.date(1990, 1, 1), dt.date(2035, 1, 1))
    entities = (
        "Q900001",
        "http://www.wikidata.org/entity/Q900003",
        "https://w3id.org/kgload/entity/Q900001",
        "Q1",
        None,
    )
    return st.builds(
        Filters,
        types=st.lists(st.sampled_from(("Meeting", "Deployment", "Agreement")), unique=True, max_size=2).map(tuple),
        statuses=st.lists(st.sampled_from([s.value for s in Status]), unique=True, max_size=3).map(tuple),
        since=days,
        until=days,
        entity=st.sampled_from(entities),
        source=st.sampled_from((None, "wire/met", "WIRE.example", "nobody")),
        min_confidence=st.sampled_from((0.0, 0.5, 0.75, 1.0)),
        text=st.none() | st.sampled_from(("norland", "TALKS", "</script>", 'o"hara', "\u202e", "zzz", "ő")),
        undated=st.booleans(),
    )


@pytest.fixture(scope="module")
def known() -> Iterator[tuple[Columns, EmbeddedStore]]:
    store = store_of(wire())
    yield gathering.gather(store), store


@settings(max_examples=60)
@given(asked=filters())
def test_any_filter_of_the_wire(known: tuple[Columns, EmbeddedStore], asked: Filters) -> None:
    agree(*known, asked)


@pytest.mark.parametrize(
    "asked",
    [
        Filters(),
        Filters(types=("Meeting",)),
        Filters(statuses=("Cancelled", "Planned")),
        Filters(since=dt.date(2025, 8, 12)),
        Filters(until=dt.date(2025, 8, 12)),
        Filters(entity="Q900001"),
        Filters(source="wire/met"),
        Filters(source="wire.example"),
        Filters(text="ketterby"),
        Filters(undated=True),
        Filters(min_confidence=0.8),
    ],
)
def test_each_filter_finds_something_and_not_all(known: tuple[Columns, EmbeddedStore], asked: Filters) -> None:
    agree(*known, asked)
    found = known[0].counts(asked).total
    assert found
    assert asked.is_empty or asked.source == "wire.example" or found < known[0].counts(Filters()).total


@settings(max_examples=12)
@given(made=st.lists(documents(), max_size=3, unique_by=lambda d: d.article.id))
def test_any_documents(made: list[Document]) -> None:
    store = store_of(made)
    agree(gathering.gather(store), store, Filters())


@given(st.lists(st.text(max_size=8), max_size=8), st.text(min_size=1, max_size=4))
def test_a_text_is_found_where_it_stands(texts: list[str], wanted: str) -> None:
    expected = [i for i, text in enumerate(texts) if wanted.lower() in text.lower()] if "\0" not in wanted else []
    assert list(Texts(texts).holding(wanted)) == expected
