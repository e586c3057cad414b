"""`kgload extract`: articles in, records of entities and events out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from kgload.cli.app import Quiet, app
from kgload.cli.inputs import (
    ArticleDate,
    ArticleId,
    ExtractorName,
    Gazetteers,
    InputFormatOption,
    Inputs,
    MinConfidence,
    NoLinks,
    OnlineService,
    SkipBad,
    lookups,
)


@app.command(epilog="Example: `kgload extract article.txt --date 2025-08-13 | jq '.events[].type'`")
def extract(
    inputs: Inputs,
    output: Annotated[
        Optional[Path],  # noqa: UP045 - typer reads it at run time
        typer.Option("-o", "--output", help="File to write, packed where it ends in .gz.  [default: stdout]"),
    ] = None,
    date: ArticleDate = None,
    id_: ArticleId = None,
    input_format: InputFormatOption = None,
    extractor: ExtractorName = "encoder",
    no_links: NoLinks = False,
    gazetteer: Gazetteers = None,
    online: OnlineService = None,
    min_confidence: MinConfidence = 0.0,
    skip_bad: SkipBad = False,
    quiet: Quiet = False,
) -> None:
    """Turn articles into records: JSON Lines of entities and events, one document a line.

    `kgload schema` prints their JSON Schema. `kgload convert` takes such records too, from any extractor.
    """
    from kgload import library
    from kgload.cli.inputs import Tally, finish, read_inputs
    from kgload.conversion.shard import Settings

    where = lookups(gazetteer, online, quiet=quiet)
    tally = Tally("extracting", quiet=quiet)
    documents = library.extract(
        read_inputs(inputs, date, id_, input_format, tally),
        settings=Settings(extractor=extractor, link=not no_links, min_confidence=min_confidence, **where),
        on_bad=tally.bad if skip_bad else None,
    )
    library.write_records(tally.count(documents), output)
    finish(tally, output)
