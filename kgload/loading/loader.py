"""Named graphs into a store: a graph that is there already is replaced, one that is unchanged is left alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import pyoxigraph as ox

from kgload.loading.graphs import NamedGraph


class Target(Protocol):
    """What loading asks of a store."""

    def graph(self, name: str) -> frozenset[ox.Triple]:
        """The triples of a named graph; none where there is no such graph."""
        ...

    def holds(self, name: str, triples: Sequence[ox.Triple]) -> bool:
        """Whether a named graph holds these triples and no others, as the store writes them."""
        ...

    def replace(self, name: str, triples: Sequence[ox.Triple]) -> None:
        """Make a named graph hold these triples and no others."""
        ...

    def add(self, name: str, triples: Sequence[ox.Triple]) -> None:
        """Add triples to a named graph."""
        ...


@dataclass(slots=True)
class Report:
    """What a load did, in named graphs; ``triples`` counts those that were read."""

    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    triples: int = 0

    @property
    def graphs(self) -> int:
        """How many named graphs were read."""
        return self.added + self.replaced + self.unchanged


def load(store: Target, graphs: Iterable[NamedGraph], report: Report) -> Iterator[str]:
    """Load graphs one by one, yielding the name of each as it is done; ``report`` is kept up.

    A graph whose statements stand apart in a file comes in parts: the first part replaces, the others are added.

    Raises:
        StoreError: the store failed; the graphs yielded before are loaded, the one at hand is whole or as it was.
    """
    begun: set[str] = set()
    for name, triples in graphs:
        report.triples += len(triples)
        if name in begun:
            store.add(name, triples)
            continue
        begun.add(name)
        if not store.graph(name):
            store.add(name, triples)
            report.added += 1
        elif store.holds(name, triples):
            report.unchanged += 1
        else:
            store.replace(name, triples)
            report.replaced += 1
        yield name
