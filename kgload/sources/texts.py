"""What every source does to a text: decode it, check it, make an Article of it."""

from __future__ import annotations

import datetime as dt
import hashlib

from kgload.errors import BadDate, EmptyText, InputTooLarge, UndecodableText
from kgload.records import Article

# A book of a thousand pages has about 2 million characters; a longer "article" is a mistake in the input.
LONGEST_WORDS = 100_000
LONGEST_TEXT = 10_000_000


def decode(content: bytes, where: str) -> str:
    """UTF-8 to text, without a byte order mark. Line ends stay as they are: offsets count in the text as given.

    Raises:
        UndecodableText: it is not UTF-8; the message gives the byte's offset.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte = content[error.start]
        raise UndecodableText(f"{where}: byte {error.start} (0x{byte:02x}) is not UTF-8") from error


def parse_day(text: str, where: str) -> dt.date:
    """An ISO 8601 date, or the day of an ISO 8601 date and time.

    Raises:
        BadDate: it is neither.
    """
    try:
        return dt.date.fromisoformat(text.strip()[:10]) if len(text.strip()) == 10 else _day_of_time(text.strip())
    except ValueError:
        raise BadDate(f"{where}: {text[:40]!r} is no date; give one as 2025-08-13") from None


def _day_of_time(text: str) -> dt.date:
    return dt.datetime.fromisoformat(text).date()


def too_large(where: str) -> InputTooLarge:
    """What is said of an article beyond the limit."""
    return InputTooLarge(f"{where}: more than {LONGEST_TEXT:,} characters in one article")


def article(
    text: str,
    where: str,
    *,
    id_: str | None = None,
    title: str | None = None,
    date: dt.date | None = None,
    url: str | None = None,
) -> Article:
    """An Article, checked. Without an id it gets one from its text.

    Raises:
        EmptyText: there is nothing but white space.
        InputTooLarge: the text is longer than LONGEST_TEXT characters.
        UndecodableText: a lone surrogate, which is no character and cannot be written.
    """
    if not text.strip("\ufeff \t\r\n\f\v\x00\u200b"):
        raise EmptyText(f"{where}: there is no text")
    if any(len(value) > LONGEST_WORDS for value in (id_, title, url) if value):
        raise InputTooLarge(f"{where}: more than {LONGEST_WORDS:,} characters in an id, a title or an address")
    if len(text) > LONGEST_TEXT:
        raise too_large(where)
    for name, value in (("text", text), ("id", id_), ("title", title), ("url", url)):
        if value and not _is_encodable(value):
            raise UndecodableText(f"{where}: the {name} holds a lone surrogate, which is no character")
    if not id_:
        id_ = "text-" + hashlib.sha256(text.encode()).hexdigest()[:16]
    return Article(id=id_, text=text, title=title or None, date=date, url=url or None)


def _is_encodable(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
