"""Running kgload as a user does: a process of its own, with its exit code and its streams."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

COMMAND = (sys.executable, "-m", "kgload.cli.main")


def run(
    *arguments: object,
    stdin: str | bytes = b"",
    cwd: Path | None = None,
    env: dict[str, str] | None = None,
    before: Callable[[], None] | None = None,
) -> subprocess.CompletedProcess[str]:
    """The finished process. ``before`` runs in it first (to set limits); stdin is closed unless it is given."""
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        cwd=cwd,
        env=os.environ | {"COLUMNS": "100", "KGLOAD_STORE": ""} | (env or {}),
        preexec_fn=before,
        timeout=120,
        check=False,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@contextlib.contextmanager
def started(*arguments: object, cwd: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that runs, heeds signals even where the tests run in the background, and is gone in the end."""
    with subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL) and None,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def told(done: subprocess.CompletedProcess[str]) -> str:
    """The code of the one line that a failed command has said.

    Fails where it has said more or other than one line, or has ended in a traceback.
    """
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    found = re.fullmatch(r"kgload: .+ \[(KGL-\d{3})\]", lines[0])
    assert found, done.stderr
    return found.group(1)
