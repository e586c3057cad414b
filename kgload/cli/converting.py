"""What the commands that convert articles have in common: how it is done, and what becomes of failures."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from kgload.errors import InputError

if TYPE_CHECKING:
    from kgload.cli.inputs import Tally
    from kgload.conversion.converting import Engine
    from kgload.conversion.outcomes import Failure

EngineName = Annotated[
    str, typer.Option("--engine", help="What converts: `local` processes, or `dask`, a cluster.", metavar="NAME")
]
Scheduler = Annotated[
    Optional[str],  # noqa: UP045 - typer reads it at run time
    typer.Option(
        "--scheduler",
        help="Address of the cluster's scheduler, as tcp://10.0.0.7:8786.  [default: a cluster on this machine]",
        metavar="ADDRESS",
    ),
]


def engine(workers: int | None, time_limit: float, name: str = "local", scheduler: str | None = None) -> Engine:
    """What converts, as the options say.

    Raises:
        InputError: there is no such engine, or options are given that it does not have.
    """
    from kgload.conversion.converting import Engine

    if name not in ("local", "dask"):
        raise InputError(f"{name!r} is no engine; there are local, dask")
    if name == "local" and scheduler is not None:
        raise InputError("--scheduler goes with --engine dask, which is not given")
    if name == "dask" and scheduler is not None and workers is not None:
        raise InputError("--workers says how many processes a cluster on this machine has; --scheduler names another")
    return Engine(workers, time_limit, (scheduler or "") if name == "dask" else None)


@contextlib.contextmanager
def failing(
    tally: Tally, *, skip_bad: bool, failures: Path | None, most: int | None
) -> Iterator[Callable[[Failure], None] | None]:
    """Give what takes failures, as ``--skip-bad``, ``--failures`` and ``--max-failures`` say; None where the first is
    to end the run.

    Raises:
        TooManyFailures, OutputError: as :func:`kgload.conversion.failures.recorded`.
    """
    from kgload.conversion.failures import recorded

    with recorded(failures, most, tally.missed if failures and not skip_bad else tally.bad) as record:
        yield record if skip_bad or failures is not None or most is not None else None
