"""Files, folders and standard input to Articles (and ready Documents), one at a time."""

from __future__ import annotations

import datetime as dt
import glob
import hashlib
import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, cast

from kgload.errors import DuplicateId, InputError, InputNotFound, KgloadError, NoArticles, UnknownFormat
from kgload.files import PACKED, UNREADABLE, reading
from kgload.records import Article, Document
from kgload.sources.html import read_page
from kgload.sources.jsonl import Found, read_lines
from kgload.sources.texts import LONGEST_TEXT, article, decode, too_large

Item = Article | Document | KgloadError


class InputFormat(StrEnum):
    """A way in which articles come."""

    TEXT = "text"
    HTML = "html"
    JSONL = "jsonl"


SUFFIXES = {
    ".txt": InputFormat.TEXT,
    ".text": InputFormat.TEXT,
    ".html": InputFormat.HTML,
    ".htm": InputFormat.HTML,
    ".xhtml": InputFormat.HTML,
    ".jsonl": InputFormat.JSONL,
    ".ndjson": InputFormat.JSONL,
}
# How an input without a name begins. A text that begins with a brace is JSON Lines far more often than prose.
SIGNS = (
    (b"{", InputFormat.JSONL),
    (b"<!", InputFormat.HTML),
    (b"<html", InputFormat.HTML),
    (b"<?xml", InputFormat.HTML),
)
STDIN = "-"
# A text in UTF-8 that is longer than this many bytes has more than LONGEST_TEXT characters.
LONGEST_FILE = 4 * LONGEST_TEXT


@dataclass(frozen=True, slots=True)
class Options:
    """How articles are read: their format where it is given, the date and the id of those that have none."""

    input_format: InputFormat | None = None
    date: dt.date | None = None
    id: str | None = None


def read(
    inputs: Iterable[str | Path],
    *,
    input_format: InputFormat | None = None,
    date: dt.date | None = None,
    id_: str | None = None,
    on_other: Callable[[Path], None] | None = None,
) -> Iterator[Item]:
    """The articles of files, folders (all below them, in the order of their paths) and standard input (``-``).
    A pattern (``*``, ``?``, ``[a-z]``, and ``**`` for any folders) stands for the paths that match it, sorted.

    An article that cannot be used comes as its error: what is to happen then is the caller's decision. ``date`` serves
    articles that have none of their own, ``id_`` a single bare text or page. ``on_other`` is told of files in folders
    whose suffix is not known; where ``input_format`` is given, all files are read by it. Files and folders whose name
    begins with a dot are passed over.

    Ids are unique in one reading: a second article with an id comes as a DuplicateId error, since its graph would
    replace the first one's. For this, memory holds 16 bytes an article (about 100 with what Python adds).

    Raises:
        InputNotFound: a path does not exist. All are looked for when this is called.
        UnknownFormat: a file's suffix says nothing and ``input_format`` is not given; looked for likewise.
        InputError: ``id_`` is given for more than one article.
        NoArticles: (from the iterator) a folder holds no file that can be read, or the inputs no article.
    """
    names = [found for name in inputs for found in _matching(str(name))]
    options = Options(input_format, date, id_)
    _check(names, options)
    return _unique(_all(names, options, on_other))


def _matching(name: str) -> list[str]:
    """The paths that a pattern stands for, sorted; a name that exists stands for itself."""
    if name == STDIN or not glob.has_magic(name) or os.path.exists(name):  # noqa: PTH110 - see _check
        return [name]
    return sorted(glob.glob(name, recursive=True)) or [name]  # noqa: PTH207 - pathlib's leave out what is absolute


def _unique(found: Iterator[Found]) -> Iterator[Item]:
    seen: set[bytes] = set()
    for where, item in found:
        if isinstance(item, Article | Document):
            key = item.id if isinstance(item, Article) else item.article.id
            digest = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).digest()
            if digest in seen:
                duplicate = DuplicateId(f"{where}: another article has the id {key[:100]!r} already")
                duplicate.document = key
                yield duplicate
                continue
            seen.add(digest)
        yield item


def _check(names: Sequence[str], options: Options) -> None:
    for name in names:
        if name != STDIN and not os.path.exists(name):  # noqa: PTH110 - pathlib's raises for names that are too long
            raise InputNotFound(f"cannot read {name}: no such file or folder")
        if name != STDIN and not Path(name).is_dir() and not options.input_format:
            _format_of(Path(name))
    if options.id is not None and (len(names) != 1 or Path(names[0]).is_dir()):
        raise InputError("--id names one text or page; it cannot serve a folder or several inputs")


