"""Files and folders elsewhere, through fsspec: ``s3://bucket/folder/*.jsonl.gz``, ``https://…``, ``gs://…``.

What an address holds besides scheme, host and path (a user and password, a signature) is neither shown nor kept.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from kgload.errors import InputError, InputNotFound
from kgload.files import unpacking
from kgload.sources.places import Place, posix

# Bytes that are asked for at a time.
BLOCK = 1 << 20


def places(address: str) -> Iterator[Place]:
    """The files and folders that an address stands for; where it is a pattern, all that match it, sorted.

    Raises:
        InputNotFound: there is none, or the place cannot be reached.
        InputError: fsspec, or what it needs for the address's scheme, is not installed; the address is none.
    """
    shown = _shown(address)
    try:
        from fsspec.core import url_to_fs

        system, path = url_to_fs(address)
    except ImportError as error:
        raise InputError(f"{shown} needs more packages ({error}): pip install 'kgload[remote]'") from error
    except Exception as error:
        raise InputError(f"cannot read {shown}: {type(error).__name__}") from error
    root = shown.removesuffix(urlsplit(shown).path) if urlsplit(shown).netloc else shown.split("://")[0] + "://"
    with _told(shown):
        # A question mark of a web address begins what it asks for, and stands for no character.
        is_pattern = any(sign in path for sign in "*[") or ("?" in path and not address.startswith("http"))
        found = sorted(system.glob(path)) if is_pattern else [path] if system.exists(path) else []
    if not found:
        raise InputNotFound(f"cannot read {shown}: nothing is there")
    if not is_pattern:
        yield Far(system, path, shown)
        return
    for each in found:
        yield Far(system, each, _shown(each) if "://" in each else f"{root}/{each.lstrip('/')}")


@dataclass(frozen=True, slots=True)
class Far:
    """A file or folder of one of fsspec's file systems."""

    system: Any
    at: str
    name: str

    @property
    def path(self) -> PurePath:
        """Its path, without what a web address asks for."""
        return posix(urlsplit(self.name).path if "://" in self.name else self.name)

    @contextlib.contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Its bytes, unpacked where the suffix says so; asked for as they are read."""
        with _told(self.name):
            raw = self.system.open(self.at, "rb", block_size=BLOCK)
        with contextlib.closing(raw), unpacking(io.BufferedReader(_Raw(raw), BLOCK), self.path.suffix) as stream:
            yield stream

    def is_folder(self) -> bool:
        """Whether it is a folder; the web has none."""
        if self.name.startswith(("http://", "https://")):
            return False
        with _told(self.name):
            return bool(self.system.isdir(self.at)) and not bool(self.system.isfile(self.at))

    def inside(self) -> Iterator[tuple[str, Place] | InputNotFound]:
        """The files below a folder."""
        yield from self._below(self.at, "")

    def _below(self, folder: str, before: str) -> Iterator[tuple[str, Place] | InputNotFound]:
        try:
            with _told(self.name):
                entries = self.system.ls(folder, detail=True)
        except InputNotFound as error:
            yield error
            return
        named = ((entry["name"].rstrip("/").rpartition("/")[2], entry) for entry in entries)
        for name, entry in sorted(named, key=lambda pair: pair[0]):
            if not name or name.startswith(".") or entry["name"].rstrip("/") == folder.rstrip("/"):
                continue
            below = f"{before}{name}"
            if entry["type"] == "directory":
                yield from self._below(entry["name"], f"{below}/")
            else:
                yield below, Far(self.system, entry["name"], f"{self.name.rstrip('/')}/{below}")


class _Raw(io.RawIOBase):
    """A far file. Whatever its library raises is an OSError here, which says no more of it than it may."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return bool(self._asked("seekable"))

    def readinto(self, buffer: Any, /) -> int:
        found = self._asked("read", len(buffer))
        buffer[: len(found)] = found
        return len(found)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return int(self._asked("seek", offset, whence))

    def tell(self) -> int:
        return int(self._asked("tell"))

    def _asked(self, what: str, *arguments: Any) -> Any:
        try:
            return getattr(self._raw, what)(*arguments)
        except Exception as error:
            raise OSError(type(error).__name__) from error


@contextlib.contextmanager
def _told(shown: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise InputNotFound(f"cannot read {shown}: {type(error).__name__}") from error


def _shown(address: str) -> str:
    """An address without what may be a secret in it."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
