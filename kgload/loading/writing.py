"""Writing graphs into a store, a portion at a time, in a thread of its own while the next portion is prepared."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import IO, NamedTuple, Protocol

import pyoxigraph as ox

from kgload.loading import records
from kgload.loading.graphs import Graph, graph_of
from kgload.stores.base import Answer

# Statements in one update: it is read by a server's SPARQL parser, which holds it in memory.
UPDATED = 20_000
# Articles come slowly, and are not held for long.
SECONDS = 5.0
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
    def own_graphs(self) -> frozenset[str]:
        """Names of the graphs that nobody loads."""
        ...

    def query(self, sparql: str) -> Answer:
        """Answer a query."""
        ...

    def insert(self, quads: bytes | IO[bytes], *, only_once: bool = False) -> None:
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

    def __init__(self, store: Target, *, dry_run: bool = False) -> None:
        self._store, self._dry_run = store, dry_run
        self.unchanged: list[str] = []
        self.added: list[str] = []
        self.replaced: list[str] = []
        self._new: list[_Held] = []
        self._old: list[Graph] = []
        self._new_count = self._old_count = 0
        self._has_blank_nodes = False
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed when it is written
        self._begun = time.monotonic()

    def add(self, graph: Graph) -> None:
        """Take in a graph of which the store holds nothing."""
        self.added.append(graph.name)
        if self._dry_run:
            return
        if not self._store.takes_quads:
            self._keep(graph)
            return
        begin = self._file.tell()
        self._file.write(graph.lines)
        self._new.append(_Held(graph.name, graph.hash, begin, self._file.tell()))
        self._file.write(records.line(graph))
        self._new_count += graph.count
        self._has_blank_nodes = self._has_blank_nodes or b"_:" in graph.lines

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
        is_old = time.monotonic() - self._begun > SECONDS
        return is_old or self._new_count >= self._store.at_once or self._old_count >= UPDATED

    @property
    def changes(self) -> bool:
        """Whether there is anything to be written."""
        return bool(self._new or self._old)

    def write(self) -> None:
        """Write it: each graph is whole, or as it was, wherever this breaks off.

        Raises:
            StoreError: the store failed.
        """
        with self._file:
            if self._new:
                self._file.seek(0)
                self._store.insert(self._file, only_once=self._has_blank_nodes)
                self._old += self._clashes()
            if not self._store.takes_quads:
                for graph in self._old:
                    self._store.update(records.forgetting([graph.name], with_graphs=False))
                    self._store.replace(graph.name, graph.triples)
                    self._store.update(records.recording(graph))
                return
            for some in _pieces(self._old):
                self._store.update(records.replacing(some))

    def _clashes(self) -> Iterator[Graph]:
        """New graphs that another loader has brought meanwhile, in another version.

        The store holds both then, with both records; this loader's takes the place of what has become of the two.
        """
        known = records.hashes(self._store, [held.name for held in self._new])
        for held in self._new:
            if known.get(held.name) != {held.hash}:
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
            except BaseException as error:
                self._error = error

        # A daemon: whoever stops the program twice does not wait for a server.
        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Wait for it; what it raised is raised here."""
        if self._thread:
            self._thread.join()
            self._thread = None
        if self._error:
            error, self._error = self._error, None
            raise error
