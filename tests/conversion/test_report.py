"""What a run took is written down."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from odd_extractor import articles, odd
from running import run


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("target", [("-o", "out.nq"), ("--shards", "out")])
def test_a_report_counts_and_times(tmp_path: Path, workers: int, target: tuple[str, str]) -> None:
    articles(tmp_path / "in.jsonl", {1: "", 2: "fail now", 4: "", 5: "go slowly"}, 40)
    options = ("--extractor", "odd", "--workers", workers, "--failures", "bad.jsonl", "--report", "run.json", *target)
    done = run("convert", "in.jsonl", *options, env=odd(tmp_path), cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    report = json.loads((tmp_path / "run.json").read_text())
    assert (report["documents"], report["failures"]) == (37, {"KGL-106": 2, "KGL-701": 1})
    assert set(report["stage_seconds"]) == {"read", "extract", "link", "write", "compare"}
    # Once among the others of its batch, and once alone, since another of the batch has failed; 0.3 s each.
    assert report["stage_seconds"]["extract"] >= 0.3
    assert 0 < report["documents_a_second"] == pytest.approx(37 / report["seconds"], rel=0.02)
    assert report["peak_memory_mb"]["this"] > 10
    assert workers == 1 or report["peak_memory_mb"]["largest_worker"] > 10
