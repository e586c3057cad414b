"""`kgload verify`: a graph against the texts that it was made from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kgload.cli.app import Json, Quiet, app
from kgload.cli.console import say
from kgload.cli.inputs import ArticleId, InputFormatOption

if TYPE_CHECKING:
    from kgload.errors import KgloadError
    from kgload.records import Article, Document

NOT_MATCHING = 1


@app.command(epilog="Example: `kgload verify news.nq --source articles/`")
def verify(
    graph: Annotated[Path, typer.Argument(help="Graph file; its suffix names the format.", metavar="FILE")],
    source: Annotated[
        list[str],
        typer.Option("--source", help="Files and folders of the articles; - is standard input. May be repeated."),
    ],
    id_: ArticleId = None,
    input_format: InputFormatOption = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Check that each mention stands in the source text where the graph says, and that the text is the same.

    Compares each document's hash, and each mention's and sentence's offsets and words. Prints a line for each that does
    not match, and one for each document without a source; exits with 1 then. Articles that the graph does not know are
    passed over.
    """
    from kgload.cli.inputs import read_inputs
    from kgload.mapping.verification import verify as check

    unread: list[str] = []
    found = check(graph, _articles(read_inputs(source, None, id_, input_format), unread))
    if as_json:
        import dataclasses
        import json

        answer = {"matches": found.matches, **dataclasses.asdict(found), "unread": unread}
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        for mismatch in found.mismatches:
            typer.echo(f"{mismatch.document}\t{mismatch.node}\t{mismatch.reason}")
        for identifier in found.missing:
            typer.echo(f"{identifier}\t-\tis not among the sources")
    for line in unread:
        say(f"kgload: skipped: {line}")
    if not found.documents and not found.missing:
        say(f"{graph} holds no document: there was nothing to check")
    outcome = "matches its sources" if found.matches else "does not match its sources"
    say(f"{graph} {outcome} ({found.documents:,} documents, {found.spans:,} spans checked)", quiet=quiet)
    if not found.matches:
        raise typer.Exit(NOT_MATCHING)


def _articles(items: Iterable[Article | Document | KgloadError], unread: list[str]) -> Iterator[Article]:
    """The articles of what a source yields; one that cannot be read is noted in ``unread``."""
    from kgload.errors import KgloadError
    from kgload.records import Document

    for item in items:
        if isinstance(item, KgloadError):
            unread.append(str(item))
        else:
            yield item.article if isinstance(item, Document) else item
