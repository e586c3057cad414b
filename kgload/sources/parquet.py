"""Parquet: a row an article, read a few rows at a time."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from kgload.errors import BadLine, InputError, KgloadError
from kgload.sources.jsonl import FIELDS, Found, article_of

# Rows at a time: few enough that rows of the greatest length fit into memory.
ROWS = 64


def read_rows(stream: BinaryIO, name: str, *, date: dt.date | None, columns: Mapping[str, str]) -> Iterator[Found]:
    """Yield where each row stands and its article, or the error of one that cannot be used.

    The columns are ``id, title, date, url, text`` or what ``columns`` calls them; others are not read, and all but the
    text may be missing. A date may be a date, a time or text in ISO 8601. Memory holds some rows, and of one row group
    the pages that they stand in.

    Raises:
        InputError: (from the iterator) pyarrow is not installed, or the file is no Parquet or is damaged.
        BadLine: it has no column of texts.
    """
    try:
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise InputError(f"{name}: reading Parquet needs pip install 'kgload[parquet]'") from error
    with contextlib.ExitStack() as stack:
        if not stream.seekable():
            # A packed one: its end, where the reader begins, comes last.
            spool = stack.enter_context(tempfile.TemporaryFile())
            shutil.copyfileobj(stream, spool)
            stream = spool
        yield from _rows(stream, name, date, columns)


def _rows(stream: BinaryIO, name: str, date: dt.date | None, columns: Mapping[str, str]) -> Iterator[Found]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(stream, pre_buffer=False)
        there = set(file.schema_arrow.names)
        wanted = [columns.get(field, field) for field in FIELDS]
        text = columns.get("text", "text")
        missing = [column for column in columns.values() if column not in there]
        if missing or text not in there:
            held = ", ".join(sorted(there)[:20])
            raise BadLine(f"{name}: there is no column {(missing or [text])[0]!r}; there are {held}: see --columns")
        number = 0
        for batch in file.iter_batches(ROWS, columns=[column for column in wanted if column in there]):
            for row in batch.to_pylist():
                number += 1
                yield _row({key: _plain(value) for key, value in row.items()}, f"{name}:{number}", date, columns)
    except (pa.ArrowException, UnicodeDecodeError, MemoryError) as error:
        raise InputError(f"cannot read {name}: {str(error).splitlines()[0][:200]}") from error


def _row(row: dict[str, Any], where: str, date: dt.date | None, columns: Mapping[str, str]) -> Found:
    try:
        return where, article_of(row, where, date, columns)
    except KgloadError as error:
        return where, error


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
