"""The entry point: all commands, and what a user sees when one of them fails."""

from __future__ import annotations

import os
import sys

from kgload.cli.app import app
from kgload.errors import KgloadError

# Each import registers a command; their order here is that of `kgload --help`.
# ruff: noqa: F401
# isort: off
import kgload.cli.convert
import kgload.cli.extract
import kgload.cli.load
import kgload.cli.query
import kgload.cli.validate
import kgload.cli.verify
import kgload.cli.ontology
import kgload.cli.schema
import kgload.cli.evaluate

# isort: on

INTERRUPTED = 130


def run() -> None:
    """Run the command line; never show a traceback for what a user can meet (`KGLOAD_DEBUG=1` shows it)."""
    try:
        app()
    except KgloadError as error:
        if os.environ.get("KGLOAD_DEBUG"):
            raise
        print(f"kgload: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("kgload: interrupted", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output went away (`kgload query … | head`): no error of the user's.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


if __name__ == "__main__":
    run()
