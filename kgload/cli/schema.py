"""`kgload schema`: what a record of `kgload extract` looks like, as JSON Schema."""

from __future__ import annotations

import typer

from kgload.cli.app import app


@app.command(epilog="Example: `kgload schema > record.schema.json`")
def schema() -> None:
    """Print the JSON Schema (draft 2020-12) of the records that `kgload extract` writes and `kgload convert` takes.

    Beyond what a schema can say, a record is refused where a mention is not the text at its offsets, an id leads
    nowhere, or a role does not fit the event's type.
    """
    import json

    from kgload import records_json

    typer.echo(json.dumps(records_json.schema(), ensure_ascii=False, indent=2))
