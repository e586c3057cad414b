"""How slowly a server may answer: a silence has an end, and so has an answer that trickles."""

from __future__ import annotations

import functools
import http.client
import io
import socket
import time
from typing import TYPE_CHECKING, Any

import urllib3
from requests.adapters import HTTPAdapter

if TYPE_CHECKING:
    from collections.abc import Buffer  # type: ignore[attr-defined]

# Bytes a second that an answer brings at least, once it has taken as long as a silence may.
SLOWEST = 10_000


class _Paced(io.RawIOBase):
    """A socket's bytes. What its reader does between two reads does not count."""

    def __init__(self, sock: socket.socket, silence: float) -> None:
        self._sock, self._silence = sock, silence
        self._raw = sock.makefile("rb", buffering=0)
        self._waited, self._came = 0.0, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer, /) -> int | None:
        left = self._silence + self._came / SLOWEST - self._waited
        if left <= 0:
            raise TimeoutError("it trickles")
        self._sock.settimeout(min(self._silence, left))
        begun = time.monotonic()
        count: int | None = self._raw.readinto(buffer)
        self._waited += time.monotonic() - begun
        self._came += count or 0
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Reply(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, silence: float, **more: Any) -> None:
        super().__init__(sock, *args, **more)
        self.fp.close()
        self.fp = io.BufferedReader(_Paced(sock, silence))

    def begin(self) -> None:
        super().begin()
        packed = self.headers.get("Content-Encoding", "identity").strip().casefold()
        if packed not in ("", "identity"):
            # It was asked for none, and a small packed answer can be a huge one.
            raise ValueError("it answers in a packed form that was not asked for")


class _Patient:
    """A connection whose sends and answers may be silent for so long; it is made within what the request says."""

    silence = 0.0

    def connect(self) -> None:
        super().connect()  # type: ignore[misc]
        self.sock.settimeout(self.silence)  # type: ignore[attr-defined]

    def request(self, *args: Any, **more: Any) -> None:
        if getattr(self, "sock", None) is not None:
            self.sock.settimeout(self.silence)  # type: ignore[attr-defined]
        super().request(*args, **more)  # type: ignore[misc]

    def getresponse(self) -> Any:
        self.response_class = functools.partial(_Reply, silence=self.silence)
        return super().getresponse()  # type: ignore[misc]


class PacedAdapter(HTTPAdapter):
    """Connections on which each silence, and each answer that trickles, ends after so many seconds."""

    def __init__(self, silence: float) -> None:
        kinds = (
            ("http", urllib3.HTTPConnectionPool, urllib3.connection.HTTPConnection),
            ("https", urllib3.HTTPSConnectionPool, urllib3.connection.HTTPSConnection),
        )
        self._pools = {
            scheme: type("Pool", (pool,), {"ConnectionCls": type("C", (_Patient, kind), {"silence": silence})})
            for scheme, pool, kind in kinds
        }
        super().__init__()

    def init_poolmanager(self, *args: Any, **more: Any) -> None:
        """As the library does, with these connections."""
        super().init_poolmanager(*args, **more)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, *args: Any, **more: Any) -> Any:
        """As the library does, with these connections."""
        manager = super().proxy_manager_for(*args, **more)
        manager.pool_classes_by_scheme = self._pools
        return manager
