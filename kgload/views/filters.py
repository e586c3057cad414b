"""Which events a view shows, as SPARQL: each value becomes an RDF term that the RDF library writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from kgload.errors import BadParameter
from kgload.mapping.vocabulary import PREFIXES
from kgload.ontology import KGL, vocabulary
from kgload.querying.binding import term
from kgload.querying.catalogue import ParameterType
from kgload.records import Status

HEADER = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("kgl", "nif", "rdfs", "dcterms", "owl", "schema"))


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; the empty filter is every event.

    Attributes:
        types: event types by local name; a type stands for those below it too.
        statuses: ``Occurred``, ``Ongoing``, ``Planned``, ``Proposed``, ``Cancelled``.
        since, until: days; an event counts that may have taken place within them, an undated one does not.
        entity: the IRI of a party or place in any role, or its Wikidata item (``Q159`` or the item's IRI).
        source: a document's id, or the host of its address (``news.example``).
        min_confidence: from 0 to 1.
        text: words that stand, in any case, in a party's name, a sentence of evidence or the document's title; a text
            is sought as it is, not word by word.
        undated: only events without a date.
    """

    types: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    since: dt.date | None = None
    until: dt.date | None = None
    entity: str | None = None
    source: str | None = None
    min_confidence: float = 0.0
    text: str | None = None
    undated: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether every event is asked for."""
        return self == Filters()

    @property
    def described(self) -> str:
        """What is asked for, in a few words; empty where that is everything."""
        said = [
            *self.types,
            *self.statuses,
            f"since {self.since}" if self.since else "",
            f"until {self.until}" if self.until else "",
            "undated" if self.undated else "",
            self.entity or "",
            f"source {self.source}" if self.source else "",
            f"confidence from {self.min_confidence:g}" if self.min_confidence else "",
            f"“{self.text}”" if self.text else "",
        ]
        return ", ".join(part for part in said if part)


def pattern(filters: Filters, *, dated: bool = False) -> str:
    """The patterns, to stand in a query after :data:`HEADER`, that bind ``?event``, ``?doc`` and the graph ``?g``.

    Where it is to be ``dated``, ``?from`` and ``?to`` are bound too, if the event has these days. An event may have
    several solutions: count it once.

    Raises:
        BadParameter: a value is none of its kind.
    """
    return "GRAPH ?g {\n" + "\n".join([*_parts(filters), *_dates(filters, dated=dated)]) + "}\n"


def _parts(filters: Filters) -> Iterable[str]:
    if filters.entity:
        yield _entity(filters.entity)
    types = vocabulary().event_types
    for name in filters.types:
        if name not in types:
            raise BadParameter(f"type: {name[:60]!r} is no event type; there are {', '.join(sorted(types))}")
    if filters.types:
        yield f"VALUES ?class {{ {_values(filters.types)} }} ?event a ?class ; kgl:reportedIn ?doc ."
    else:
        yield "?event a kgl:Event ; kgl:reportedIn ?doc ."
    if filters.statuses:
        known = {status.value for status in Status}
        for name in filters.statuses:
            if name not in known:
                raise BadParameter(f"status: {name[:60]!r} is no status; there are {', '.join(Status)}")
        yield f"VALUES ?status {{ {_values(filters.statuses)} }} ?event kgl:status ?status ."
    if not 0 <= filters.min_confidence <= 1:
        raise BadParameter("min_confidence: a confidence is from 0 to 1")
    if filters.min_confidence:
        yield f"?event kgl:confidence ?confidence . FILTER(?confidence >= {filters.min_confidence:.4f})"
    if filters.source:
        yield _source(filters.source)
    if filters.text and filters.text.strip():
        yield _text(filters.text.strip())


def _values(names: Iterable[str]) -> str:
    return " ".join(str(ox.NamedNode(KGL + name)) for name in names)


def _entity(value: str) -> str:
    item = term(ParameterType.ITEM, value, "entity")
    return (
        f"{{ VALUES ?party {{ {item} }} ?event ?part ?party }}\n"
        f"UNION {{ VALUES ?item {{ {item} }} ?party owl:sameAs ?item . ?event ?part ?party }}"
    )


def _source(value: str) -> str:
    wanted = term(ParameterType.STRING, value, "source")
    host = term(ParameterType.STRING, value.casefold(), "source")
    return (
        "?doc dcterms:identifier ?id . OPTIONAL { ?doc schema:url ?url }\n"
        'BIND(LCASE(STRBEFORE(CONCAT(STRAFTER(STR(?url), "://"), "/"), "/")) AS ?host)\n'
        f"FILTER(STR(?id) = {wanted} || (BOUND(?url) && ?host = {host}))"
    )


def _text(value: str) -> str:
    wanted = term(ParameterType.STRING, value.lower(), "text")
    places = {
        "?name": "?event ?namePart ?named . ?named rdfs:label ?name",
        "?sentence": "?event kgl:mention/nif:sentence/nif:anchorOf ?sentence",
        "?title": "?doc dcterms:title ?title",
    }
    found = (f"EXISTS {{ {at} FILTER(CONTAINS(LCASE(STR({v})), {wanted})) }}" for v, at in places.items())
    return f"FILTER({' || '.join(found)})"


def _dates(filters: Filters, *, dated: bool) -> Iterable[str]:
    if dated or filters.undated or filters.since or filters.until:
        yield "OPTIONAL { ?event kgl:earliestDate ?from } OPTIONAL { ?event kgl:latestDate ?to }"
    if filters.undated:
        yield "FILTER(!BOUND(?from) && !BOUND(?to))"
    # An open end is known by the other one alone.
    if filters.since:
        yield f"FILTER(COALESCE(?to, ?from) >= {term(ParameterType.DATE, filters.since.isoformat())})"
    if filters.until:
        yield f"FILTER(COALESCE(?from, ?to) <= {term(ParameterType.DATE, filters.until.isoformat())})"
