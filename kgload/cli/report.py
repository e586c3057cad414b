"""`kgload report`: a graph as one page to look at, or as a picture, a table or a network for other programs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from kgload.cli.app import CaFile, Endpoint, ProfileName, Quiet, StorePath, app, server
from kgload.cli.console import progress, say

if TYPE_CHECKING:
    from kgload.views.shown import Shown


@app.command(epilog="Example: `kgload report --type Meeting --since 2025-01-01 -o report.html`")
def report(
    file: Annotated[
        Optional[Path],  # noqa: UP045 - typer reads it at run time
        typer.Argument(help="Graph file to report on, in place of a store.", metavar="[FILE]"),
    ] = None,
    output: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("-o", "--output", help="File to write.  [default: stdout]"),
    ] = None,
    format_: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            "--format", help="html, svg, png, csv, xlsx or graphml.  [default: by the output's suffix, or html]",
            metavar="NAME",
        ),
    ] = None,
    type_: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--type", help="Only events of this type, as Meeting; may be repeated.", metavar="NAME"),
    ] = None,
    status: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--status", help="Only events of this status, as Planned; may be repeated.", metavar="NAME"),
    ] = None,
    since: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--since", help="Only events on or after this day, as 2025-08-13.", metavar="DAY"),
    ] = None,
    until: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--until", help="Only events on or before this day.", metavar="DAY"),
    ] = None,
    undated: Annotated[bool, typer.Option("--undated", help="Only events without a date.")] = False,
    entity: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--entity", help="Only events of this Wikidata item (Q159) or IRI.", metavar="ITEM"),
    ] = None,
    source: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--source", help="Only events of this document (its id) or site (news.example)."),
    ] = None,
    min_confidence: Annotated[
        float, typer.Option("--min-confidence", help="Leave out events below this confidence.", min=0.0, max=1.0)
    ] = 0.0,
    text: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--text", help="Only events with this text in a name, a sentence or the document's title."),
    ] = None,
    title: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--title", help="What stands at the report's head."),
    ] = None,
    evidence: Annotated[
        int, typer.Option("--evidence", help="Bring the sentences of this many events, the newest first.", min=0)
    ] = 20_000,
    store: StorePath = None,
    endpoint: Endpoint = None,
    profile: ProfileName = None,
    ca_file: CaFile = None,
    quiet: Quiet = False,
) -> None:  # fmt: skip
    """Look at a graph: one page of HTML to open and to send round, which asks no network for anything.

    It shows when events took place, who dealt with whom, where, and the sentence that says so. Other formats are for
    other programs: CSV, Excel and GraphML (Gephi), and pictures as SVG or PNG.
    """
    from kgload import asking
    from kgload.views import exporting
    from kgload.views.filters import Filters

    kind = exporting.format_of(format_, output)
    filters = Filters(
        types=tuple(type_ or ()),
        statuses=tuple(status or ()),
        since=_day("--since", since),
        until=_day("--until", until),
        entity=entity,
        source=source,
        min_confidence=min_confidence,
        text=text,
        undated=undated,
    )

    def watch(events: Iterable[Shown], total: int) -> Iterable[Shown]:
        return progress(events, label="report", total=total, quiet=quiet)

    with asking.opened(store, server(endpoint, profile, ca_file), file) as opened:
        made = exporting.export(opened, filters, kind, output, title=title, most_evidence=evidence, watch=watch)
    say(exporting.told(made, output), quiet=quiet)
    if not made.events:
        say("no events" + (": the graph holds none" if filters.is_empty else " match"), quiet=quiet)


def _day(option: str, value: str | None) -> dt.date | None:
    from kgload.errors import BadParameter

    if value is None:
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise BadParameter(f"{option} takes a day as 2025-08-13, this is {value[:40]!r}") from None
