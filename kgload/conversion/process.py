"""A worker process and the pipe to it: it converts batches, and ends with the process that has started it.

It imports nothing of the script that asks for it, and may be started from anywhere, also from a process that may have
no children of multiprocessing's.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection

from kgload.conversion.batches import Converter, Plan
from kgload.errors import KgloadError

# More threads in each of several processes only get in each other's way.
ONE_THREAD = (
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
BEGIN = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[2]); "
    "from kgload.conversion.process import serve; serve(int(sys.argv[1]))"
)
READY, ALIVE = "ready", "alive"
# Seconds between two signs of life.
BEAT = 1.0


@dataclass(frozen=True, slots=True)
class Told:
    """What a worker has to say to the user, of trouble with a live service."""

    message: str


class Process:
    """A worker process. Batches go to ``connection``; READY, ALIVE, BatchResults, what is Told and KgloadErrors come
    back."""

    def __init__(self, plan: Plan, *, prepare: bool) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            # What an extractor prints does not get among the results: standard output is as standard error.
            self._process = subprocess.Popen(  # noqa: S603 - this very program
                [sys.executable, "-c", BEGIN, str(theirs.fileno()), json.dumps(sys.path)],
                env={**dict.fromkeys(ONE_THREAD, "1"), **os.environ},
                stdin=subprocess.DEVNULL,
                stdout=_standard_error(),
                pass_fds=(theirs.fileno(),),
            )
        self.connection = Connection(ours.detach())
        # What is told of live look-ups is told by a function of this process, which cannot be sent.
        unheard = replace(plan, settings=replace(plan.settings, on_trouble=_unheard))
        with contextlib.suppress(OSError):
            self.connection.send((unheard, prepare))

    def stop(self) -> int:
        """End it, whatever it does; its exit code, negative where a signal has ended it."""
        self.connection.close()
        self._process.kill()
        return self._process.wait()


def _standard_error() -> int:
    try:
        os.fstat(2)
    except OSError:  # it is closed
        return subprocess.DEVNULL
    return 2


def _unheard(message: str) -> None:
    """Say nothing."""


def serve(handle: int) -> None:
    """What a worker process does: get ready, then convert batch after batch until the pipe ends."""
    # Ctrl-C reaches the whole group; the process that has started this one sees to it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pipe = Connection(handle)
    _end_with_parent(handle)
    with contextlib.suppress(EOFError, OSError):
        plan, prepare = pipe.recv()
        settings = replace(plan.settings, on_trouble=lambda message: pipe.send(Told(message)))
        try:
            converter = Converter(replace(plan, settings=settings), _beating(pipe))
            if prepare:
                converter.prepare()
            pipe.send(READY)
            while True:
                pipe.send(converter.convert(pipe.recv()))
        except KgloadError as error:
            pipe.send(error)


def _beating(pipe: Connection) -> Callable[[], None]:
    """What tells the other end, now and then, that the batch in hand goes on."""
    last = time.monotonic()

    def beat() -> None:
        nonlocal last
        if time.monotonic() - last > BEAT:
            last = time.monotonic()
            pipe.send(ALIVE)

    return beat


def _end_with_parent(handle: int) -> None:
    """End this process as soon as the other end of the pipe is closed, whatever it is doing."""
    import select

    watched = select.poll()
    watched.register(handle, select.POLLRDHUP if hasattr(select, "POLLRDHUP") else select.POLLHUP)

    def watch() -> None:
        watched.poll()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
