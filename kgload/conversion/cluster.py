"""Conversion on a Dask cluster: batches go to its workers, results come back in order.

A worker of the cluster converts in a process of its own (:mod:`kgload.conversion.pool`), with the same time limit and
the same fate of a document that does harm as on one machine. Workers of the cluster may come, go and die: what they had
in hand is given to others.
"""

from __future__ import annotations

import contextlib
import os
import re
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from kgload import __version__
from kgload.conversion.batches import HOLD, Item, Plan
from kgload.conversion.outcomes import BatchResult
from kgload.conversion.pool import Pool
from kgload.errors import ConversionError, KgloadError

# Batches for each thread of the cluster that may be under way.
AHEAD = 4
# How often a batch is given out that takes workers of the cluster with it, each time until Dask gives up (three
# workers). It is not a document that does so: those end a process of the worker's.
TRIES = 3
CONNECT_SECONDS = 30
ADDRESS = re.compile(r"(tcp|tls|ws|wss|ucx)://[^\s@]+$")
# What of the environment changes the output.
ENVIRONMENT = ("KGLOAD_ONTOLOGY", "KGLOAD_FRAMES", "KGLOAD_MODEL")


def run(cut: Iterable[list[Item]], plan: Plan, address: str, workers: int, limit: float) -> Iterator[BatchResult]:
    """The result of each batch, in order, by the cluster whose scheduler has this address; without one, by ``workers``
    processes of a cluster on this machine.

    Raises:
        ConversionError: Dask is not installed, the scheduler cannot be reached or was lost, a batch ends all workers.
        KgloadError: as :meth:`kgload.conversion.pool.Pool.run`.
    """
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise ConversionError("--engine dask needs more packages: pip install 'kgload[dask]'") from error
    if address and not ADDRESS.match(address):
        raise ConversionError(f"{address[:80]!r} is no address of a Dask scheduler, as tcp://10.0.0.7:8786 is one")
    with contextlib.ExitStack() as stack:
        try:
            if not address:
                make: Any = LocalCluster
                cluster = make(n_workers=workers, threads_per_worker=1, dashboard_address=None)
                address = stack.enter_context(cluster).scheduler_address
            connect: Any = Client
            client = stack.enter_context(connect(address, timeout=CONNECT_SECONDS, set_as_default=False))
        except (OSError, TimeoutError, ValueError) as error:
            raise ConversionError(f"no Dask scheduler can be reached at {address}: {type(error).__name__}") from error
        yield from _Run(client, replace(plan, settings=replace(plan.settings, on_trouble=_unheard)), limit).results(cut)


def _unheard(message: str) -> None:
    """Say nothing."""


@dataclass
class _Run:
    client: Any
    plan: Plan
    limit: float
    _under_way: deque[tuple[list[Item], Any]] = field(default_factory=deque)

    def results(self, cut: Iterable[list[Item]]) -> Iterator[BatchResult]:
        batches = iter(cut)
        error: KgloadError | None = None
        more = True
        while more or self._under_way:
            held = False
            while more and not held and len(self._under_way) < AHEAD * max(1, sum(self.client.ncores().values())):
                try:
                    batch = next(batches, None)
                except KgloadError as raised:
                    batch, error = None, raised
                if batch is None:
                    more = False
                elif batch is HOLD:
                    held = True
                else:
                    self._under_way.append((batch, self._given(batch)))
            while self._under_way:
                yield self._taken(*self._under_way.popleft())
                if not held:
                    break
        if error is not None:
            raise error

    def _given(self, batch: list[Item]) -> Any:
        environment = {name: value for name, value in os.environ.items() if name in ENVIRONMENT}
        return self.client.submit(convert, self.plan, self.limit, batch, environment, __version__, pure=False)

    def _taken(self, batch: list[Item], future: Any) -> BatchResult:
        from distributed import CancelledError, KilledWorker

        for _ in range(TRIES):
            try:
                found = future.result()
            except KilledWorker:
                future = self._given(batch)
                continue
            except (CancelledError, OSError) as error:
                raise ConversionError(f"the cluster was lost: {type(error).__name__}") from error
            except Exception as error:
                # Of the many ways in which a worker may not be fit for it, a kgload that is not installed is one.
                raise ConversionError(f"a worker of the cluster failed: {type(error).__name__}: {error}") from error
            if isinstance(found, KgloadError):
                raise found
            assert isinstance(found, BatchResult)  # noqa: S101 - as `convert` gives it
            return found
        raise ConversionError("workers of the cluster die, one after another, before they have converted a batch")


class _Serving:
    """A pool of one process that stays from batch to batch."""

    def __init__(self, plan: Plan, limit: float) -> None:
        self._batch: list[Item] = []
        self._results = Pool(plan, 1, limit).run(self._batches())

    def _batches(self) -> Iterator[list[Item]]:
        while True:
            yield self._batch
            yield HOLD

    def convert(self, batch: list[Item]) -> BatchResult:
        self._batch = batch
        return next(self._results)


_serving = threading.local()


def convert(
    plan: Plan, limit: float, batch: list[Item], environment: dict[str, str], version: str
) -> BatchResult | KgloadError:
    """Convert a batch on a worker of the cluster: what becomes of it, or why nothing can be converted here at all."""
    if version != __version__:
        return ConversionError(f"a worker of the cluster has kgload {__version__}, this is {version}")
    os.environ.update(environment)
    try:
        if getattr(_serving, "plan", None) != (plan, limit):
            _serving.pool, _serving.plan = _Serving(plan, limit), (plan, limit)
        result = _serving.pool.convert(batch)
    except KgloadError as error:
        _serving.plan = None
        return error
    assert isinstance(result, BatchResult)  # noqa: S101 - as the pool gives it
    return result
