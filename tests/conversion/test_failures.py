"""Documents that cannot be converted are written down, and the run goes on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from odd_extractor import articles, odd
from running import run, told

FAULTS = {
    1: "exit now",
    2: "",
    3: "They met. break the ontology",
    4: "fail now",
    6: "half \ud800 a character",
}


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return odd(tmp_path)


def convert(env: dict[str, str], folder: Path, *options: object) -> tuple[int, str]:
    given = ("convert", "in.jsonl", "--extractor", "odd", "--workers", 2, "-o", "out.nq", "--failures", "bad.jsonl")
    done = run(*given, *options, env=env, cwd=folder)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr


def test_each_failure_is_a_line_in_input_order_and_the_rest_is_converted(env: dict[str, str], tmp_path: Path) -> None:
    source = articles(tmp_path / "in.jsonl", FAULTS, 9)
    with source.open("a") as stream:
        stream.write('{"id": "0", "text": "Again."}\n{no json\n')
    code, said = convert(env, tmp_path)
    assert code == 1
    assert said == "4 documents, 4 events, 4 entities, 7 skipped → out.nq\n"
    rows = [json.loads(line) for line in (tmp_path / "bad.jsonl").read_text("utf-8").splitlines()]
    assert [(row["id"], row["stage"], row["code"]) for row in rows] == [
        ("1", "worker", "KGL-902"),
        ("2", "read", "KGL-106"),
        ("3", "write", "KGL-201"),
        ("4", "extract", "KGL-701"),
        ("6", "read", "KGL-103"),
        ("0", "read", "KGL-111"),
        (None, "read", "KGL-108"),
    ]
    assert all(list(row) == ["id", "stage", "code", "message"] and row["message"] for row in rows)
    assert (tmp_path / "out.nq").read_text("utf-8").count("/ontology#Document> ") == 4


def test_a_run_without_failures_says_so_with_an_empty_file(env: dict[str, str], tmp_path: Path) -> None:
    articles(tmp_path / "in.jsonl", {}, 3)
    assert convert(env, tmp_path)[0] == 0
    assert (tmp_path / "bad.jsonl").read_bytes() == b""


def test_too_many_failures_end_the_run_without_a_graph(env: dict[str, str], tmp_path: Path) -> None:
    articles(tmp_path / "in.jsonl", {2: "", 4: "fail now", 6: ""}, 9)
    assert convert(env, tmp_path, "--max-failures", 3)[0] == 1
    (tmp_path / "out.nq").unlink()
    code, said = convert(env, tmp_path, "--max-failures", 2)
    assert (code, said[-10:]) == (2, "[KGL-903]\n")
    assert len((tmp_path / "bad.jsonl").read_text().splitlines()) == 3
    assert not (tmp_path / "out.nq").exists()


def test_failures_that_cannot_be_written_are_told(env: dict[str, str], tmp_path: Path) -> None:
    articles(tmp_path / "in.jsonl", {}, 3)
    given = ("convert", "in.jsonl", "--extractor", "odd", "-o", "out.nq", "--failures", "no/such/bad.jsonl")
    assert told(run(*given, env=env, cwd=tmp_path)) == "KGL-601"
