"""What a store is and holds, in figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import pyoxigraph as ox

from kgload import ontology
from kgload.errors import EndpointRefused
from kgload.loading import records
from kgload.stores.base import Answer, Rows


class Described(Protocol):
    """What describing asks of a store."""

    @property
    def name(self) -> str:
        """What to call it."""
        ...

    @property
    def own_graphs(self) -> frozenset[str]:
        """Names of the graphs that nobody loaded."""
        ...

    def query(self, sparql: str) -> Answer:
        """Answer a query."""
        ...

    def update(self, sparql: str) -> None:
        """Carry out a SPARQL update."""
        ...

    def version(self) -> str:
        """What it is and of which version."""
        ...


@dataclass(frozen=True, slots=True)
class Status:
    """A store's figures.

    ``events`` and ``entities`` count by type, sorted by name; an event or entity of several documents counts once, an
    entity under each of its classes. ``graphs`` and ``triples`` leave out the ontology and kgload's own records.
    ``last_load`` is ISO 8601 in UTC, of the last load that changed something; None where none is on record.
    """

    store: str
    version: str
    documents: int
    graphs: int
    triples: int
    events: dict[str, int]
    entities: dict[str, int]
    last_load: str | None


def status(store: Described) -> Status:
    """Count what a store holds.

    Raises:
        StoreError: the store failed.
    """
    not_loaded = ", ".join(str(ox.NamedNode(name)) for name in sorted(store.own_graphs | {ontology.GRAPH}))
    counted = _counts(
        store,
        "SELECT (COUNT(*) AS ?triples) (COUNT(DISTINCT ?g) AS ?graphs) "
        f"WHERE {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(?g NOT IN ({not_loaded})) }}",
    )
    if len(counted) != 1 or len(counted[0]) != 2:
        raise EndpointRefused(f"{store.name} gave an answer that is no count")
    ((triples, graphs),) = counted
    classes = {
        name.removeprefix(ontology.KGL): int(count)
        for name, count in _counts(
            store, "SELECT ?class (COUNT(DISTINCT ?s) AS ?n) WHERE { GRAPH ?g { ?s a ?class } } GROUP BY ?class"
        )
        if name.startswith(ontology.KGL)
    }
    terms = ontology.vocabulary()
    return Status(
        store=store.name,
        version=store.version(),
        documents=classes.get("Document", 0),
        graphs=int(graphs),
        triples=int(triples),
        events={name: classes.get(name, 0) for name in sorted(terms.event_types)},
        entities={name: classes.get(name, 0) for name in sorted(terms.classes)},
        last_load=records.last_load(store),
    )


def _counts(store: Described, text: str) -> list[tuple[str, ...]]:
    found = store.query(text)
    if not isinstance(found, Rows):
        raise EndpointRefused(f"{store.name} gave an answer that is no table")
    # A server may answer a count over nothing with a row in which nothing is bound.
    return [tuple(str(getattr(term, "value", "0")) for term in row) for row in found.rows]
