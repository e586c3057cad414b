"""Files, folders, far places and standard input to Articles (and ready Documents), one at a time."""

from __future__ import annotations

import datetime as dt
import io
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path, PurePath
from typing import Any, BinaryIO, cast

from kgload.errors import DuplicateId, InputError, InputNotFound, InputTooLarge, KgloadError, NoArticles, UnknownFormat
from kgload.files import PACKED, UNREADABLE
from kgload.records import Article, Document
from kgload.sources.amounts import Amount
from kgload.sources.digests import Digests, digest
from kgload.sources.html import Page
from kgload.sources.jsonl import FIELDS, read_lines
from kgload.sources.places import Place, places
from kgload.sources.texts import LONGEST_TEXT, article, decode, too_large

Item = Article | Document | Page | KgloadError
Found = tuple[str, Item]


class InputFormat(StrEnum):
    """A way in which articles come."""

    TEXT = "text"
    HTML = "html"
    JSONL = "jsonl"
    PARQUET = "parquet"
    WARC = "warc"


SUFFIXES = {
    ".txt": InputFormat.TEXT,
    ".text": InputFormat.TEXT,
    ".html": InputFormat.HTML,
    ".htm": InputFormat.HTML,
    ".xhtml": InputFormat.HTML,
    ".jsonl": InputFormat.JSONL,
    ".ndjson": InputFormat.JSONL,
    ".parquet": InputFormat.PARQUET,
    ".warc": InputFormat.WARC,
}
SINGLE = (InputFormat.TEXT, InputFormat.HTML)
# How an input without a name begins. A text that begins with a brace is JSON Lines far more often than prose.
SIGNS = (
    (b"{", InputFormat.JSONL),
    (b"<!", InputFormat.HTML),
    (b"<html", InputFormat.HTML),
    (b"<?xml", InputFormat.HTML),
    (b"warc/", InputFormat.WARC),
)
STDIN = "-"
# A text in UTF-8 that is longer than this many bytes has more than LONGEST_TEXT characters.
LONGEST_FILE = 4 * LONGEST_TEXT


@dataclass(frozen=True, slots=True)
class Options:
    """How articles are read: their format where it is given, the date and the id of those that have none, and what
    tables and JSON Lines call the fields of an article."""

    input_format: InputFormat | None = None
    date: dt.date | None = None
    id: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    amount: Amount = field(default_factory=Amount)


def read(inputs: Iterable[str | Path], **how: Any) -> Iterator[Article | Document | KgloadError]:
    """What :func:`read_raw` gives, web pages parsed."""
    return parsed(read_raw(inputs, **how))


def parsed(items: Iterable[Item]) -> Iterator[Article | Document | KgloadError]:
    """Parse the web pages among what has been read."""
    for item in items:
        try:
            yield item.article() if isinstance(item, Page) else item
        except KgloadError as error:
            yield error


def read_raw(
    inputs: Iterable[str | Path],
    *,
    input_format: InputFormat | None = None,
    date: dt.date | None = None,
    id_: str | None = None,
    columns: Mapping[str, str] | None = None,
    on_other: Callable[[PurePath], None] | None = None,
    amount: Amount | None = None,
) -> Iterator[Item]:
    """The articles of files, folders (all below them, in the order of their paths) and standard input (``-``).
    A pattern (``*``, ``?``, ``[a-z]``, and ``**`` for any folders) stands for the paths that match it, sorted; an
    address (``s3://``, ``https://``) for what fsspec finds there.

    An article that cannot be used comes as its error: what is to happen then is the caller's decision. A web page comes
    as it is, since parsing takes time and may go wrong in any way. ``date`` serves articles that have none of their
    own, ``id_`` a single bare text or page, ``columns`` says what tables and JSON Lines call a field. ``on_other`` is
    told of files in folders whose suffix is not known; where ``input_format`` is given, all files are read by it. Files
    and folders whose name begins with a dot are passed over. ``amount`` is told how much has been read.

    Ids are unique in one reading: a second article with an id comes as a DuplicateId error, since its graph would
    replace the first one's. For this, memory holds 24 to 48 bytes an article.

    Raises:
        InputNotFound: a path does not exist. All are looked for when this is called.
        UnknownFormat: a file's suffix says nothing and ``input_format`` is not given; looked for likewise.
        InputError: ``id_`` is given for more than one article; ``columns`` names what is no field.
        NoArticles: (from the iterator) a folder holds no file that can be read, or the inputs no article.
    """
    names = [str(name) for name in inputs]
    options = Options(input_format, date, id_, dict(columns or {}), amount or Amount())
    unknown = [name for name in options.columns if name not in FIELDS]
    if unknown:
        raise InputError(f"--columns: {unknown[0]!r} is no field of an article; there are {', '.join(FIELDS)}")
    if amount:
        amount.of = names
    found = [place for name in names for place in ([None] if name == STDIN else places(name))]
    _check(found, options)
    return _unique(_all(names, found, options, on_other))


