"""`kgload compact`: a store without the room of what is gone."""

from __future__ import annotations

from kgload.cli.app import CaFile, Endpoint, ProfileName, Quiet, StorePath, app, server


@app.command(epilog="Example: `kgload compact --endpoint http://127.0.0.1:3030/news`")
def compact(
    store: StorePath = None,
    endpoint: Endpoint = None,
    profile: ProfileName = None,
    ca_file: CaFile = None,
    quiet: Quiet = False,
) -> None:
    """Give back the room that replaced and forgotten documents took, where the store can be told to.

    The embedded store merges its files; Fuseki compacts its dataset, which needs its administration (`/$/compact`).
    """
    from kgload.cli.console import say
    from kgload.stores import open_store

    with open_store(store, server(endpoint, profile, ca_file)) as opened:
        opened.compact()
        where = opened.name
    say(f"{where} is compacted", quiet=quiet)
