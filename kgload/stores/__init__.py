"""Where graphs are kept: the embedded store and SPARQL servers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from kgload.errors import StoreError

if TYPE_CHECKING:
    from kgload.stores.base import Store

DEFAULT_PATH = Path("kgload.db")


def shown(url: str) -> str:
    """A server's address as it may be shown: without user, password and query."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "the address given"
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment=""))


def open_store(
    path: Path | None = None, endpoint: str | None = None, *, create: bool = False, read_only: bool = False
) -> Store:
    """The server at ``endpoint`` where that is given, else the embedded store in the folder ``path``.

    Raises:
        StoreError: it is not there, or cannot be opened.
    """
    if endpoint is not None:
        from kgload.stores.sparql import SparqlStore

        return SparqlStore(endpoint)
    from kgload.stores.embedded import EmbeddedStore

    if path is not None and path == Path():
        raise StoreError("the store's folder has no name; leave --store and KGLOAD_STORE out for ./kgload.db")

    return EmbeddedStore(path or DEFAULT_PATH, create=create, read_only=read_only)
