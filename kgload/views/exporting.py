"""A graph's events in a file of one of the formats that `kgload report` knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path

from kgload.errors import UnknownFormat
from kgload.files import replacing_or_stdout
from kgload.stores.base import Store
from kgload.views.filters import Filters
from kgload.views.report import MOST_EVIDENCE, Made, page
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
    made, pieces = page(store, filters, title=title or TITLE, most_evidence=most_evidence, watch=watch)
    with replacing_or_stdout(output) as stream:
        for piece in pieces:
            stream.write(piece.encode("utf-8", "replace"))
    return made


def told(made: Made, output: Path | None) -> str:
    """What was written, and what was left out, in a line for a person."""
    said = f"{made.events:,} events of {made.documents:,} documents → {output or 'stdout'}"
    if made.without_evidence:
        said += f"; {made.without_evidence:,} older ones without their sentences (--evidence)"
    if made.left_out:
        said += f"; {made.left_out:,} older ones left out"
    return said
