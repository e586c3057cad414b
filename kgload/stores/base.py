"""What a store can do, whichever it is; terms are those of the RDF library, the same for all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Protocol, Self

import pyoxigraph as ox

from kgload.errors import AnswerTooLarge

Term = ox.NamedNode | ox.BlankNode | ox.Literal
# The named graph in which a store keeps what loading must remember; nothing that was loaded stands in it.
RECORDS = "urn:kgload:records"


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer to a SELECT query: variables' names, and a row of terms for each solution (None where unbound)."""

    variables: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Triples:
    """The answer to a CONSTRUCT or DESCRIBE query."""

    triples: tuple[ox.Triple, ...]


Answer = Rows | Triples | bool


@dataclass(frozen=True, slots=True)
class Scope:
    """The graphs that a query is asked of, by their names, in place of what the query itself says (``FROM``).

    The merge of the ``default`` ones is where patterns outside GRAPH look, the ``named`` ones where those within do.
    """

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


class Outflow(Protocol):
    """Bytes that go out while they are still being prepared; again from their beginning after ``seek(0)``.

    ``seek`` to the end raises OSError, as nobody knows where that is.
    """

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go on from there."""
        ...

    def tell(self) -> int:
        """Where the next byte is read."""
        ...

    def __iter__(self) -> Iterator[bytes]: ...


class Store(Protocol):
    """A place that keeps named graphs and answers SPARQL.

    A store is a context manager; leaving it closes it. All methods raise StoreError or one of its kinds where the store
    fails.
    """

    @property
    def name(self) -> str:
        """What to call the store when speaking to a person; without credentials."""
        ...

    def query(self, sparql: str, *, scope: Scope | None = None, most: int | None = None) -> Answer:
        """Answer a query, with no more than ``most`` rows or triples.

        Raises:
            BadSparql: it does not parse.
            AnswerTooLarge: the answer has more than ``most``.
        """
        ...

    def graph(self, name: str) -> frozenset[ox.Triple]:
        """The triples of a named graph; none where there is no such graph."""
        ...

    def holds(self, name: str, triples: Sequence[ox.Triple]) -> bool:
        """Whether a named graph holds these triples and no others, as the store writes them: it may know only one way
        to write a number.
        """
        ...

    def replace(self, name: str, triples: Sequence[ox.Triple]) -> None:
        """Make a named graph hold these triples and no others: wholly or not at all."""
        ...

    def add(self, name: str, triples: Sequence[ox.Triple]) -> None:
        """Add triples to a named graph: all or none."""
        ...

    @property
    def own_graphs(self) -> frozenset[str]:
        """Names of the graphs that nobody loaded: kgload's records, and what a server keeps for itself."""
        ...

    def graphs(self) -> Iterator[str]:
        """Names of the named graphs, sorted; ``RECORDS`` is left out."""
        ...

    @property
    def takes_quads(self) -> bool:
        """Whether :meth:`insert` and updates of several graphs are to be had; else graphs are written one by one."""
        ...

    @property
    def at_once(self) -> int:
        """How many statements go well in one :meth:`insert`."""
        ...

    @property
    def streams(self) -> bool:
        """Whether :meth:`insert` takes an :class:`Outflow`, and stores it as one transaction."""
        ...

    def insert(self, quads: bytes | IO[bytes] | Outflow, *, only_once: bool = False) -> None:
        """Add N-Quads, of as many graphs as they name: all or none.

        ``only_once``: they hold blank nodes, so that sending them twice is not the same as once. A file is read from
        its beginning.
        """
        ...

    def update(self, sparql: str) -> None:
        """Carry out a SPARQL update: all of it or nothing."""
        ...

    def quads(self) -> Iterator[bytes]:
        """All that stands in the store, as N-Quads in pieces of any size and in no order."""
        ...

    def compact(self) -> None:
        """Give back the room that replaced and forgotten graphs took.

        Raises:
            StoreError: the store cannot be told to.
        """
        ...

    def version(self) -> str:
        """What the store is and of which version, as it says itself."""
        ...

    def close(self) -> None:
        """Let go of the store."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def check_size(count: int, most: int | None) -> None:
    """Let an answer of so many rows or triples pass where there may be as many.

    Raises:
        AnswerTooLarge: there may not.
    """
    if most is not None and count > most:
        raise AnswerTooLarge(f"the answer has more than {most:,} rows or triples; ask for parts with LIMIT and OFFSET")


def canonical(triples: Sequence[ox.Triple]) -> frozenset[ox.Triple]:
    """Triples as Oxigraph keeps them: the integer types derived from xsd:integer as that, numbers in one form."""
    memory = ox.Store()
    memory.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    return frozenset(quad.triple for quad in memory)
