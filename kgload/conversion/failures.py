"""Failures are written down, and a run with too many of them ends."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from kgload.conversion.outcomes import Failure
from kgload.errors import TooManyFailures
from kgload.files import replacing


@contextlib.contextmanager
def recorded(
    path: Path | None, most: int | None = None, tell: Callable[[Failure], None] | None = None
) -> Iterator[Callable[[Failure], None]]:
    """Give a function that takes failures: each is a line of JSON in the file at ``path``, and is told to ``tell``.

    The file is whole or not there; it is whole, too, where the run ends because there are too many.

    Raises:
        TooManyFailures: there are more than ``most``.
        OutputError: the file cannot be written.
    """
    stopped: TooManyFailures | None = None
    with contextlib.ExitStack() as stack:
        stream = stack.enter_context(replacing(path)) if path else None
        count = 0

        def record(failure: Failure) -> None:
            nonlocal count
            count += 1
            if tell:
                tell(failure)
            if stream:
                stream.write(failure.line().encode("utf-8", "backslashreplace") + b"\n")
            if most is not None and count > most:
                raise TooManyFailures(f"{count:,} documents failed, more than the {most:,} that --max-failures allows")

        try:
            yield record
        except TooManyFailures as error:
            stopped = error
    if stopped:
        raise stopped
