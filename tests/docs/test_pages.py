"""What the pages show is what the commands do."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
REFERENCE = ROOT / "docs" / "commands.md"
# The stores' pages start servers: tests/servers runs them.
STORES = ROOT / "docs" / "stores"
SESSIONS = [
    page for page in PAGES if page != REFERENCE and page.parent != STORES and "```console" in page.read_text("utf-8")
]


@pytest.mark.parametrize("page", SESSIONS, ids=lambda page: page.name)
def test_the_session_on_the_page_prints_what_the_page_shows(page: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "session.py"), "--check", str(page)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_reference_of_commands_is_fresh() -> None:
    made = subprocess.run(
        [sys.executable, "-m", "typer", "kgload.cli.main", "utils", "docs", "--name", "kgload"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert REFERENCE.read_text("utf-8").strip() == made.stdout.strip(), "run `make reference`"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_command_has_an_example_in_its_help() -> None:
    import click
    import typer.main

    import kgload.cli.main

    group = typer.main.get_command(kgload.cli.main.app)
    assert isinstance(group, click.Group) or hasattr(group, "commands")
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        assert "Example" in (command.epilog or "") + (command.help or ""), f"kgload {name} --help shows no example"
