"""A folder of shards: whole files and a manifest, and a killed run that is taken up gives the same bytes."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest
from odd_extractor import articles, odd
from running import COMMAND, run, told

FAULTS = {3: "fail now", 17: "They met. break the ontology", 22: ""}
OPTIONS = ("--extractor", "odd", "--no-links", "--shard-size", "5")


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return odd(tmp_path)


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def into(env: dict[str, str], source: Path, folder: Path, *more: object) -> int:
    failures = folder.with_suffix(".failures")
    done = run("convert", source, *OPTIONS, "--shards", folder, "--failures", failures, *more, env=env)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode


def test_shards_join_to_the_graph_and_the_manifest_tells_them(env: dict[str, str], tmp_path: Path) -> None:
    source = articles(tmp_path / "in.jsonl", FAULTS, 40)
    assert into(env, source, tmp_path / "one", "--workers", 1) == 1
    assert into(env, source, tmp_path / "two", "--workers", 2) == 1
    assert content(tmp_path / "one") == content(tmp_path / "two")
    assert (tmp_path / "one.failures").read_bytes() == (tmp_path / "two.failures").read_bytes()
    manifest = json.loads((tmp_path / "one" / "manifest.json").read_text())
    assert [manifest[k] for k in ("documents", "failures", "format")] == [37, 3, "nquads"]
    indices = {f"index-{number:06d}.jsonl.gz" for number in range(len(manifest["shards"]))}
    assert set(content(tmp_path / "one")) == {"manifest.json", *indices, *(s["file"] for s in manifest["shards"])}
    joined = b""
    for shard in manifest["shards"]:
        packed = (tmp_path / "one" / shard["file"]).read_bytes()
        assert (hashlib.sha256(packed).hexdigest(), len(packed)) == (shard["sha256"], shard["bytes"])
        assert gzip.decompress(packed).count(b"/ontology#Document> ") == shard["documents"]
        joined += gzip.decompress(packed)
    done = run("convert", source, "--extractor", "odd", "--no-links", "-o", tmp_path / "a.nq", "--skip-bad", env=env)
    assert done.returncode == 1
    assert joined == (tmp_path / "a.nq").read_bytes()


def test_a_killed_run_is_taken_up_and_gives_the_same_bytes(env: dict[str, str], tmp_path: Path) -> None:
    slow = dict.fromkeys(range(0, 40, 4), "Norland met France; go slowly.")
    source = articles(tmp_path / "in.jsonl", {**slow, **FAULTS}, 40)
    assert into(env, source, tmp_path / "whole", "--workers", 1) == 1
    log = tmp_path / "log"
    failures = str(tmp_path / "cut.failures")
    begin = [*COMMAND, "convert", str(source), *OPTIONS, "--shards", str(tmp_path / "cut"), "--failures", failures]
    chance = random.Random(7)
    for workers in ("1", "2", "2"):
        with subprocess.Popen(
            [*begin, "--resume", "--workers", workers],
            env=os.environ | env | {"ODD_LOG": str(log)},
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as started:
            seen = log.stat().st_size if log.exists() else 0
            give_up = time.monotonic() + 60
            while started.poll() is None and (not log.exists() or log.stat().st_size == seen):
                assert time.monotonic() < give_up
                time.sleep(0.02)
            time.sleep(chance.uniform(0, 1))
            started.send_signal(signal.SIGKILL)
    finished = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "cut").glob("part-*")}
    assert into(env, source, tmp_path / "cut", "--resume", "--workers", 2) == 1
    assert content(tmp_path / "cut") == content(tmp_path / "whole")
    assert Path(failures).read_bytes() == (tmp_path / "whole.failures").read_bytes()
    again = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "cut").glob("part-*")}
    redone = {name for name in finished if again[name] != finished[name]}
    # A shard may have been put in place a moment before its line of the journal would have been written.
    assert len(redone) <= 1


def test_what_is_finished_is_not_done_again_and_what_changed_is(env: dict[str, str], tmp_path: Path) -> None:
    source = articles(tmp_path / "in.jsonl", {}, 20)
    assert into(env, source, tmp_path / "out") == 0
    log = tmp_path / "log"
    assert into({**env, "ODD_LOG": str(log)}, source, tmp_path / "out", "--resume") == 0
    assert not log.exists()
    articles(source, {7: "They met elsewhere."}, 20)
    (tmp_path / "out" / "part-000003.nq.gz").write_bytes(b"damaged")
    assert into({**env, "ODD_LOG": str(log)}, source, tmp_path / "out", "--resume", "--workers", 1) == 0
    assert log.read_text().split() == [str(n) for n in (*range(5, 10), *range(15, 20))]
    assert into(env, source, tmp_path / "new") == 0
    assert content(tmp_path / "out") == content(tmp_path / "new")


def test_other_settings_and_a_shorter_input_leave_nothing_old(env: dict[str, str], tmp_path: Path) -> None:
    source = articles(tmp_path / "in.jsonl", {}, 20)
    assert into(env, source, tmp_path / "out") == 0
    articles(source, {}, 8)
    assert into(env, source, tmp_path / "out", "--resume", "--min-confidence", "0.95") == 0
    assert into(env, source, tmp_path / "new", "--min-confidence", "0.95") == 0
    assert content(tmp_path / "out") == content(tmp_path / "new")


def test_a_folder_that_holds_something_is_left_alone(env: dict[str, str], tmp_path: Path) -> None:
    source = articles(tmp_path / "in.jsonl", {}, 2)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("keep")
    done = run("convert", source, *OPTIONS, "--shards", tmp_path / "out", env=env)
    assert told(done) == "KGL-601"
    assert content(tmp_path / "out") == {"mine.txt": b"keep"}


def test_options_that_exclude_each_other_are_told(tmp_path: Path) -> None:
    source = articles(tmp_path / "in.jsonl", {}, 2)
    assert told(run("convert", source, "--resume")) == "KGL-100"
    assert told(run("convert", source, "--shards", tmp_path / "o", "-o", tmp_path / "o.nq")) == "KGL-100"
