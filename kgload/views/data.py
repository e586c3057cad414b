"""What views are made of, by SPARQL from any store: events in pages, counts, and who dealt with whom.

Every function takes a store (embedded, in memory, or a server) and :class:`~kgload.views.filters.Filters`, whose values
are bound as RDF terms, and gives frozen records of :mod:`kgload.views.shown`. All of them raise BadParameter where a
filter's value is none of its kind, and StoreError where the store fails.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from kgload.errors import BadParameter
from kgload.ontology import KGL, vocabulary
from kgload.stores.base import Store
from kgload.views import details
from kgload.views.details import literal, parties, rows, values
from kgload.views.filters import Filters, pattern
from kgload.views.shown import Party, Shown, Source

# Rows in an answer that no server cuts off.
ROWS = 5_000
PAGE_SIZES = range(1, 1_001)
ALL = Filters()


class Order(StrEnum):
    """How events are ordered; those without a date come last, ties are broken by IRI."""

    NEWEST = "newest"
    OLDEST = "oldest"
    SUREST = "surest"


@dataclass(frozen=True, slots=True)
class Page:
    """A page of events: ``total`` counts all that match, ``number`` starts at 1, ``pages`` is at least 1."""

    events: tuple[Shown, ...]
    total: int
    number: int
    size: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // self.size))


@dataclass(frozen=True, slots=True)
class Counts:
    """Events counted: by type (each under its most specific), status, month of their first day (``2025-08``), source.

    Each is ordered by its key. ``undated`` have neither first nor last day.
    """

    total: int
    types: dict[str, int]
    statuses: dict[str, int]
    months: dict[str, int]
    undated: int


@dataclass(frozen=True, slots=True)
class Tie:
    """Two parties and the number of events in which both take part."""

    one: Party
    other: Party
    events: int


_ORDERS = {
    Order.NEWEST: "DESC(?to) DESC(?from) ?event",
    Order.OLDEST: "(!BOUND(?from)) ?from ?to ?event",
    Order.SUREST: "DESC(?sure) ?event",
}


def page(store: Store, filters: Filters = ALL, *, number: int = 1, size: int = 50, order: Order = Order.NEWEST) -> Page:
    """One page of the events that match.

    Raises:
        BadParameter: there is no page of that number or size.
    """
    if size not in PAGE_SIZES or number < 1:
        raise BadParameter(f"page: pages begin at 1 and have 1 to {PAGE_SIZES[-1]} events")
    sure = "OPTIONAL { GRAPH ?g { ?event kgl:confidence ?sure } }" if order is Order.SUREST else ""
    found = rows(
        store,
        f"SELECT DISTINCT ?event ?from ?to {'?sure' if sure else ''} WHERE {{\n"
        f"{pattern(filters, dated=True)} {sure}\n"
        f"}} ORDER BY {_ORDERS[order]} LIMIT {size} OFFSET {(number - 1) * size}",
    )
    iris = [row[0].value for row in found if row[0]]
    return Page(tuple(details.events(store, iris)), total(store, filters), number, size)


def total(store: Store, filters: Filters = ALL) -> int:
    """How many events match."""
    [[found]] = rows(store, f"SELECT (COUNT(DISTINCT ?event) AS ?n) WHERE {{ {pattern(filters)} }}")
    return int(found.value) if found else 0


def newest(store: Store, filters: Filters = ALL) -> list[str]:
    """The IRIs of all events that match, those with the latest last day first, undated ones last."""
    found = [row[0].value for row in rows(store, f"SELECT DISTINCT ?event WHERE {{ {pattern(filters)} }}") if row[0]]
    if len(found) >= ROWS and len(found) < total(store, filters):
        found = _one_answer_after_the_other(store, filters)
    first, last = (_days_of(store, found, name) for name in ("earliestDate", "latestDate"))

    def age(iri: str) -> tuple[int, int, str]:
        return -max(first.get(iri, 0), last.get(iri, 0)), -first.get(iri, 0), iri

    return sorted(found, key=age)


def _one_answer_after_the_other(store: Store, filters: Filters) -> list[str]:
    """All that match, of a server that cuts off its answers and refuses great offsets: each from the last one's end."""
    found: list[str] = []
    while True:
        after = f"FILTER(STR(?event) > {literal(found[-1])})" if found else ""
        some = rows(
            store,
            f"SELECT DISTINCT ?event WHERE {{ {pattern(filters)} {after} }} ORDER BY STR(?event) LIMIT {ROWS}",
        )
        found += [row[0].value for row in some if row[0]]
        if len(some) < ROWS:
            return found


