"""What the commands print with: results on stdout, all else on stderr, progress only for a person."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def say(message: str, *, quiet: bool = False) -> None:
    """Tell the person at the terminal something that is no result."""
    if not quiet:
        # Names of files come from outside: no control character of theirs reaches the terminal.
        print("".join(c if c.isprintable() else "\ufffd" for c in message), file=sys.stderr)


def progress(items: Iterable[T], *, label: str, total: int | None = None, quiet: bool = False) -> Iterator[T]:
    """Yield ``items``, with a progress bar on stderr where that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=total)
        for item in items:
            yield item
            bar.advance(task)


@contextlib.contextmanager
def counting(label: str, unit: str, *, quiet: bool = False) -> Iterator[Callable[[int], None]]:
    """Give a function that is told how much is done, and shows it on stderr where that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console

    with Console(stderr=True).status(f"{label} …") as status:
        yield lambda done: status.update(f"{label}: {done:,} {unit}")
