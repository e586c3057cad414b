"""What differs between graphs at hand and those in a store, document by document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import pyoxigraph as ox

from kgload import ontology
from kgload.loading.graphs import Graph
from kgload.stores.base import canonical


class Compared(Protocol):
    """What comparing asks of a store."""

    def graph(self, name: str) -> frozenset[ox.Triple]:
        """The triples of a named graph."""
        ...

    def graphs(self) -> Iterator[str]:
        """Names of the named graphs, sorted."""
        ...


@dataclass(frozen=True, slots=True)
class Difference:
    """How a document differs: the statements that only the file has, and those that only the store has, sorted.

    One that only one side has at all has all its statements on that side.
    """

    name: str
    in_file: tuple[str, ...]
    in_store: tuple[str, ...]
    is_new: bool = False
    is_gone: bool = False


def differences(store: Compared, graphs: Iterable[Graph]) -> Iterator[Difference]:
    """The documents that differ, in the order of the file, then those that only the store has, sorted.

    Statements are compared in the form that Oxigraph would keep (``007`` is ``7``): what a store does to numbers is no
    difference. The store's own statements are compared, not what is on record of them.

    Raises:
        StoreError: the store failed.
    """
    seen = {ontology.GRAPH}
    for graph in graphs:
        seen.add(graph.name)
        ours, theirs = canonical(graph.triples), canonical(list(store.graph(graph.name)))
        if ours != theirs:
            yield Difference(graph.name, _lines(ours - theirs), _lines(theirs - ours), is_new=not theirs)
    for name in store.graphs():
        if name not in seen:
            yield Difference(name, (), _lines(store.graph(name)), is_gone=True)


def _lines(triples: Iterable[ox.Triple]) -> tuple[str, ...]:
    return tuple(sorted(f"{triple} ." for triple in triples))
