"""`kgload forget`: documents out of a store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from kgload.cli.app import CaFile, Endpoint, Json, ProfileName, Quiet, StorePath, app, server


@app.command(epilog="Example: `kgload forget wire-17`")
def forget(
    documents: Annotated[
        Optional[list[str]],  # noqa: UP045 - typer reads it at run time
        typer.Argument(help="Documents' identifiers, or their IRIs.", metavar="DOC…", show_default=False),
    ] = None,
    listed: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(
            "--listed",
            help='File of JSON Lines that lists more, each as {"id": …}; as `convert --incremental` writes.',
            metavar="FILE",
        ),
    ] = None,
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
    from kgload.errors import InputError
    from kgload.loading.forgetting import forget as forget_documents
    from kgload.stores import open_store

    if not documents and listed is None:
        raise InputError("name documents, or a file that lists some with --listed")
    wanted = [*(documents or ()), *(_listed(listed) if listed else ())]
    with open_store(store, server(endpoint, profile, ca_file), read_only=dry_run) as opened:
        names = forget_documents(opened, wanted, dry_run=dry_run)
        where = opened.name
    if as_json:
        typer.echo(json.dumps({"forgotten": names, "dry_run": dry_run, "store": where}))
        return
    count = f"{len(names):,} document" + ("" if len(names) == 1 else "s")
    say(f"{count} {'would be ' if dry_run else ''}taken out of {where}", quiet=quiet)


def _listed(path: Path) -> list[str]:
    """The identifiers that a file lists.

    Raises:
        InputNotFound: it cannot be read.
        BadLine: a line is not an object with an ``id``.
    """
    import json

    from kgload.errors import BadLine
    from kgload.files import reading

    ids = []
    with reading(path) as stream:
        for number, line in enumerate(stream, start=1):
            try:
                ids.append(json.loads(line)["id"])
                ids[-1].encode()
            except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
                raise BadLine(f'{path}:{number}: a line as {{"id": "wire-17"}} was expected') from None
    return ids
