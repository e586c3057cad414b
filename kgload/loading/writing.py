"""Writing graphs into a store, a portion at a time, in a thread of its own while the next portion is prepared.

A store that takes a stream gets a large portion while that is still being prepared.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import IO, NamedTuple, Protocol

import pyoxigraph as ox

from kgload.errors import EndpointRefused
from kgload.loading import records
from kgload.loading.graphs import Graph, graph_of
from kgload.loading.growing import CAN_GROW, Abandoned, Growing
from kgload.stores.base import Answer

# Statements in one update: it is read by a server's SPARQL parser, which holds it in memory.
UPDATED = 20_000
# Articles come slowly, and are not held for long: so many seconds of waiting for them, and more where many came.
SECONDS = 5.0
A_SECOND = 10_000
# Bytes of a portion from which on it goes out while it is prepared.
STREAMED = 4_000_000
# Bytes of a portion that are held in memory; a larger one is held on disk.
IN_MEMORY = 16_000_000


class Target(Protocol):
    """What loading asks of a store."""

    @property
    def takes_quads(self) -> bool:
        """Whether it takes many graphs in one transaction."""
        ...

    @property
    def at_once(self) -> int:
        """How many statements go well in one transaction."""
        ...

    @property
    def streams(self) -> bool:
        """Whether it takes quads that are still being prepared."""
        ...

    @property
    def name(self) -> str:
        """What to call it."""
        ...

    @property
    def own_graphs(self) -> frozenset[str]:
        """Names of the graphs that nobody loads."""
        ...

    def query(self, sparql: str) -> Answer:
        """Answer a query."""
        ...

    def insert(self, quads: bytes | IO[bytes] | Growing, *, only_once: bool = False) -> None:
        """Add N-Quads, of as many graphs as they name: all or none."""
        ...

    def update(self, sparql: str) -> None:
        """Carry out a SPARQL update: all of it or nothing."""
        ...

    def replace(self, name: str, triples: Sequence[ox.Triple]) -> None:
        """Make a named graph hold these triples and no others."""
        ...


class _Held(NamedTuple):
    name: str
    hash: str
    begin: int
    end: int


class Portion:
    """Graphs that go out together: new ones as N-Quads in a file, with their records; those to be replaced beside."""

    def __init__(
        self,
        store: Target,
        *,
        dry_run: bool = False,
        file: Callable[[], str | None] = lambda: None,
        before: int | None = None,
    ) -> None:
        """A portion that is empty so far.

        Args:
            file: gives the hash of the bytes of the file that the graphs come in, if it is one.
            before: how many graphs the store holds, where that is known.
        """
        self._store, self._dry_run, self._of, self._before = store, dry_run, file, before
        self.unchanged: list[str] = []
        self.added: list[str] = []
        self.replaced: list[str] = []
        self._new: list[_Held] = []
        self._old: list[Graph] = []
        self._new_count = self._old_count = 0
        self._has_blank_nodes = False
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed when it is written
        self._growing: Growing | None = None
        self.waited = 0.0

    def add(self, graph: Graph) -> None:
        """Take in a graph of which the store holds nothing."""
        self.added.append(graph.name)
        if self._dry_run:
            return
        # A stream may have to be sent again, which would double blank nodes.
        has_blank_nodes = b"_:" in graph.lines
        if not self._store.takes_quads or (has_blank_nodes and self._store.streams):
            self._keep(graph)
            return
        begin = self._growing.written if self._growing else self._file.tell()
        (self._growing or self._file).write(graph.lines + records.line(graph, self._of()))
        self._new.append(_Held(graph.name, graph.hash, begin, begin + len(graph.lines)))
        self._new_count += graph.count
        self._has_blank_nodes = self._has_blank_nodes or has_blank_nodes

    def replace(self, graph: Graph) -> None:
        """Take in a graph that takes the place of what the store holds."""
        self.replaced.append(graph.name)
        if not self._dry_run:
            self._keep(graph)

    def _keep(self, graph: Graph) -> None:
        self._old.append(graph)
        self._old_count += graph.count

    @property
    def is_full(self) -> bool:
        """Whether it is time to write it."""
        is_old = self.waited > SECONDS + (self._new_count + self._old_count) / A_SECOND
        return is_old or self._new_count >= self._store.at_once or self._old_count >= UPDATED

    @property
    def changes(self) -> bool:
        """Whether there is anything to be written."""
        return bool(self._new or self._old)

    @property
    def is_growing(self) -> bool:
        """Whether it goes out while it is prepared."""
        return self._growing is not None

    def grow(self) -> bool:
        """Let it go out while it is prepared, where it is large enough and the store takes that; whether it begins."""
        if self._growing or not (self._store.streams and CAN_GROW) or self._file.tell() < STREAMED:
            return False
        self._file.rollover()
        self._growing = Growing(self._file)
        return True

    def end(self) -> None:
        """There is no more to come."""
        if self._growing:
            self._growing.end()

    def abandon(self) -> None:
        """Keep nothing of what goes out while it is prepared."""
        if self._growing:
            self._growing.abandon()

    def write(self) -> None:
        """Write it: each graph is whole, or as it was, wherever this breaks off.

        Raises:
            StoreError: the store failed.
            Abandoned: it was given up while it went out.
        """
        with self._file:
            if self._growing:
                self._stream(self._growing)
            elif self._new:
                self._store.insert(self._file, only_once=self._has_blank_nodes)
            self._old += self._clashes()
            if not self._store.takes_quads:
                for graph in self._old:
                    self._store.update(records.forgetting([graph.name], with_graphs=False))
                    self._store.replace(graph.name, graph.triples)
                    self._store.update(records.recording(graph, self._of()))
                return
            for some in _pieces(self._old):
                self._store.update(records.replacing(some, self._of()))

    def _stream(self, growing: Growing) -> None:
        is_whole = False
        try:
            self._store.insert(growing)
        finally:
            is_whole = growing.leave()
        if not is_whole:
            raise EndpointRefused(f"{self._store.name} answered before it had been sent all; load again")

    def _clashes(self) -> Iterator[Graph]:
        """New graphs that another loader has brought meanwhile, in another version.

        The store holds both then, with both records; this loader's takes the place of what has become of the two.
        """
        if not self._new:
            return
        among = None if self._before is None else self._before + len(self._new)
        twice = records.twice(self._store, [held.name for held in self._new], among=among)
        for held in self._new:
            if held.name in twice:
                self._file.seek(held.begin)
                yield graph_of(held.name, self._file.read(held.end - held.begin))


def _pieces(graphs: Sequence[Graph]) -> Iterator[list[Graph]]:
    piece: list[Graph] = []
    count = 0
    for graph in graphs:
        if piece and count + graph.count > UPDATED:
            yield piece
            piece, count = [], 0
        piece.append(graph)
        count += graph.count
    if piece:
        yield piece


class Behind:
    """One task at a time in the background."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._error: BaseException | None = None

    def begin(self, task: Callable[[], None]) -> None:
        """Do it from now on."""

        def run() -> None:
            try:
                task()
            except Abandoned:
                pass  # as it was told to
            except BaseException as error:
                self._error = error

        # A daemon: whoever stops the program twice does not wait for a server.
        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()

    def look(self) -> None:
        """What it has raised, if anything, is raised here."""
        if self._error:
            self.end()

    def end(self) -> None:
        """Wait for it; what it raised is raised here."""
        if self._thread:
            self._thread.join()
            self._thread = None
        if self._error:
            error, self._error = self._error, None
            raise error
