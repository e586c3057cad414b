"""What has changed since an earlier run is converted, and nothing else; what vanished is listed."""

from __future__ import annotations

import json
from pathlib import Path

from odd_extractor import articles, odd
from running import run, told

OPTIONS = ("--extractor", "odd", "--no-links", "--shard-size", "4", "--workers", "1")


def documents(folder: Path) -> int:
    return int(json.loads((folder / "manifest.json").read_text())["documents"])


def vanished(folder: Path) -> list[str]:
    return [json.loads(line)["id"] for line in (folder / "vanished.jsonl").read_text().splitlines()]


def test_new_and_changed_articles_are_converted_and_vanished_ones_forgotten(tmp_path: Path) -> None:
    env, log = odd(tmp_path), tmp_path / "log"
    store, source = tmp_path / "db", articles(tmp_path / "in.jsonl", {}, 12)
    assert run("convert", source, *OPTIONS, "--shards", tmp_path / "mon", env=env).returncode == 0
    assert run("load", *(tmp_path / "mon").glob("part-*"), "--store", store).returncode == 0

    rows = articles(source, {5: "They met again, in Norland."}, 14).read_text().splitlines(keepends=True)
    source.write_text("".join(row for n, row in enumerate(rows) if n not in (2, 9)))
    more = ("--shards", tmp_path / "tue", "--incremental", tmp_path / "mon")
    done = run("convert", source, *OPTIONS, *more, env={**env, "ODD_LOG": str(log)})
    assert done.returncode == 0, done.stderr
    assert log.read_text().split() == ["5", "12", "13"]
    assert vanished(tmp_path / "tue") == ["2", "9"]
    manifest = json.loads((tmp_path / "tue" / "manifest.json").read_text())
    assert [manifest[name] for name in ("documents", "unchanged", "vanished")] == [3, 9, 2]

    assert run("load", *(tmp_path / "tue").glob("part-*"), "--store", store).returncode == 0
    gone = run("forget", "--listed", tmp_path / "tue" / "vanished.jsonl", "--store", store, "--json")
    assert len(json.loads(gone.stdout)["forgotten"]) == 2, gone.stderr
    whole = run("convert", source, *OPTIONS, "-o", tmp_path / "whole.nq", env=env)
    assert whole.returncode == 0
    assert run("diff", tmp_path / "whole.nq", "--store", store).returncode == 0

    # The third run stands on the second, whose index has all, and finds nothing to do.
    log.unlink()
    more = ("--shards", tmp_path / "wed", "--incremental", tmp_path / "tue")
    assert run("convert", source, *OPTIONS, *more, env={**env, "ODD_LOG": str(log)}).returncode == 0
    assert not log.exists()
    assert (documents(tmp_path / "wed"), vanished(tmp_path / "wed")) == (0, [])


def test_an_article_that_fails_now_is_not_forgotten_and_tried_again(tmp_path: Path) -> None:
    env, source = odd(tmp_path), articles(tmp_path / "in.jsonl", {}, 3)
    options = (*OPTIONS, "--failures", tmp_path / "bad.jsonl")
    assert run("convert", source, *options, "--shards", tmp_path / "1", env=env).returncode == 0
    articles(source, {1: "fail now", 2: ""}, 3)
    more = ("--shards", tmp_path / "2", "--incremental", tmp_path / "1")
    assert run("convert", source, *options, *more, env=env).returncode == 1
    assert vanished(tmp_path / "2") == []
    source.write_text('{"id": "1", "text": "They met."}\n')
    more = ("--shards", tmp_path / "3", "--incremental", tmp_path / "2")
    assert run("convert", source, *options, *more, env=env).returncode == 0
    assert (documents(tmp_path / "3"), vanished(tmp_path / "3")) == (1, ["0", "2"])


def test_other_settings_convert_all_and_what_is_no_earlier_run_is_told(tmp_path: Path) -> None:
    env, source = odd(tmp_path), articles(tmp_path / "in.jsonl", {}, 3)
    assert run("convert", source, *OPTIONS, "--shards", tmp_path / "1", env=env).returncode == 0
    more = ("--shards", tmp_path / "2", "--incremental", tmp_path / "1", "--min-confidence", "0.95")
    assert run("convert", source, *OPTIONS, *more, env=env).returncode == 0
    assert documents(tmp_path / "2") == 3
    assert told(run("convert", source, "--incremental", tmp_path / "1")) == "KGL-100"
    more = ("--shards", tmp_path / "3", "--incremental", tmp_path / "nowhere")
    assert told(run("convert", source, *more)) == "KGL-100"
    assert not (tmp_path / "3").exists()
