"""Named graphs into a store: a graph that is there already is replaced, one that is unchanged is left alone.

A graph's hash tells whether it is unchanged, so that nothing is fetched to see. Graphs go out many at a time, and each
is whole or absent whatever happens: a store takes a batch as one transaction, or graph by graph where it has none.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pyoxigraph as ox

from kgload.errors import KgloadError
from kgload.loading import records
from kgload.loading.graphs import Graph
from kgload.stores.base import Answer

# How much goes out at a time; a graph that is larger goes alone. Articles come slowly, and are not held for long.
BATCH = 50_000
BATCH_BYTES = 12_000_000
SECONDS = 5.0
# Statements in one update: it is read by a server's SPARQL parser, which holds it in memory.
UPDATED = 20_000


class Target(Protocol):
    """What loading asks of a store."""

    @property
    def takes_quads(self) -> bool:
        """Whether it takes many graphs in one transaction."""
        ...

    def query(self, sparql: str) -> Answer:
        """Answer a query."""
        ...

    def insert(self, quads: bytes) -> None:
        """Add N-Quads, of as many graphs as they name: all or none."""
        ...

    def update(self, sparql: str) -> None:
        """Carry out a SPARQL update: all of it or nothing."""
        ...

    def replace(self, name: str, triples: Sequence[ox.Triple]) -> None:
        """Make a named graph hold these triples and no others."""
        ...


@dataclass(slots=True)
class Report:
    """What a load did, in named graphs; ``triples`` counts those that were read.

    ``share`` is how much of all graph files has been read, from 0 to 1.
    """

    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    triples: int = 0
    share: float = 0.0

    @property
    def graphs(self) -> int:
        """How many named graphs were read."""
        return self.added + self.replaced + self.unchanged

    def reached(self, path: Path, sizes: Mapping[Path, int], share: float) -> None:
        """Note how far into one of the files (with their sizes in bytes, in their order) reading has come."""
        before = sum(sizes[earlier] for earlier in itertools.takewhile(lambda p: p != path, sizes))
        self.share = (before + share * sizes[path]) / max(1, sum(sizes.values()))


def load(store: Target, graphs: Iterable[Graph], report: Report, *, dry_run: bool = False) -> Iterator[str]:
    """Load graphs, yielding the name of each as it is done; ``report`` is kept up. A dry run writes nothing.

    Raises:
        StoreError: the store failed; the graphs yielded before are loaded, each other one is whole or as it was.
        InputError: the graphs could not be read further; those before are loaded.
    """
    writing = _Writing(store, report, dry_run=dry_run)
    try:
        for batch in _batches(graphs):
            known = records.hashes(store, [graph.name for graph in batch])
            changed = [graph for graph in batch if known.get(graph.name) != {graph.hash}]
            there = records.present(store, [graph.name for graph in changed])
            yield from writing.end()
            writing.begin(
                unchanged=[graph.name for graph in batch if known.get(graph.name) == {graph.hash}],
                new=[graph for graph in changed if graph.name not in there],
                old=[graph for graph in changed if graph.name in there],
            )
            report.triples += sum(graph.count for graph in batch)
    except BaseException:
        writing.end()
        raise
    yield from writing.end()
    if writing.wrote:
        records.stamp(store)


class _Writing:
    """A batch that is being written while the next one is read and looked up."""

    def __init__(self, store: Target, report: Report, *, dry_run: bool) -> None:
        self._store, self._report, self._dry_run = store, report, dry_run
        self._thread: threading.Thread | None = None
        self._done: list[tuple[str, list[str]]] = []
        self._error: BaseException | None = None
        self.wrote = False

    def begin(self, *, unchanged: list[str], new: list[Graph], old: list[Graph]) -> None:
        """Write a batch from now on."""
        self._done = [
            ("unchanged", unchanged),
            ("added", [graph.name for graph in new]),
            ("replaced", [graph.name for graph in old]),
        ]
        if (new or old) and not self._dry_run:
            self.wrote = True
            # A daemon: whoever stops the program twice does not wait for a server.
            self._thread = threading.Thread(target=self._write, args=(new, old), daemon=True)
            self._thread.start()

    def _write(self, new: list[Graph], old: list[Graph]) -> None:
        try:
            _write(self._store, new, old)
        except BaseException as error:
            self._error = error

    def end(self) -> list[str]:
        """Wait for the batch, and count it; the names of its graphs.

        Raises:
            StoreError: it could not be written.
        """
        if self._thread:
            self._thread.join()
            self._thread = None
        done, self._done = self._done, []
        if self._error:
            error, self._error = self._error, None
            raise error
        for what, names in done:
            setattr(self._report, what, getattr(self._report, what) + len(names))
        return [name for _, names in done for name in names]


def _batches(graphs: Iterable[Graph]) -> Iterator[list[Graph]]:
    """Graphs as they go out together; what came before an error goes out, too."""
    source = iter(graphs)
    batch: list[Graph] = []
    count = size = 0
    begun = time.monotonic()
    while True:
        try:
            graph = next(source, None)
        except KgloadError:
            if batch:
                yield batch
            raise
        if graph is not None and not count:
            begun = time.monotonic()
        is_full = (
            count + (graph.count if graph else 0) > BATCH or size + (len(graph.lines) if graph else 0) > BATCH_BYTES
        )
        if batch and (graph is None or is_full or time.monotonic() - begun > SECONDS):
            yield batch
            batch, count, size, begun = [], 0, 0, time.monotonic()
        if graph is None:
            return
        batch.append(graph)
        count += graph.count
        size += len(graph.lines)


def _write(store: Target, new: list[Graph], old: list[Graph]) -> None:
    if not store.takes_quads:
        for graph in [*new, *old]:
            store.update(records.forgetting([graph.name], with_graphs=False))
            store.replace(graph.name, graph.triples)
            store.update(records.recording(graph))
        return
    if new:
        store.insert(b"".join(part for graph in new for part in (graph.lines, records.line(graph))))
        # Another loader may have brought a graph of the same name meanwhile; where it was not the same graph, both
        # records stand there, and this one's replaces what has become of the two.
        known = records.hashes(store, [graph.name for graph in new])
        old = [*old, *(graph for graph in new if known.get(graph.name) != {graph.hash})]
    for some in _portions(old):
        store.update(records.replacing(some))


def _portions(graphs: Sequence[Graph]) -> Iterator[list[Graph]]:
    portion: list[Graph] = []
    count = 0
    for graph in graphs:
        if portion and count + graph.count > UPDATED:
            yield portion
            portion, count = [], 0
        portion.append(graph)
        count += graph.count
    if portion:
        yield portion
