"""Where articles lie: files and folders here, and far ones through fsspec (s3://, https:// and others)."""

from __future__ import annotations

import contextlib
import glob
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath
from typing import BinaryIO, Protocol

from kgload.errors import InputNotFound
from kgload.files import reading


class Place(Protocol):
    """A file that can be opened: ``name`` is what errors call it, ``path`` where it lies, for its suffix."""

    @property
    def name(self) -> str:
        """What to call it."""
        ...

    @property
    def path(self) -> PurePath:
        """Its path, for what its name says."""
        ...

    def open(self) -> contextlib.AbstractContextManager[BinaryIO]:
        """Its bytes, unpacked where the suffix says so.

        Raises:
            InputNotFound: it is not there, or may not be read.
        """
        ...

    def is_folder(self) -> bool:
        """Whether it is no file but holds others."""
        ...

    def inside(self) -> Iterator[tuple[str, Place] | InputNotFound]:
        """The files below a folder, each with its path from there: all but hidden ones, in the order of their paths.

        Memory holds the names of one branch. What cannot be read comes as its error.
        """
        ...


@dataclass(frozen=True, slots=True)
class Here:
    """A file or folder of this machine's."""

    path: Path

    @property
    def name(self) -> str:
        """Its path."""
        return str(self.path)

    def open(self) -> contextlib.AbstractContextManager[BinaryIO]:
        """Its bytes, unpacked where the suffix says so."""
        return reading(self.path)

    def is_folder(self) -> bool:
        """Whether it is a folder."""
        return self.path.is_dir()

    def inside(self) -> Iterator[tuple[str, Place] | InputNotFound]:
        """The files below a folder."""
        for path in _below(self.path):
            if isinstance(path, InputNotFound):
                yield path
            else:
                # The path below the folder tells apart files of one name; it is the same on every machine.
                yield "/".join(path.relative_to(self.path).parts), Here(path)


def places(name: str) -> list[Place]:
    """The files and folders that a name stands for: itself, or what matches it where it is a pattern, sorted.

    Raises:
        InputNotFound: there is none.
        InputError: it is far away, and what reaches it is not installed.
    """
    if "://" in name:
        from kgload.sources import far

        return list(far.places(name))
    if glob.has_magic(name) and not os.path.exists(name):  # noqa: PTH110 - pathlib's raises for names that are too long
        found = sorted(glob.glob(name, recursive=True))  # noqa: PTH207 - pathlib's leave out what is absolute
        if found:
            return [Here(Path(path)) for path in found]
    if not os.path.exists(name):  # noqa: PTH110
        raise InputNotFound(f"cannot read {name}: no such file or folder")
    return [Here(Path(name))]


def _below(folder: Path) -> Iterator[Path | InputNotFound]:
    try:
        with os.scandir(folder) as entries:
            names = sorted((e.name, e.is_dir(follow_symlinks=False)) for e in entries if not e.name.startswith("."))
    except OSError as error:
        yield InputNotFound(f"cannot read {folder}: {error.strerror}")
        return
    for name, is_folder in names:
        path = folder / name
        if is_folder:
            yield from _below(path)
        elif os.path.isfile(path):  # noqa: PTH113 - pathlib's raises where links go in a circle
            yield path
        elif not path.is_symlink() and not os.path.lexists(path):
            yield InputNotFound(f"cannot read {path}: it has vanished")


def posix(path: str) -> PurePath:
    """A path with slashes, as far places have it."""
    return PurePosixPath(path)
