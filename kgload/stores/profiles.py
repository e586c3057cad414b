"""What tells SPARQL servers apart: their addresses and their quirks. Nothing else in kgload knows a server by name."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Profile:
    """Where a server answers, as paths added to the address that the user gives.

    ``query`` and ``graphs`` are the SPARQL 1.1 Protocol's query operation and the Graph Store Protocol's indirect
    identification (``?graph=``); ``update`` the protocol's update operation. ``dataset`` gives and takes N-Quads of
    many graphs, a request a transaction; None where there is no such thing, and graphs are then written one by one.
    ``compact`` (before a dataset's name) and ``server`` are the administration's, at the root that datasets stand
    under.
    """

    name: str
    query: str
    graphs: str
    update: str = "/update"
    dataset: str | None = None
    compact: str | None = None
    server: str | None = None


PROFILES = (
    Profile("oxigraph", "/query", "/store", dataset="/store"),
    Profile("fuseki", "/query", "/data", dataset="/data", compact="/$/compact/", server="/$/server"),
    Profile("fuseki", "/sparql", "/data", dataset="/data", compact="/$/compact/", server="/$/server"),
)
# An address that is a query endpoint already: the store's own is beside it.
QUERY_ENDINGS = ("/query", "/sparql")


def address(url: str) -> str:
    """The address that profiles add to: without a trailing slash or a query endpoint's ending."""
    trimmed = url.rstrip("/")
    for ending in QUERY_ENDINGS:
        if trimmed.endswith(ending) and urlsplit(trimmed).path != "":
            return trimmed.removesuffix(ending)
    return trimmed
