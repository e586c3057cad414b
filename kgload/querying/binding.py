"""Values to RDF terms in their places: what a value holds cannot become SPARQL."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

import pyoxigraph as ox

from kgload.errors import BadParameter
from kgload.querying.catalogue import CannedQuery, ParameterType

WIKIDATA = "http://www.wikidata.org/entity/"
XSD = "http://www.w3.org/2001/XMLSchema#"


def bind(query: CannedQuery, values: Mapping[str, str]) -> str:
    """The query's SPARQL with the values as terms in the places of its examples.

    Raises:
        BadParameter: a value is missing, is not of its type, or belongs to no parameter.
    """
    known = {parameter.name for parameter in query.parameters}
    for name in values:
        if name not in known:
            takes = ", ".join(sorted(known)) or "none"
            raise BadParameter(f"{query.name} has no parameter {name[:40]!r}; it takes {takes}")
    text = query.text
    for parameter in sorted(query.parameters, key=lambda p: p.begin, reverse=True):
        if parameter.name in values:
            value = str(term(parameter.type, values[parameter.name], parameter.name))
            text = text[: parameter.begin] + value + text[parameter.end :]
        elif parameter.required:
            raise BadParameter(
                f"{query.name} needs --param {parameter.name}=…: {parameter.comment} (such as {parameter.example})"
            )
    return text


def term(type_: ParameterType, value: str, name: str = "value") -> ox.NamedNode | ox.Literal:
    """A value as an RDF term; the RDF library writes it down.

    Raises:
        BadParameter: it is not of its type.
    """
    try:
        value.encode()
    except UnicodeEncodeError:
        raise BadParameter(f"{name}: the value holds a lone surrogate, which is no character") from None
    try:
        if type_ is ParameterType.IRI:
            return _iri(value)
        if type_ is ParameterType.ITEM:
            return ox.NamedNode(WIKIDATA + value) if re.fullmatch(r"Q[1-9]\d*", value) else _iri(value)
        if type_ is ParameterType.DATE:
            day = dt.date.fromisoformat(value)
            return ox.Literal(day.isoformat(), datatype=ox.NamedNode(XSD + "date"))
        if type_ is ParameterType.INTEGER:
            return ox.Literal(str(int(value)), datatype=ox.NamedNode(XSD + "integer"))
    except ValueError:
        wanted = {
            ParameterType.IRI: "an absolute IRI",
            ParameterType.ITEM: "a Wikidata item (Q159) or an absolute IRI",
            ParameterType.DATE: "a date (2025-08-13)",
            ParameterType.INTEGER: "a whole number",
        }[type_]
        raise BadParameter(f"{name}: {value[:60]!r} is not {wanted}") from None
    return ox.Literal(value)


def _iri(value: str) -> ox.NamedNode:
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", value):
        raise ValueError(value)
    return ox.NamedNode(value)
