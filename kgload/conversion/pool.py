"""Worker processes that convert batches: each may die or hang at any moment, at the cost of one document at most.

The process pools of the standard library and of others share queues between their workers: one that is killed while it
writes to a queue stops all, or its death ends the pool. Here each worker has a pipe of its own, which ends with it.
"""

from __future__ import annotations

import contextlib
import signal
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing import connection

from kgload.conversion.batches import HOLD, Item, Plan, id_of, is_to_convert
from kgload.conversion.outcomes import BatchResult, Failure
from kgload.conversion.process import ALIVE, Process, Told
from kgload.errors import ConversionError, DocumentTimedOut, KgloadError, WorkerDied

# So many batches for each worker may be under way or wait for one before them, so that memory stays bounded.
AHEAD = 8
# A worker that dies so often before it is ready will not get ready by another try.
STARTS = 3
START_SECONDS = 300.0


@dataclass(eq=False, slots=True)
class _Work:
    """A batch, or after a worker's death a single document of one, under the numbers by which results are ordered."""

    batch: int
    place: int | None
    items: Sequence[Item]


@dataclass(slots=True)
class _Pending:
    """The results of a batch that has been taken apart, as they come."""

    parts: list[BatchResult | None]

    def joined(self) -> BatchResult | None:
        whole = BatchResult([])
        for part in self.parts:
            if part is None:
                return None
            whole.add(part)
        return whole


class _Worker:
    def __init__(self, plan: Plan, *, prepare: bool) -> None:
        self.process = Process(plan, prepare=prepare)
        self.connection = self.process.connection
        self.ready = False
        self.work: _Work | None = None
        self.deadline = time.monotonic() + START_SECONDS

    def give(self, work: _Work, limit: float) -> None:
        self.work, self.deadline = work, time.monotonic() + limit
        # A worker that is dead already is found out by the end of its pipe.
        with contextlib.suppress(OSError):
            self.connection.send(work.items)


@dataclass
class Pool:
    """``workers`` processes that convert; ``limit`` is the time for one document, in seconds.

    A batch whose worker dies, or in which for as long as the limit no document is done, is converted again, each
    document alone; one with which a worker dies again, or that alone takes longer than the limit, becomes a Failure.
    """

    plan: Plan
    workers: int
    limit: float
    _working: list[_Worker] = field(default_factory=list)
    _again: deque[_Work] = field(default_factory=deque)
    _pending: dict[int, _Pending] = field(default_factory=dict)
    _done: dict[int, BatchResult] = field(default_factory=dict)
    _failed_starts: int = 0

    def run(self, batches: Iterable[list[Item]]) -> Iterator[BatchResult]:
        """The result of each batch, in order.

        Raises:
            ConversionError: no worker can be started.
            KgloadError: as :meth:`kgload.conversion.batches.Converter.prepare`, or from ``batches``, whose error comes
                after the results of what was before it.
        """
        try:
            yield from self._run(iter(batches))
        finally:
            for worker in self._working:
                worker.process.stop()
            self._working.clear()

    def _run(self, batches: Iterator[list[Item]]) -> Iterator[BatchResult]:
        ahead: deque[_Work] = deque()
        taken = given = 0
        error: KgloadError | None = None
        more, held = True, False
        while True:
            held = held and given < taken
            # One batch is read ahead, so that a worker that gets free need not wait for it.
            if more and not held and len(ahead) < 2 and taken - given < AHEAD * self.workers:
                try:
                    batch = next(batches, None)
                except KgloadError as raised:
                    batch, error = None, raised
                if batch is None:
                    more = False
                elif batch is HOLD:
                    held = True
                else:
                    ahead.append(_Work(taken, None, batch))
                    taken += 1
            self._hand_out(ahead)
            self._collect(wait=held or not more or len(ahead) == 2 or taken - given >= AHEAD * self.workers)
            while given in self._done:
                yield self._done.pop(given)
                given += 1
            if not more and given == taken:
                break
        if error is not None:
            raise error

    def _hand_out(self, ahead: deque[_Work]) -> None:
        waiting = len(self._again) + len(ahead)
        starting = sum(1 for worker in self._working if not worker.ready)
        while len(self._working) < self.workers and starting < waiting:
            articles = any(is_to_convert(item) for work in (*self._again, *ahead) for item in work.items)
            self._working.append(_Worker(self.plan, prepare=articles))
            starting += 1
        for worker in self._working:
            if worker.ready and worker.work is None and (self._again or ahead):
                worker.give((self._again or ahead).popleft(), self.limit)

    def _collect(self, *, wait: bool) -> None:
        """Take in what workers have sent; see to those that have died or are over the limit."""
        busy = [worker for worker in self._working if worker.work or not worker.ready]
        if not busy:
            return
        patience = max(0.0, min(worker.deadline for worker in busy) - time.monotonic()) if wait else 0
        found = set(connection.wait([worker.connection for worker in self._working], patience))
        for worker in list(self._working):
            if worker.connection in found:
                self._receive(worker)
            elif worker in busy and time.monotonic() >= worker.deadline:
                self._replace(worker, late=True)

    def _receive(self, worker: _Worker) -> None:
        try:
            message = worker.connection.recv()
        except (EOFError, OSError):
            self._replace(worker, late=False)
            return
        if isinstance(message, KgloadError):
            raise message
        if isinstance(message, Told):
            self.plan.settings.on_trouble(message.message)
            return
        if message == ALIVE:
            worker.deadline = time.monotonic() + self.limit
        elif isinstance(message, BatchResult):
            work, worker.work = worker.work, None
            if work:
                self._take(work, message)
        else:
            worker.ready, self._failed_starts = True, 0

    def _replace(self, worker: _Worker, *, late: bool) -> None:
        self._working.remove(worker)
        code = worker.process.stop()
        work = worker.work
        how = f"took longer than {self.limit:g} s" if late else _ending(code)
        if work is None:
            if not worker.ready:
                self._failed_starts += 1
            if self._failed_starts >= STARTS:
                raise ConversionError(f"no worker process can be started: it {how}")
            return
        if work.place is None and len(work.items) > 1:
            self._pending[work.batch] = _Pending([None] * len(work.items))
            self._again.extend(_Work(work.batch, place, [item]) for place, item in enumerate(work.items))
            return
        error = DocumentTimedOut if late else WorkerDied
        [item] = work.items
        failure = Failure(id_of(item), "worker", error(f"{id_of(item)}: the worker process {how}"))
        self._take(work, BatchResult([failure]))

    def _take(self, work: _Work, result: BatchResult) -> None:
        if work.place is None:
            self._done[work.batch] = result
            return
        pending = self._pending[work.batch]
        pending.parts[work.place] = result
        if whole := pending.joined():
            self._done[work.batch] = whole
            del self._pending[work.batch]


def _ending(code: int) -> str:
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"died of {signal.Signals(-code).name}"
    return f"died with exit code {code}"
