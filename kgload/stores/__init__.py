"""Where graphs are kept: the embedded store and SPARQL servers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from kgload.errors import StoreError

if TYPE_CHECKING:
    from kgload.stores.base import Store

DEFAULT_PATH = Path("kgload.db")


def shown(url: str) -> str:
    """A server's address as it may be shown: without user, password and query.

    Nothing that stands before an ``@`` is shown, wherever that is: a password that is not escaped may hold what ends
    the host, or there may be no scheme before it.
    """
    if "@" in url:
        before, _, after = url.rpartition("@")
        scheme = before.partition("://")[0].casefold()
        url = f"{scheme}://{after}" if scheme in ("http", "https") else after
    try:
        return urlunsplit(urlsplit(url)._replace(query="", fragment=""))
    except ValueError:
        return "the address given"


@dataclass(frozen=True, slots=True)
class Server:
    """A SPARQL server as the user names it.

    Attributes:
        url: its address, without user and password: these come from where :mod:`kgload.stores.credentials` says.
        profile: the name of what kind it is; found out where it is None.
        ca_file: certificates (PEM) that the server's is checked against, in place of the public authorities'.
    """

    url: str
    profile: str | None = None
    ca_file: Path | None = None


def open_store(
    path: Path | None = None, endpoint: str | Server | None = None, *, create: bool = False, read_only: bool = False
) -> Store:
    """The server at ``endpoint`` where that is given, else the embedded store in the folder ``path``.

    Raises:
        StoreError: it is not there, or cannot be opened.
    """
    if endpoint is not None:
        from kgload.stores.sparql import SparqlStore

        server = Server(endpoint) if isinstance(endpoint, str) else endpoint
        return SparqlStore(server.url, profile=server.profile, ca_file=server.ca_file)
    from kgload.stores.embedded import EmbeddedStore

    if path is not None and path == Path():
        raise StoreError("the store's folder has no name; leave --store and KGLOAD_STORE out for ./kgload.db")

    return EmbeddedStore(path or DEFAULT_PATH, create=create, read_only=read_only)
