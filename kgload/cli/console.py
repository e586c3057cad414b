"""What the commands print with: results on stdout, all else on stderr, progress only for a person."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def say(message: str, *, quiet: bool = False) -> None:
    """Tell the person at the terminal something that is no result."""
    if not quiet:
        # Names of files come from outside: no control character of theirs reaches the terminal.
        print("".join(c if c.isprintable() else "\ufffd" for c in message), file=sys.stderr)


def printable(text: str) -> str:
    """A text from outside, as it may be printed to a terminal: what is no printable character is escaped (`\\x1b`)."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "replace").decode("ascii") for c in text)


def progress(
    items: Iterable[T],
    *,
    label: str,
    total: int | None = None,
    share: Callable[[], float] | None = None,
    quiet: bool = False,
) -> Iterator[T]:
    """Yield ``items``, with a progress bar on stderr where that is a terminal.

    The bar tells how many there are a second, and the time left where ``total`` is given, or ``share``, which says how
    much of the input is done, from 0 to 1.
    """
    if quiet or not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[count]:,}"),
        TextColumn("{task.fields[rate]:,.0f}/s"),
        TimeElapsedColumn(),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    begun = time.monotonic()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=1.0 if share else total, count=0, rate=0.0)
        for count, item in enumerate(items, 1):
            yield item
            rate = count / max(time.monotonic() - begun, 1e-3)
            bar.update(task, completed=share() if share else count, count=count, rate=rate)


@contextlib.contextmanager
def counting(label: str, unit: str, *, quiet: bool = False) -> Iterator[Callable[[int], None]]:
    """Give a function that is told how much is done, and shows it on stderr where that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console

    with Console(stderr=True).status(f"{label} …") as status:
        yield lambda done: status.update(f"{label}: {done:,} {unit}")
