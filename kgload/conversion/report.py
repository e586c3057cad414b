"""What a run took: documents a second, the time of each stage, memory, failures."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from kgload import __version__
from kgload.conversion.outcomes import BatchResult, Converted
from kgload.files import replacing
from kgload.sources.amounts import Amount

T = TypeVar("T")


@dataclass(slots=True)
class RunReport:
    """Counts and times of one run. What an earlier run has done, and this one has not done again, is not in it."""

    begun: float = field(default_factory=time.monotonic)
    documents: int = 0
    copies: int = 0
    amount: Amount = field(default_factory=Amount)
    failures: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=lambda: {"read": 0.0})

    def reading(self, items: Iterable[T]) -> Iterator[T]:
        """Pass on what a source yields, with a watch on how long it takes."""
        found = iter(items)
        while True:
            begun = time.perf_counter()
            try:
                item = next(found)
            except StopIteration:
                return
            finally:
                self.seconds["read"] += time.perf_counter() - begun
            yield item

    def converting(self, results: Iterable[BatchResult]) -> Iterator[BatchResult]:
        """Pass on results, counting what is in them."""
        for result in results:
            for stage, seconds in result.seconds.items():
                self.seconds[stage] = self.seconds.get(stage, 0.0) + seconds
            for outcome in result.outcomes:
                if isinstance(outcome, Converted):
                    self.documents += 1
                else:
                    self.failures[outcome.error.code] += 1
            yield result

    def line(self) -> str:
        """How far the run is, for a person: documents, their speed, the time left, memory, failures."""
        elapsed = time.monotonic() - self.begun
        parts = [f"{self.documents:,} documents", f"{self.documents / max(elapsed, 1e-3):,.1f}/s"]
        share = self.amount.share
        if share and self.documents:
            left = dt.timedelta(seconds=round(elapsed / share - elapsed))
            parts.append(f"{share:.0%}, {left} left")
        if memory := _held():
            parts.append(f"{memory:,} MB")
        if failed := self.failures.total():
            parts.append(f"{failed:,} failed")
        return ", ".join(parts)

    def write(self, path: Path) -> None:
        """Write it as JSON: ``stage_seconds`` are summed over all processes, memory is the greatest at any moment, in
        MB, of this process and of its largest worker.

        Raises:
            OutputError: the file cannot be written.
        """
        elapsed = time.monotonic() - self.begun
        whole = {
            "kgload": __version__,
            "documents": self.documents,
            "near_duplicates": self.copies,
            "failures": dict(sorted(self.failures.items())),
            "seconds": round(elapsed, 3),
            "documents_a_second": round(self.documents / max(elapsed, 1e-3), 2),
            "stage_seconds": {stage: round(seconds, 3) for stage, seconds in self.seconds.items()},
            "peak_memory_mb": _memory(),
        }
        with replacing(path) as stream:
            stream.write(json.dumps(whole, indent=1).encode() + b"\n")


def _held() -> int:
    """MB that this process and its workers hold, where the system tells; 0 elsewhere."""
    own = Path("/proc/self")
    pages = 0
    with contextlib.suppress(OSError, ValueError, IndexError):
        children = [child for task in own.glob("task/*/children") for child in task.read_text().split()]
        for process in (own, *(Path("/proc") / child for child in children)):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                pages += int((process / "statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") >> 20
    return 0


def _memory() -> dict[str, float]:
    try:
        import resource
    except ImportError:  # Windows has no such figures.
        return {}
    # Linux counts kilobytes, macOS bytes.
    unit = 2**20 if sys.platform == "darwin" else 2**10
    who = {"this": resource.RUSAGE_SELF, "largest_worker": resource.RUSAGE_CHILDREN}
    return {name: round(resource.getrusage(which).ru_maxrss / unit, 1) for name, which in who.items()}
