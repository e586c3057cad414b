"""Graphs to files: Turtle, TriG, N-Quads, N-Triples and JSON-LD, written by the RDF library as documents come.

All stream, JSON-LD too: memory holds one document at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, BinaryIO, cast

import pyoxigraph as ox

from kgload.errors import UnknownFormat
from kgload.mapping import iris
from kgload.mapping.graph import quads
from kgload.mapping.vocabulary import PREFIXES
from kgload.records import Document

if TYPE_CHECKING:
    import rdflib


class GraphFormat(StrEnum):
    """A way to write a graph down; the value is the name for ``--format``."""

    TURTLE = "turtle"
    TRIG = "trig"
    NQUADS = "nquads"
    NTRIPLES = "ntriples"
    JSONLD = "jsonld"

    @property
    def rdf(self) -> ox.RdfFormat:
        """The same format as the RDF library names it."""
        return _RDF[self]

    @property
    def has_graphs(self) -> bool:
        """Whether the format keeps apart what each document says."""
        return self.rdf.supports_datasets


_RDF = {
    GraphFormat.TURTLE: ox.RdfFormat.TURTLE,
    GraphFormat.TRIG: ox.RdfFormat.TRIG,
    GraphFormat.NQUADS: ox.RdfFormat.N_QUADS,
    GraphFormat.NTRIPLES: ox.RdfFormat.N_TRIPLES,
    GraphFormat.JSONLD: ox.RdfFormat.JSON_LD,
}
SUFFIXES = {
    ".ttl": GraphFormat.TURTLE,
    ".trig": GraphFormat.TRIG,
    ".nq": GraphFormat.NQUADS,
    ".nt": GraphFormat.NTRIPLES,
    ".jsonld": GraphFormat.JSONLD,
}


def format_of(name: str) -> GraphFormat:
    """The format that a file's name stands for, ``.gz`` left aside.

    Raises:
        UnknownFormat: its suffix is none of ``SUFFIXES``.
    """
    for suffix, format_ in SUFFIXES.items():
        if name.lower().removesuffix(".gz").endswith(suffix):
            return format_
    raise UnknownFormat(
        f"{name}: the suffix names no graph format; there are {', '.join(SUFFIXES)}, each also with .gz"
    )


def format_named(name: str) -> GraphFormat:
    """The format of that name.

    Raises:
        UnknownFormat: there is none.
    """
    try:
        return GraphFormat(name)
    except ValueError:
        raise UnknownFormat(f"{name!r} is no graph format; there are {', '.join(GraphFormat)}") from None


def write(documents: Iterable[Document], stream: BinaryIO, format_: GraphFormat, base: str = iris.DEFAULT_BASE) -> None:
    """Write documents as they come.

    Raises:
        RecordError: a document breaks the ontology.
        InputError: no IRIs can be made from the base.
    """
    iris.checked_base(base)
    write_quads((quad for document in documents for quad in quads(document, base)), stream, format_)


def write_quads(statements: Iterable[ox.Quad], stream: BinaryIO, format_: GraphFormat) -> None:
    """Write quads as they come; a format without graphs gets the same triples."""
    items: Iterable[ox.Quad] | Iterator[ox.Triple] = statements
    if not format_.has_graphs:
        items = (quad.triple for quad in statements)
    if format_ in (GraphFormat.TURTLE, GraphFormat.TRIG):
        header = _SortedHeader(stream)
        ox.serialize(items, cast(BinaryIO, header), format_.rdf, prefixes=PREFIXES)
        header.flush()
    else:
        ox.serialize(items, stream, format_.rdf)


class _SortedHeader:
    """A stream that puts the prefixes in order: the library writes them in another one at each run."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._held = stream, b""
        self._in_header = True

    def write(self, content: bytes) -> int:
        if self._in_header:
            self._held += content
            lines = self._held.splitlines(keepends=True)
            rest = next((i for i, line in enumerate(lines) if not b"@prefix ".startswith(line[:8])), None)
            if rest is None:
                return len(content)
            self._in_header = False
            self._stream.write(b"".join([*sorted(lines[:rest]), *lines[rest:]]))
            return len(content)
        self._stream.write(content)
        return len(content)

    def flush(self) -> None:
        if self._in_header:
            self._stream.write(b"".join(sorted(self._held.splitlines(keepends=True))))
            self._in_header, self._held = False, b""
        self._stream.flush()


def to_dataset(documents: Iterable[Document], base: str = iris.DEFAULT_BASE) -> rdflib.Dataset:
    """Documents as an rdflib Dataset, a named graph each; held in memory.

    Raises:
        RecordError: a document breaks the ontology.
    """
    import io

    import rdflib

    buffer = io.BytesIO()
    write(documents, buffer, GraphFormat.NQUADS, base)
    dataset = rdflib.Dataset()
    dataset.parse(data=buffer.getvalue(), format="nquads")
    for prefix, namespace in PREFIXES.items():
        dataset.bind(prefix, namespace)
    return dataset
