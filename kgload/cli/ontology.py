"""`kgload ontology`: the terms of the graph, the shapes that it keeps to, the context for JSON-LD."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from kgload.cli.app import app


class Part(StrEnum):
    """What can be printed."""

    ONTOLOGY = "ontology"
    SHAPES = "shapes"
    CONTEXT = "context"


FILES = {Part.ONTOLOGY: "kgload.ttl", Part.SHAPES: "shapes.ttl", Part.CONTEXT: "context.jsonld"}


@app.command(epilog="Example: `kgload ontology shapes > shapes.ttl`")
def ontology(
    part: Annotated[Part, typer.Argument(help="What to print.")] = Part.ONTOLOGY,
) -> None:
    """Print the ontology (OWL in Turtle), the SHACL shapes (Turtle), or the JSON-LD context."""
    from kgload import data
    from kgload.errors import DataError

    path = data.ontology(FILES[part])
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise DataError(f"{path.name} of the ontology cannot be read: {error.strerror}") from error
    typer.echo(text, nl=False)
