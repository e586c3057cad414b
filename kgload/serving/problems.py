"""What a client is told that cannot have what it asks for: a status, and one clear line."""

from __future__ import annotations

from collections.abc import Mapping

from kgload.errors import (
    AnswerTooLarge,
    KgloadError,
    QueryDied,
    QueryError,
    QueryRefused,
    QueryTimedOut,
    ServerBusy,
    StoreError,
)

# The first that fits.
_STATUSES: tuple[tuple[type[KgloadError], int], ...] = (
    (QueryRefused, 403),
    (ServerBusy, 503),
    (AnswerTooLarge, 400),
    (QueryTimedOut, 503),
    (QueryDied, 500),
    (QueryError, 400),
    (StoreError, 502),
)
TITLES = {
    400: "That was not understood",
    403: "That is refused",
    404: "There is nothing here",
    405: "Not this way",
    406: "Not in that form",
    413: "Too large",
    415: "Not in that form",
    421: "Not this server",
    429: "Too often",
    500: "Something went wrong here",
    502: "The store does not answer",
    503: "Not now",
}


class Problem(Exception):
    """A status, a line that says why, and headers that go with it."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.headers = status, message, dict(headers or {})


def of(error: KgloadError) -> Problem:
    """What a client is told of an error of kgload's."""
    status = next((status for kind, status in _STATUSES if isinstance(error, kind)), 500)
    headers = {"Retry-After": "2"} if isinstance(error, ServerBusy) else {}
    return Problem(status, str(error), headers)
