"""`kgload diff`: what differs between a graph file and a store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kgload.cli.app import CaFile, Endpoint, Json, ProfileName, Quiet, StorePath, app, server

DIFFERENT = 1


@app.command(epilog="Example: `kgload diff news.trig --statements`")
def diff(
    file: Annotated[Path, typer.Argument(help="Graph file (.trig, .nq, .ttl, .nt, .jsonld, each also .gz).")],
    store: StorePath = None,
    endpoint: Endpoint = None,
    profile: ProfileName = None,
    ca_file: CaFile = None,
    statements: Annotated[bool, typer.Option("--statements", help="Print the statements that differ, too.")] = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Show what differs between a graph file and a store, document by document.

    `+` stands before what only the file has, `-` before what only the store has, `~` before a document that both have
    and that differs. How a store writes a number is no difference. Exits with 1 where something differs.
    """
    import json

    from kgload.cli.console import say
    from kgload.loading.differences import differences
    from kgload.loading.graphs import read_graphs
    from kgload.stores import open_store

    count = 0
    with open_store(store, server(endpoint, profile, ca_file), read_only=True) as opened:
        for found in differences(opened, read_graphs(file)):
            count += 1
            added, removed = len(found.in_file), len(found.in_store)
            if as_json:
                sides = {"in_file": found.in_file if statements else added}
                sides["in_store"] = found.in_store if statements else removed
                typer.echo(json.dumps({"document": found.name, **sides}))
                continue
            sign = "+" if found.is_new else "-" if found.is_gone else "~"
            typer.echo(f"{sign} {found.name}  {_counted(added, '+')}{_counted(removed, '-')}".rstrip())
            if statements:
                lines = [f"    + {line}" for line in found.in_file] + [f"    - {line}" for line in found.in_store]
                typer.echo("\n".join(lines))
        where = opened.name
    said = "1 document differs" if count == 1 else f"{count:,} documents differ"
    say(f"{said} between {file} and {where}", quiet=quiet)
    if count:
        raise typer.Exit(DIFFERENT)


def _counted(count: int, sign: str) -> str:
    return f"{sign}{count:,} " if count else ""
