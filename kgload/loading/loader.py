"""Named graphs into a store: a graph that is there already is replaced, one that is unchanged is left alone.

A graph's hash tells whether it is unchanged, so that nothing is fetched to see. Graphs go out many at a time, and each
is whole or absent whatever happens: a store takes a portion as one transaction, or graph by graph where it has none.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kgload import ontology
from kgload.errors import BadGraph, KgloadError
from kgload.loading import records
from kgload.loading.graphs import Graph, from_triples
from kgload.loading.writing import SECONDS, Behind, Portion, Target

# Graphs, and bytes of them, that are looked up together.
LOOKED_UP = 500
LOOKED_UP_BYTES = 4_000_000


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

    def count(self, portion: Portion) -> list[str]:
        """Count a portion that has been written; the names of its graphs."""
        self.added += len(portion.added)
        self.replaced += len(portion.replaced)
        self.unchanged += len(portion.unchanged)
        return [*portion.unchanged, *portion.added, *portion.replaced]

    def reached(self, path: Path, sizes: Mapping[Path, int], share: float) -> None:
        """Note how far into one of the files (with their sizes in bytes, in their order) reading has come."""
        before = sum(sizes[earlier] for earlier in itertools.takewhile(lambda p: p != path, sizes))
        self.share = (before + share * sizes[path]) / max(1, sum(sizes.values()))


def load(
    store: Target,
    graphs: Iterable[Graph],
    report: Report,
    *,
    dry_run: bool = False,
    stamp: Callable[[], None] | None = None,
    file: Callable[[], str | None] = lambda: None,
) -> Iterator[str]:
    """Load graphs, yielding the name of each as it is done; ``report`` is kept up. A dry run writes nothing.

    ``stamp`` is called at the end, where something was written. ``file`` gives the hash of the bytes of the file that
    the graphs come in, where they are to be on record for it.

    Raises:
        StoreError: the store failed; the graphs yielded before are loaded, each other one is whole or as it was.
        InputError: the graphs could not be read further, or one has a name that is kgload's or the store's own; those
            before are loaded.
    """
    behind = Behind()
    wrote = False
    failed: KgloadError | None = None
    groups = _groups(_of_others(graphs, store.own_graphs))
    # Into an empty store all is new: nothing need be looked up. What another loader brings meanwhile is seen later.
    is_empty = records.is_empty(store)
    sorted_in = 0

    def following() -> Portion:
        return Portion(store, dry_run=dry_run, file=file, before=sorted_in if is_empty else None)

    portion, written = following(), Portion(store)
    try:
        while True:
            begun = time.monotonic()
            try:
                group = next(groups, None)
            except KgloadError as error:
                group, failed = None, error
            portion.waited += time.monotonic() - begun
            if group:
                _sort_into(portion, store, group, is_empty=is_empty)
                report.triples += sum(graph.count for graph in group)
                sorted_in += len(group)
            behind.look()
            if portion.grow():
                behind.end()
                yield from report.count(written)
                written, wrote = Portion(store), True
                behind.begin(portion.write)
            if group is None or portion.is_full:
                if portion.is_growing:
                    portion.end()
                else:
                    behind.end()
                    yield from report.count(written)
                    if portion.changes:
                        wrote = True
                        behind.begin(portion.write)
                portion, written = following(), portion
            if group is None:
                break
    finally:
        portion.abandon()
        behind.end()
    yield from report.count(written)
    if wrote and stamp:
        stamp()
    if failed:
        raise failed


def _sort_into(portion: Portion, store: Target, graphs: Sequence[Graph], *, is_empty: bool) -> None:
    known = {} if is_empty else records.hashes(store, [graph.name for graph in graphs])
    changed = [graph for graph in graphs if known.get(graph.name) != {graph.hash}]
    there = set[str]() if is_empty else records.present(store, [graph.name for graph in changed])
    for graph in graphs:
        if known.get(graph.name) == {graph.hash}:
            portion.unchanged.append(graph.name)
        elif graph.name in there:
            portion.replace(graph)
        else:
            portion.add(graph)


def _of_others(graphs: Iterable[Graph], own: frozenset[str]) -> Iterator[Graph]:
    """Graphs, until one has a name under which nobody loads: a file could forge records, or the ontology, by it.

    Raises:
        BadGraph: such a graph has come. The ontology as it stands here is let pass, so that a dump can bring it.
    """
    for graph in graphs:
        if graph.name in own:
            raise BadGraph(f"a graph is named {graph.name}, which the store keeps for itself; it is not loaded")
        if graph.name == ontology.GRAPH and graph.hash != from_triples(ontology.GRAPH, ontology.triples()).hash:
            raise BadGraph(f"a graph is named {graph.name}, as the ontology, and is not it; it is not loaded")
        yield graph


def _groups(graphs: Iterable[Graph]) -> Iterator[list[Graph]]:
    """Graphs as they are looked up together; what came before an error is given before it."""
    group: list[Graph] = []
    size = 0
    begun = time.monotonic()
    try:
        for graph in graphs:
            group.append(graph)
            size += len(graph.lines)
            if len(group) == LOOKED_UP or size > LOOKED_UP_BYTES or time.monotonic() - begun > SECONDS:
                yield group
                group, size, begun = [], 0, time.monotonic()
    except KgloadError:
        yield group
        raise
    yield group