def _days_of(store: Store, iris: list[str], name: str) -> dict[str, int]:
    """A date of these events, as a number. All of the store's are read through where many are asked for."""
    found: dict[str, int] = {}
    one_by_one = len(iris) < details.FEW
    for start in range(0, len(iris), details.AT_ONCE) if one_by_one else (0,):
        some = f"VALUES ?s {{ {values(iris[start : start + details.AT_ONCE])} }}" if one_by_one else ""
        for iri, value in rows(store, f"SELECT ?s ?o WHERE {{ {some} GRAPH ?g {{ ?s kgl:{name} ?o }} }}"):
            day = details.day(value.value) if value else None
            if iri and day:
                found[iri.value] = day.toordinal()
    return found


def everything(store: Store, filters: Filters = ALL) -> Iterator[Shown]:
    """All events that match, newest first; memory holds their IRIs and a few hundred of them at a time."""
    yield from details.events(store, newest(store, filters))


def event(store: Store, iri: str) -> Shown | None:
    """One event, or None where the store has none of that name."""
    found = next(details.events(store, [iri]), None)
    return found if found and found.source.iri else None


def party(store: Store, iri: str) -> Party | None:
    """One person, state, place, … by its IRI, or None. Its label is the one that most documents give."""
    found = parties(store, [iri]).get(iri)
    return found if found and found.kind != "Entity" else None


def source(store: Store, iri: str) -> Source | None:
    """One document by its IRI, with the number of its events, or None."""
    found = details.documents(store, [iri]).get(iri)
    if found is None:
        return None
    [[number]] = rows(
        store,
        f"SELECT (COUNT(DISTINCT ?e) AS ?n) WHERE {{ GRAPH ?g {{ ?e a kgl:Event ; kgl:reportedIn {values([iri])} }} }}",
    )
    return replace(found, events=int(number.value) if number else 0)


def counts(store: Store, filters: Filters = ALL) -> Counts:
    """The events that match, counted."""
    found = rows(
        store,
        "SELECT ?kind ?state ?month (COUNT(DISTINCT ?event) AS ?n) WHERE {\n"
        f"{pattern(filters, dated=True)} GRAPH ?g {{ ?event a ?kind . FILTER(?kind != kgl:Event)\n"
        "OPTIONAL { ?event kgl:status ?state } }\n"
        'BIND(IF(BOUND(?from) || BOUND(?to), SUBSTR(STR(COALESCE(?from, ?to)), 1, 7), "") AS ?month) }\n'
        "GROUP BY ?kind ?state ?month",
    )
    known = vocabulary().event_types
    types: Counter[str] = Counter()
    statuses: Counter[str] = Counter()
    months: Counter[str] = Counter()
    for kind, state, month, number in found:
        name = kind.value.removeprefix(KGL) if kind else ""
        if name not in known or not number:
            continue
        # What is counted under a type was counted under those above it too.
        uppers, n = known[name][1:], int(number.value)
        for each, sign in ((name, 1), *((upper, -1) for upper in uppers[:1] if upper in known)):
            types[each] += sign * n
            statuses[state.value.removeprefix(KGL) if state else ""] += sign * n
            months[month.value if month else ""] += sign * n
    undated = months.pop("", 0)
    by_type, by_status, by_month = ({k: n for k, n in sorted(c.items()) if n} for c in (types, statuses, months))
    return Counts(sum(types.values()), by_type, by_status, by_month, undated)


def ties(store: Store, filters: Filters = ALL, *, most: int = 200) -> tuple[Tie, ...]:
    """Who dealt with whom: the pairs that take part in most events together, the strongest first."""
    found = rows(
        store,
        "SELECT ?one ?other (COUNT(DISTINCT ?event) AS ?n) WHERE {\n"
        f"{pattern(filters)} GRAPH ?g {{ ?event kgl:participant ?one, ?other }} FILTER(STR(?one) < STR(?other)) }}\n"
        f"GROUP BY ?one ?other ORDER BY DESC(?n) ?one ?other LIMIT {most}",
    )
    pairs = [(a.value, b.value, int(n.value)) for a, b, n in found if a and b and n]
    known = parties(store, [iri for a, b, _ in pairs for iri in (a, b)])
    return tuple(Tie(known[a], known[b], n) for a, b, n in pairs if a in known and b in known)


def places(store: Store, filters: Filters = ALL, *, most: int = 500) -> tuple[tuple[Party, int], ...]:
    """Where events take place, with the number of events, the most frequent first."""
    found = rows(
        store,
        "SELECT ?at (COUNT(DISTINCT ?event) AS ?n) WHERE {\n"
        f"{pattern(filters)} GRAPH ?g {{ ?event kgl:place ?at }} }}\n"
        f"GROUP BY ?at ORDER BY DESC(?n) ?at LIMIT {most}",
    )
    pairs = [(at.value, int(n.value)) for at, n in found if at and n]
    known = parties(store, [iri for iri, _ in pairs])
    return tuple((known[iri], n) for iri, n in pairs if iri in known)
