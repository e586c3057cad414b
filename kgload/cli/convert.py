"""`kgload convert`: articles in, a graph out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

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

if TYPE_CHECKING:
    from kgload.conversion.batches import Item
    from kgload.conversion.outcomes import BatchResult


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
    shards: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(
            "--shards", help="Folder to write files of --shard-size documents each to, with a manifest.", metavar="DIR"
        ),
    ] = None,
    shard_size: Annotated[int, typer.Option("--shard-size", help="Documents a shard.", metavar="N", min=1)] = 1000,
    resume: Annotated[
        bool, typer.Option("--resume", help="With --shards: take up a run that ended, or was killed, before its end.")
    ] = False,
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
    report: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--report", help="Write speed, times of the stages, memory and failures there.", metavar="FILE"),
    ] = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Turn articles into a graph: entities, events, evidence and links, one named graph a document.

    Reads plain text, web pages, JSON Lines of articles (`id, title, date, url, text`) and of records (`kgload schema`),
    folders of these, and standard input. Writes Turtle, TriG, N-Quads, N-Triples or JSON-LD, packed where the suffix is
    `.gz`. Documents stream, in every format. The output is complete or not there; of `--shards` each file is (N-Quads,
    packed, where no `--format` is named).
    """
    from kgload.cli.inputs import Tally, finish, read_inputs
    from kgload.conversion import converting
    from kgload.conversion.batches import Plan, batches
    from kgload.conversion.failures import recorded
    from kgload.conversion.report import RunReport
    from kgload.conversion.shard import Settings
    from kgload.conversion.shards import DEFAULT_SHARD, Folder
    from kgload.conversion.shards import convert as convert_into
    from kgload.errors import InputError

    where = lookups(gazetteer, online, quiet=quiet)
    settings = Settings(extractor=extractor, link=not no_links, min_confidence=min_confidence, **where)
    if shards is not None and output is not None:
        raise InputError("-o names one file, --shards a folder of several: give one of them")
    if resume and shards is None:
        raise InputError("--resume goes with --shards, which is not given")
    form = converting.form(Path(DEFAULT_SHARD) if shards and format_ is None else output, format_, base)
    tally = Tally("converting", quiet=quiet)
    items = read_inputs(inputs, date, id_, input_format, tally)
    plan = Plan(settings, form)
    tell = tally.missed if failures and not skip_bad else lambda failure: tally.bad(failure.error)
    going_on = skip_bad or failures is not None or max_failures is not None
    took = RunReport()
    items = took.reading(items)

    def run(cut: Iterable[list[Item]]) -> Iterator[BatchResult]:
        return took.converting(converting.run(cut, plan, workers, time_limit))

    with recorded(failures, max_failures, tell) as record:
        on_failure = record if going_on else None
        if shards is None:
            converting.write(tally.converted(converting.pieces(run(batches(items)), on_failure)), output, form)
        else:
            folder = Folder(shards, plan, shard_size)
            tally.shards(convert_into(items, folder, run, resume=resume, on_failure=on_failure))
    if report:
        took.write(report)
    finish(tally, shards or output, as_json=as_json and (shards or output) is not None)
