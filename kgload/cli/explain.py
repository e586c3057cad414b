"""`kgload explain`: why the events of an article are what they are."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Optional

import typer

from kgload.cli.app import app
from kgload.cli.inputs import ArticleDate, ArticleId, ExtractorName, InputFormatOption


class Shape(StrEnum):
    """How explanations are printed."""

    TABLE = "table"
    JSON = "json"
    HTML = "html"


@app.command(epilog="Example: `kgload explain article.txt --date 2025-08-13 --format html -o why.html`")
def explain(
    source: Annotated[str, typer.Argument(help="File of articles; - is standard input.", metavar="FILE")],
    event: Annotated[
        Optional[int],  # noqa: UP045 - typer reads it at run time
        typer.Option("--event", help="Only the event of this number in its document.", metavar="N", min=1),
    ] = None,
    document: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--document", help="Only the document of this id, of a file of several.", metavar="ID"),
    ] = None,
    format_: Annotated[
        Shape, typer.Option("--format", help="table, json (JSON Lines) or html (coloured spans).", metavar="NAME")
    ] = Shape.TABLE,
    output: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("-o", "--output", help="File to write.  [default: stdout]"),
    ] = None,
    date: ArticleDate = None,
    id_: ArticleId = None,
    input_format: InputFormatOption = None,
    extractor: ExtractorName = "encoder",
) -> None:
    """Say why the events of an article are what they are.

    For each event: its sentences and triggers, the share of each name that was considered for a part, why its mentions
    were brought together, how its date was worked out, and what its status hangs on. `docs/explain.md` reads one.
    """
    from kgload import library

    found = library.explain(
        library.read([source], date=date, id=id_, input_format=input_format),
        extractor=extractor,
        document=document,
        event=event,
    )
    library.write_explanations(found, output, format_.value)
