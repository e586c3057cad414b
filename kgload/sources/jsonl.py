"""JSON Lines: an article a line (`id, title, date, url, text`), or a record that an extractor wrote."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from kgload import records_json
from kgload.errors import BadLine, KgloadError
from kgload.records import Article, Document
from kgload.sources.texts import LONGEST_TEXT, article, decode, parse_day, too_large

# A text of the greatest length, each character of it escaped (\u0410), with room for the other fields.
LONGEST_LINE = 8 * LONGEST_TEXT
# Bytes that are taken apart at a time.
BLOCK = 1 << 20

FIELDS = ("id", "title", "date", "url", "text")
Found = tuple[str, Article | Document | KgloadError]


def read_lines(
    stream: BinaryIO, name: str, *, date: dt.date | None = None, columns: Mapping[str, str] | None = None
) -> Iterator[Found]:
    """Yield where each line stands and what it holds; an article that cannot be used comes as its error.

    Fields besides ``id, title, date, url, text`` are ignored. Blank lines are passed over. ``date`` serves lines that
    have none; ``columns`` says what a field is called there. Memory holds one line, and of a line that is too long only
    its beginning.
    """
    for number, line in _lines(stream):
        where = f"{name}:{number}"
        if line is None:
            yield where, too_large(where)
        elif line.strip():
            try:
                yield where, _line(line, where, date, columns or {})
            except KgloadError as error:
                yield where, error


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """The lines of a file that hold something, with their numbers; None for one that is longer than LONGEST_LINE."""
    number, size = 0, 0
    begun: list[bytes] = []
    while block := stream.read1(BLOCK):  # type: ignore[attr-defined]
        first, *others = block.split(b"\n")
        size += len(first)
        if size <= LONGEST_LINE:
            begun.append(first)
        if not others:
            continue
        number += 1
        yield number, b"".join(begun) if size <= LONGEST_LINE else None
        begun = [others.pop()]
        size = len(begun[0])
        for line in others:
            number += 1
            if line:
                yield number, line if len(line) <= LONGEST_LINE else None
    if size:
        yield number + 1, b"".join(begun) if size <= LONGEST_LINE else None


def _line(line: bytes, where: str, date: dt.date | None, columns: Mapping[str, str]) -> Article | Document:
    try:
        row = json.loads(decode(line, where))
    except (ValueError, RecursionError) as error:
        raise BadLine(f"{where}: no JSON: {error}") from error
    if not isinstance(row, dict):
        raise BadLine(f"{where}: a JSON object was expected, this is a {_kind(row)}")
    if "article" in row:
        return records_json.load(row, where)
    if columns.get("text", "text") not in row:
        raise BadLine(f"{where}: neither an article (it has no `text`) nor a record (it has no `article`)")
    return article_of(row, where, date, columns)


def article_of(row: dict[str, Any], where: str, date: dt.date | None, columns: Mapping[str, str]) -> Article:
    """The article that a row of values makes; ``columns`` says what a field is called there.

    Raises:
        BadLine: a field is no string.
        BadDate, EmptyText, InputTooLarge, UndecodableText: as every source.
    """
    values = {field: row.get(columns.get(field, field)) for field in FIELDS}
    # Ids are numbers in many files.
    if type(values["id"]) is int:
        values["id"] = str(values["id"])
    for field, value in values.items():
        if not isinstance(value, str | None):
            raise BadLine(f"{where}: `{columns.get(field, field)}` must be a string, this is a {_kind(value)}")
    try:
        published = parse_day(values["date"], where) if values["date"] else date
        return article(
            values["text"] or "", where, id_=values["id"], title=values["title"], date=published, url=values["url"]
        )
    except KgloadError as error:
        error.document = values["id"]
        raise


def _kind(value: Any) -> str:
    names = {"list": "list", "str": "string", "int": "number", "float": "number", "bool": "boolean", "NoneType": "null"}
    return names.get(type(value).__name__, "object")
