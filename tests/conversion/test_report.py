"""What a run took is written down."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest
from odd_extractor import articles, odd
from running import run

from kgload.conversion.outcomes import BatchResult, Converted, Failure
from kgload.conversion.report import RunReport
from kgload.errors import EmptyText
from kgload.sources.amounts import Amount
from kgload.sources.reader import read_raw


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


def test_a_person_is_told_how_far_a_run_is(tmp_path: Path) -> None:
    source = articles(tmp_path / "in.jsonl", {}, 400)
    took = RunReport()
    items = took.reading(read_raw([source], amount=took.amount))
    assert took.amount.share is None
    took.amount.of = [str(source)]
    took.amount._count()
    done = [BatchResult([Converted("1", b"", 0, 0), Failure("2", "read", EmptyText("none"))])]
    for _ in itertools.islice(items, 200):
        pass
    assert list(took.converting(done)) == done
    share = took.amount.share
    assert share is not None
    assert 0 < share <= 1
    told = took.line()
    assert told.startswith("1 documents, ")
    assert told.endswith(", 1 failed")
    assert f"{share:.0%}, " in told
    assert " left" in told


def test_the_sizes_of_all_files_are_counted_and_of_far_ones_none(tmp_path: Path) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "a.txt").write_text("They met.")
    (tmp_path / "in" / "deep" / "b.txt").write_text("They met again.")
    amount = Amount()
    assert len(list(read_raw([tmp_path / "in"], amount=amount))) == 2
    amount._count()
    assert (amount.total, amount.read, amount.share) == (24, 24, 1.0)
    amount = Amount()
    amount.of = [str(tmp_path / "in"), "-"]
    amount._count()
    assert amount.share is None
