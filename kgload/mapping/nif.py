"""NIF 2.0 of the mentions and links alone, as entity-linking benchmarks such as GERBIL read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import BinaryIO

import pyoxigraph as ox

from kgload.mapping import iris
from kgload.mapping import vocabulary as v
from kgload.mapping.writers import GraphFormat, write_quads
from kgload.records import Document

# The name of the format, beside the graph formats of `writers`.
NAME = "nif"
IS_STRING = ox.NamedNode(v.NIF + "isString")
# The scheme of our IRIs for spans: `#char=begin,end`.
RFC5147 = ox.NamedNode(v.NIF + "RFC5147String")


def write(documents: Iterable[Document], stream: BinaryIO, base: str = iris.DEFAULT_BASE) -> None:
    """Write documents as NIF in Turtle, as they come.

    Each text is a context; each mention of an entity a phrase in it, with the item's own IRI where the link is trusted,
    and without one where the entity is no known item.

    Raises:
        InputError: no IRIs can be made from the base.
    """
    iris.checked_base(base)
    write_quads((quad for document in documents for quad in quads(document, base)), stream, GraphFormat.TURTLE)


def quads(document: Document, base: str) -> Iterator[ox.Quad]:
    """The statements of one document, in text order."""
    text = document.article.text
    where = iris.document(base, document.article.id)
    context = ox.NamedNode(iris.span(where, 0, len(text)))
    yield from _string(context, v.CONTEXT, 0, len(text))
    yield ox.Quad(context, IS_STRING, ox.Literal(text))
    yield ox.Quad(context, v.IDENTIFIER, ox.Literal(document.article.id))
    spans = sorted(((m.begin, m.end), entity) for entity in document.entities for m in entity.mentions)
    for (begin, end), entity in spans:
        phrase = ox.NamedNode(iris.span(where, begin, end))
        yield from _string(phrase, v.PHRASE, begin, end)
        yield ox.Quad(phrase, v.ANCHOR_OF, ox.Literal(text[begin:end]))
        yield ox.Quad(phrase, v.REFERENCE_CONTEXT, context)
        if entity.link and entity.link.trusted:
            yield ox.Quad(phrase, v.IDENT_REF, ox.NamedNode(entity.link.iri))
            confidence = format(Decimal(str(entity.link.confidence)), "f")
            yield ox.Quad(phrase, v.IDENT_CONFIDENCE, ox.Literal(confidence, datatype=v.DECIMAL))


def _string(node: ox.NamedNode, class_: ox.NamedNode, begin: int, end: int) -> Iterator[ox.Quad]:
    yield ox.Quad(node, v.A, class_)
    yield ox.Quad(node, v.A, RFC5147)
    yield ox.Quad(node, v.BEGIN_INDEX, ox.Literal(str(begin), datatype=v.INDEX))
    yield ox.Quad(node, v.END_INDEX, ox.Literal(str(end), datatype=v.INDEX))
