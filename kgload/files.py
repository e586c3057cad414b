"""Writing files whole or not at all; reading gzip and Zstandard, and writing gzip, by suffix."""

from __future__ import annotations

import contextlib
import errno
import gzip
import io
import os
import sys
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

from kgload.errors import InputNotFound, InputTooLarge, OutputError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PACKED = (".gz", ".zst")
# A packed file may hold so many bytes, and beyond that so many times its own: text comes to 3 to 30 times.
UNPACKED_FREELY, TIMES = 1 << 26, 250
# What reading a file may end in: the disk, a file that is cut off, bytes that are not packed as the suffix says.
UNREADABLE = (OSError, EOFError, zlib.error, zstd.ZstdError)


@contextlib.contextmanager
def replacing(target: Path) -> Iterator[BinaryIO]:
    """Open a file beside ``target`` for writing; put it in ``target``'s place when the block ends without an error.

    Whatever happens (an error, Ctrl-C, a kill), ``target`` is the old file or the whole new one. A suffix ``.gz``
    compresses, with neither name nor time in the header, so that the same content gives the same bytes. A link stays a
    link: the file that it leads to is replaced. What is no file (a pipe, ``/dev/null``) is written to as it is.

    Raises:
        OutputError: the folder is missing or not writable, or the disk is full.
    """
    if target.is_dir():
        raise OutputError(f"cannot write {target}: it is a folder")
    target, given = Path(os.path.realpath(target)), target
    if target.exists() and not target.is_file():
        with writing(given), target.open("wb") as raw, _packed(raw, target) as stream:
            yield stream
        return
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    except OSError as error:
        raise OutputError(f"cannot write {given}: {error.strerror}") from error
    part = Path(name)
    try:
        with writing(given):
            with os.fdopen(handle, "wb") as raw:
                with _packed(raw, target) as stream:
                    yield stream
                raw.flush()
                os.fsync(raw.fileno())
            umask = os.umask(0)
            os.umask(umask)
            part.chmod(0o666 & ~umask)
            part.replace(target)
    finally:
        part.unlink(missing_ok=True)


@contextlib.contextmanager
def _packed(raw: BinaryIO, target: Path) -> Iterator[BinaryIO]:
    if target.suffix != ".gz":
        yield raw
        return
    with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed:
        yield cast(BinaryIO, packed)


@contextlib.contextmanager
def writing(target: Path) -> Iterator[None]:
    """Tell of a disk that is full, or of what may not be written there, as an OutputError."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS, errno.EACCES):
            raise OutputError(f"cannot write {target}: {error.strerror}") from error
        raise


@contextlib.contextmanager
def replacing_or_stdout(target: Path | None) -> Iterator[BinaryIO]:
    """What :func:`replacing` opens, or standard output where no file is named."""
    if target is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    else:
        with replacing(target) as stream:
            yield stream


@contextlib.contextmanager
def reading(source: Path) -> Iterator[BinaryIO]:
    """Open ``source`` for reading bytes, unpacked where its suffix is ``.gz`` or ``.zst``.

    Raises:
        InputNotFound: it does not exist, is a folder, or may not be read.
    """
    try:
        raw = source.open("rb")
    except OSError as error:
        raise InputNotFound(f"cannot read {source}: {error.strerror}") from error
    with raw, unpacking(raw, source.suffix) as stream:
        yield stream


@contextlib.contextmanager
def unpacking(raw: BinaryIO, suffix: str) -> Iterator[BinaryIO]:
    """What a file holds, unpacked where its suffix is ``.gz`` or ``.zst``."""
    if suffix == ".gz":
        with gzip.GzipFile(fileobj=raw, mode="rb") as unpacked:
            yield cast(BinaryIO, Unpacked(cast(BinaryIO, unpacked), raw))
    elif suffix == ".zst":
        # Windows of more than 128 MB are refused, so that a few bytes cannot ask for all memory.
        with zstd.ZstdFile(raw) as unpacked_zst:
            yield cast(BinaryIO, Unpacked(cast(BinaryIO, unpacked_zst), raw))
    else:
        yield raw


class Unpacked(io.BufferedReader):
    """What a packed file (``fileobj``) holds, up to where nothing but a bomb holds so much.

    Raises:
        InputTooLarge: (from reading) there is more.
    """

    def __init__(self, stream: BinaryIO, fileobj: BinaryIO) -> None:
        super().__init__(_Bounded(stream, fileobj), buffer_size=1 << 17)
        self.fileobj = fileobj


class _Bounded(io.RawIOBase):
    def __init__(self, stream: BinaryIO, packed: BinaryIO) -> None:
        self._stream, self._packed, self._size = stream, packed, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def readinto(self, buffer: Any, /) -> int:
        try:
            found = self._stream.read1(len(buffer))  # type: ignore[attr-defined]
        except EOFError as error:
            # Not the end of what it holds, for which libraries would take this.
            raise OSError(str(error)) from error
        buffer[: len(found)] = found
        self._size += len(found)
        if self._size > UNPACKED_FREELY and self._size > TIMES * self._packed.tell():
            raise InputTooLarge(
                f"after {self._size >> 20:,} MB it has unpacked to more than {TIMES} times its size, as a bomb does; "
                "if it is none, unpack it first"
            )
        return len(found)
