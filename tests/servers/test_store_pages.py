"""What the stores' pages show is what happens, with the servers that the pages start."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import session
from real_servers import REQUIRED
from servers import Missing, fetched, free_port, program

PAGES = sorted((session.ROOT / "docs" / "stores").glob("*.md"))


def available(kind: str) -> None:
    """Fail or skip where the page's server is not to be had."""
    try:
        if kind in ("fuseki", "rdf4j"):
            fetched(kind)
        elif kind != "embedded":
            program({"virtuoso": "virtuoso-t", "oxigraph": "oxigraph"}[kind], "docs/stores")
    except Missing as missing:
        if REQUIRED:
            pytest.fail(str(missing))
        pytest.skip(str(missing))


@contextmanager
def shell(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A shell in a folder, for the whole page; what it started ends with it."""
    environment = session.environment() | {"NETRC": os.devnull, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        ["bash"], cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, start_new_session=True,
    ) as running:  # fmt: skip
        try:
            yield running
        finally:
            os.killpg(running.pid, signal.SIGTERM)
            running.wait(60)


def answer(running: subprocess.Popen[str], command: str) -> str:
    """What a command prints in the shell."""
    assert running.stdin and running.stdout
    running.stdin.write(f"{command}\necho\necho '=== done'\n")
    running.stdin.flush()
    lines = []
    for line in running.stdout:
        if line == "=== done\n":
            break
        lines.append(line.rstrip() + "\n")
    said = "".join(lines)
    return said.removesuffix("\n")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_page_of_a_store_shows_what_happens(page: Path) -> None:
    available(page.stem)
    text = page.read_text("utf-8")
    for port in set(re.findall(r"127\.0\.0\.1:(\d+)", text)):
        text = text.replace(port, str(free_port()))
    folder = session.new_folder()
    (folder / "scripts").symlink_to(session.ROOT / "scripts")
    try:
        with shell(folder) as running:
            for block in session.BLOCK.finditer(text):
                for command, expected in session.steps(block["body"]):
                    actual = answer(running, command)
                    assert session.shows(expected, actual), f"$ {command}\n{actual}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)
