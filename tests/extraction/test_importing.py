"""spaCy comes without its command line, and the command line is there for whoever wants it."""

from __future__ import annotations

import subprocess
import sys


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_reading_a_text_imports_no_command_line() -> None:
    said = run(
        "import sys; from kgload.extraction.analysis import language; language();"
        "print([name for name in ('spacy.cli', 'weasel', 'httpx', 'jinja2') if name in sys.modules])"
    )
    assert said == "[]"


def test_the_command_line_and_info_are_there_all_the_same() -> None:
    said = run(
        "from kgload.extraction.importing import import_spacy; spacy = import_spacy();"
        "print(spacy.info(silent=True)['spacy_version'] == spacy.__version__);"
        "import spacy.cli; from spacy.cli.info import info; print(callable(spacy.cli.download), callable(info))"
    )
    assert said.split() == ["True", "True", "True"]


def test_a_spacy_that_is_there_already_is_taken() -> None:
    said = run("import spacy; from kgload.extraction.importing import import_spacy; print(import_spacy() is spacy)")
    assert said == "True"
