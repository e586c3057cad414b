"""A server that answers every request with the bytes that a test gives, however wrong they are."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Script = Callable[[bytes, Callable[[bytes], None]], None]


def whole_request(connection: socket.socket) -> bytes:
    """A request with its body, which comes with its length or in chunks."""
    found = b""
    while b"\r\n\r\n" not in found:
        found += _some(connection)
    head, _, body = found.partition(b"\r\n\r\n")
    lower = head.lower()
    if b"transfer-encoding: chunked" in lower:
        while not body.endswith(b"\r\n0\r\n\r\n") and body != b"0\r\n\r\n":
            body += _some(connection)
    elif b"content-length: " in lower:
        length = int(lower.partition(b"content-length: ")[2].split(b"\r\n")[0])
        while len(body) < length:
            body += _some(connection)
    return head + b"\r\n\r\n" + body


def _some(connection: socket.socket) -> bytes:
    piece = connection.recv(1 << 16)
    if not piece:
        raise ConnectionError
    return piece


@contextmanager
def scripted(script: Script) -> Iterator[str]:
    """The server's address; ``script`` is given each request and a way to send."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer(connection: socket.socket) -> None:
            with connection, contextlib.suppress(OSError):  # the other side has had enough
                script(whole_request(connection), connection.sendall)

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                threading.Thread(target=answer, args=(connection,), daemon=True).start()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(5)
