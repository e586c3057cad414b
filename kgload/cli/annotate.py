"""`kgload annotate`: texts that a person annotates, with what the extractor found already in them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kgload.cli.app import Quiet, app
from kgload.cli.inputs import ArticleDate, ArticleId, ExtractorName, InputFormatOption, MinConfidence


class Source(StrEnum):
    """What the inputs are."""

    ARTICLES = "articles"
    GOLD = "gold"
    BRAT = "brat"
    DOCCANO = "doccano"


class Target(StrEnum):
    """What is written."""

    GOLD = "gold"
    BRAT = "brat"
    DOCCANO = "doccano"


@app.command(epilog="Example: `kgload annotate articles/ -o draft --to brat`; back by `--from brat`")
def annotate(
    inputs: Annotated[list[str], typer.Argument(help="Articles, or annotated texts in the form of --from.")],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="File to write; a new folder for brat.", metavar="GOLD")
    ],
    source: Annotated[
        Source, typer.Option("--from", help="articles, gold, brat (folders) or doccano.", metavar="FORM")
    ] = Source.ARTICLES,
    target: Annotated[Target, typer.Option("--to", help="gold, brat or doccano.", metavar="FORM")] = Target.GOLD,
    date: ArticleDate = None,
    id_: ArticleId = None,
    input_format: InputFormatOption = None,
    extractor: ExtractorName = "encoder",
    min_confidence: MinConfidence = 0.0,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    quiet: Quiet = False,
) -> None:
    """Make texts ready for a person to annotate, and read them back as gold.

    Events are found in articles and written as gold to be corrected: JSON Lines with the articles beside them
    (`gold.jsonl`, `gold.articles.jsonl`), a folder for brat, or a file for Doccano. With `--from`, annotations go from
    one form to another. `kgload train` and `kgload evaluate` take the gold. `docs/annotate.md` has the forms.
    """
    from kgload import library
    from kgload.cli.console import say
    from kgload.conversion.shard import Settings
    from kgload.errors import OutputError

    # What stands there may be a person's work of hours, and is never the extractor's to replace.
    for path in [output, output.with_suffix(".articles.jsonl")] if target is Target.GOLD else [output]:
        if any(path.resolve() == Path(one).resolve() for one in inputs):
            raise OutputError(f"{path} is read from, and cannot be written to")
        if path.is_file() and not force:
            raise OutputError(f"{path} is there already, perhaps corrected by hand; --force writes over it")
    settings = Settings(extractor=extractor, exhaustive=True, link=False, min_confidence=min_confidence)
    count = library.annotate(
        inputs, output, source=source.value, target=target.value, date=date, id=id_, input_format=input_format,
        settings=settings,
    )  # fmt: skip
    say(f"{count:,} text{'s' * (count != 1)} → {output}", quiet=quiet)
