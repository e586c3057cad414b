"""What workers do with a store: functions of a module, as they are sent by name."""

from __future__ import annotations

import pyoxigraph as ox

from kgload.errors import BadSparql
from kgload.serving import formats
from kgload.serving.worker import Opened
from kgload.stores.base import Scope, Triples, check_size


def answer(
    opened: Opened, sparql: str, scope: Scope | None, accept: str, rows: int, most: int
) -> tuple[str, bytes] | formats.NotAcceptable:
    """A query's answer: its media type and its content.

    Raises:
        BadSparql: it does not parse, or names a graph by what is no IRI.
        AnswerTooLarge: it has more than ``rows`` rows or triples, or than ``most`` bytes.
    """
    try:
        for name in (*scope.default, *scope.named) if scope else ():
            ox.NamedNode(name)
    except ValueError as error:
        raise BadSparql(f"a graph's name is no absolute IRI: {error}") from error
    try:
        return formats.written(opened.store.query(sparql, scope=scope, most=rows), accept, most)
    except formats.NotAcceptable as none:
        return none


def described(opened: Opened, iri: str, rows: int) -> tuple[ox.Triple, ...]:
    """What the graphs of a store say of a thing: the triples in which it is subject or object.

    Raises:
        AnswerTooLarge: there are more than ``rows``.
    """
    found = opened.store.query(
        f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH ?g {{ VALUES ?x {{ {ox.NamedNode(iri)} }} "
        "{ ?x ?p ?o . BIND(?x AS ?s) } UNION { ?s ?p ?x . BIND(?x AS ?o) } } }",
        most=rows,
    )
    assert isinstance(found, Triples)  # noqa: S101 - by the query's form
    check_size(len(found.triples), rows)
    return tuple(dict.fromkeys(found.triples))
