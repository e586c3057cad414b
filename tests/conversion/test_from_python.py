"""Conversion as a program calls it, without a process of the command between."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from odd_extractor import articles, odd

import kgload
from kgload.conversion import cluster, converting
from kgload.conversion.batches import Plan, batches
from kgload.conversion.folder import Folder, rows
from kgload.conversion.incremental import Changes
from kgload.conversion.outcomes import BatchResult, Failure
from kgload.conversion.recording import Records
from kgload.conversion.shard import Settings
from kgload.conversion.shards import convert
from kgload.errors import ExtractorError, InputError, InputNotFound
from kgload.mapping.pieces import Form
from kgload.sources.reader import read_raw

PLAN = Plan(Settings(extractor="odd", link=False), Form("nquads"))


@pytest.fixture(autouse=True)
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env = odd(tmp_path)
    monkeypatch.syspath_prepend(env["PYTHONPATH"])
    monkeypatch.setenv("ODD_ONCE", env["ODD_ONCE"])


def into(folder: Path, source: Path, earlier: Path | None = None, *, resume: bool = False) -> list[Failure]:
    made, failed = Folder(folder, PLAN, 4), list[Failure]()
    changes = Changes(earlier, made.hash, read_raw([source])) if earlier else None

    def run(cut: Iterable[list[converting.Item]]) -> Iterable[BatchResult]:
        return converting.HERE.run(cut, PLAN)

    shards = convert(read_raw([source]), made, run, resume=resume, changes=changes, on_failure=failed.append)  # type: ignore[arg-type]
    assert all(shard.documents + len(shard.failures) <= 4 for shard in shards)
    return failed


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_folder_is_resumed_and_stands_on_an_earlier_one(tmp_path: Path) -> None:
    texts = {n: f"They met for the {n}th time, and Norland was glad of it." for n in range(10)}
    source = articles(tmp_path / "in.jsonl", {**texts, 5: "fail now"}, 10)
    assert [failure.id for failure in into(tmp_path / "a", source)] == ["5"]
    whole = content(tmp_path / "a")
    assert [row.id for name in sorted(whole) if "index" in name for row in rows(tmp_path / "a" / name)] == [
        str(n) for n in range(10) if n != 5
    ]
    (tmp_path / "a" / "part-000001.nq.gz").unlink()
    assert [failure.id for failure in into(tmp_path / "a", source, resume=True)] == ["5"]
    assert content(tmp_path / "a") == whole
    articles(source, {**texts, 9: "They met elsewhere."}, 10)
    source.write_text("".join(source.read_text().splitlines(keepends=True)[1:]))
    assert into(tmp_path / "b", source, tmp_path / "a") == []
    told = json.loads((tmp_path / "b" / "manifest.json").read_text())
    assert [told[name] for name in ("documents", "unchanged", "vanished")] == [2, 7, 1]
    assert (tmp_path / "b" / "vanished.jsonl").read_text() == '{"id": "0"}\n'
    with pytest.raises(InputError):
        into(tmp_path / "c", source, tmp_path)
    (tmp_path / "a" / "index-000000.jsonl.gz").write_bytes(b"damaged")
    with pytest.raises(InputNotFound):
        into(tmp_path / "c", source, tmp_path / "a")


def test_workers_of_a_program_give_the_bytes_of_the_program_itself(tmp_path: Path) -> None:
    source = articles(tmp_path / "in.jsonl", {1: "exit now", 3: "fail now", 4: ""}, 40)
    found = {}
    for workers in (0, 1):
        items = (item for item in read_raw([source]) if workers or getattr(item, "id", "") != "1")
        plan = Plan(PLAN.settings, Records())
        results = converting.results(items, plan, converting.Engine(workers, 20))
        outcomes = [outcome for result in results for outcome in result.outcomes]
        found[workers] = [outcome for outcome in outcomes if getattr(outcome, "id", None) != "1"]
        failed = [outcome.error.code for outcome in outcomes if isinstance(outcome, Failure)]
        assert failed == ["KGL-902"] * workers + ["KGL-701", "KGL-106"]
    told = [[getattr(outcome, "piece", None) for outcome in found[workers]] for workers in (0, 1)]
    assert told[0] == told[1]


def test_a_worker_of_a_cluster_converts_batch_after_batch(tmp_path: Path) -> None:
    source = articles(tmp_path / "in.jsonl", {1: "exit now"}, 40)
    for batch in batches(read_raw([source])):
        result = cluster.convert(PLAN, 20.0, batch, {}, kgload.__version__)
        assert isinstance(result, BatchResult)
        assert len(result.outcomes) == len(batch)
    other = cluster.convert(PLAN, 20.0, [], {}, "0.0.1")
    assert "has kgload" in str(other)
    nobody = Plan(Settings(extractor="none such"), Form("nquads"))
    assert isinstance(cluster.convert(nobody, 20.0, batch, {}, kgload.__version__), ExtractorError)


def test_a_script_needs_no_guard_to_have_workers(tmp_path: Path) -> None:
    articles(tmp_path / "in.jsonl", {}, 3)
    script = tmp_path / "script.py"
    script.write_text(
        "import kgload\n"
        "settings = kgload.Settings(extractor='odd', link=False)\n"
        "print(kgload.convert(['in.jsonl'], 'out.nq', settings=settings, workers=1))\n"
    )
    env = odd(tmp_path / "again")
    done = subprocess.run(
        [sys.executable, str(script)], cwd=tmp_path, env={**os.environ, **env}, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, b"3\n"), done.stderr
