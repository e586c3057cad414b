"""`kgload load`: graphs, or articles, into a store."""

from __future__ import annotations

from typing import Annotated

import typer

from kgload.cli.app import DEFAULT_BASE, Base, CaFile, Endpoint, Json, ProfileName, Quiet, StorePath, app, server
from kgload.cli.inputs import (
    SOME_FAILED,
    ArticleDate,
    ArticleId,
    Columns,
    Exhaustive,
    ExtractorName,
    FailuresFile,
    Gazetteers,
    InputFormatOption,
    MaxFailures,
    MinConfidence,
    NoLinks,
    OnlineService,
    SkipBad,
    TimeLimit,
    Workers,
)


@app.command(epilog="Example: `kgload load news.trig`, or `kgload load articles/ --endpoint http://127.0.0.1:7878`")
def load(
    inputs: Annotated[
        list[str],
        typer.Argument(help="Graph files (.trig, .nq, .ttl, .nt, .jsonld, each also .gz), or articles as for convert."),
    ],
    store: StorePath = None,
    endpoint: Endpoint = None,
    profile: ProfileName = None,
    ca_file: CaFile = None,
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
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and write nothing.")] = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Load graphs into the embedded store, or into a SPARQL server.

    A document that is loaded again replaces what it said before; an unchanged one is left alone, and not even sent.
    Articles are converted and loaded in one step. Each document is loaded wholly or not at all, whatever happens.
    """
    from kgload import library
    from kgload.cli.console import progress, say
    from kgload.cli.converting import engine, failing
    from kgload.cli.inputs import Tally, columns_of, lookups
    from kgload.conversion.shard import Settings
    from kgload.loading.graphs import is_graph
    from kgload.loading.loader import Report
    from kgload.stores import DEFAULT_PATH, shown

    tally, report = Tally("loading", quiet=quiet), Report()
    only_graphs = all(is_graph(name) for name in inputs) and input_format is None
    share = (lambda: report.share) if only_graphs else None
    where_names = lookups(gazetteer, online, quiet=quiet)
    settings = Settings(
        extractor=extractor, exhaustive=exhaustive, link=not no_links, min_confidence=min_confidence, **where_names
    )
    with failing(tally, skip_bad=skip_bad, failures=failures, most=max_failures) as on_failure:
        names = library.load_all(
            inputs,
            store=store,
            endpoint=server(endpoint, profile, ca_file),
            base=base,
            date=date,
            id=id_,
            input_format=input_format,
            columns=columns_of(columns),
            settings=settings,
            engine=engine(workers, time_limit),
            on_failure=on_failure,
            on_other=tally.pass_over,
            report=report,
            dry_run=dry_run,
        )
        for _ in progress(names, label="loading", share=share, quiet=quiet):
            pass
    tally.tell_passed_over()
    where = shown(endpoint) if endpoint else store or DEFAULT_PATH
    if as_json:
        import json

        counts: dict[str, object] = {"added": report.added, "replaced": report.replaced, "unchanged": report.unchanged}
        if dry_run:
            counts["dry_run"] = True
        typer.echo(json.dumps({**counts, "triples": report.triples, "skipped": tally.failed, "store": str(where)}))
    else:
        said = f"{report.added} new, {report.replaced} replaced, {report.unchanged} unchanged"
        documents = f"{report.graphs:,} document" + ("" if report.graphs == 1 else "s")
        would = "nothing written; would be " if dry_run else ""
        say(f"{documents} ({would}{said}), {report.triples:,} triples → {where}", quiet=quiet)
    if tally.failed:
        raise typer.Exit(SOME_FAILED)