def _unique(found: Iterator[Found]) -> Iterator[Item]:
    seen = Digests()
    for where, item in found:
        key = item.article.id if isinstance(item, Document) else None if isinstance(item, KgloadError) else item.id
        if key is not None and not seen.add(digest(key)):
            duplicate = DuplicateId(f"{where}: another article has the id {key[:100]!r} already")
            duplicate.document = key
            yield duplicate
            continue
        yield item


def _check(found: Sequence[Place | None], options: Options) -> None:
    folders = [place is not None and place.is_folder() for place in found]
    for place, is_folder in zip(found, folders, strict=True):
        if place is not None and not is_folder and not options.input_format:
            _format_of(place)
    if options.id is not None and (len(found) != 1 or any(folders)):
        raise InputError("--id names one text or page; it cannot serve a folder or several inputs")


def _all(
    names: Sequence[str],
    inputs: Sequence[Place | None],
    options: Options,
    on_other: Callable[[PurePath], None] | None,
) -> Iterator[Found]:
    found = False
    for place in inputs:
        if place is None:
            source = _stdin(options)
        elif place.is_folder():
            source = _folder(place, options, on_other)
        else:
            source = _file(place, options, place.path.name)
        for item in source:
            found = True
            yield item
    if not found:
        raise NoArticles(f"{', '.join(names)}: no article in there")


def _format_of(place: Place) -> InputFormat:
    suffix = _suffix(place.path.name)
    if suffix not in SUFFIXES:
        raise UnknownFormat(
            f"{place.name}: the suffix says no format that is read here ({', '.join(SUFFIXES)}, each also with .gz or "
            ".zst); name one with --input-format"
        )
    return SUFFIXES[suffix]


def _suffix(name: str) -> str:
    return PurePath(_unpacked(name)).suffix.lower()


def _unpacked(name: str) -> str:
    for suffix in PACKED:
        name = name.removesuffix(suffix)
    return name


def _stem(name: str) -> str:
    bare = _unpacked(name)
    return bare[: -len(_suffix(name))] if _suffix(name) in SUFFIXES else bare


def _folder(folder: Place, options: Options, on_other: Callable[[PurePath], None] | None) -> Iterator[Found]:
    found = False
    for entry in folder.inside():
        if isinstance(entry, InputNotFound):
            found = True
            yield folder.name, entry
            continue
        name, place = entry
        if options.input_format is None and _suffix(place.path.name) not in SUFFIXES:
            if on_other:
                on_other(place.path)
            continue
        found = True
        yield from _file(place, options, name)
    if not found:
        raise NoArticles(f"{folder.name}: no file below it ends in {', '.join(SUFFIXES)}")


def _file(place: Place, options: Options, name: str) -> Iterator[Found]:
    """What a file holds; one that has vanished, or may not be read, comes as an error: the others may be there."""
    try:
        with place.open() as stream:
            format_ = options.input_format or _format_of(place)
            for item in _stream(stream, format_, place.name, options, _stem(name)):
                options.amount.reached(stream)
                yield item
        options.amount.end()
    except InputNotFound as error:
        error.document = options.id or _stem(name)
        yield place.name, error


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
    if options.id is not None and format_ not in SINGLE:
        raise InputError("--id names one text or page; articles in files of many have ids of their own")
    try:
        if format_ in SINGLE:
            yield where, _single(stream, format_, where, options, stem)
        elif format_ is InputFormat.PARQUET:
            from kgload.sources.parquet import read_rows

            yield from read_rows(stream, where, date=options.date, columns=options.columns)
        elif format_ is InputFormat.WARC:
            from kgload.sources.warc import read_captures

            yield from read_captures(stream, where, date=options.date)
        else:
            yield from read_lines(stream, where, date=options.date, columns=options.columns)
    except InputTooLarge as error:
        yield where, InputTooLarge(f"cannot read {where}: {error.message}")
    except InputError as error:
        yield where, error
    except UNREADABLE as error:
        yield where, InputError(f"cannot read {where}: {error}")


def _single(stream: BinaryIO, format_: InputFormat, where: str, options: Options, stem: str | None) -> Item:
    id_ = options.id or stem
    try:
        content = stream.read(LONGEST_FILE + 1)
        if len(content) > LONGEST_FILE:
            raise too_large(where)
        if format_ is InputFormat.HTML:
            return Page(content, where, id_, options.date)
        return article(decode(content, where), where, id_=id_, date=options.date)
    except KgloadError as error:
        error.document = id_
        return error
