"""`kgload convert`: articles in, a graph out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from kgload.cli.app import DEFAULT_BASE, Base, Json, Quiet, app
from kgload.cli.converting import EngineName, Scheduler
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
    incremental: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(
            "--incremental",
            help="With --shards: convert only what is new or changed since the run that wrote this folder; list what "
            "vanished in vanished.jsonl, for `kgload forget --listed`.",
            metavar="EARLIER",
        ),
    ] = None,
    date: ArticleDate = None,
    id_: ArticleId = None,
    input_format: InputFormatOption = None,
    columns: Columns = None,
    base: Base = DEFAULT_BASE,
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
    engine: EngineName = "local",
    scheduler: Scheduler = None,
    report: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--report", help="Write speed, times of the stages, memory and failures there.", metavar="FILE"),
    ] = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Turn articles into a graph: entities, events, evidence and links, one named graph a document.

    Reads plain text, web pages, JSON Lines of articles (`id, title, date, url, text`) and of records (`kgload schema`),
    Parquet, WARC, folders of these, and standard input. Writes Turtle, TriG, N-Quads, N-Triples or JSON-LD, packed
    where the suffix is `.gz`. Documents stream, in every format. The output is complete or not there; of `--shards`
    each file is (N-Quads, packed, where no `--format` is named).
    """
    import functools

    from kgload import library
    from kgload.cli.converting import engine as engine_of
    from kgload.cli.converting import failing
    from kgload.cli.inputs import Tally, columns_of, finish
    from kgload.cli.running import Watch
    from kgload.conversion import converting, copies
    from kgload.conversion.batches import Plan, batches
    from kgload.conversion.folder import DEFAULT_SHARD, Folder
    from kgload.conversion.incremental import Changes
    from kgload.conversion.report import RunReport
    from kgload.conversion.shard import Settings
    from kgload.conversion.shards import convert as convert_into
    from kgload.errors import InputError

    where = lookups(gazetteer, online, quiet=quiet)
    settings = Settings(
        extractor=extractor, exhaustive=exhaustive, link=not no_links, min_confidence=min_confidence, **where
    )
    if shards is not None and output is not None:
        raise InputError("-o names one file, --shards a folder of several: give one of them")
    for name, given in (("--resume", resume), ("--incremental", incremental is not None)):
        if given and shards is None:
            raise InputError(f"{name} goes with --shards, which is not given")
    if incremental is not None and "-" in inputs:
        raise InputError("--incremental reads its input twice, which standard input cannot be")
    converts = engine_of(workers, time_limit, engine, scheduler)
    form = converting.form(Path(DEFAULT_SHARD) if shards and format_ is None else output, format_, base)
    plan = Plan(settings, form)
    tally, took = Tally("converting", quiet=quiet), RunReport()
    read = functools.partial(
        library.read_all, inputs, date=date, id=id_, input_format=input_format, columns=columns_of(columns)
    )
    items = took.reading(read(on_other=tally.pass_over, amount=took.amount))

    def run(cut: Iterable[list[Item]]) -> Iterator[BatchResult]:
        return took.converting(converts.run(cut, plan))

    with (
        failing(tally, skip_bad=skip_bad, failures=failures, most=max_failures) as on_failure,
        Watch(took, quiet=quiet) as watch,
    ):
        if shards is None:
            pieces = converting.pieces(watch.over(run(batches(items))), on_failure)
            converting.write(tally.converted(copies.marked(pieces, form)), output, form)
        else:
            folder = Folder(shards, plan, shard_size)
            changes = Changes(incremental, folder.hash, read()) if incremental else None
            made = convert_into(
                items, folder, lambda cut: watch.over(run(cut)), resume=resume, changes=changes, on_failure=on_failure
            )
            for shard in tally.shards(made):
                watch.at(shard)
    took.copies = tally.copies
    if report:
        took.write(report)
    finish(tally, shards or output, as_json=as_json and (shards or output) is not None)
