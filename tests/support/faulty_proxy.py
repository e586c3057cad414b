"""An HTTP proxy before a real server that goes wrong as it is told to, and keeps what it has seen."""

from __future__ import annotations

import http.client
import http.server
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


class Fault(Enum):
    """What can happen to a request."""

    NONE = auto()
    DROPPED = auto()  # the connection ends before the request is passed on
    STORED_AND_DROPPED = auto()  # … after the server has done what it was asked
    STORED_AND_FAILED = auto()  # the server has done it, and the answer says 500
    HALF = auto()  # half of the answer's body, and no more
    STALLED = auto()  # no answer, and no end of the connection
    BUSY = auto()  # 503


@dataclass
class Seen:
    """A request as it came in."""

    method: str
    path: str
    headers: dict[str, str]


@dataclass
class Proxy:
    """The proxy: ``faults`` happen to the next writes (or reads), one each, then nothing does."""

    url: str
    writes: list[Fault] = field(default_factory=list)
    reads: list[Fault] = field(default_factory=list)
    retry_after: str | None = None
    redirect: str | None = None
    authorization: str | None = None
    challenge: str = 'Basic realm="kgload"'
    echo: bool = False
    seen: list[Seen] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def next(self, method: str, path: str) -> Fault:
        is_write = method in ("PUT", "DELETE") or (method == "POST" and not path.startswith("/query"))
        faults = self.writes if is_write else self.reads
        if method == "HEAD" or "query=ASK" in path:
            return Fault.NONE
        return faults.pop(0) if faults else Fault.NONE

    def said(self, method: str) -> list[Seen]:
        return [one for one in self.seen if one.method == method]


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    proxy: Proxy
    upstream: str

    def _handle(self) -> None:
        proxy, sent = self.proxy, {name.casefold(): value for name, value in self.headers.items()}
        assert "transfer-encoding" not in sent, "bodies are sent with their length"
        body = self.rfile.read(int(sent.get("content-length", 0)))
        proxy.seen.append(Seen(self.command, self.path, sent))
        if proxy.redirect is not None:
            self._answer(307, b"", Location=proxy.redirect + self.path)
            return
        if proxy.authorization is not None and sent.get("authorization") != proxy.authorization:
            said = f"who is {sent.get('authorization')}?" if proxy.echo else "no"
            self._answer(403 if proxy.echo else 401, said.encode(), **{"WWW-Authenticate": proxy.challenge})
            return
        fault = proxy.next(self.command, self.path)
        if fault is Fault.DROPPED:
            self.close_connection = True
        elif fault is Fault.STALLED:
            self.close_connection = True
            proxy.ended.wait(30)
        elif fault is Fault.BUSY:
            self._answer(503, b"busy", **({"Retry-After": proxy.retry_after} if proxy.retry_after else {}))
        else:
            self._pass_on(body, sent, fault)

    def _pass_on(self, body: bytes, sent: dict[str, str], fault: Fault) -> None:
        parts = urlsplit(self.upstream)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        kept = {k: v for k, v in sent.items() if k not in ("host", "connection", "authorization", "content-length")}
        connection.request(self.command, self.path, body or None, kept)
        answer = connection.getresponse()
        content = answer.read()
        headers = {k: v for k, v in answer.getheaders() if k.casefold() in ("content-type", "server")}
        connection.close()
        if fault is Fault.STORED_AND_DROPPED:
            self.close_connection = True
        elif fault is Fault.STORED_AND_FAILED:
            self._answer(500, b"out of order")
        elif fault is Fault.HALF:
            self.close_connection = True
            self._answer(answer.status, content, half=True, **headers)
        else:
            self._answer(answer.status, content, **headers)

    def _answer(self, status: int, content: bytes, *, half: bool = False, **headers: str) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content[: len(content) // 2] if half else content)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _handle  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def faulty(upstream: str, certificate: tuple[Path, Path] | None = None) -> Iterator[Proxy]:
    """A proxy before a server, over TLS where a certificate and its key are given."""
    handler: Any = type("Handler", (_Handler,), {"upstream": upstream})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as listening:
        listening.daemon_threads = True
        scheme = "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*map(str, certificate))
            listening.socket = context.wrap_socket(listening.socket, server_side=True)
            scheme = "https"
        handler.proxy = Proxy(f"{scheme}://127.0.0.1:{listening.server_port}")
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield handler.proxy
        finally:
            handler.proxy.ended.set()
            listening.shutdown()
            thread.join()
