"""`kgload forget`: documents out of a store."""

from __future__ import annotations

from typing import Annotated

import typer

from kgload.cli.app import CaFile, Endpoint, Json, ProfileName, Quiet, StorePath, app, server


@app.command(epilog="Example: `kgload forget wire-17`")
def forget(
    documents: Annotated[list[str], typer.Argument(help="Documents' identifiers, or their IRIs.", metavar="DOC…")],
    store: StorePath = None,
    endpoint: Endpoint = None,
    profile: ProfileName = None,
    ca_file: CaFile = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and take nothing out.")] = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Take documents out of a store, with all that only they say: their events, mentions and entities.

    What other documents say stays as it is. If one of the documents is not there, none is taken out.
    """
    import json

    from kgload.cli.console import say
    from kgload.loading.forgetting import forget as forget_documents
    from kgload.stores import open_store

    with open_store(store, server(endpoint, profile, ca_file), read_only=dry_run) as opened:
        names = forget_documents(opened, documents, dry_run=dry_run)
        where = opened.name
    if as_json:
        typer.echo(json.dumps({"forgotten": names, "dry_run": dry_run, "store": where}))
        return
    count = f"{len(names):,} document" + ("" if len(names) == 1 else "s")
    say(f"{count} {'would be ' if dry_run else ''}taken out of {where}", quiet=quiet)
