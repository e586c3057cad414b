"""How much of the input has been read, in bytes of its files, for whoever wants to know how long a run will take."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import BinaryIO

from kgload.errors import KgloadError
from kgload.sources.places import Here, places


class Amount:
    """Bytes that have been read, and those that there are once somebody has asked to count them."""

    def __init__(self) -> None:
        # The inputs, as they were named.
        self.of: Sequence[str] = ()
        self.read = 0
        self.total: int | None = None
        self._within = 0

    def reached(self, stream: BinaryIO) -> None:
        """Note how far into a file reading has come."""
        try:
            self._within = getattr(stream, "fileobj", stream).tell()
        except (OSError, ValueError):
            return

    def end(self) -> None:
        """Note that a file has been read to its end."""
        self.read += self._within
        self._within = 0

    @property
    def share(self) -> float | None:
        """How much has been read, from 0 to 1; None where nobody has counted, or it cannot be told."""
        return min(1.0, (self.read + self._within) / self.total) if self.total else None

    def count(self) -> None:
        """Begin to add up the sizes of all files, beside the run; far files and standard input have none."""
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        total = 0
        try:
            for name in self.of:
                for place in places(name):
                    if not isinstance(place, Here):
                        return
                    inside = place.inside() if place.is_folder() else [(name, place)]
                    total += sum(
                        found[1].path.stat().st_size
                        for found in inside
                        if isinstance(found, tuple) and isinstance(found[1], Here)
                    )
        except (KgloadError, OSError):
            return
        self.total = total
