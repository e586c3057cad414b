"""`kgload extract`: articles in, records of entities and events out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from kgload.cli.app import Quiet, app
from kgload.cli.inputs import (
    ArticleDate,
    ArticleId,
    Columns,
    Exhaustive,
    ExtractorName,
    FailuresFile,
    Gazetteers,
    InputFormatOption,
    Inputs,
    MaxFailures,
    MinConfidence,
    NoLinks,
    OnlineService,
    SkipBad,
    TimeLimit,
    Workers,
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
    columns: Columns = None,
    extractor: ExtractorName = "encoder",
    exhaustive: Exhaustive = False,
    no_links: NoLinks = False,
    gazetteer: Gazetteers = None,
    online: OnlineService = None,
    min_confidence: MinConfidence = 0.0,
    skip_bad: SkipBad = False,
    failures: FailuresFile = None,
    max_failures: MaxFailures = None,
    workers: Workers = None,
    time_limit: TimeLimit = 120.0,
    quiet: Quiet = False,
) -> None:
    """Turn articles into records: JSON Lines of entities and events, one document a line.

    `kgload schema` prints their JSON Schema. `kgload convert` takes such records too, from any extractor.
    """
    from kgload import library
    from kgload.cli.converting import engine, failing
    from kgload.cli.inputs import Tally, columns_of, finish
    from kgload.cli.running import Watch
    from kgload.conversion import converting
    from kgload.conversion.batches import Plan
    from kgload.conversion.recording import Records
    from kgload.conversion.report import RunReport
    from kgload.conversion.shard import Settings

    where = lookups(gazetteer, online, quiet=quiet)
    settings = Settings(
        extractor=extractor, exhaustive=exhaustive, link=not no_links, min_confidence=min_confidence, **where
    )
    plan, tally, took = Plan(settings, Records()), Tally("extracting", quiet=quiet), RunReport()
    items = library.read_all(
        inputs,
        date=date,
        id=id_,
        input_format=input_format,
        columns=columns_of(columns),
        on_other=tally.pass_over,
        amount=took.amount,
    )
    found = took.converting(converting.results(took.reading(items), plan, engine(workers, time_limit)))
    with (
        failing(tally, skip_bad=skip_bad, failures=failures, most=max_failures) as on_failure,
        Watch(took, quiet=quiet) as watch,
    ):
        converting.write(tally.converted(converting.pieces(watch.over(found), on_failure)), output, plan.form)
    finish(tally, output)
