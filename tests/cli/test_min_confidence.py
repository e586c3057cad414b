"""`--min-confidence` leaves out what is less sure, whichever command finds or takes the events."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from running import run

TEXT = "Ana met Boris. Ana met Clara."
RECORD = {
    "article": {"id": "a", "text": TEXT},
    "events": [
        {"id": "1", "type": "Meeting", "mentions": [{"begin": 4, "end": 7, "text": "met"}], "confidence": 0.4},
        {"id": "2", "type": "Meeting", "mentions": [{"begin": 19, "end": 22, "text": "met"}], "confidence": 0.9},
    ],
}


@pytest.mark.parametrize(("level", "count"), [("0", 2), ("0.4", 2), ("0.5", 1), ("1", 0)])
def test_events_below_the_level_are_left_out(tmp_path: Path, level: str, count: int) -> None:
    record = tmp_path / "a.jsonl"
    record.write_text(json.dumps(RECORD) + "\n")
    extracted = run("extract", record, "--min-confidence", level)
    assert len(json.loads(extracted.stdout).get("events", [])) == count, extracted.stderr
    converted = run("convert", record, "--min-confidence", level, "--format", "nquads")
    assert converted.stdout.count("/ontology#confidence>") == count, converted.stderr
    assert run("load", record, "--min-confidence", level, "--store", tmp_path / "store").returncode == 0
    counted = run("query", "counts", "--store", tmp_path / "store", "--format", "csv")
    rows = counted.stdout.splitlines()[1:]
    assert rows == ([] if count == 0 else [f"Meeting,Occurred,{count},1"])


def test_a_level_that_is_none_is_refused(tmp_path: Path) -> None:
    done = run("convert", tmp_path, "--min-confidence", "1.5")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
