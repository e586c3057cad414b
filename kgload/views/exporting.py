"""A graph's events in a file of one of the formats that `kgload report` knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from kgload.errors import UnknownFormat
from kgload.files import replacing_or_stdout
from kgload.stores.base import Store
from kgload.views import details, picture, tables, ties, wholesale
from kgload.views.data import newest
from kgload.views.filters import Filters
from kgload.views.report import MOST_EVENTS, MOST_EVIDENCE, Made, page
from kgload.views.shown import Shown

TITLE = "Who met whom, who sent troops where, who agreed with whom"
Watch = Callable[[Iterable[Shown], int], Iterable[Shown]]


class ReportFormat(StrEnum):
    """What a report is written as."""

    HTML = "html"
    SVG = "svg"
    PNG = "png"
    CSV = "csv"
    XLSX = "xlsx"
    GRAPHML = "graphml"


PICTURES = (ReportFormat.SVG, ReportFormat.PNG)
SENTENCES = (ReportFormat.CSV, ReportFormat.XLSX)


def format_of(name: str | None, output: Path | None) -> ReportFormat:
    """The format of that name, else that of the output's suffix, else HTML.

    Raises:
        UnknownFormat: there is none of that name.
    """
    suffix = output.name.removesuffix(".gz").rpartition(".")[2].lower() if output else ""
    if name is None and suffix not in set(ReportFormat):
        return ReportFormat.HTML
    try:
        return ReportFormat(name if name is not None else suffix)
    except ValueError:
        raise UnknownFormat(f"{(name or '')[:40]!r} is no report format; there are {', '.join(ReportFormat)}") from None


def export(
    store: Store,
    filters: Filters,
    format_: ReportFormat,
    output: Path | None,
    *,
    title: str | None = None,
    most_evidence: int = MOST_EVIDENCE,
    watch: Watch = lambda events, total: events,
) -> Made:
    """Write the events that match to a file, or to standard output where none is named: whole or not at all.

    Raises:
        BadParameter, StoreError, ViewsNotBuilt: as for :func:`kgload.views.report.page`.
        OutputError: the file cannot be written.
    """
    title = title or TITLE
    if format_ is ReportFormat.HTML:
        made, pieces = page(store, filters, title=title, most_evidence=most_evidence, watch=watch)
        with replacing_or_stdout(output) as stream:
            for piece in pieces:
                stream.write(piece.encode("utf-8", "replace"))
        return made
    iris = newest(store, filters)
    kept = iris[:MOST_EVENTS]
    is_wholesale = format_ not in SENTENCES and len(kept) >= details.FEW
    events = wholesale.events(store, kept) if is_wholesale else details.events(store, kept)
    count = _Count(watch(events, len(kept)))
    if format_ in PICTURES:
        drawn = picture.svg(count, title)
        content = drawn if format_ is ReportFormat.SVG else picture.png(drawn)
        with replacing_or_stdout(output) as stream:
            stream.write(content)
    else:
        with replacing_or_stdout(output) as stream:
            _write(count, format_, stream, title)
    return Made(count.events, len(count.documents), 0, len(iris) - len(kept))


def _write(events: Iterable[Shown], format_: ReportFormat, stream: BinaryIO, title: str) -> None:
    match format_:
        case ReportFormat.CSV:
            for piece in tables.csv_rows(events):
                stream.write(piece.encode("utf-8", "replace"))
        case ReportFormat.XLSX:
            tables.write_workbook(events, stream, title)
        case _:
            ties.write_graphml(ties.network(events), stream)


class _Count:
    """Counts the events that pass, and their documents."""

    def __init__(self, events: Iterable[Shown]) -> None:
        self._passing = events
        self.events, self.documents = 0, set[str]()

    def __iter__(self) -> Iterator[Shown]:
        for event in self._passing:
            self.events += 1
            self.documents.add(event.source.iri)
            yield event


def told(made: Made, output: Path | None) -> str:
    """What was written, and what was left out, in a line for a person."""
    said = f"{_many(made.events, 'event')} of {_many(made.documents, 'document')} → {output or 'stdout'}"
    if made.without_evidence:
        said += f"; {made.without_evidence:,} older ones without their sentences (--evidence)"
    if made.left_out:
        said += f"; {made.left_out:,} older ones left out"
    return said


def _many(number: int, name: str) -> str:
    return f"{number:,} {name}{'' if number == 1 else 's'}"
