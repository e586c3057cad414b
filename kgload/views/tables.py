"""Events as rows for spreadsheets: CSV and Excel, in which no text of an article becomes a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from kgload.querying.results import LIST_SEPARATOR
from kgload.views.assets import located
from kgload.views.shown import Party, Shown, web_address

Cell = str | int | float | dt.date | None
COLUMNS = (
    "type", "status", "earliest", "latest", "date_precision", "date_text", "participants", "deployers", "signatories",
    "hosts", "force", "quantity", "origins", "destinations", "places", "longitude", "latitude", "attributed_to", "mode",
    "topic", "confidence", "sentence", "document", "title", "url", "published", "items", "event",
)  # fmt: skip
# What a spreadsheet may take for the beginning of a formula, at the beginning of a cell.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# What Excel can hold in a cell.
LONGEST = 32_767
WIDTHS = {"participants": 40, "sentence": 80, "title": 40, "url": 30, "event": 40}


def row(event: Shown) -> list[Cell]:
    """An event's cells, in the order of :data:`COLUMNS`; several names of one cell stand with `` | `` between them."""
    places = event.having("place", "destination")
    aside = {"place", "origin", "destination", "deployedForce", "attributedTo"}
    actors = tuple(dict.fromkeys(part.party for part in event.parts if part.role not in aside))
    forces = event.having("deployedForce")
    where = next((found for place in places if (found := located(place.item))), None)
    return [
        event.type,
        event.status,
        event.when.earliest,
        event.when.latest,
        event.when.precision.value,
        event.when.text,
        _names(actors),
        _names(event.having("deployer")),
        _names(event.having("signatory")),
        _names(event.having("host")),
        _names(forces),
        next((force.quantity for force in forces if force.quantity is not None), None),
        _names(event.having("origin")),
        _names(event.having("destination")),
        _names(places),
        where.longitude if where else None,
        where.latitude if where else None,
        _names(event.having("attributedTo")),
        event.mode,
        event.topic,
        event.confidence,
        LIST_SEPARATOR.join(evidence.text for evidence in event.evidence),
        event.source.id,
        event.source.title,
        event.source.url,
        event.source.issued,
        LIST_SEPARATOR.join(item for party in actors if party.is_trusted and (item := web_address(party.item))),
        event.iri,
    ]


def _names(parties: Sequence[Party]) -> str:
    return LIST_SEPARATOR.join(party.label for party in parties)


def guarded(cell: Cell) -> Cell:
    """A cell that no spreadsheet takes for a formula: a text that begins like one gets an apostrophe before it."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(FORMULA):
        return f"'{cell}"
    return cell


def csv_rows(events: Iterable[Shown]) -> Iterator[str]:
    """The events as CSV (RFC 4180) in pieces, a header first."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for event in events:
        writer.writerow("" if (cell := guarded(each)) is None else cell for each in row(event))
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def write_workbook(events: Iterable[Shown], stream: BinaryIO, title: str) -> None:
    """The events as an Excel workbook of one sheet; days are days, figures are figures, all else is text."""
    import xlsxwriter

    # Neither formulas nor links are made of texts, and rows go to disk as they come.
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    # It reads the file anew while it writes, which a stream that is only written to cannot have.
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, options) as book:
        # No clock: the same events give the same bytes.
        book.set_properties({"title": title, "created": dt.datetime(1980, 1, 1)})
        day, bold = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"bold": True})
        sheet = book.add_worksheet("Events")
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(COLUMNS):
            sheet.set_column(column, column, WIDTHS.get(name, 14))
            sheet.write_string(0, column, name, bold)
        last = 0
        for last, event in enumerate(events, 1):
            for column, cell in enumerate(row(event)):
                if isinstance(cell, dt.date):
                    # Excel's calendar begins in 1900.
                    if cell.year >= 1900:
                        sheet.write_datetime(last, column, dt.datetime(cell.year, cell.month, cell.day), day)
                    else:
                        sheet.write_string(last, column, cell.isoformat())
                elif isinstance(cell, str):
                    sheet.write_string(last, column, cell if len(cell) <= LONGEST else cell[: LONGEST - 1] + "…")
                elif cell is not None:
                    sheet.write_number(last, column, cell)
        sheet.autofilter(0, 0, last, len(COLUMNS) - 1)
    stream.write(held.getvalue())
