"""What a store holds, back as N-Quads in one order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from kgload import ontology
from kgload.errors import StoreError
from kgload.loading import nquads
from kgload.loading.sorting import ascending
from kgload.stores.base import RECORDS


class Source(Protocol):
    """What dumping asks of a store."""

    @property
    def name(self) -> str:
        """What to call it."""
        ...

    def quads(self) -> Iterator[bytes]:
        """All that stands in it, as N-Quads in pieces."""
        ...


def dump(store: Source, *, with_ontology: bool = False) -> Iterator[bytes]:
    """All that was loaded, as lines of N-Quads in the order of their bytes, each once.

    The ontology, which loading puts beside it, is left out unless it is asked for, as are kgload's own records and what
    stands in no named graph. Memory holds some 32 MB of lines; the rest is sorted on disk.

    Raises:
        StoreError: the store fails, or gives what is no N-Quads.
    """
    left_out = {RECORDS.encode(), b""} | (set() if with_ontology else {ontology.GRAPH.encode()})

    def lines() -> Iterator[bytes]:
        for name, run in nquads.runs(store.quads(), unnamed=True):
            if name not in left_out:
                yield from (line + b"\n" for line in run.split(b"\n") if line)

    try:
        yield from ascending(lines())
    except nquads.Unreadable as error:
        raise StoreError(f"{store.name} gave an answer that is no N-Quads: {error}") from error
