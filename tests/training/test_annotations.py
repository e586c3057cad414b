"""Annotations that hold no text find theirs again, and only theirs."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from kgload import gold

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "annotated.py"
TEXT = "Norland sent 40 engineers to Lake City on Friday, after talks with the Lake Council in Port Aven."


def annotations(folder: Path, text: str = TEXT) -> Path:
    begin, talks = TEXT.index("sent"), TEXT.index("talks")
    force = TEXT.index("40 engineers")
    row = {
        "id": "a",
        "annotators": 1,
        "text_sha256": hashlib.sha256(text.encode()).hexdigest()[:16],
        "sentences": [[0, len(TEXT)]],
        "events": [
            {"type": "Deployment", "mentions": [[begin, begin + 4, 0]], "participants": ["Norland"],
             "status": "Occurred", "force": [force, force + 12], "quantity": 40},
            {"type": "Meeting", "mentions": [[talks, talks + 5, 0]], "participants": ["Norland", "Lake Council"],
             "status": "Occurred"},
        ],
    }  # fmt: skip
    path = folder / "ours.jsonl"
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    return path


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, SCRIPT, *map(str, arguments)], capture_output=True, text=True, check=False)


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    path = tmp_path / "texts.jsonl"
    rows = [{"id": "b", "text": "Another text.", "date": "2025-01-01"}, {"id": "a", "text": TEXT, "date": "2025-08-13"}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_annotations_get_the_words_that_they_point_at(tmp_path: Path, texts: Path) -> None:
    done = run(annotations(tmp_path), texts, "-o", tmp_path / "laid")
    assert (done.returncode, done.stdout) == (0, "1 texts, 2 events\n")
    [document] = gold.read(tmp_path / "laid" / "ours.jsonl")
    assert [event.mentions[0].trigger for event in document.events] == ["sent", "talks"]
    assert document.events[0].force == "40 engineers"
    [article] = (tmp_path / "laid" / "ours.articles.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(article) == {"id": "a", "title": None, "date": "2025-08-13", "text": TEXT}


def test_a_text_that_has_changed_is_named_and_nothing_is_written(tmp_path: Path, texts: Path) -> None:
    done = run(annotations(tmp_path, TEXT + " More."), texts, "-o", tmp_path / "laid")
    assert done.returncode == 1
    assert "1 of 1 texts are missing or changed: a" in done.stderr
    assert not (tmp_path / "laid").exists()


def test_what_ships_holds_places_and_no_text() -> None:
    for path in sorted((ROOT / "annotations").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            assert "text" not in row
            for event in row["events"]:
                assert all(isinstance(place, int) for mention in event["mentions"] for place in mention)
                assert all(isinstance(place, int) for place in event.get("force", ()))
