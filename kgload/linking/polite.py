"""JSON over HTTP from public services, as they ask of their guests: an honest name, waiting when told to, a cache."""

from __future__ import annotations

import contextlib
import datetime as dt
import email.utils
import hashlib
import json
import os
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from kgload.errors import EndpointRefused, EndpointUnreachable, OutputError
from kgload.files import replacing

TRIES = 4
TIMEOUT = 20.0
# A whole answer may take so many times as long as a service may be silent.
WHOLE = 6
# Who asks us to wait longer than this, in seconds, is asked another day.
LONGEST_WAIT = 120.0
LONGEST_ANSWER = 64 << 20
REDIRECTS = 3
BUSY = frozenset({429, 500, 502, 503, 504})
MOVED = frozenset({301, 302, 303, 307, 308})


def default_cache() -> Path:
    """Where answers are kept: a folder of kgload's own in the user's cache."""
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "kgload" / "lookups"


def without_secrets(address: str) -> str:
    """Scheme, host, port and path of an address: what may be shown and kept, as keys stand in the rest of it."""
    try:
        parts = urlsplit(address)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" if parts.netloc else parts.path
    except ValueError:
        return ""


class Service:
    """A service at one address. Answers are kept in ``cache`` (None: nowhere) and not asked for again.

    A redirect is followed only to the same scheme, host and port: an answer from elsewhere is not what the user asked.
    """

    def __init__(
        self,
        address: str,
        *,
        cache: Path | None,
        wait: Callable[[float], None] = time.sleep,
        timeout: float = TIMEOUT,
    ) -> None:
        # What is no address is not repeated, as it may hold a password.
        form = "an address is as https://service.example/api, without a user and password in it"
        try:
            parts = urlsplit(address)
            port = parts.port
        except ValueError:
            raise EndpointRefused(form) from None
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
            raise EndpointRefused(f"{parts.hostname!r}: {form}" if parts.hostname else form)
        self._port = port or (443 if parts.scheme == "https" else 80)
        self._address, self._cache, self._wait, self._timeout = address, cache, wait, timeout
        self._host = parts.hostname

    def get(self, parameters: Mapping[str, str], *, form: Mapping[str, str] | None = None, holding: str = "") -> Any:
        """The JSON answer to a GET with query parameters, or to a POST of ``form``. One that has not the key
        ``holding``, where that is given, is none (services tell of trouble with status 200 too), and is not kept.

        Raises:
            EndpointUnreachable: it does not answer in time, time after time.
            EndpointRefused: it answers with an error, with what is no JSON, or from another host.
        """
        query = urlencode(sorted(parameters.items()))
        joint = "&" if "?" in self._address else "?"
        url = f"{self._address}{joint}{query}" if query else self._address
        body = urlencode(sorted(form.items())) if form else None
        kept = self._kept(url, body)
        if kept is not None and kept.is_file():
            with contextlib.suppress(OSError, ValueError, RecursionError):
                answer = json.loads(kept.read_bytes())
                if _holds(answer, holding):
                    return answer
        content = self._asked(url, body)
        try:
            answer = json.loads(content)
        except (ValueError, RecursionError):
            raise EndpointRefused(f"{self._host} answered with what is no JSON") from None
        if kept is not None and _holds(answer, holding):
            # A cache that cannot be written costs another request, and nothing else.
            with contextlib.suppress(OSError, OutputError):
                kept.parent.mkdir(parents=True, exist_ok=True)
                with replacing(kept) as stream:
                    stream.write(content)
        return answer

    def _kept(self, url: str, body: str | None) -> Path | None:
        if self._cache is None:
            return None
        return self._cache / (hashlib.sha256(f"{url}\n{body or ''}".encode()).hexdigest() + ".json")

    def _asked(self, url: str, body: str | None) -> bytes:
        import urllib3

        trouble: Exception = EndpointUnreachable(f"{self._host} does not answer")
        for attempt in range(TRIES):
            pause = float(2**attempt)
            try:
                status, headers, content = self._in_time(url, body)
            except urllib3.exceptions.HTTPError as error:
                cause = error.__cause__ or error.__context__
                refused = isinstance(error, ConnectionRefusedError) or isinstance(cause, ConnectionRefusedError)
                reason = f"port {self._port}: connection refused" if refused else type(error).__name__
                trouble = EndpointUnreachable(f"{self._host} does not answer: {reason}")
            else:
                if status == 200:
                    return content
                trouble = EndpointRefused(f"{self._host} answered with status {status}")
                if status not in BUSY:
                    raise trouble
                pause = _retry_after(headers.get("Retry-After", "")) or pause
                if pause > LONGEST_WAIT:
                    raise EndpointRefused(f"{self._host} asks to come back in {pause:,.0f} seconds")
            if attempt + 1 < TRIES:
                self._wait(pause)
        raise trouble

    def _in_time(self, url: str, body: str | None) -> tuple[int, Mapping[str, str], bytes]:
        """An answer, within a time for the whole of it: a service that sends a byte now and then never times out.

        In a thread of its own, as headers that drip cannot be stopped from outside; it ends with the process.
        """
        answers: list[tuple[int, Mapping[str, str], bytes] | BaseException] = []

        def ask() -> None:
            try:
                answers.append(self._once(url, body))
            except BaseException as error:
                answers.append(error)

        thread = threading.Thread(target=ask, daemon=True)
        thread.start()
        limit = WHOLE * self._timeout
        thread.join(limit)
        if not answers:
            raise EndpointUnreachable(f"{self._host} does not answer: no whole answer within {limit:g} seconds")
        if isinstance(answers[0], BaseException):
            raise answers[0]
        return answers[0]

    def _once(self, url: str, body: str | None) -> tuple[int, Mapping[str, str], bytes]:
        import urllib3

        from kgload import __version__

        headers = {
            "User-Agent": f"kgload/{__version__} (https://w3id.org/kgload/)",
            "Accept": "application/json, application/sparql-results+json",
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        for _ in range(REDIRECTS + 1):
            with urllib3.PoolManager(retries=False, timeout=self._timeout) as pool:
                answer = pool.request(
                    "GET" if body is None else "POST", url, body=body, headers=headers, redirect=False,
                    preload_content=False,
                )  # fmt: skip
                try:
                    content = answer.read(LONGEST_ANSWER + 1, decode_content=True)
                finally:
                    answer.close()
            if len(content) > LONGEST_ANSWER:
                raise EndpointRefused(f"{self._host} answered with more than {LONGEST_ANSWER >> 20} MB")
            if answer.status not in MOVED:
                return answer.status, answer.headers, content
            try:
                there = urljoin(url, answer.headers.get("Location", ""))
                is_same_host = urlsplit(there)[:2] == urlsplit(url)[:2]
            except ValueError:
                raise EndpointRefused(f"{self._host} sends us to what is no address") from None
            if not is_same_host:
                raise EndpointRefused(f"{self._host} sends us to another host: refused")
            url = there
        raise EndpointRefused(f"{self._host} redirects without end")


def _holds(answer: object, wanted: str) -> bool:
    return not wanted or (isinstance(answer, dict) and wanted in answer)


def _retry_after(value: str) -> float | None:
    """Seconds to wait, of a header that gives them or a date; None where it gives neither."""
    if value.strip().isdecimal() and value.isascii():
        return float(value)
    with contextlib.suppress(ValueError, TypeError, OverflowError, IndexError):
        until = email.utils.parsedate_to_datetime(value)
        return max(0.0, (until - dt.datetime.now(until.tzinfo)).total_seconds())
    return None
