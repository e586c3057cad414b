"""A small HTTP server on this machine that answers as it is told to: recorded answers, faults, delays."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Reply:
    """What the server answers to one request; `delay` in seconds."""

    body: bytes = b"{}"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)
    delay: float = 0.0


@dataclass
class Asked:
    """A request as the server got it; the form where it was a POST."""

    path: str
    query: dict[str, str]
    form: dict[str, str]
    headers: dict[str, str]


@dataclass
class Service:
    """The server's address and what it was asked."""

    address: str
    asked: list[Asked] = field(default_factory=list)


Answer = Callable[[Asked], Reply]


@contextlib.contextmanager
def serving(answer: Answer) -> Iterator[Service]:
    """Run the server for the length of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

        def _answer(self, body: bytes) -> None:
            parts = urlsplit(self.path)
            query, form = ({k: v[0] for k, v in parse_qs(text).items()} for text in (parts.query, body.decode()))
            asked = Asked(parts.path, query, form, dict(self.headers))
            service.asked.append(asked)
            reply = answer(asked)
            time.sleep(reply.delay)
            with contextlib.suppress(OSError):
                self.send_response(reply.status)
                for name, value in reply.headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    service = Service(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()


def one_after_the_other(*replies: Reply) -> Answer:
    """Answers in turn; the last one for ever."""
    left = list(replies)
    return lambda asked: left.pop(0) if len(left) > 1 else left[0]
