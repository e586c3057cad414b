"""What guards the server from pages of others, and its own pages from what they show."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Nothing from elsewhere, no script or style that stands in a page. Pictures may be in the page's own data.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def is_loopback(host: str) -> bool:
    """Whether an address to listen at is reached from this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


class Guard:
    """ASGI middleware: refuses requests by another name, or from another site's page, and adds the headers of safety.

    A page of elsewhere can have its own name lead to this machine, and a browser would then send what it is told; such
    a request bears that name. An address in numbers cannot be led anywhere.

    Args:
        names: further names that the server goes by.
        origins: origins whose pages may ask; ``*`` is any.
    """

    def __init__(self, app: ASGIApp, names: Iterable[str] = (), origins: Iterable[str] = ()) -> None:
        self._app = app
        self._names = frozenset(name.casefold().rstrip(".") for name in ("localhost", *names))
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        headers = Headers(scope=scope)
        if not self._is_ours(headers.getlist("host")):
            refusal = PlainTextResponse("this server does not go by that name; --allow-host adds one\n", 421)
        elif not self._may_ask(headers):
            refusal = PlainTextResponse("pages of other sites may not ask here; --cors lets one\n", 403)
        else:
            await self._app(scope, receive, send_with_headers)
            return
        await refusal(scope, receive, send_with_headers)

    def _is_ours(self, hosts: list[str]) -> bool:
        if len(hosts) != 1:
            return False
        try:
            parts = urlsplit(f"//{hosts[0]}")
            name = (parts.hostname or "").rstrip(".")
            _ = parts.port
        except ValueError:
            return False
        if not name or "@" in hosts[0] or parts.path:
            return False
        if name in self._names:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True

    def _may_ask(self, headers: Headers) -> bool:
        """Whether it is no request that a page of another site makes behind its reader's back."""
        if headers.get("sec-fetch-site") not in ("cross-site", "same-site"):
            return True
        if headers.get("sec-fetch-mode") == "navigate":
            return True
        return "*" in self._origins or headers.get("origin", "") in self._origins
