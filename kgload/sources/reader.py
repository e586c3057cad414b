"""Files, folders and standard input to Articles (and ready Documents), one at a time."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, cast

from kgload.errors import BadLine, InputError, InputNotFound, KgloadError, NoArticles, UnknownFormat
from kgload.files import reading
from kgload.records import Article, Document
from kgload.sources.html import read_page
from kgload.sources.jsonl import read_lines
from kgload.sources.texts import LONGEST_TEXT, article, decode

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
STDIN = "-"


def read(
    inputs: Iterable[str | Path],
    *,
    input_format: InputFormat | None = None,
    date: dt.date | None = None,
    id_: str | None = None,
) -> Iterator[Item]:
    """Yield the articles of files, folders (all below them, in the order of their paths) and standard input (``-``).

    An article that cannot be used comes as its error: what is to happen then is the caller's decision. ``date`` serves
    articles that have none of their own, ``id_`` a single bare text or page. Ids are unique in one reading: a second
    article with an id comes as a BadLine error, since its graph would replace the first one's.

    Raises:
        InputNotFound: a path does not exist.
        UnknownFormat: a file's suffix says nothing and ``input_format`` is not given.
        NoArticles: a folder holds no file of a known suffix.
    """
    seen: set[bytes] = set()
    for item in _all(inputs, input_format, date, id_):
        if isinstance(item, Article | Document):
            key = item.id if isinstance(item, Article) else item.article.id
            digest = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).digest()
            if digest in seen:
                yield BadLine(f"two articles have the id {key[:100]!r}; the second would replace the first")
                continue
            seen.add(digest)
        yield item


def _all(
    inputs: Iterable[str | Path], input_format: InputFormat | None, date: dt.date | None, id_: str | None
) -> Iterator[Item]:
    for name in inputs:
        path = Path(name)
        if str(name) == STDIN:
            yield from _stdin(input_format, date, id_)
        elif path.is_dir():
            yield from _folder(path, input_format, date)
        else:
            yield from _file(path, input_format or _format_of(path), date, id_, id_ or path.name)


def _format_of(path: Path) -> InputFormat:
    suffix = _suffix(path)
    if suffix not in SUFFIXES:
        if not path.exists():
            raise InputNotFound(f"cannot read {path}: no such file or folder")
        raise UnknownFormat(
            f"{path}: the suffix says no format that is read here ({', '.join(SUFFIXES)}, each also with .gz); "
            "name one with --input-format"
        )
    return SUFFIXES[suffix]


def _suffix(path: Path) -> str:
    return Path(path.name.removesuffix(".gz")).suffix.lower()


def _folder(folder: Path, input_format: InputFormat | None, date: dt.date | None) -> Iterator[Item]:
    found = False
    for path in sorted(folder.rglob("*"), key=lambda p: p.relative_to(folder).parts):
        parts = path.relative_to(folder).parts
        known = _suffix(path) in SUFFIXES
        if not known or any(part.startswith(".") for part in parts) or not path.is_file():
            continue
        found = True
        # The path below the folder tells apart files of one name; it is the same on every machine.
        name = "/".join(parts)
        yield from _file(path, input_format or SUFFIXES[_suffix(path)], date, None, name)
    if not found:
        raise NoArticles(f"{folder}: no file below it ends in {', '.join(SUFFIXES)}")


def _file(path: Path, format_: InputFormat, date: dt.date | None, id_: str | None, name: str) -> Iterator[Item]:
    stem = id_ or name.removesuffix(".gz").removesuffix(_suffix(path))
    with reading(path) as stream:
        try:
            yield from _stream(stream, format_, str(path), date, stem)
        except (OSError, EOFError) as error:
            raise InputError(f"cannot read {path}: {error}") from error


def _stdin(format_: InputFormat | None, date: dt.date | None, id_: str | None) -> Iterator[Item]:
    stream = cast(io.BufferedReader, sys.stdin.buffer)
    if format_ is None:
        # A text that begins with a brace is JSON Lines far more often than prose; --input-format decides otherwise.
        start = stream.peek(64)[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
        kinds = ((b"{", InputFormat.JSONL), (b"<!", InputFormat.HTML), (b"<html", InputFormat.HTML))
        format_ = next((kind for sign, kind in kinds if start.lower().startswith(sign)), InputFormat.TEXT)
    yield from _stream(stream, format_, "standard input", date, id_)


def _stream(
    stream: BinaryIO, format_: InputFormat, where: str, date: dt.date | None, id_: str | None
) -> Iterator[Item]:
    if format_ is InputFormat.JSONL:
        yield from read_lines(stream, where, date=date)
        return
    try:
        content = stream.read(4 * LONGEST_TEXT + 4)
        if format_ is InputFormat.HTML:
            yield read_page(content, where, id_=id_, date=date)
        else:
            yield article(decode(content, where), where, id_=id_, date=date)
    except KgloadError as error:
        yield error
