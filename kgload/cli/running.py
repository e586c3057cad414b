"""What a person at the terminal sees of a conversion: how far it is, how fast, how long yet, memory, failures."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kgload.conversion.folder import Shard
    from kgload.conversion.outcomes import BatchResult
    from kgload.conversion.report import RunReport


class Watch:
    """A line on stderr, where that is a terminal, that is kept up as batches come."""

    def __init__(self, took: RunReport, *, quiet: bool = False) -> None:
        self._took = took
        self._shards = 0
        self._stack = contextlib.ExitStack()
        self._status: Any = None
        self._quiet = quiet or not sys.stderr.isatty()

    def __enter__(self) -> Watch:
        if not self._quiet:
            from rich.console import Console

            self._took.amount.count()
            self._status = self._stack.enter_context(Console(stderr=True).status("converting …"))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stack.close()

    def over(self, results: Iterable[BatchResult]) -> Iterator[BatchResult]:
        """Pass results on, telling how far the run is."""
        for result in results:
            self._tell()
            yield result

    def at(self, shard: Shard) -> None:
        """Note that a shard is complete."""
        self._shards += 1
        self._tell()

    def _tell(self) -> None:
        if self._status is not None:
            done = f"{self._shards:,} shards, " if self._shards else ""
            self._status.update(f"converting: {done}{self._took.line()}")
