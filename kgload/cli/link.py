"""`kgload link`: the items that the names of texts mean, and why."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from kgload.cli.app import Json, Quiet, app
from kgload.cli.console import printable, say
from kgload.cli.inputs import ArticleDate, ExtractorName, Gazetteers, OnlineService, lookups

if TYPE_CHECKING:
    from kgload.conversion.links import LinkedName
    from kgload.errors import KgloadError
    from kgload.records import Article, Document

# What a single word must hold to be taken for a path that does not exist, rather than for a text.
PATH_MARKS = ("/", "\\", ".txt", ".html", ".jsonl")
SHOWN = 5


@app.command(epilog='Example: `kgload link "Zelensky met Merz in Kyiv." --explain`')
def link(
    text: Annotated[
        list[str],
        typer.Argument(help="A text, or files and folders of articles; - is standard input.", metavar="TEXT|FILE"),
    ],
    explain: Annotated[
        bool, typer.Option("--explain", help="Show the candidates of each name and what was weighed.")
    ] = False,
    review: Annotated[
        Optional[Path],  # noqa: UP045 - typer reads it at run time
        typer.Option(
            "--review",
            help="CSV file for doubtful links; fill in `iri` (or `none`), and the next run takes it as decided.",
            metavar="FILE",
        ),
    ] = None,
    gazetteer: Gazetteers = None,
    online: OnlineService = None,
    date: ArticleDate = None,
    extractor: ExtractorName = "encoder",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Show which Wikidata items the names of a text are taken to be.

    `same`: the link is trusted, `owl:sameAs` in the graph; `close`: below the threshold, `skos:closeMatch`; `none`: no
    item was likely enough; `unknown`: no gazetteer knows the name.
    """
    from kgload.conversion import links
    from kgload.conversion.shard import Settings

    settings = Settings(extractor=extractor, exhaustive=True, **lookups(gazetteer, online, quiet=quiet))
    items = _items(text, date)
    names: Iterable[LinkedName]
    if review:
        names, left = links.review(items, settings, review)
    else:
        names = links.linked(items, settings)
    if as_json:
        import json

        typer.echo(json.dumps([_as_json(name) for name in names], ensure_ascii=False, indent=1))
    else:
        for name in names:
            typer.echo("\t".join(map(printable, _cells(name))))
            for line in _explained(name) if explain else ():
                typer.echo(printable(line))
    if review:
        say(f"{left:,} names to decide → {review}", quiet=quiet)


def _items(texts: list[str], date: str | None) -> Iterable[Article | Document | KgloadError]:
    import os

    from kgload.cli.inputs import read_inputs
    from kgload.records import Article
    from kgload.sources.texts import parse_day

    only = texts[0]
    is_path = only == "-" or os.path.exists(only) or (" " not in only and any(mark in only for mark in PATH_MARKS))  # noqa: PTH110 - pathlib's raises for long texts
    if len(texts) == 1 and not is_path:
        return [Article("text", only, date=parse_day(date, "--date") if date else None)]
    return read_inputs(texts, date, None, None)


def _cells(name: LinkedName) -> list[str]:
    entity, found = name.entity, name.entity.link
    cells = [name.document.article.id, entity.name, entity.kind.value, name.outcome]
    return [*cells, found.iri, f"{found.confidence:.2f}"] if found else [*cells, "-", "-"]


def _explained(name: LinkedName) -> Iterable[str]:
    for candidate in name.decision.candidates[:SHOWN]:
        weighed = ", ".join(f"{feature} {value:.2f}" for feature, value in candidate.features)
        known = candidate.known
        yield (
            f"    {candidate.score:.2f} {known.iri} {known.label} ({known.kind.value}), "
            f"by {candidate.name!r} as {known.relation}: {weighed}"
        )
    if len(name.decision.candidates) > SHOWN:
        yield f"    and {len(name.decision.candidates) - SHOWN} more"


def _as_json(name: LinkedName) -> dict[str, object]:
    entity, found = name.entity, name.entity.link
    return {
        "document": name.document.article.id,
        "name": entity.name,
        "aliases": list(entity.aliases),
        "kind": entity.kind.value,
        "mentions": [[mention.begin, mention.end] for mention in entity.mentions],
        "outcome": name.outcome,
        "iri": found.iri if found else None,
        "confidence": found.confidence if found else None,
        "candidates": [
            {
                "iri": candidate.known.iri,
                "label": candidate.known.label,
                "kind": candidate.known.kind.value,
                "name": candidate.name,
                "relation": candidate.known.relation,
                "features": dict(candidate.features),
                "score": round(candidate.score, 4),
            }
            for candidate in name.decision.candidates
        ],
    }
