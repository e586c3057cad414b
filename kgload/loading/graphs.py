"""Graph files as named graphs, one at a time: what a document says, under the document's name."""

from __future__ import annotations

import errno
import hashlib
import operator
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

import pyoxigraph as ox

from kgload import nesting
from kgload.errors import BadGraph
from kgload.files import reading
from kgload.loading import nquads
from kgload.loading.flat import by_document
from kgload.loading.sorting import ascending
from kgload.mapping.writers import SUFFIXES, GraphFormat, format_of

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True)
class Graph:
    """A named graph: its statements as sorted lines of N-Quads, each once, and a hash of them.

    Two graphs have one hash where the library reads the same statements, whatever the format, the spelling and the
    order. Blank nodes count by their labels.
    """

    name: str
    lines: bytes
    count: int
    hash: str

    @property
    def triples(self) -> list[ox.Triple]:
        """The statements as terms."""
        return [quad.triple for quad in ox.parse(self.lines, ox.RdfFormat.N_QUADS)]


def graph_of(name: str, lines: bytes) -> Graph:
    """The graph that lines of N-Quads, as the library writes them, make up."""
    ordered = sorted(lines.removesuffix(b"\n").split(b"\n"))
    if any(map(operator.eq, ordered, ordered[1:])):
        ordered = sorted({*ordered})
    content = b"\n".join(ordered) + b"\n" if lines else b""
    return Graph(name, content, len(ordered) if lines else 0, hashlib.sha256(content).hexdigest())


def from_triples(name: str, triples: Iterable[ox.Triple]) -> Graph:
    """A named graph of triples."""
    graph = ox.NamedNode(name)
    return from_quads(name, (ox.Quad(t.subject, t.predicate, t.object, graph) for t in triples))


def from_quads(name: str, quads: Iterable[ox.Quad]) -> Graph:
    """A named graph of quads that all name it."""
    return graph_of(name, ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")


def is_graph(name: str) -> bool:
    """Whether a file's name says that it holds a graph (rather than articles)."""
    return any(name.lower().removesuffix(".gz").endswith(suffix) for suffix in SUFFIXES)


def read_graphs(path: Path, at: Callable[[float], None] = lambda share: None) -> Iterator[Graph]:
    """The named graphs of a file, each once and whole, in the order in which they begin.

    Memory holds one at a time, and 8 bytes and a set's room for the name of each. Where statements of one graph stand
    apart, the file is sorted by graph first, on disk; a format other than N-Quads is turned into it on disk. Turtle and
    N-Triples have no graphs: there each document's triples are found by what they speak of, what belongs to no document
    stands in one graph that is named after the file, and all of it is held in memory.

    ``at`` is told how much of the file has been read, from 0 to 1.

    Raises:
        InputNotFound: the file cannot be read.
        UnknownFormat: its suffix names no graph format.
        BadGraph: it does not parse; graphs of N-Quads that were complete before the error have been given.
    """
    format_ = format_of(path.name)
    try:
        if format_ is GraphFormat.NQUADS:
            with reading(path) as stream:
                is_scattered = _is_scattered(stream)
            with reading(path) as stream:
                yield from _graphs(stream, path.stat().st_size, at, is_scattered=is_scattered)
            return
        # Brackets of Turtle go well at any depth, triples within triples and objects within objects do not.
        nesting.check_file(lambda: reading(path), b"{" if format_ is GraphFormat.JSONLD else b"<<")
        with reading(path) as stream:
            quads = ox.parse(stream, format_.rdf)
            if not format_.has_graphs:
                for name, triples in by_document(quads, f"urn:kgload:file:{quote(path.name, safe='')}"):
                    yield from_triples(name, triples)
                return
            with tempfile.TemporaryFile() as spool:
                ox.serialize(quads, spool, ox.RdfFormat.N_QUADS)
                size = spool.tell()
                spool.seek(0)
                is_scattered = _is_scattered(spool)
                spool.seek(0)
                yield from _graphs(spool, size, at, is_scattered=is_scattered)
    except OSError as error:
        if error.errno in NO_ROOM:  # for the temporary files; a damaged packed file has no number
            raise
        raise BadGraph(f"{path}: {error}") from error
    except (SyntaxError, EOFError, ValueError, zlib.error) as error:
        raise BadGraph(f"{path}: {error}") from error
    except MemoryError as error:
        raise BadGraph(f"{path}: a statement is too long to be read") from error


def _is_scattered(stream: BinaryIO) -> bool:
    """Whether a graph comes again after another one; what does not parse is left to whoever reads it next."""
    seen: set[int] = set()
    last = b""
    try:
        for name in nquads.names(nquads.blocks(stream)):
            if name != last:
                if hash(name) in seen:
                    return True
                seen.add(hash(name))
                last = name
    except (nquads.Unreadable, EOFError, OSError, zlib.error):
        return False
    return False


def _graphs(stream: BinaryIO, size: int, at: Callable[[float], None], *, is_scattered: bool) -> Iterator[Graph]:
    raw = getattr(stream, "fileobj", stream)  # of a packed file, what is packed
    runs = nquads.runs(nquads.blocks(stream))
    if is_scattered:
        runs = _gathered(runs)
    name, pieces = b"", list[bytes]()
    for of, lines in runs:
        if of != name and pieces:
            yield graph_of(name.decode(), b"".join(pieces))
            pieces = []
            at(raw.tell() / size)
        name = of
        pieces.append(lines)
    if pieces:
        yield graph_of(name.decode(), b"".join(pieces))
    at(1.0)


def _gathered(runs: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
    """The same statements with each graph's together. A name holds no space, so that it sorts before its lines."""
    for line in ascending(name + b" " + line + b"\n" for name, lines in runs for line in lines.split(b"\n") if line):
        name, _, statement = line.partition(b" ")
        yield name, statement
