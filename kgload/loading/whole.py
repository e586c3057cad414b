"""A file of graphs into a store; one that was loaded before, byte for byte, is known by its hash and not read again."""

from __future__ import annotations

import concurrent.futures
import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from kgload.errors import KgloadError
from kgload.files import reading
from kgload.loading import known_files, records
from kgload.loading.graphs import Graph, read_graphs
from kgload.loading.known_files import Known
from kgload.loading.loader import Report, load
from kgload.loading.writing import Target
from kgload.mapping.writers import GraphFormat, format_of

# Bytes of names and hashes that are held in memory; more are held on disk.
IN_MEMORY = 1_000_000


def load_file(
    store: Target,
    path: Path,
    report: Report,
    *,
    dry_run: bool = False,
    at: Callable[[float], None] = lambda share: None,
) -> Iterator[str]:
    """Load a file's graphs as :func:`kgload.loading.loader.load` does; ``at`` is told how much of it has been read.

    A file that is known as a whole is counted in ``report``, and no names are given.

    Raises:
        InputError, StoreError: as there.
    """
    if format_of(path.name) is not GraphFormat.NQUADS:
        yield from load(store, read_graphs(path, at), report, dry_run=dry_run, stamp=lambda: records.stamp(store))
        return
    with concurrent.futures.ThreadPoolExecutor(1) as beside, _Seen() as seen:
        begun = _state(path)
        digest = beside.submit(_digest, path)
        is_empty = records.is_empty(store)
        if not is_empty and (of := digest.result()) and (known := known_files.known(store, of)):
            report.unchanged += known.graphs
            report.triples += known.triples
            at(1.0)
            return
        earlier, wrote = report.unchanged, False

        def keep() -> None:
            nonlocal wrote
            wrote = True
            of, is_same = digest.result(), _state(path) == begun
            if not (of and is_same and seen.is_whole):
                # What was on its way is not what has that hash.
                records.stamp(store, *([known_files.dropping(of)] if of and not is_same else []))
                return
            if report.unchanged > earlier:
                known_files.claim(store, of, seen.hashes())
            records.stamp(store, known_files.putting(of, seen.holds))

        graphs = seen.through(read_graphs(path, at))
        yield from load(store, graphs, report, dry_run=dry_run, stamp=keep, file=digest.result)
        of = digest.result()
        if of and seen.holds.graphs and not (wrote or dry_run) and _state(path) == begun:
            _repair(store, of, seen)


def _repair(store: Target, digest: str, seen: _Seen) -> None:
    """Put a file that brought nothing new on record, where it had been and is right no longer, or was about to be."""
    is_marked = known_files.holds(store, digest, seen.holds.graphs)
    if is_marked or known_files.is_on_record(store, digest):
        if not is_marked:
            known_files.claim(store, digest, seen.hashes())
        store.update(known_files.putting(digest, seen.holds))


class _Seen:
    """The names and hashes of a file's graphs as they pass, kept on disk where they are many."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed with the object
        self._graphs = self._triples = 0
        self.is_whole = False

    def __enter__(self) -> _Seen:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def holds(self) -> Known:
        return Known(self._graphs, self._triples)

    def through(self, graphs: Iterable[Graph]) -> Iterator[Graph]:
        for graph in graphs:
            self._file.write(f"{graph.name} {graph.hash}\n".encode())
            self._graphs += 1
            self._triples += graph.count
            yield graph
        self.is_whole = True

    def hashes(self) -> Iterator[tuple[str, str]]:
        self._file.seek(0)
        for line in self._file:
            name, _, hash_ = line.decode().rstrip("\n").partition(" ")
            yield name, hash_


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
