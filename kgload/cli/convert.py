"""`kgload convert`: articles in, a graph out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from kgload.cli.app import DEFAULT_BASE, Base, Json, Quiet, app
from kgload.cli.inputs import (
    ArticleDate,
    ArticleId,
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


@app.command(epilog="Example: `kgload convert articles/ -o news.trig`")
def convert(
    inputs: Inputs,
    output: Annotated[
        Optional[Path],  # noqa: UP045 - typer reads it at run time
        typer.Option("-o", "--output", help="File to write; its suffix names the format.  [default: stdout]"),
    ] = None,
    format_: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            "--format",
            help="turtle, trig, nquads, ntriples, jsonld, or nif: names and links alone.  "
            "[default: by suffix, trig on stdout]",
            metavar="NAME",
        ),
    ] = None,
    date: ArticleDate = None,
    id_: ArticleId = None,
    input_format: InputFormatOption = None,
    base: Base = DEFAULT_BASE,
    extractor: ExtractorName = "encoder",
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
    as_json: Json = False,
) -> None:
    """Turn articles into a graph: entities, events, evidence and links, one named graph a document.

    Reads plain text, web pages, JSON Lines of articles (`id, title, date, url, text`) and of records (`kgload schema`),
    folders of these, and standard input. Writes Turtle, TriG, N-Quads, N-Triples or JSON-LD, packed where the suffix is
    `.gz`. Documents stream, in every format. The output is complete or not there.
    """
    from kgload.cli.inputs import Tally, finish, read_inputs
    from kgload.conversion import converting
    from kgload.conversion.batches import Plan
    from kgload.conversion.failures import recorded
    from kgload.conversion.shard import Settings

    where = lookups(gazetteer, online, quiet=quiet)
    settings = Settings(extractor=extractor, link=not no_links, min_confidence=min_confidence, **where)
    form = converting.form(output, format_, base)
    tally = Tally("converting", quiet=quiet)
    items = read_inputs(inputs, date, id_, input_format, tally)
    results = converting.results(items, Plan(settings, form), workers, time_limit)
    tell = tally.missed if failures and not skip_bad else lambda failure: tally.bad(failure.error)
    going_on = skip_bad or failures is not None or max_failures is not None
    with recorded(failures, max_failures, tell) as record:
        converted = converting.pieces(results, record if going_on else None)
        converting.write(tally.converted(converted), output, form)
    finish(tally, output, as_json=as_json and output is not None)
