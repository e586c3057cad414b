"""A gazetteer file takes the place of the old one whole or not at all, one writer after the other."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from kgload.errors import OutputError


@contextlib.contextmanager
def making(target: Path) -> Iterator[Path]:
    """A path of an empty file beside ``target`` to write to, which takes its place when the block ends without an
    error. No other run is given the same path. A link stays a link: the file that it leads to is replaced.

    Raises:
        OutputError: the folder is missing or not writable, or the disk is full.
    """
    real = Path(os.path.realpath(target))
    try:
        handle, name = tempfile.mkstemp(prefix=f".{real.name}.", suffix=".part", dir=real.parent)
        os.close(handle)
    except OSError as error:
        raise OutputError(f"cannot write {target}: {error.strerror}") from error
    part = Path(name)
    try:
        yield part
        umask = os.umask(0)
        os.umask(umask)
        part.chmod(0o666 & ~umask)
        part.replace(real)
    except OSError as error:
        raise OutputError(f"cannot write {target}: {error.strerror}") from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


@contextlib.contextmanager
def alone(target: Path) -> Iterator[None]:
    """Wait until no other run changes gazetteers in the folder of ``target``, and keep others waiting for the block.

    The folder is locked and no file, as a file is replaced by each writer and one more beside it would be left behind.
    Systems and file systems that have no such lock go without.

    Raises:
        OutputError: the folder is missing or may not be read.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    try:
        folder = os.open(os.path.realpath(target.parent), os.O_RDONLY)
    except OSError as error:
        raise OutputError(f"cannot write {target}: {error.strerror}") from error
    try:
        with contextlib.suppress(OSError):
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
