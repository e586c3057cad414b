"""Answers written down, in the forms that the W3C has for them; the RDF library writes them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import pyoxigraph as ox

from kgload.errors import AnswerTooLarge
from kgload.mapping.vocabulary import PREFIXES
from kgload.querying.results import AnswerFormat, write_triples
from kgload.serving.negotiation import preferred
from kgload.stores.base import Answer, Rows, Triples

JSON = "application/sparql-results+json"
_RESULTS = {
    JSON: ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
    # What clients ask for that know no better.
    "application/json": ox.QueryResultsFormat.JSON,
    "application/xml": ox.QueryResultsFormat.XML,
    "text/xml": ox.QueryResultsFormat.XML,
}
TURTLE = "text/turtle"
_GRAPHS = {
    TURTLE: ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/json": ox.RdfFormat.JSON_LD,
    "application/xml": ox.RdfFormat.RDF_XML,
    "text/xml": ox.RdfFormat.RDF_XML,
    "text/plain": ox.RdfFormat.N_TRIPLES,
}
GRAPH_TYPES = tuple(_GRAPHS)
# What ends a page's address that is to come as data, whatever the client's Accept header says.
SUFFIXES = {"ttl": TURTLE, "nt": "application/n-triples", "jsonld": "application/ld+json", "rdf": "application/rdf+xml"}


class NotAcceptable(Exception):
    """The client takes none of the forms that an answer has; the message names them."""


def written(answer: Answer, accept: str, most: int) -> tuple[str, bytes]:
    """An answer's media type and content, in the form that the client likes best.

    Raises:
        NotAcceptable: it takes none that there is.
        AnswerTooLarge: the content has more than ``most`` bytes.
    """
    offered = tuple(_GRAPHS if isinstance(answer, Triples) else _RESULTS)
    media_type = preferred(accept, offered)
    if media_type is None:
        raise NotAcceptable(f"this answer comes as {', '.join(offered)}")
    content = graph(answer.triples, media_type) if isinstance(answer, Triples) else _results(answer, media_type)
    if len(content) > most:
        raise AnswerTooLarge(f"the answer has more than {most:,} bytes; ask for parts with LIMIT and OFFSET")
    return media_type, content


def graph(triples: Iterable[ox.Triple], media_type: str) -> bytes:
    """Triples in one of :data:`GRAPH_TYPES`, in order."""
    form = _GRAPHS[media_type]
    if form == ox.RdfFormat.TURTLE:
        return write_triples(list(triples), AnswerFormat.TURTLE, PREFIXES).encode()
    prefixes = PREFIXES if form in (ox.RdfFormat.JSON_LD, ox.RdfFormat.RDF_XML) else None
    return ox.serialize(sorted(triples, key=str), format=form, prefixes=prefixes) or b""


def _results(answer: Rows | bool, media_type: str) -> bytes:
    form = _RESULTS[media_type]
    if isinstance(answer, bool):
        table: dict[str, Any] = {"head": {}, "boolean": answer}
    else:
        names = answer.variables
        rows = [{n: _term(t) for n, t in zip(names, row, strict=True) if t is not None} for row in answer.rows]
        table = {"head": {"vars": list(names)}, "results": {"bindings": rows}}
    content = json.dumps(table, ensure_ascii=False, separators=(",", ":")).encode()
    if form == ox.QueryResultsFormat.JSON:
        return content
    parsed = ox.parse_query_results(content, format=ox.QueryResultsFormat.JSON)
    return parsed.serialize(format=form) or b""


def _term(term: Any) -> dict[str, Any]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, ox.Triple):
        parts: Sequence[tuple[str, Any]] = (
            ("subject", term.subject),
            ("predicate", term.predicate),
            ("object", term.object),
        )
        return {"type": "triple", "value": {name: _term(part) for name, part in parts}}
    if term.language:
        return {"type": "literal", "value": term.value, "xml:lang": term.language}
    if term.datatype.value == "http://www.w3.org/2001/XMLSchema#string":
        return {"type": "literal", "value": term.value}
    return {"type": "literal", "value": term.value, "datatype": term.datatype.value}
