"""A file that one thread writes while another reads it: what is prepared goes out at once, and can go out again."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from typing import IO

# Bytes that are read at a time, and by which the writer may be ahead of the reader.
PIECE = 1 << 18
AHEAD = 1 << 24
# One thread reads where another writes; not every system can.
CAN_GROW = hasattr(os, "pread")


class Abandoned(Exception):
    """The writer has given up: what was read is not to be kept."""


class Growing:
    """Reads like a file that ends when the writer says so; from its beginning after each ``seek``.

    The writer waits for the reader once it is ahead of it by :data:`AHEAD`, so that progress is that of both. A piece
    that was read stays readable by :meth:`part` until the file is closed, which is its owner's to do.
    """

    def __init__(self, file: IO[bytes]) -> None:
        """Take over what has been written to a file on disk so far."""
        file.flush()
        self._file = file
        self._number = file.fileno()
        self._written, self._read = file.tell(), 0
        self._is_whole = self._is_abandoned = self._is_left = False
        self._changed = threading.Condition()

    def write(self, data: bytes) -> int:
        """Add to its end; waits while the reader is far behind. Nothing is added for a reader that has left."""
        with self._changed:
            if self._is_left:
                return 0
            self._file.write(data)
            self._file.flush()
            self._written += len(data)
            self._changed.notify_all()
            while not self._is_left and self._written - self._read > AHEAD:
                self._changed.wait()
        return len(data)

    @property
    def written(self) -> int:
        """How many bytes there are so far."""
        return self._written

    def end(self) -> None:
        """There is no more to come."""
        with self._changed:
            self._is_whole = True
            self._changed.notify_all()

    def abandon(self) -> None:
        """There would be more to come, and will not: the reader is told."""
        with self._changed:
            self._is_abandoned = not self._is_whole
            self._changed.notify_all()

    def leave(self) -> bool:
        """The reader reads no further; whether it has read all there is."""
        with self._changed:
            self._is_left = True
            self._changed.notify_all()
            return self._is_whole and self._read == self._written

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Read from there on.

        Raises:
            OSError: the place is not counted from the beginning; nobody knows yet where the end is.
        """
        if whence != os.SEEK_SET:
            raise OSError("its end is not known")
        with self._changed:
            self._read = offset
            self._changed.notify_all()
        return offset

    def tell(self) -> int:
        """Where the next byte is read."""
        return self._read

    def __iter__(self) -> Iterator[bytes]:
        """Pieces up to the end, as they are written.

        Raises:
            Abandoned: the writer has given up.
        """
        while piece := self._next():
            yield piece

    def _next(self) -> bytes:
        with self._changed:
            while not (self._is_whole or self._is_abandoned) and self._written - self._read < PIECE:
                self._changed.wait()
            if self._is_abandoned:
                raise Abandoned
            size = min(PIECE, self._written - self._read)
        piece = self.part(self._read, self._read + size)
        with self._changed:
            self._read += len(piece)
            self._changed.notify_all()
        return piece

    def part(self, begin: int, end: int) -> bytes:
        """What stands from one byte to another."""
        found = b""
        while len(found) < end - begin:
            piece = os.pread(self._number, end - begin - len(found), begin + len(found))
            if not piece:
                break
            found += piece
        return found
