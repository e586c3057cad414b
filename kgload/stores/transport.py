"""HTTP to servers: credentials, TLS, patience with a busy one, no redirect to another, ends to waiting and to size."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth

from kgload.errors import AnswerTooLarge, EndpointRefused, EndpointUnreachable
from kgload.stores import shown
from kgload.stores.base import Outflow
from kgload.stores.credentials import WHERE, found
from kgload.stores.pace import PacedAdapter

Body = bytes | IO[bytes] | Outflow
CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 300.0
# An answer that is held in memory has so many megabytes at most; read as terms it takes ten times as much.
ANSWER_MB = 512.0
PIECE = 1 << 18
EXCERPT = 160
TRIES = 6
BUSY = (429, 502, 503, 504)
# A server that asks for a longer rest is told of in place of waited for.
LONGEST_REST = 120.0
REDIRECTS = (301, 302, 303, 307, 308)
MOST_REDIRECTS = 5


class _Unsigned(AuthBase):
    """A request goes out as it is; without this the library would look into netrc by itself."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class _Bearer(AuthBase):
    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Transport:
    """A way to one server.

    A password is sent when the server asks for it, as digest where it takes that; a token with each request. A busy
    server (429, 502, 503, 504) or a dropped connection is tried again after a while, ``tries`` times in all, with
    ``Retry-After`` heeded; a server that says nothing for as long as the time-out, or trickles, is not. The first
    contact is made once: where nothing listens, nothing is waited for.

    Args:
        name: what to call the server in messages.
        ca_file: certificates (PEM) that the server's is checked against, in place of those that came with the library.
        answer_seconds: the longest silence; ``KGLOAD_TIMEOUT`` where it is not given.
        tries: how often a request is sent at most.

    Raises:
        EndpointRefused: the certificates or credentials cannot be read.
    """

    def __init__(
        self,
        url: str,
        name: str,
        *,
        ca_file: Path | None = None,
        answer_seconds: float | None = None,
        tries: int = TRIES,
    ) -> None:
        self._name = name
        self.silence = answer_seconds or _number("KGLOAD_TIMEOUT", ANSWER_SECONDS, "seconds")
        self._most = int(_number("KGLOAD_ANSWER_MB", ANSWER_MB, "megabytes") * 1e6)
        self._credentials = found(url)
        self._session = requests.Session()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, PacedAdapter(self.silence))
        self._session.auth = _Bearer(self._credentials.token) if self._credentials.token else _Unsigned()
        self._verify: str | None = None
        if ca_file is not None:
            if not ca_file.is_file():
                raise EndpointRefused(f"cannot read the certificates {ca_file}: no such file")
            self._verify = str(ca_file)
        self._patience = urllib3.Retry(total=tries - 1, backoff_factor=0.5, backoff_max=16, backoff_jitter=0.25)
        self._met = False
        self._signing = threading.Lock()

    def send(
        self,
        method: str,
        url: str,
        *,
        body: Body | None = None,
        headers: Mapping[str, str] | None = None,
        again: bool = True,
    ) -> requests.Response:
        """The server's answer, whole, whatever its status.

        Args:
            again: whether sending it twice is the same as once, so that it may be tried again.

        Raises:
            EndpointUnreachable: it does not answer, or not in time, or breaks off.
            EndpointRefused: it sends elsewhere, does not take the credentials, or cannot be trusted.
            AnswerTooLarge: it answers with more than memory is to hold (``KGLOAD_ANSWER_MB``).
        """
        response = self._tried(method, url, body, headers, again, stream=False)
        self._met = True
        return response

    @contextlib.contextmanager
    def stream(self, url: str, headers: Mapping[str, str]) -> Iterator[requests.Response]:
        """The answer to a GET, to be read in pieces by :meth:`pieces`."""
        with self._tried("GET", url, None, headers, True, stream=True) as response:
            yield response

    def pieces(self, response: requests.Response) -> Iterator[bytes]:
        """The body of a streamed answer.

        Raises:
            EndpointUnreachable: it ends before its end, or does not say where that is.
        """
        self.expect_an_end(response)
        try:
            yield from response.iter_content(PIECE)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise EndpointUnreachable(f"{self._name} broke off its answer: {self._reason(error)}") from error

    def expect_an_end(self, response: requests.Response) -> None:
        """Take lines only from an answer that says where it ends: one that broke off would look whole.

        Raises:
            EndpointUnreachable: it does not say.
        """
        chunked = "chunked" in response.headers.get("Transfer-Encoding", "").casefold()
        if not chunked and "Content-Length" not in response.headers:
            raise EndpointUnreachable(
                f"{self._name} does not say where its answer ends, so that one that breaks off would be taken for whole"
            )

    def refused(self, response: requests.Response, said: str | None = None) -> EndpointRefused:
        """The error for an answer that says no, with the beginning of its words and no secret in them."""
        status = response.status_code
        if status == 401:
            return EndpointRefused(f"{self._name} answered HTTP 401: " + self._unwelcome())
        words = response.content.decode("utf-8", "replace") if said is None else said
        return EndpointRefused(f"{self._name} answered HTTP {status}: {self.excerpt(words)}")

    def excerpt(self, text: str) -> str:
        """The beginning of what a server said, on one line, without control characters and secrets."""
        return excerpt(self._credentials.hidden(text))

    def _reason(self, error: BaseException | None) -> str:
        """What a library says of an error, which may quote a header."""
        return self.excerpt(_words(error)) or type(_inmost(error)).__name__

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _unwelcome(self) -> str:
        if not self._credentials:
            return f"it wants to know who asks; {WHERE}"
        return "it does not take the token" if self._credentials.token else "it does not take this user and password"

    def _tried(
        self,
        method: str,
        url: str,
        body: Body | None,
        headers: Mapping[str, str] | None,
        again: bool,
        stream: bool,
    ) -> requests.Response:
        patience, response = self._patience, None
        while True:
            error: requests.RequestException | None = None
            try:
                response = self._directly(method, url, body, headers, stream)
                if response.status_code not in BUSY or not again:
                    return response
            except requests.RequestException as raised:
                error, response = raised, None
                if not (again and self._met and _is_dropped(raised)):
                    raise EndpointUnreachable(f"{self._name} does not answer: {self._reason(raised)}") from raised
            try:
                patience = patience.increment(method, url, error=error)
                rest = patience.get_backoff_time()
                if response is not None:
                    asked = patience.get_retry_after(response.raw)
                    rest = rest if asked is None else asked
            except urllib3.exceptions.InvalidHeader:
                rest = patience.get_backoff_time()
            except urllib3.exceptions.MaxRetryError:
                rest = LONGEST_REST + 1
            if rest > LONGEST_REST:
                if response is not None:
                    return response
                raise EndpointUnreachable(f"{self._name} does not answer: {self._reason(error)}") from error
            time.sleep(rest)

    def _directly(
        self,
        method: str,
        url: str,
        body: Body | None,
        headers: Mapping[str, str] | None,
        stream: bool,
    ) -> requests.Response:
        """One answer, after the server's redirects to itself and its question for a password."""
        for _ in range(MOST_REDIRECTS):
            try:
                response = self._once(method, url, body, headers, stream)
                if response.status_code == 401 and self._sign(response):
                    response = self._once(method, url, body, headers, stream)
            except requests.exceptions.SSLError as error:
                raise EndpointRefused(f"{self._name} cannot be trusted: {self._reason(error)}") from error
            except requests.RequestException:
                raise
            except (OSError, ValueError) as error:  # certificates that are none, a user's name that no header takes
                raise EndpointRefused(f"{self._name} cannot be spoken to: {self._reason(error)}") from error
            there = response.headers.get("Location", "")
            if response.status_code not in REDIRECTS or not there:
                return response
            target = urljoin(url, there)
            if response.status_code == 303 or _origin(target) != _origin(url):
                raise EndpointRefused(
                    f"{self._name} sends elsewhere, to {shown(target)}; kgload follows to no other server: "
                    "give that address if it is right"
                )
            url = target
        raise EndpointRefused(f"{self._name} sends in circles")

    def _once(
        self,
        method: str,
        url: str,
        body: Body | None,
        headers: Mapping[str, str] | None,
        stream: bool,
    ) -> requests.Response:
        if body is not None and not isinstance(body, bytes):
            body.seek(0)
        response = self._session.request(
            method,
            url,
            data=body,
            headers={"Accept-Encoding": "identity", **(headers or {})},
            timeout=(CONNECT_SECONDS, self.silence),
            allow_redirects=False,
            verify=self._verify,
            stream=True,
        )
        if not stream or response.status_code != 200:
            self._read(response)
        return response

    def _read(self, response: requests.Response) -> None:
        """Hold an answer in memory, where it is not too large for that."""
        pieces, size = list[bytes](), 0
        with response:
            for piece in response.iter_content(PIECE):
                pieces.append(piece)
                size += len(piece)
                if size > self._most:
                    raise AnswerTooLarge(
                        f"{self._name} answers with more than {self._most / 1e6:,.0f} MB; ask for less, or set "
                        "KGLOAD_ANSWER_MB"
                    )
        response._content = b"".join(pieces)

    def _sign(self, response: requests.Response) -> bool:
        """Whether the question can be answered by a password that this request did not bring."""
        user, password = self._credentials.user, self._credentials.password
        if not user or "Authorization" in response.request.headers:
            return False
        with self._signing:
            # A load writes while it asks: another thread may have been asked at the same time.
            if isinstance(self._session.auth, _Unsigned):
                if "digest" in response.headers.get("WWW-Authenticate", "").casefold():
                    self._session.auth = HTTPDigestAuth(user, password)
                else:
                    self._session.auth = HTTPBasicAuth(user.encode(), password.encode())
        return True


