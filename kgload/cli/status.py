"""`kgload status`: what a store is and holds."""

from __future__ import annotations

import typer

from kgload.cli.app import CaFile, Endpoint, Json, ProfileName, StorePath, app, server


@app.command(epilog="Example: `kgload status --json`")
def status(
    store: StorePath = None,
    endpoint: Endpoint = None,
    profile: ProfileName = None,
    ca_file: CaFile = None,
    as_json: Json = False,
) -> None:
    """Tell what a store is and what it holds: documents, events and entities by type, and the last load.

    The last load is that which last changed something.
    """
    import dataclasses
    import json

    from kgload.loading.status import status as status_of
    from kgload.stores import open_store

    with open_store(store, server(endpoint, profile, ca_file), read_only=True) as opened:
        found = status_of(opened)
    if as_json:
        typer.echo(json.dumps(dataclasses.asdict(found), indent=1))
        return
    rows = [
        ("store", f"{found.store} ({found.version})"),
        ("last load", found.last_load or "none on record"),
        ("documents", f"{found.documents:,}"),
        ("graphs", f"{found.graphs:,}"),
        ("triples", f"{found.triples:,}"),
        *((name, f"{count:,}{_with(name)}") for name, count in [*found.events.items(), *found.entities.items()]),
    ]
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        typer.echo(f"{name:{width}}  {value}")


def _with(name: str) -> str:
    """The classes that are counted under this one, too."""
    from kgload.ontology import vocabulary

    terms = vocabulary()
    below = [kind for kind, above in (terms.classes | terms.event_types).items() if name in above and kind != name]
    return f"  with {', '.join(sorted(below))}" if below else ""
