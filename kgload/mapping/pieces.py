"""A graph in pieces, one for each document, made anywhere and joined in order: the bytes do not tell who made them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from kgload.mapping import iris, nif, vocabulary, writers
from kgload.mapping.writers import GraphFormat
from kgload.records import Document


@dataclass(frozen=True, slots=True)
class Form:
    """How a graph is written: a format by its name (that of a GraphFormat, or ``nif``), and the base of its IRIs."""

    format: str = GraphFormat.TRIG.value
    base: str = iris.DEFAULT_BASE

    def checked(self) -> Form:
        """Itself.

        Raises:
            UnknownFormat: there is no such format.
            InputError: no IRIs can be made from the base.
        """
        if self.format != nif.NAME:
            writers.format_named(self.format)
        iris.checked_base(self.base)
        return self

    @property
    def suffix(self) -> str:
        """What the name of a file in this format ends in."""
        return next((suffix for suffix, format_ in writers.SUFFIXES.items() if format_ == self.format), ".ttl")

    def piece(self, document: Document) -> bytes:
        """What one document adds to a graph.

        Raises:
            RecordError: the document breaks the ontology.
        """
        stream = io.BytesIO()
        if self.format == nif.NAME:
            nif.write([document], stream, self.base)
        else:
            writers.write([document], stream, GraphFormat(self.format), self.base)
        return stream.getvalue()

    def with_copy(self, piece: bytes, document: str, of: str) -> bytes:
        """A document's piece with the statement that it is a copy of another one, which it names by its id."""
        if self.format == nif.NAME:
            return piece
        name = ox.NamedNode(iris.document(self.base, document))
        said = ox.Quad(name, vocabulary.ALTERNATE_OF, ox.NamedNode(iris.document(self.base, of)), name)
        stream = io.BytesIO()
        writers.write_quads([said], stream, GraphFormat(self.format))
        return b"".join(self.joined([piece, stream.getvalue()]))

    def joined(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The bytes of a whole graph, as one writer would have written it."""
        if self.format == GraphFormat.JSONLD:
            yield from _joined_arrays(pieces)
        elif self.format in (GraphFormat.NQUADS, GraphFormat.NTRIPLES):
            yield from pieces
        else:
            yield from _under_one_header(pieces)


def _joined_arrays(pieces: Iterable[bytes]) -> Iterator[bytes]:
    before = b"["
    for piece in pieces:
        items = piece.strip()[1:-1]
        if items:
            yield before + items
            before = b","
    yield b"[]" if before == b"[" else b"]"


def _under_one_header(pieces: Iterable[bytes]) -> Iterator[bytes]:
    headed = False
    for piece in pieces:
        yield piece[_header(piece) :] if headed else piece
        headed = headed or bool(piece)


def _header(piece: bytes) -> int:
    at = 0
    while piece.startswith(b"@prefix ", at):
        at = piece.index(b"\n", at) + 1
    return at
