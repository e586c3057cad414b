"""WARC, the files of web archives: each page that was answered for is an article."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import BinaryIO

from kgload.errors import InputError, KgloadError
from kgload.sources.html import Page
from kgload.sources.texts import LONGEST_TEXT, too_large

LONGEST_PAGE = 4 * LONGEST_TEXT
PAGES = ("text/html", "application/xhtml+xml")
Found = tuple[str, Page | KgloadError]


def read_captures(stream: BinaryIO, name: str, *, date: dt.date | None) -> Iterator[Found]:
    """Yield where each page stands, and the page. Its id is its address; a second capture of one is a second article of
    that id. What is no page, or was not found, is passed over; ``date`` serves pages that state none.

    Raises:
        InputError: (from the iterator) warcio is not installed, or the file is no WARC or is damaged.
    """
    try:
        from warcio.archiveiterator import ArchiveIterator
    except ImportError as error:
        raise InputError(f"{name}: reading WARC needs pip install 'kgload[warc]'") from error
    number = 0
    try:
        for record in ArchiveIterator(stream):
            number += 1
            if record.rec_type != "response" or record.http_headers is None:
                continue
            kind = (record.http_headers.get_header("Content-Type") or "").partition(";")[0].strip().lower()
            if record.http_headers.get_statuscode() != "200" or kind not in PAGES:
                continue
            where, address = f"{name}#{number}", record.rec_headers.get_header("WARC-Target-URI")
            content = record.content_stream().read(LONGEST_PAGE + 1)
            if len(content) > LONGEST_PAGE:
                longer = too_large(where)
                longer.document = address
                yield where, longer
            else:
                yield where, Page(content, where, address, date, address)
    except KgloadError:
        raise
    except Exception as error:
        # Damaged files make the library fail in many ways.
        raise InputError(f"cannot read {name} after {number:,} records: {type(error).__name__}: {error}") from error
