"""The embedded store: Oxigraph in this process, in a folder or in memory."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import pyoxigraph as ox

from kgload import nesting
from kgload.errors import BadGraph, BadSparql, StoreDamaged, StoreError, StoreLocked, StoreNotFound
from kgload.stores.base import RECORDS, Answer, Outflow, Rows, Scope, Triples, canonical, check_size

# What the system says where the files may be sound and cannot be written or opened all the same.
NOT_DAMAGE = tuple(os.strerror(n) for n in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES))
# From this many bytes of N-Quads on, sorted files are written in place of a transaction.
BULK = 4_000_000
AT_ONCE = 25_000
# Statements that are written out at a time.
PIECE = 2_000


class EmbeddedStore:
    """A store in a folder, or in memory where ``path`` is None.

    Args:
        create: make the folder where it does not exist.
        read_only: open it for queries only, so that several can read at a time.

    Raises:
        StoreNotFound: the folder does not exist and is not to be made.
        StoreLocked: another process has it open for writing.
        StoreDamaged: its files cannot be read.
        StoreError: it cannot be made, or the disk is full.
    """

    def __init__(self, path: Path | None = None, *, create: bool = False, read_only: bool = False) -> None:
        self._path = path
        self._read_only = read_only
        self._lock: IO[bytes] | None = None
        self._store = self._open(path, create=create, read_only=read_only)

    def _open(self, path: Path | None, *, create: bool, read_only: bool) -> ox.Store:
        if path is None:
            return ox.Store()
        is_there = (path / "CURRENT").exists()
        if not create and not is_there:
            raise StoreNotFound(f"there is no store at {path}; `kgload load` makes one")
        if not is_there and path.is_dir() and any(path.iterdir()):
            # The database would take the folder over, and delete files in it that are named like its own.
            raise StoreError(f"{path} holds other files and is no store; name an empty folder or a new one")
        try:
            if read_only:
                self._lock = _shared_lock(path)
                return ox.Store.read_only(str(path))
            if not path.exists() and path.parent.is_dir():
                _make(path)
            return ox.Store(str(path))
        except BlockingIOError as error:
            raise StoreLocked(f"the store at {path} is being written by another process") from error
        except (OSError, RuntimeError, ValueError) as error:
            message = str(error)
            # RocksDB's words; the folder's own name may hold "lock" too.
            if any(words in message.casefold() for words in ("while lock file", "lock hold by current process")):
                raise StoreLocked(f"the store at {path} is in use by another process") from error
            if path.exists() and not path.is_dir():
                raise StoreError(f"{path} is no folder, so it cannot be a store") from error
            if not is_there or any(words in message for words in NOT_DAMAGE):
                raise StoreError(f"the store at {path} cannot be opened: {message}") from error
            raise StoreDamaged(f"the store at {path} cannot be opened: {message}") from error

    @property
    def name(self) -> str:
        """The folder's path, or "memory"."""
        return str(self._path) if self._path else "memory"

    def query(self, sparql: str, *, scope: Scope | None = None, most: int | None = None) -> Answer:
        """Answer a query over the named graphs and the default graph, each in its place.

        Raises:
            BadSparql: it does not parse.
            AnswerTooLarge: the answer has more than ``most`` rows or triples.
            StoreError: it cannot be answered.
        """
        try:
            nesting.check_query(sparql)
            if scope is None:
                return _read(self._store.query(sparql), most)
            default: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = [ox.NamedNode(n) for n in scope.default]
            named: list[ox.NamedNode | ox.BlankNode] = [ox.NamedNode(n) for n in scope.named]
            return _read(self._store.query(sparql, default_graph=default, named_graphs=named), most)
        except (SyntaxError, nesting.TooDeep) as error:
            raise BadSparql(f"the query does not parse: {error}") from error
        except UnicodeEncodeError as error:
            raise BadSparql("the query holds a lone surrogate, which is no character") from error
        except (OSError, RuntimeError, ValueError) as error:
            raise StoreError(f"{self.name} cannot answer the query: {error}") from error

    def graph(self, name: str) -> frozenset[ox.Triple]:
        """The triples of a named graph."""
        return frozenset(quad.triple for quad in self._store.quads_for_pattern(None, None, None, ox.NamedNode(name)))

    def holds(self, name: str, triples: Sequence[ox.Triple]) -> bool:
        """Whether a named graph holds these triples and no others."""
        return self.graph(name) == canonical(triples)

    def replace(self, name: str, triples: Sequence[ox.Triple]) -> None:
        """Make a named graph hold these triples and no others, in one transaction.

        Raises:
            StoreError: the store cannot be written.
        """
        graph = ox.NamedNode(name)
        if not self._store.contains_named_graph(graph):
            self.add(name, triples)
            return
        # One update is one transaction; the library writes the terms, so that nothing in them can be SPARQL.
        content = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
        self._write(lambda: self._store.update(
            f"DROP SILENT GRAPH {graph} ; INSERT DATA {{ GRAPH {graph} {{\n{content.decode()}}} }}"
        ))  # fmt: skip

    def add(self, name: str, triples: Sequence[ox.Triple]) -> None:
        """Add triples to a named graph, in one transaction.

        Raises:
            StoreError: the store cannot be written.
        """
        graph = ox.NamedNode(name)
        self._write(lambda: self._store.extend(ox.Quad(t.subject, t.predicate, t.object, graph) for t in triples))

    def _write(self, change: Callable[[], None]) -> None:
        try:
            change()
        except OSError as error:
            raise StoreError(f"cannot write to {self.name}: {error}") from error

    @property
    def own_graphs(self) -> frozenset[str]:
        """kgload's records."""
        return frozenset((RECORDS,))

    def graphs(self) -> Iterator[str]:
        """Names of the named graphs, sorted; the store's own records are left out."""
        names = (graph.value for graph in self._store.named_graphs() if isinstance(graph, ox.NamedNode))
        yield from sorted(name for name in names if name != RECORDS)

    @property
    def takes_quads(self) -> bool:
        """Always."""
        return True

    @property
    def at_once(self) -> int:
        """More are faster and take more memory: about a kilobyte each."""
        return AT_ONCE

    @property
    def streams(self) -> bool:
        """Never: it takes no more in at once than memory holds."""
        return False

    def insert(self, quads: bytes | IO[bytes] | Outflow, *, only_once: bool = False) -> None:
        """Add N-Quads: all or none.

        Many are written as sorted files that the database takes in at one stroke, few in a transaction.

        Raises:
            BadGraph: they do not parse.
            StoreError: the store cannot be written.
        """
        if not isinstance(quads, bytes):
            quads.seek(0)
            quads = b"".join(quads)
        content = quads
        try:
            if self._path and len(content) > BULK:
                # Lenient: whoever reads graphs for loading has let pass what is N-Quads alone.
                self._write(lambda: self._store.bulk_load(content, ox.RdfFormat.N_QUADS, lenient=True))
            else:
                self._write(lambda: self._store.load(content, ox.RdfFormat.N_QUADS))
        except SyntaxError as error:
            raise BadGraph(f"statements that do not parse: {error}") from error

    def update(self, sparql: str) -> None:
        """Carry out a SPARQL update in one transaction.

        Raises:
            BadSparql: it does not parse.
            StoreError: the store cannot be written.
        """
        try:
            self._write(lambda: self._store.update(sparql))
        except SyntaxError as error:
            raise BadSparql(f"the update does not parse: {error}") from error

    def quads(self) -> Iterator[bytes]:
        """All that stands in the store, as N-Quads in pieces."""
        found = iter(self._store)
        while piece := list(itertools.islice(found, PIECE)):
            yield ox.serialize(piece, format=ox.RdfFormat.N_QUADS) or b""

    def compact(self) -> None:
        """Merge the database's files; deleted statements' room is free again.

        Raises:
            StoreError: the store cannot be written.
        """
        self._write(self._store.optimize)

    def version(self) -> str:
        """The library's name and version."""
        return f"Oxigraph {ox.__version__}, embedded"

    def close(self) -> None:
        """Write out what is pending; the folder's lock goes with the object."""
        if self._path and not self._read_only:
            with contextlib.suppress(OSError):
                self._store.flush()
        del self._store
        if self._lock:
            self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _make(path: Path) -> None:
    """Make an empty store where there is no folder: whole or not at all, as whoever is killed meanwhile leaves no half.

    Raises:
        OSError: it cannot be made there.
    """
    target = Path(os.path.realpath(path))
    with tempfile.TemporaryDirectory(prefix=f".{target.name}.", suffix=".part", dir=target.parent) as made:
        whole = Path(made) / "store"
        ox.Store(str(whole)).flush()
        with contextlib.suppress(OSError):  # another process has made it meanwhile
            whole.rename(target)


def _read(found: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, most: int | None) -> Answer:
    """An answer in full. The library answers a query while its rows are read, so that it can fail here too."""
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    # One more than there may be tells that there are more.
    end = None if most is None else most + 1
    if isinstance(found, ox.QueryTriples):
        triples = tuple(itertools.islice(found, end))
        check_size(len(triples), most)
        return Triples(triples)
    variables = tuple(variable.value for variable in found.variables)
    rows = tuple(tuple(row[name] for name in variables) for row in itertools.islice(found, end))
    check_size(len(rows), most)
    return Rows(variables, rows)


def _shared_lock(path: Path) -> IO[bytes] | None:
    """Hold the store's lock file with other readers, so that nobody writes meanwhile.

    Reading beside a writer is undefined in the library; its own read-only mode takes no lock.

    Raises:
        BlockingIOError: a writer holds it.
    """
    try:
        import fcntl
    except ImportError:  # no such locks on Windows: there a writer is not noticed
        return None
    lock = (path / "LOCK").open("rb")
    try:
        fcntl.lockf(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise BlockingIOError(str(error)) from error
    return lock
