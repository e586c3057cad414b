"""Listening: until Ctrl-C or SIGTERM, and then until what was asked is answered."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Callable, Iterable

from kgload.errors import CannotListen
from kgload.serving.app import make
from kgload.serving.security import is_loopback
from kgload.serving.site import Site

# Seconds that a request may still take when the server is to stop.
GRACE = 5
# Connections beyond which new ones are told to come again.
MOST_CONNECTIONS = 512
BACKLOG = 256


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 takes a free one.

    Raises:
        CannotListen: the address cannot be had.
    """
    shown = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError, OverflowError) as error:
        raise CannotListen(f"{shown} is no address of this machine: {error}") from None
    bound = socket.socket(family, kind, protocol)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind(address)
        bound.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        bound.close()
        reason = "another program listens there" if getattr(error, "errno", 0) == errno.EADDRINUSE else str(error)
        raise CannotListen(f"cannot listen at {shown}: {reason}; --port names another") from None
    return bound


def address(bound: socket.socket, host: str) -> str:
    """The address of the pages."""
    port = bound.getsockname()[1]
    if host in ("0.0.0.0", "::"):  # noqa: S104 - it is compared, not listened at
        host = "127.0.0.1"
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def serve(
    site: Site,
    bound: socket.socket,
    *,
    host: str,
    names: Iterable[str] = (),
    origins: Iterable[str] = (),
    on_ready: Callable[[], None] = lambda: None,
) -> None:
    """Answer requests until a signal says to stop.

    Raises:
        StoreError: the store cannot be read.
    """
    import uvicorn

    own = () if is_loopback(host) else (host,)
    app = make(site, names=(*names, *own), origins=origins)
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=True,
        lifespan="off",
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE,
        timeout_keep_alive=15,
        limit_concurrency=MOST_CONNECTIONS,
        h11_max_incomplete_event_size=1 << 17,
    )

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                on_ready()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            # Questions that are still being answered then are given up, so that whoever asked is told.
            asyncio.get_running_loop().call_later(GRACE - 2, site.pool.close)
            await super().shutdown(sockets)

    server = Server(config)

    async def run() -> None:
        try:
            await site.start()
            await server.serve(sockets=[bound])
        finally:
            await site.close()

    asyncio.run(run())
