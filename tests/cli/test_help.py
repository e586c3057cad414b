"""What --help says, and what it costs."""

from __future__ import annotations

import subprocess
import sys

import pytest
import typer
from running import run

from kgload.cli.main import app

HEAVY = {"spacy", "rdflib", "pyoxigraph", "pydantic", "numpy", "trafilatura", "pyshacl", "SPARQLWrapper"}
COMMANDS = sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], *([name, "--help"] for name in COMMANDS)], ids=" ".join
)
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    program = (
        "import sys\nfrom kgload.cli.main import run\n"
        f"sys.argv = ['kgload', *{arguments!r}]\n"
        "try:\n    run()\nfinally:\n    print('modules:', *{name.partition('.')[0] for name in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.rpartition("modules:")[2].split())
    # Newer typers coerce a command's own options with pydantic.
    assert not loaded & (HEAVY if len(arguments) == 1 else HEAVY - {"pydantic"})
    assert "typer" in loaded


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_shows_an_example(name: str) -> None:
    done = run(name, "--help")
    assert done.returncode == 0
    assert f"kgload {name}" in done.stdout.partition("Example")[2]


def test_a_wrong_option_is_told_and_exits_with_2() -> None:
    done = run("convert", "--nonsense")
    assert done.returncode == 2
    assert "--nonsense" in done.stderr
    assert "Traceback" not in done.stderr
