"""What may be asked of the web server at most."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The web server's limits.

    Attributes:
        seconds: how long a query may take.
        rows: how many rows or triples an answer may have.
        answer_bytes: how long an answer may be, written down.
        body_bytes: how long a request's body may be, and a query in its address.
        workers: how many processes answer; of queries that users write, one less at a time.
        waiting: how many requests may wait for one of them.
    """

    seconds: float = 30.0
    rows: int = 100_000
    answer_bytes: int = 64 << 20
    body_bytes: int = 1 << 20
    workers: int = 3
    waiting: int = 200
