"""The entry point: all commands, and what a user sees when one of them fails."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import sys
from io import TextIOWrapper
from types import FrameType
from typing import NoReturn, cast

from kgload.cli.app import ReaderGone, app
from kgload.errors import KgloadError, OutputError

# Each import registers a command; their order here is that of `kgload --help`.
# ruff: noqa: F401
# isort: off
import kgload.cli.convert
import kgload.cli.extract
import kgload.cli.explain
import kgload.cli.load
import kgload.cli.query
import kgload.cli.report
import kgload.cli.serve
import kgload.cli.status
import kgload.cli.diff
import kgload.cli.forget
import kgload.cli.dump
import kgload.cli.compact
import kgload.cli.validate
import kgload.cli.verify
import kgload.cli.ontology
import kgload.cli.link
import kgload.cli.gazetteer
import kgload.cli.schema
import kgload.cli.evaluate
import kgload.cli.annotate
import kgload.cli.train

# isort: on

SIGNALLED = 128
# What the system says where there is no room to write: a full disk, a quota, a size limit, a broken disk.
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


class Stopped(BaseException):
    """A signal asked the process to stop. Files at hand are cleared away on the way out, as after an error."""


def _stop(number: int, _frame: FrameType | None) -> None:
    raise Stopped(number)


def run() -> None:
    """Run the command line; never show a traceback for what a user can meet (`KGLOAD_DEBUG=1` shows it)."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name) and signal.getsignal(getattr(signal, name)) is not signal.SIG_IGN:
            signal.signal(getattr(signal, name), _stop)
    for stream in (sys.stdout, sys.stderr):
        # Results are UTF-8 wherever they go; a terminal or a pipe that claims less must not end a run.
        cast(TextIOWrapper, stream).reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        app()
    except KgloadError as error:
        if os.environ.get("KGLOAD_DEBUG"):
            raise
        _fail(str(error), error.exit_code)
    except Stopped as stopped:
        _fail("interrupted" if stopped.args[0] == signal.SIGINT else "stopped", SIGNALLED + stopped.args[0])
    except ReaderGone:
        # The reader of our output went away (`kgload query … | head`): no error of the user's.
        _fail(None, 0)
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        failed = OutputError(f"cannot write: {error.strerror}")
        _fail(str(failed), failed.exit_code)


def _fail(message: str | None, code: int) -> NoReturn:
    # What is still held for stdout cannot be written, or is of no use to anybody.
    with contextlib.suppress(OSError):
        sys.stdout.flush()
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if message:
        print(f"kgload: {message}", file=sys.stderr)
    sys.exit(code)


if __name__ == "__main__":
    run()
