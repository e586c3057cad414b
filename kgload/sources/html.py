"""Web pages: trafilatura finds the article's text, title and date."""

from __future__ import annotations

import codecs
import datetime as dt
import re
from dataclasses import dataclass, replace

from kgload.errors import KgloadError, UnreadablePage
from kgload.records import Article
from kgload.sources.texts import article, decode, parse_day

# Where HTML's own rules look for a declared encoding: https://html.spec.whatwg.org/#prescan-a-byte-stream
DECLARED_WITHIN = 4096
DECLARATION = re.compile(rb"""<(?:meta|\?xml)\s[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# Pages that declare Latin-1 or ASCII mean Windows-1252, by the same rules.
MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252"}
# The date that the page states in its head, the first one where it was changed later. No dates out of the running text:
# an event's date there would pass for the day of publication.
DATES = {"extensive_search": False, "original_date": True}


@dataclass(frozen=True, slots=True)
class Page:
    """A web page as it came, to be parsed by a process that may die of it. ``where`` is what errors name it by."""

    content: bytes
    where: str
    id: str | None = None
    date: dt.date | None = None
    url: str | None = None

    def article(self) -> Article:
        """The page's article.

        Raises:
            UnreadablePage, UndecodableText, EmptyText, InputTooLarge: as :func:`read_page`.
        """
        try:
            found = read_page(self.content, self.where, id_=self.id, date=self.date)
        except KgloadError as error:
            error.document = self.id
            raise
        return replace(found, url=self.url) if self.url else found


def read_page(content: bytes, where: str, *, id_: str | None = None, date: dt.date | None = None) -> Article:
    """The article of a web page; scripts and menus are left out. ``date`` serves a page that states none.

    Raises:
        UnreadablePage: no article text was found.
        UndecodableText: the page is neither in the encoding that it declares nor in UTF-8.
        EmptyText, InputTooLarge: as every source.
    """
    import logging

    from trafilatura import bare_extraction
    from trafilatura.settings import Document as Page

    # Its warnings are about pages that it cannot read, of which the user is told below.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    # lxml refuses NULs; a page that holds one is read without them.
    text = decode_page(content, where).replace("\x00", "")
    try:
        page = bare_extraction(
            text, with_metadata=True, include_comments=False, include_tables=False, date_extraction_params=dict(DATES)
        )
    except Exception as error:
        # Broken pages make the parsers below fail in many ways; for the user it is one: the page cannot be read.
        raise UnreadablePage(f"{where}: the page cannot be read: {type(error).__name__}: {error}") from error
    if not isinstance(page, Page) or not (page.text or "").strip():
        raise UnreadablePage(f"{where}: no article text was found in the page")
    published = parse_day(page.date, where) if page.date else date
    return article(page.text or "", where, id_=id_, title=page.title, date=published, url=page.url)


def decode_page(content: bytes, where: str) -> str:
    """A page's bytes as text: by its byte order mark, as UTF-8 where they are that, else as the page declares.

    UTF-8 goes first because text in another encoding is next to never valid UTF-8, while many pages in UTF-8 declare
    something older. Bytes that are all ASCII are left to the declaration: some encodings are written in those.

    Raises:
        UndecodableText: it is in none of these.
    """
    for mark, encoding in MARKS:
        if content.startswith(mark):
            with_mark = _decoded(content, encoding)
            if with_mark is not None:
                return with_mark
    found = DECLARATION.search(content[:DECLARED_WITHIN])
    tries = ["utf-8", found.group(1).decode("ascii", "replace") if found else "utf-8"]
    if content.isascii():
        tries.reverse()
    decoded = (_decoded(content, encoding) for encoding in tries)
    return next((text for text in decoded if text is not None), None) or decode(content, where)


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        name = codecs.lookup(encoding).name
        return str(content, MEANT.get(name, name))
    except (LookupError, ValueError):
        return None