def _all(names: Sequence[str], options: Options, on_other: Callable[[Path], None] | None) -> Iterator[Found]:
    found = False
    for name in names:
        path = Path(name)
        if name == STDIN:
            source = _stdin(options)
        elif path.is_dir():
            source = _folder(path, options, on_other)
        else:
            source = _file(path, options, path.name)
        for item in source:
            found = True
            yield item
    if not found:
        raise NoArticles(f"{', '.join(names)}: no article in there")


def _format_of(path: Path) -> InputFormat:
    suffix = _suffix(path.name)
    if suffix not in SUFFIXES:
        raise UnknownFormat(
            f"{path}: the suffix says no format that is read here ({', '.join(SUFFIXES)}, each also with .gz or .zst); "
            "name one with --input-format"
        )
    return SUFFIXES[suffix]


def _suffix(name: str) -> str:
    return Path(_unpacked(name)).suffix.lower()


def _unpacked(name: str) -> str:
    for suffix in PACKED:
        name = name.removesuffix(suffix)
    return name


def _stem(name: str) -> str:
    bare = _unpacked(name)
    return bare[: -len(_suffix(name))] if _suffix(name) in SUFFIXES else bare


def _folder(folder: Path, options: Options, on_other: Callable[[Path], None] | None) -> Iterator[Found]:
    found = False
    for path in _files(folder):
        if isinstance(path, InputNotFound):
            found = True
            yield str(folder), path
            continue
        if options.input_format is None and _suffix(path.name) not in SUFFIXES:
            if on_other:
                on_other(path)
            continue
        found = True
        try:
            # The path below the folder tells apart files of one name; it is the same on every machine.
            yield from _file(path, options, "/".join(path.relative_to(folder).parts))
        except InputNotFound as error:
            # It vanished, or may not be read: the others may.
            yield str(path), error
    if not found:
        raise NoArticles(f"{folder}: no file below it ends in {', '.join(SUFFIXES)}")


def _files(folder: Path) -> Iterator[Path | InputNotFound]:
    """All files below a folder but hidden ones, in the order of their paths; memory holds the names of one branch."""
    try:
        with os.scandir(folder) as entries:
            names = sorted((e.name, e.is_dir(follow_symlinks=False)) for e in entries if not e.name.startswith("."))
    except OSError as error:
        yield InputNotFound(f"cannot read {folder}: {error.strerror}")
        return
    for name, is_folder in names:
        path = folder / name
        if is_folder:
            yield from _files(path)
        elif os.path.isfile(path):  # noqa: PTH113 - pathlib's raises where links go in a circle
            yield path
        elif not path.is_symlink() and not os.path.lexists(path):
            yield InputNotFound(f"cannot read {path}: it has vanished")


def _file(path: Path, options: Options, name: str) -> Iterator[Found]:
    with reading(path) as stream:
        yield from _stream(stream, options.input_format or _format_of(path), str(path), options, _stem(name))


def _stdin(options: Options) -> Iterator[Found]:
    if sys.stdin is None:
        raise InputNotFound("cannot read standard input: it is closed")
    stream = cast(io.BufferedReader, sys.stdin.buffer)
    format_ = options.input_format
    try:
        start = b"" if format_ else stream.peek(64)[:64].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    except OSError as error:
        raise InputNotFound(f"cannot read standard input: {error.strerror}") from error
    if format_ is None:
        format_ = next((kind for sign, kind in SIGNS if start.startswith(sign)), InputFormat.TEXT)
    yield from _stream(stream, format_, "standard input", options, None)


def _stream(stream: BinaryIO, format_: InputFormat, where: str, options: Options, stem: str | None) -> Iterator[Found]:
    """What one file holds; that it cannot be read to its end comes as an error like any other."""
    try:
        if format_ is not InputFormat.JSONL:
            yield where, _single(stream, format_, where, options, stem)
        elif options.id is not None:
            raise InputError("--id names one text or page; articles in JSON Lines have ids of their own")
        else:
            yield from read_lines(stream, where, date=options.date)
    except UNREADABLE as error:
        yield where, InputError(f"cannot read {where}: {error}")


def _single(stream: BinaryIO, format_: InputFormat, where: str, options: Options, stem: str | None) -> Item:
    content = stream.read(LONGEST_FILE + 1)
    id_ = options.id or stem
    try:
        if len(content) > LONGEST_FILE:
            raise too_large(where)
        if format_ is InputFormat.HTML:
            return read_page(content, where, id_=id_, date=options.date)
        return article(decode(content, where), where, id_=id_, date=options.date)
    except KgloadError as error:
        error.document = id_
        return error
