"""The built-in extractors and a plug-in keep to the rules of extractors; what breaks a rule is caught."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from running import run

from kgload.testing import ExtractorConformance, failures, main

SUPPORT = Path(__file__).parent / "support"


class TestRules(ExtractorConformance):
    extractor = "rules"


class TestEncoder(ExtractorConformance):
    extractor = "encoder"


class TestPlugin(ExtractorConformance):
    extractor = "plugins:Tiny"


@pytest.mark.parametrize(
    ("plugin", "test"),
    [
        ("Loses", "test_gives_one_document_for_each_article_in_order"),
        ("Remembers", "test_gives_the_same_whatever_else_is_in_the_batch"),
        ("Shifted", "test_takes_odd_texts"),
        ("Unsorted", "test_gives_the_same_in_every_process"),
        ("Fragile", "test_takes_odd_texts"),
        ("Nameless", "test_says_what_it_is"),
    ],
)
def test_who_breaks_a_rule_is_caught(plugin: str, test: str) -> None:
    wrong = failures(f"plugins:{plugin}")
    assert test in wrong
    assert "test_gives_valid_records" not in wrong or plugin == "Loses"


def test_the_program_tells_of_each_test(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plugins:Tiny"]) == 0
    assert "passed gives the same in every process" in capsys.readouterr().out
    assert main(["plugins:Fragile"]) == 1
    assert "FAILED takes odd texts: IndexError" in capsys.readouterr().out
    assert main(["no-such"]) == 2
    assert "KGL-701" in capsys.readouterr().err


def test_a_package_registers_its_extractor_by_an_entry_point(tmp_path: Path) -> None:
    metadata = tmp_path / "tiny-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[kgload.extractors]\ntiny = plugins:Tiny\n")
    text = tmp_path / "a.txt"
    text.write_text("Kenya met Uganda.")
    env = {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(SUPPORT)])}
    done = run("extract", text, "--extractor", "tiny", env=env)
    assert done.returncode == 0, done.stderr
    assert '"extractor":"tiny"' in done.stdout
    assert '"type":"Meeting"' in done.stdout
    unexplained = run("explain", text, "--extractor", "tiny", env=env)
    assert (unexplained.returncode, "does not explain itself" in unexplained.stderr) == (2, True)
    command = [sys.executable, "-m", "kgload.testing", "tiny"]
    tested = subprocess.run(command, env=os.environ | env, capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stdout + tested.stderr
