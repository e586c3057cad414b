"""A file of graphs into a store; one that was loaded before, byte for byte, is known by its hash and not read again.

What is on record of a file is a hash of its graphs' names and hashes, which the store is asked for: a graph that is no
longer there, or another by now, is found as it is when the file is read.
"""

from __future__ import annotations

import concurrent.futures
import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from kgload.errors import KgloadError
from kgload.files import reading
from kgload.loading import nquads, records
from kgload.loading.graphs import Graph, read_graphs
from kgload.loading.loader import Report, load
from kgload.loading.writing import Target
from kgload.mapping.writers import GraphFormat, format_of

# Names that are held for a file; one of more is read as if it were new.
MOST = 1_000_000


def load_file(
    store: Target,
    path: Path,
    report: Report,
    *,
    dry_run: bool = False,
    at: Callable[[float], None] = lambda share: None,
) -> Iterator[str]:
    """Load a file's graphs as :func:`kgload.loading.loader.load` does; ``at`` is told how much of it has been read.

    Raises:
        InputError, StoreError: as there.
    """
    if format_of(path.name) is not GraphFormat.NQUADS:
        yield from load(store, read_graphs(path, at), report, dry_run=dry_run, stamp=lambda: records.stamp(store))
        return
    with concurrent.futures.ThreadPoolExecutor(1) as beside:
        begun = _state(path)
        digest = beside.submit(_digest, path)
        if not records.is_empty(store):
            names = _unchanged(store, path, digest.result(), report)
            if names is not None:
                at(1.0)
                yield from names
                return
        seen = _Seen()

        def stamp() -> None:
            # A file that was changed while it was read is not on record.
            same = _state(path) == begun and seen.is_whole
            records.stamp(store, digest.result() if same else None, seen.held)

        yield from load(store, seen.through(read_graphs(path, at)), report, dry_run=dry_run, stamp=stamp)


def _unchanged(store: Target, path: Path, digest: str | None, report: Report) -> list[str] | None:
    """The names of a file's graphs, where the store holds each as it did when the file was loaded."""
    held = records.file(store, digest) if digest else None
    if held is None:
        return None
    names: list[str] = []
    seen = _Seen()
    try:
        with reading(path) as stream:
            found = (name for name, _ in itertools.groupby(nquads.skimmed(nquads.blocks(stream))))
            while some := [name.decode() for name in itertools.islice(found, records.ASKED)]:
                known = records.hashes(store, some)
                if len(names) > MOST or any(len(known.get(name, ())) != 1 for name in some):
                    return None
                for name in some:
                    seen.add(name, *known[name])
                names += some
    except (nquads.Unreadable, UnicodeDecodeError, OSError, EOFError):
        return None
    seen.triples = int(held.rpartition(" ")[2])
    if seen.held != held or not store.own_graphs.isdisjoint(names):
        return None
    report.unchanged += len(names)
    report.triples += seen.triples
    return names


class _Seen:
    """What is put on record of a file's graphs: a hash of their names and hashes in their order, and a count."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self.triples = 0
        self.is_whole = False

    def add(self, name: str, hash_: str) -> None:
        self._hash.update(f"{name} {hash_}\n".encode())

    @property
    def held(self) -> str:
        return f"{self._hash.hexdigest()} {self.triples}"

    def through(self, graphs: Iterable[Graph]) -> Iterator[Graph]:
        for graph in graphs:
            self.add(graph.name, graph.hash)
            self.triples += graph.count
            yield graph
        self.is_whole = True


def _digest(path: Path) -> str | None:
    try:
        with reading(path) as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
    except (OSError, EOFError, KgloadError):
        return None  # whoever reads it next will say why


def _state(path: Path) -> tuple[int, ...]:
    try:
        found = path.stat()
    except OSError:
        return ()
    return (found.st_ino, found.st_size, found.st_mtime_ns)
