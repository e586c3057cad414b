"""`kgload validate`: a graph against the shapes of the ontology."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kgload.cli.app import Json, Quiet, app
from kgload.cli.console import counting, say

NOT_CONFORMING = 1


@app.command(epilog="Example: `kgload validate news.nq.gz`")
def validate(
    graph: Annotated[Path, typer.Argument(help="Graph file; its suffix names the format.", metavar="FILE")],
    limit: Annotated[int, typer.Option("--limit", help="Stop after this many violations.", metavar="N", min=1)] = 1000,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Check a graph against the SHACL shapes (`kgload ontology shapes`), over the union of its named graphs.

    Prints a line for each violation: node, property, reason. Exits with 0 where the graph conforms, 1 where it does
    not, 2 where it could not be checked. Memory does not grow with the file's literals, only with the number of nodes.
    """
    from kgload.mapping.validation import validate as check

    with counting("validating", "triples", quiet=quiet) as count:
        report = check(graph, limit=limit, on_part=count)
    if as_json:
        import dataclasses
        import json

        typer.echo(
            json.dumps({"conforms": report.conforms, **dataclasses.asdict(report)}, ensure_ascii=False, indent=1)
        )
    else:
        for violation in report.violations:
            value = "" if violation.value is None else f" (found {' '.join(violation.value.split())[:120]})"
            typer.echo(f"{violation.focus}\t{violation.path}\t{violation.message}{value}")
    if report.stopped:
        say(f"stopped after {len(report.violations):,} violations; --limit asks for more")
    if not report.documents and report.conforms:
        say(f"{graph} holds no document: there was nothing to check")
    outcome = "conforms" if report.conforms else f"does not conform: {len(report.violations):,} violations"
    say(f"{graph} {outcome} ({report.documents:,} documents, {report.triples:,} triples checked)", quiet=quiet)
    if not report.conforms:
        raise typer.Exit(NOT_CONFORMING)
