"""What workers do with a store: functions of a module, as they are sent by name."""

from __future__ import annotations

import pyoxigraph as ox

from kgload.errors import BadSparql
from kgload.serving import formats
from kgload.serving.worker import Opened
from kgload.stores.base import Scope


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
