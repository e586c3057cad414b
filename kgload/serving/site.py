"""The store that is served: which state of it is shown, and what was found out about that state already."""

from __future__ import annotations

import asyncio
import collections
import contextlib
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from kgload.errors import KgloadError
from kgload.mapping.iris import DEFAULT_BASE
from kgload.serving import gathering, kept, seeing
from kgload.serving.limits import Limits
from kgload.serving.pool import Pool
from kgload.serving.snapshot import Signature, Snapshot, Snapshots
from kgload.serving.worker import Source, Worker
from kgload.stores import DEFAULT_PATH, Server, shown

T = TypeVar("T")
# Seconds between two looks at whether the store has changed.
LOOK = 1.0
# A server does not tell when it changes: what it said holds for so many seconds.
HOLDS = 15.0
# Seconds that it may take to find out what pages are made of.
GATHER_SECONDS = 1_800.0
GATHER_MEMORY = 6 << 30
# Seconds of that which the start waits for.
PATIENCE = 5.0
# Answers that are kept.
_KEPT = 500


class Site:
    """A store, as the web server sees it.

    Of the embedded store it reads a snapshot (:mod:`kgload.serving.snapshot`), and takes another one within seconds of
    a change, when whoever writes is done. Until then it shows the state before.

    Args:
        store: the embedded store's folder; ``./kgload.db`` where it is None.
        server: a SPARQL server in its place.

    Raises:
        StoreError: the store is not there, or is being written to.
    """

    def __init__(self, store: Path | None, server: Server | None, limits: Limits) -> None:
        self.limits = limits
        self.server = server
        self.path = store or DEFAULT_PATH
        self.base = DEFAULT_BASE
        self.generation = 0
        self._snapshots: Snapshots | None = None
        self._by_source: dict[Source, Snapshot] = {}
        self._answers: collections.OrderedDict[Any, tuple[float, asyncio.Task[Any]]] = collections.OrderedDict()
        self._shown: Signature = ()
        self._gatherers: set[Worker] = set()
        self._is_closed = False
        self._turning: asyncio.Task[None] | None = None
        if server is None:
            self._snapshots = Snapshots(self.path)
            try:
                source = self._source(self._snapshots.take())
            except KgloadError:
                self._snapshots.close()
                raise
        else:
            source = Source(server=server)
        self.pool = Pool(source, limits, self._left)
        self._watching: asyncio.Task[None] | None = None

    @property
    def name(self) -> str:
        """What to call the store on a page; without credentials, and without the folders above it."""
        return shown(self.server.url) if self.server else self.path.resolve().name

    async def start(self) -> None:
        """Start the workers, and look out for changes.

        Raises:
            StoreError: the store cannot be read.
        """
        finding = asyncio.create_task(self._with_columns(self.pool.source))
        # Of a small store it takes a moment; a large one is shown meanwhile, if slowly.
        await asyncio.wait((finding,), timeout=PATIENCE)
        if finding.done():
            self.pool.source = finding.result()
        else:
            finding.add_done_callback(self._late)
        await self.pool.start()
        self.base = await self.ask(seeing.base)
        if self._snapshots:
            self._watching = asyncio.create_task(self._watch(self._snapshots))

    async def ask(self, task: Callable[..., T], *arguments: Any, by_user: bool = False) -> T:
        """What a module's function answers that is given the store and the arguments; see :meth:`Pool.run`."""
        return await self.pool.run(task, *arguments, by_user=by_user)

    async def known(self, task: Callable[..., T], *arguments: Any) -> T:
        """The same, but asked once for each state of the store."""
        key = (self.generation, task, arguments)
        kept = self._answers.get(key)
        if kept is None or (self.server and time.monotonic() - kept[0] > HOLDS):
            # A task of its own, so that whoever comes second is answered even when the first one has gone.
            kept = (time.monotonic(), asyncio.create_task(self.pool.run(task, *arguments)))
            self._answers[key] = kept
            while len(self._answers) > _KEPT:
                self._answers.popitem(last=False)
        try:
            answer: T = await asyncio.shield(kept[1])
            return answer
        except KgloadError:
            self._answers.pop(key, None)
            raise

    async def _watch(self, snapshots: Snapshots) -> None:
        before = self._shown
        while True:
            await asyncio.sleep(LOOK)
            with contextlib.suppress(KgloadError, OSError):
                now = await asyncio.to_thread(snapshots.signature)
                # Twice the same: nobody is in the middle of a change.
                if now != self._shown and now == before and not await asyncio.to_thread(snapshots.is_written):
                    snapshot = await asyncio.to_thread(snapshots.take)
                    await self.renew(snapshot)
                before = now

    async def renew(self, snapshot: Snapshot) -> None:
        """Show another state of the store."""
        source = await self._with_columns(self._source(snapshot))
        self.generation += 1
        self._answers.clear()
        await self.pool.renew(source)

    def _late(self, finding: asyncio.Task[Source]) -> None:
        """Turn to what pages are made of, when it has been found out after all; another state may have come since."""
        if finding.cancelled() or self._is_closed:
            return
        source = finding.result()
        if source.folder == self.pool.source.folder:
            self._turning = asyncio.create_task(self.pool.renew(source))

    async def _with_columns(self, source: Source) -> Source:
        """A snapshot together with what pages are made of; alone where that cannot be found out.

        It is found out in a process of its own, as it may take long and others ask meanwhile, and kept for the next
        start over the same state of the store.
        """
        snapshot = self._by_source.get(source)
        if snapshot is None:
            return source
        folder = await asyncio.to_thread(kept.folder, self.path, snapshot.signature)
        if not (folder / gathering.FILE).exists():
            try:
                await asyncio.to_thread(self._gather, source, folder)
            except (KgloadError, OSError):
                return source
        with_columns = replace(source, columns=folder)
        self._by_source[with_columns] = snapshot
        return with_columns

    def _gather(self, source: Source, folder: Path) -> None:
        worker = Worker(source, memory=GATHER_MEMORY)
        self._gatherers.add(worker)
        try:
            worker.ask(seeing.gathered, (folder,), GATHER_SECONDS)
        finally:
            self._gatherers.discard(worker)
            worker.kill()

    def _source(self, snapshot: Snapshot) -> Source:
        source = Source(folder=snapshot.folder)
        self._by_source[source] = snapshot
        self._shown = snapshot.signature
        return source

    def _left(self, source: Source) -> None:
        snapshot = self._by_source.pop(source, None)
        # The same snapshot is known with what pages are made of, and without.
        if snapshot and snapshot not in self._by_source.values():
            snapshot.remove()

    async def close(self) -> None:
        """Stop the workers and delete the snapshots."""
        if self._watching:
            self._watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watching
        self._is_closed = True
        for worker in list(self._gatherers):
            worker.kill()
        self.pool.close()
        if self._snapshots:
            self._snapshots.close()
