"""JSON Lines: an article a line (`id, title, date, url, text`), or a record that an extractor wrote."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from kgload import records_json
from kgload.errors import BadLine, KgloadError
from kgload.records import Article, Document
from kgload.sources.texts import article, decode, parse_day


def read_lines(
    stream: BinaryIO, name: str, *, date: dt.date | None = None
) -> Iterator[Article | Document | KgloadError]:
    """Yield what each line holds; an article that cannot be used comes as its error, so that reading can go on.

    Fields besides ``id, title, date, url, text`` are ignored. Blank lines are passed over. ``date`` serves lines that
    have none.
    """
    for number, line in enumerate(stream, start=1):
        if line.strip():
            try:
                yield _line(line, f"{name}:{number}", date)
            except KgloadError as error:
                yield error


def _line(line: bytes, where: str, date: dt.date | None) -> Article | Document:
    try:
        row = json.loads(decode(line, where))
    except (ValueError, RecursionError) as error:
        raise BadLine(f"{where}: no JSON: {error}") from error
    if not isinstance(row, dict):
        raise BadLine(f"{where}: a JSON object was expected, this is a {_kind(row)}")
    if "article" in row:
        return records_json.load(row, where)
    if "text" not in row:
        raise BadLine(f"{where}: neither an article (it has no `text`) nor a record (it has no `article`)")
    for field in ("id", "title", "url", "text", "date"):
        if not isinstance(row.get(field), str | None) and not (field == "id" and isinstance(row[field], int)):
            raise BadLine(f"{where}: `{field}` must be a string, this is a {_kind(row[field])}")
    published = parse_day(row["date"], where) if row.get("date") else date
    id_ = row.get("id")
    return article(
        row["text"] or "",
        where,
        id_=None if id_ is None else str(id_),
        title=row.get("title"),
        date=published,
        url=row.get("url"),
    )


def _kind(value: Any) -> str:
    names = {"list": "list", "str": "string", "int": "number", "float": "number", "bool": "boolean", "NoneType": "null"}
    return names.get(type(value).__name__, "object")
