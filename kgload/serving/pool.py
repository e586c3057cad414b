"""Several workers, and who waits for them: nobody for ever, and not too many."""

from __future__ import annotations

import asyncio
import collections
import contextlib
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from kgload.errors import KgloadError, QueryDied, ServerBusy
from kgload.serving.limits import Limits
from kgload.serving.worker import Source, Worker

T = TypeVar("T")
# How long a page's own questions may take at least: their cost is known, and the limit may be a short one.
PAGE_SECONDS = 30.0
STOPPING = "the server is being stopped"


class Pool:
    """Workers that answer questions of one store.

    Of those whose cost nobody knows (queries that users write), one worker is always kept free for the pages.

    Args:
        source: where the workers find the store.
        limits: how many workers, how long they may take, how many requests may wait.
        on_left: called, in the event loop's thread, with a source that no worker has open any more.
    """

    def __init__(self, source: Source, limits: Limits, on_left: Callable[[Source], None] = lambda source: None) -> None:
        self.source = source
        self._limits = limits
        self._on_left = on_left
        self._idle: collections.deque[Worker] = collections.deque()
        self._all: set[Worker] = set()
        self._open: collections.Counter[Source] = collections.Counter()
        self._free = asyncio.Semaphore(limits.workers)
        self._free_for_users = asyncio.Semaphore(max(1, limits.workers - 1))
        self._waiting = 0
        self._threads = ThreadPoolExecutor(limits.workers + 1, thread_name_prefix="kgload worker")
        self._closed = False

    async def start(self) -> None:
        """Start the workers.

        Raises:
            StoreError: the store is not there, or cannot be read.
        """
        first = await self._in_thread(self._new)
        self._put_back(first)
        await asyncio.gather(*(self._spare() for _ in range(self._limits.workers - 1)))

    async def run(self, task: Callable[..., T], *arguments: Any, by_user: bool = False) -> T:
        """What a module's function answers that is given a store (``worker.Opened``) and arguments.

        Raises:
            KgloadError: the function raised it.
            QueryTimedOut, QueryDied: it took too long, or its process died.
            ServerBusy: too many wait.
        """
        seconds = self._limits.seconds if by_user else max(self._limits.seconds, PAGE_SECONDS)
        async with contextlib.AsyncExitStack() as stack:
            await self._wait(stack, seconds, by_user=by_user)
            worker = self._idle.popleft() if self._idle else None
            try:
                if worker is None or not worker.is_alive:
                    self._forget(worker)
                    worker = await self._in_thread(self._new)
                if worker.source != self.source:
                    await self._in_thread(self._turn, worker, self.source)
                answer: T = await self._in_thread(worker.ask, task, arguments, seconds)
                return answer
            except (QueryDied, RuntimeError) as died:
                if self._closed:
                    raise ServerBusy(STOPPING) from died
                raise
            except asyncio.CancelledError:
                # Whoever asked is gone; the thread that waits for the answer ends with the process.
                if worker is not None:
                    worker.kill()
                raise
            finally:
                if worker is not None:
                    self._put_back(worker)

    async def _wait(self, stack: contextlib.AsyncExitStack, seconds: float, *, by_user: bool) -> None:
        if self._closed:
            raise ServerBusy(STOPPING)
        if self._waiting >= self._limits.waiting:
            raise ServerBusy("too many requests wait for an answer; try again in a moment")
        self._waiting += 1
        try:
            async with asyncio.timeout(seconds):
                if by_user:
                    await stack.enter_async_context(_held(self._free_for_users))
                await stack.enter_async_context(_held(self._free))
        except TimeoutError:
            raise ServerBusy("all workers are busy; try again in a moment") from None
        finally:
            self._waiting -= 1

    async def renew(self, source: Source) -> None:
        """Have all workers turn to another source, those that are busy when they are done."""
        self.source = source
        stale = [worker for worker in self._idle if worker.source != source]
        for worker in stale:
            self._idle.remove(worker)
        for worker in stale:
            with contextlib.suppress(KgloadError):
                await self._in_thread(self._turn, worker, source)
            self._put_back(worker)

    async def _spare(self) -> None:
        with contextlib.suppress(KgloadError):
            self._put_back(await self._in_thread(self._new))

    def _new(self) -> Worker:
        worker = Worker(self.source)
        self._all.add(worker)
        self._open[self.source] += 1
        return worker

    def _turn(self, worker: Worker, source: Source) -> None:
        before = worker.source
        worker.open(source)
        self._open[source] += 1
        self._left(before)

    def _put_back(self, worker: Worker) -> None:
        if worker.is_alive and not self._closed:
            self._idle.append(worker)
        else:
            self._forget(worker)

    def _forget(self, worker: Worker | None) -> None:
        if worker in self._all and worker is not None:
            self._all.discard(worker)
            worker.kill()
            self._left(worker.source)

    def _left(self, source: Source | None) -> None:
        if source is None:
            return
        self._open[source] -= 1
        if self._open[source] <= 0:
            del self._open[source]
            if source != self.source:
                self._on_left(source)

    async def _in_thread(self, work: Callable[..., T], *arguments: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)

    def close(self) -> None:
        """End all workers, busy or not."""
        self._closed = True
        for worker in list(self._all):
            worker.kill()
        self._threads.shutdown(wait=False, cancel_futures=True)


@contextlib.asynccontextmanager
async def _held(semaphore: asyncio.Semaphore) -> AsyncIterator[None]:
    async with semaphore:
        yield
