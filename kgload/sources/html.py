"""Web pages: trafilatura finds the article's text, title and date."""

from __future__ import annotations

import datetime as dt

from kgload.errors import UnreadablePage
from kgload.records import Article
from kgload.sources.texts import article, parse_day


def read_page(content: bytes, where: str, *, id_: str | None = None, date: dt.date | None = None) -> Article:
    """The article of a web page. Encodings are those that the page declares; scripts and menus are left out.

    Raises:
        UnreadablePage: no article text was found.
        EmptyText, InputTooLarge, UndecodableText: as every source.
    """
    import logging

    from trafilatura import bare_extraction
    from trafilatura.settings import Document as Page

    # Its warnings are about pages that it cannot read, of which the user is told below.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    # lxml refuses NULs; a page that holds one is read without them.
    page = bare_extraction(
        content.replace(b"\x00", b""), with_metadata=True, include_comments=False, include_tables=False
    )
    if not isinstance(page, Page) or not (page.text or "").strip():
        raise UnreadablePage(f"{where}: no article text was found in the page")
    published = parse_day(page.date, where) if page.date and date is None else date
    return article(page.text or "", where, id_=id_, title=page.title, date=published, url=page.url)
