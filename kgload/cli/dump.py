"""`kgload dump`: what a store holds, as N-Quads."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from kgload.cli.app import CaFile, Endpoint, ProfileName, Quiet, StorePath, app, server


@app.command(epilog="Example: `kgload dump -o news.nq.gz`")
def dump(
    output: Annotated[
        Optional[Path],  # noqa: UP045 - typer reads it at run time
        typer.Option("-o", "--output", help="File to write, packed where it ends in .gz.  [default: stdout]"),
    ] = None,
    store: StorePath = None,
    endpoint: Endpoint = None,
    profile: ProfileName = None,
    ca_file: CaFile = None,
    with_ontology: Annotated[bool, typer.Option("--with-ontology", help="The ontology's graph, too.")] = False,
    quiet: Quiet = False,
) -> None:
    """Write all that was loaded into a store as sorted N-Quads: the same statements, the same bytes.

    What a store does to a literal as it keeps it (`007` becomes `7`) stays done. The output is complete or not there.
    """
    from kgload.cli.console import counting, say
    from kgload.files import replacing_or_stdout
    from kgload.loading.dumping import dump as lines_of
    from kgload.stores import open_store

    count = 0
    with (
        open_store(store, server(endpoint, profile, ca_file), read_only=True) as opened,
        replacing_or_stdout(output) as stream,
        counting("writing", "statements", quiet=quiet) as tell,
    ):
        for line in lines_of(opened, with_ontology=with_ontology):
            stream.write(line)
            count += 1
            if not count % 10_000:
                tell(count)
    say(f"{count:,} statements → {output or 'stdout'}", quiet=quiet)
