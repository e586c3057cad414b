"""A process that answers questions of a store: whatever it is asked, it ends alone, and reaches nobody.

A query of the embedded store cannot be stopped, nor can one that overruns the parser's stack; the process that answers
it can be killed.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from kgload.errors import KgloadError, QueryDied, QueryTimedOut, StoreError
from kgload.serving import confinement, gathering
from kgload.serving.columns import Columns
from kgload.stores import Server, open_store
from kgload.stores.base import Store

START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Source:
    """Where a worker finds the store: a folder that nobody writes to, or a server.

    ``columns`` is the folder of what pages are made of (:mod:`kgload.serving.columns`), where that has been found out.
    """

    folder: Path | None = None
    server: Server | None = None
    columns: Path | None = None

    def open(self) -> Store:
        """The store, open for reading.

        Raises:
            StoreError: it is not there.
        """
        return open_store(self.folder, self.server, read_only=True)


@dataclass(slots=True)
class Opened:
    """A store as a worker has it open, with what else it holds of that store."""

    source: Source
    store: Store
    columns: Columns | None = None


class Worker:
    """A worker process, from outside: asked one question at a time.

    Args:
        source: where it finds the store.
        memory: bytes that the process may take.
    """

    def __init__(self, source: Source, memory: int = confinement.MEMORY) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        # Ends with this process, and tells the worker so while it is busy.
        alive, self._alive = context.Pipe(duplex=False)
        self._process = context.Process(target=_serve, args=(theirs, alive, memory), name="kgload serve", daemon=True)
        self._process.start()
        theirs.close()
        alive.close()
        self.source: Source | None = None
        self.open(source)

    @property
    def process_id(self) -> int | None:
        """The process's number."""
        return self._process.pid

    def open(self, source: Source) -> None:
        """Have it turn to another store.

        Raises:
            StoreError: that is not there.
        """
        self.ask(_reopen, (source,), START_SECONDS)
        self.source = source

    def ask(self, task: Callable[..., Any], arguments: tuple[Any, ...], seconds: float) -> Any:
        """What a function of a module answers that is given the store (:class:`Opened`) and the arguments.

        Raises:
            KgloadError: the function raised it.
            QueryTimedOut: it took longer than ``seconds``; the process has been killed.
            QueryDied: the process is gone.
        """
        try:
            self._connection.send((task, arguments))
            if not self._connection.poll(seconds):
                self.kill()
                raise QueryTimedOut(f"the query took longer than {seconds:g} seconds and was stopped")
            answer, error = self._connection.recv()
        except (EOFError, OSError) as gone:
            self.kill()
            raise QueryDied("the process that answered this crashed or had too little memory; ask for less") from gone
        if error is not None:
            raise error
        return answer

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.is_alive()

    def kill(self) -> None:
        """End it at once. It holds nothing that would have to be put away."""
        self._process.kill()
        self._process.join(5)
        self._connection.close()
        self._alive.close()


def _reopen(opened: Opened, source: Source) -> None:
    """Stands for the order to turn to another store, which no task can carry out."""


def _serve(connection: Connection, alive: Connection, memory: int) -> None:
    # Ctrl-C reaches all processes of a terminal; the one that listens says when to end.
    for name in ("SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(alive,), daemon=True).start()
    confinement.limit_memory(memory)
    opened: Opened | None = None
    confined = False
    while True:
        try:
            task, arguments = connection.recv()
        except (EOFError, OSError):
            break
        answer: Any = None
        failed: Exception | None = None
        try:
            if task is _reopen:
                source: Source = arguments[0]
                if source.server is None and not confined:
                    confined = confinement.refuse_network() or True
                store = source.open()
                if opened is not None:
                    opened.store.close()
                opened = Opened(source, store, gathering.read(source.columns) if source.columns else None)
            else:
                answer = task(opened, *arguments)
        except KgloadError as error:
            failed = error
        except MemoryError:
            break
        except Exception as error:
            failed = StoreError(f"an error of kgload's own: {type(error).__name__}: {error}")
            if os.environ.get("KGLOAD_DEBUG"):
                import traceback

                traceback.print_exc()
        try:
            connection.send((answer, failed))
        except (BrokenPipeError, OSError):
            break
        answer = None
    os._exit(0)


def _end_with(alive: Connection) -> None:
    with contextlib.suppress(EOFError, OSError):
        alive.recv()
    os._exit(0)
