"""A still picture of the embedded store that may be read while another process writes to the store.

The database's table files never change once they are written, so a picture is a folder of hard links to them, beside
copies of the few small files that do. It takes milliseconds and no room, holds no lock, and is one state of the store:
it is taken only where nobody writes, and thrown away where somebody began meanwhile.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import struct
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from kgload.errors import StoreError, StoreLocked, StoreNotFound

# What a state of the database consists of; its lock, its log and its options are none of it.
_STATE = ("CURRENT", "MANIFEST-*", "*.log", "*.sst", "*.blob")
_STILL = (".sst", ".blob")
Signature = tuple[tuple[str, int, int], ...]
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A folder with a state of a store, and what tells that state from others."""

    folder: Path
    signature: Signature

    def remove(self) -> None:
        """Delete the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)


class Snapshots:
    """Where the snapshots of one store stand; leaving it deletes them.

    They are beside the store, on the same disk, or in the system's folder for temporary files where that folder may not
    be written to; there they are copies.

    Raises:
        StoreNotFound: there is no store.
    """

    def __init__(self, store: Path) -> None:
        if not (store / "CURRENT").exists():
            raise StoreNotFound(f"there is no store at {store}; `kgload load` makes one")
        self._store = Path(os.path.realpath(store))
        self._prefix = f".{self._store.name}.served-"
        self._sweep()
        try:
            self.folder = Path(tempfile.mkdtemp(prefix=self._prefix, dir=self._store.parent))
        except OSError:
            self.folder = Path(tempfile.mkdtemp(prefix="kgload-served-"))
        # Held as long as this process lives: a folder whose mark nobody holds was left behind by one that was killed.
        self._mark = (self.folder / "mark").open("wb")
        _hold(self._mark)
        self._count = 0

    def signature(self) -> Signature:
        """What tells the store's present state from an earlier one: names, sizes and times of its files."""
        found = []
        for pattern in _STATE:
            for path in self._store.glob(pattern):
                with contextlib.suppress(FileNotFoundError):
                    status = path.stat()
                    found.append((path.name, status.st_size, status.st_mtime_ns))
        return tuple(sorted(found))

    def is_written(self) -> bool:
        """Whether another process has the store open for writing."""
        return _is_locked(self._store / "LOCK")

    def take(self) -> Snapshot:
        """A snapshot of the store as it is.

        Raises:
            StoreLocked: another process is writing to it.
            StoreError: the files cannot be read or linked.
        """
        for _ in range(_TRIES):
            before = self.signature()
            if self.is_written():
                break
            self._count += 1
            folder = self.folder / str(self._count)
            try:
                folder.mkdir()
                for name, _, _ in before:
                    _take_over(self._store / name, folder / name)
                if self.signature() == before and not self.is_written():
                    _settle(folder)
                    return Snapshot(folder, before)
            except FileNotFoundError:  # a writer has come and gone
                pass
            except (OSError, RuntimeError, ValueError) as error:
                raise StoreError(f"the store at {self._store} cannot be read: {error}") from error
            shutil.rmtree(folder, ignore_errors=True)
        raise StoreLocked(f"the store at {self._store} is being written by another process")

    def _sweep(self) -> None:
        for folder in self._store.parent.glob(f"{self._prefix}*"):
            with contextlib.suppress(OSError):
                if not _is_locked(folder / "mark"):
                    shutil.rmtree(folder, ignore_errors=True)

    def close(self) -> None:
        """Delete all snapshots."""
        self._mark.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _take_over(source: Path, target: Path) -> None:
    if source.suffix in _STILL:
        with contextlib.suppress(OSError):
            target.hardlink_to(source)
            return
    shutil.copyfile(source, target)


def _settle(folder: Path) -> None:
    """Write what stands in the copied journal into tables, once, so that not every reader does it for itself."""
    store = ox.Store(str(folder))
    store.flush()


def _hold(file: IO[bytes]) -> None:
    with contextlib.suppress(ImportError, OSError):
        import fcntl

        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _is_locked(path: Path) -> bool:
    """Whether another process holds a file's lock; it is asked, not tried, so that nobody is kept out meanwhile.

    Raises:
        OSError: there is no such file.
    """
    try:
        import fcntl
    except ImportError:  # no such locks on Windows: there a writer is not noticed
        return False
    with path.open("rb") as file:
        if sys.platform != "linux":
            return _is_taken(file)
        # The structure that the kernel fills: type, whence, start, length, process.
        form = "hhqqi4x"
        asked = struct.pack(form, fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
        answer = fcntl.fcntl(file, fcntl.F_GETLK, asked)
        kind: int = struct.unpack(form, answer)[0]
        return kind == fcntl.F_WRLCK


def _is_taken(file: IO[bytes]) -> bool:
    import fcntl

    try:
        fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    return False
