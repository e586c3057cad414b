"""Lines in order, however many: sorted pieces on disk, merged."""

from __future__ import annotations

import contextlib
import heapq
import tempfile
from collections.abc import Iterable, Iterator
from typing import BinaryIO

# Bytes of lines that are held in memory, with about as much again for Python's own.
HELD = 1 << 25
LINE_OVERHEAD = 50
# Files that are merged, and so open, at a time.
MERGED = 64


def ascending(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Lines in the order of their bytes, each once. Every line ends with ``\\n`` and holds no other.

    Raises:
        OSError: there is no room for temporary files.
    """
    with contextlib.ExitStack() as stack:
        levels: list[list[BinaryIO]] = []
        held: list[bytes] = []
        size = 0
        for line in lines:
            held.append(line)
            size += len(line) + LINE_OVERHEAD
            if size > HELD:
                _keep(_spilled(sorted(held), stack), levels, 0, stack)
                held, size = [], 0
        last = b""
        for line in heapq.merge(*(file for level in levels for file in level), sorted(held)):
            if line != last:
                yield line
            last = line


def _spilled(lines: Iterable[bytes], stack: contextlib.ExitStack) -> BinaryIO:
    file = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
    file.writelines(lines)
    file.seek(0)
    return file


def _keep(file: BinaryIO, levels: list[list[BinaryIO]], level: int, stack: contextlib.ExitStack) -> None:
    """Put a file with others of its size; as soon as they are many, one takes their place a level up."""
    if level == len(levels):
        levels.append([])
    levels[level].append(file)
    if len(levels[level]) == MERGED:
        together = _spilled(heapq.merge(*levels[level]), stack)
        for merged in levels[level]:
            merged.close()
        levels[level] = []
        _keep(together, levels, level + 1, stack)