def excerpt(text: str) -> str:
    """The beginning of a text on one line, without control characters."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(plain.split())[:EXCERPT]


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    try:
        return parts.scheme, (parts.hostname or "").casefold(), parts.port or {"http": 80, "https": 443}[parts.scheme]
    except (KeyError, ValueError):
        return "", url, None


def _is_dropped(error: requests.RequestException) -> bool:
    """Whether a connection was lost or not made, rather than silent for too long."""
    if isinstance(error, requests.exceptions.Timeout):
        return isinstance(error, requests.exceptions.ConnectTimeout)
    cause = error.args[0] if error.args else None
    is_silent = isinstance(cause, urllib3.exceptions.ReadTimeoutError | TimeoutError)
    kinds = (requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError)
    return isinstance(error, kinds) and not is_silent


def _inmost(error: BaseException | None) -> BaseException | None:
    for inner in (getattr(error, "reason", None), *getattr(error, "args", ())):
        if isinstance(inner, BaseException):
            return _inmost(inner)
    return error


def _words(error: BaseException | None) -> str:
    # urllib3 puts the connection's address in memory, or the pool's name, before the reason.
    return str(_inmost(error)).rpartition(">: ")[2].rpartition("): ")[2]


def _number(name: str, default: float, unit: str) -> float:
    """A number as the environment gives it.

    Raises:
        EndpointRefused: it is no number above 0.
    """
    said = os.environ.get(name)
    if not said:
        return default
    try:
        number = float(said)
    except ValueError:
        number = 0.0
    if not 0 < number < 1e6:
        raise EndpointRefused(f"{name} is a number of {unit} above 0; this is {excerpt(said)!r}")
    return number
