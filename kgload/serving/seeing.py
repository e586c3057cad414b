"""What pages show of a store, found out in a worker: the functions of :mod:`kgload.views.data`, sent by name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kgload.errors import StoreError
from kgload.mapping import vocabulary as v
from kgload.mapping.iris import DEFAULT_BASE
from kgload.ontology import KGL
from kgload.querying.binding import bind
from kgload.querying.catalogue import find
from kgload.querying.results import with_sorted_lists
from kgload.serving import gathering
from kgload.serving.worker import Opened
from kgload.stores.base import Rows, Triples
from kgload.views import data, details
from kgload.views.data import Counts, Order, Page, Tie
from kgload.views.filters import Filters
from kgload.views.shown import Party, Shown, Source

# Statements that a thing's own description has at most: a state that all the news speaks of has more.
MOST_SAID = 5_000


@dataclass(frozen=True, slots=True)
class Thing:
    """Something of the graph: one of the three that have pages of their own, or else what is said of it."""

    iri: str
    event: Shown | None = None
    party: Party | None = None
    source: Source | None = None
    triples: tuple[ox.Triple, ...] = ()
    is_cut: bool = False


def counts(opened: Opened, filters: Filters) -> Counts:
    """The events that match, counted."""
    return opened.columns.counts(filters) if opened.columns else data.counts(opened.store, filters)


def page(opened: Opened, filters: Filters, number: int, size: int, order: Order) -> Page:
    """One page of the events that match."""
    if opened.columns:
        iris, total = opened.columns.page(filters, number, size, order)
        return Page(tuple(details.events(opened.store, iris)), total, number, size)
    return data.page(opened.store, filters, number=number, size=size, order=order)


def ties(opened: Opened, filters: Filters, most: int) -> tuple[Tie, ...]:
    """Who dealt with whom."""
    return opened.columns.ties(filters, most) if opened.columns else data.ties(opened.store, filters, most=most)


def places(opened: Opened, filters: Filters, most: int) -> tuple[tuple[Party, int], ...]:
    """Where events take place."""
    if opened.columns:
        return opened.columns.most_frequent_places(filters, most)
    return data.places(opened.store, filters, most=most)


def party(opened: Opened, iri: str) -> Party | None:
    """A person, state, place or the like; None where the store has none of that name."""
    if opened.columns and iri in opened.columns.parties.numbers:
        return opened.columns.parties[opened.columns.parties.numbers[iri]]
    return data.party(opened.store, iri)


def thing(opened: Opened, iri: str) -> Thing | None:
    """Whatever bears a name; None where the store says nothing of it.

    What is no IRI bears none.
    """
    store = opened.store
    try:
        node = ox.NamedNode(iri)
    except ValueError:
        return None
    if opened.columns and iri in opened.columns.parties.numbers:
        return Thing(iri, party=party(opened, iri))
    found = store.query(f"SELECT DISTINCT ?c WHERE {{ GRAPH ?g {{ {node} {v.A} ?c }} }} LIMIT 100")
    classes = {row[0].value for row in found.rows if row[0]} if isinstance(found, Rows) else set()
    if KGL + "Event" in classes and (event := data.event(store, iri)):
        return Thing(iri, event=event)
    if KGL + "Document" in classes and (source := data.source(store, iri)):
        return Thing(iri, source=source)
    if KGL + "Entity" in classes and (known := data.party(store, iri)):
        return Thing(iri, party=known)
    triples, is_cut = said(opened, iri)
    return Thing(iri, triples=triples, is_cut=is_cut) if triples else None


def said(opened: Opened, iri: str) -> tuple[tuple[ox.Triple, ...], bool]:
    """What the graph says of a thing, and whether that is only a part of it, as there is too much.

    Of a document that is all that its graph holds; of others, the statements that they are the subject of, then those
    in which they are the object.
    """
    try:
        node = ox.NamedNode(iri)
    except ValueError:
        return (), False
    document = (
        f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {node} {{ ?s ?p ?o }} "
        f"FILTER EXISTS {{ GRAPH {node} {{ {node} {v.A} <{KGL}Document> }} }} }}"
    )
    about = f"CONSTRUCT {{ {node} ?p ?o }} WHERE {{ GRAPH ?g {{ {node} ?p ?o }} }}"
    of = f"CONSTRUCT {{ ?s ?p {node} }} WHERE {{ GRAPH ?g {{ ?s ?p {node} }} }}"
    triples: dict[ox.Triple, None] = {}
    for query in (document, about, of):
        if query is not document or not triples:
            found = opened.store.query(f"{query} LIMIT {MOST_SAID + 1}")
            triples.update(dict.fromkeys(found.triples if isinstance(found, Triples) else ()))
        if query is document and triples:
            break
    kept = tuple(triples)[:MOST_SAID]
    return kept, len(triples) > len(kept)


def base(opened: Opened) -> str:
    """What the names of this graph begin with, by its first document; kgload's own where there is none."""
    found = opened.store.query(f"SELECT ?d WHERE {{ GRAPH ?d {{ ?d a <{KGL}Document> }} }} LIMIT 1")
    iri = found.rows[0][0].value if isinstance(found, Rows) and found.rows and found.rows[0][0] else ""
    front, between, _ = iri.rpartition("document/")
    return front if between else DEFAULT_BASE


def ties_of(opened: Opened, iri: str, most: int) -> tuple[tuple[Party, int], ...]:
    """Whom a party takes part in most events with, and in how many."""
    found = ties(opened, Filters(entity=iri), most * 10)
    others = [(t.other if t.one.iri == iri else t.one, t.events) for t in found if iri in (t.one.iri, t.other.iri)]
    return tuple(others[:most])


def canned(opened: Opened, name: str, values: dict[str, str], most: int) -> tuple[Rows | Triples, bool]:
    """A canned query's answer, of at most so many rows or triples, and whether there are more.

    Raises:
        QueryError: there is no such query, or a value is wrong.
    """
    query = find(name)
    answer = opened.store.query(bind(query, values))
    if isinstance(answer, Triples):
        return Triples(answer.triples[:most]), len(answer.triples) > most
    if isinstance(answer, bool):
        return Rows(("answer",), ((ox.Literal(answer),),)), False
    columns = [answer.variables.index(each) for each in query.lists if each in answer.variables]
    rows = with_sorted_lists(answer.rows[:most], columns)
    return Rows(answer.variables, tuple(rows)), len(answer.rows) > most


def gathered(opened: Opened, folder: Path) -> int:
    """Put the columns of this state of the store into a folder; how many events they have.

    Raises:
        StoreError: the store fails, or there is no room.
    """
    columns = gathering.gather(opened.store)
    try:
        gathering.write(columns, folder)
    except OSError as error:
        raise StoreError(f"there is no room for what pages are made of: {error}") from error
    return len(columns.iris)
