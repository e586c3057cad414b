"""`kgload serve`: the graph as a web application, and as a SPARQL endpoint."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

from kgload.cli.app import CaFile, Endpoint, ProfileName, Quiet, StorePath, app, server


@app.command(epilog="Example: `kgload serve --store news.db --port 8000`")
def serve(
    store: StorePath = None,
    endpoint: Endpoint = None,
    profile: ProfileName = None,
    ca_file: CaFile = None,
    host: Annotated[str, typer.Option("--host", help="Address to listen at.", metavar="ADDRESS")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", help="Port to listen at; 0 takes a free one.", metavar="N", min=0, max=65535)
    ] = 8000,
    allow_host: Annotated[
        Optional[list[str]],  # noqa: UP045 - typer reads it at run time
        typer.Option(
            "--allow-host", help="Name by which the server may be asked, besides localhost. May be repeated.",
            metavar="NAME",
        ),
    ] = None,
    cors: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            "--cors", help="Origin whose pages may ask, as https://news.example; * is any. May be repeated.",
            metavar="ORIGIN",
        ),
    ] = None,
    time_limit: Annotated[
        float, typer.Option("--time-limit", help="Seconds that a query may take.", metavar="SECONDS", min=0.1)
    ] = 30.0,
    max_rows: Annotated[
        int, typer.Option("--max-rows", help="Rows or triples that an answer may have.", metavar="N", min=1)
    ] = 100_000,
    workers: Annotated[
        int, typer.Option("--workers", help="Processes that answer queries.", metavar="N", min=1, max=64)
    ] = 3,
    quiet: Quiet = False,
) -> None:  # fmt: skip
    """Show a store in the browser, and answer SPARQL over it, read-only.

    Pages, linked data and `/sparql` show the store as it is; `kgload load` may write to it meanwhile. Ctrl-C stops it.
    """
    import logging

    from kgload.cli.console import printable, say
    from kgload.serving.limits import Limits
    from kgload.serving.running import address, listening
    from kgload.serving.running import serve as run
    from kgload.serving.security import is_loopback
    from kgload.serving.site import Site

    logging.basicConfig(level=logging.WARNING, format="kgload: %(message)s")
    limits = Limits(seconds=time_limit, rows=max_rows, workers=workers)
    bound = listening(host, port)
    try:
        site = Site(store, server(endpoint, profile, ca_file), limits)
        if not is_loopback(host):
            say(
                f"kgload: warning: {printable(host)} can be reached from other machines; there is no password, and who "
                "reaches it reads all that the store holds"
            )
        run(
            site, bound, host=host, names=allow_host or (), origins=cors or (),
            on_ready=lambda: say(f"{site.name} at {address(bound, host)} (Ctrl-C stops)", quiet=quiet),
        )  # fmt: skip
    finally:
        bound.close()
