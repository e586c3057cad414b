"""Conversion by several processes: the same bytes, whatever befalls one of them."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from odd_extractor import articles, odd
from running import COMMAND, run, told


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return odd(tmp_path)


def converted(env: dict[str, str], source: Path, target: Path, *options: object) -> bytes:
    done = run("convert", source, "--extractor", "odd", "--no-links", "-o", target, *options, env=env)
    assert done.returncode == 0, done.stderr
    return target.read_bytes()


@pytest.mark.parametrize("suffix", ["trig", "jsonld", "nq.gz"])
def test_bytes_are_the_same_for_any_number_of_workers(env: dict[str, str], tmp_path: Path, suffix: str) -> None:
    source = articles(tmp_path / "in.jsonl", {7: "go slowly in Norland", 40: "No country."}, 200)
    one, *others = (converted(env, source, tmp_path / f"{n}.{suffix}", "--workers", n) for n in (1, 2, 3))
    assert len(one) > 1000
    assert [other == one for other in others] == [True, True]


def test_real_extraction_is_the_same_in_a_worker(tmp_path: Path) -> None:
    texts = {n: f"Mara Dunn met Ana Vale in Kenya on {n + 1} March 2024." for n in range(4)}
    source = articles(tmp_path / "in.jsonl", texts, 4)
    for n in (1, 2):
        done = run("convert", source, "--extractor", "rules", "--workers", n, "-o", tmp_path / f"{n}.trig")
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "1.trig").read_bytes() == (tmp_path / "2.trig").read_bytes()


@pytest.mark.parametrize("end", ["exit now", "be killed"])
def test_a_document_that_kills_its_worker_is_the_only_one_lost(env: dict[str, str], tmp_path: Path, end: str) -> None:
    source = articles(tmp_path / "in.jsonl", {5: end, 70: end}, 100)
    options = ("--extractor", "odd", "--no-links", "--workers", 2, "--skip-bad", "-o", tmp_path / "out.nq")
    done = run("convert", source, *options, env=env)
    assert done.returncode == 1
    skipped = [line for line in done.stderr.splitlines() if "skipped: " in line]
    assert [line.split()[2] for line in skipped] == ["5:", "70:"]
    assert all("[KGL-902]" in line for line in skipped)
    good = articles(tmp_path / "good.jsonl", {}, 100).read_text().splitlines(keepends=True)
    (tmp_path / "good.jsonl").write_text("".join(line for n, line in enumerate(good) if n not in (5, 70)))
    assert converted(env, tmp_path / "good.jsonl", tmp_path / "good.nq") == (tmp_path / "out.nq").read_bytes()


def test_a_worker_that_is_killed_from_outside_costs_no_document(env: dict[str, str], tmp_path: Path) -> None:
    source = articles(tmp_path / "in.jsonl", {5: "die once, Norland"}, 100)
    bytes_ = converted(env, source, tmp_path / "2.nq", "--workers", 2)
    assert (tmp_path / "died").exists()
    assert bytes_ == converted(env, source, tmp_path / "1.nq", "--workers", 1)


def test_a_document_that_takes_too_long_is_stopped(env: dict[str, str], tmp_path: Path) -> None:
    source = articles(tmp_path / "in.jsonl", {3: "hang now"}, 40)
    options = ("--extractor", "odd", "--workers", 2, "--time-limit", 4, "-o", tmp_path / "out.nq")
    done = run("convert", source, *options, env=env)
    assert (told(done), done.returncode) == ("KGL-901", 2)
    assert "3: the worker process took longer than 4 s" in done.stderr
    assert not (tmp_path / "out.nq").exists()


def test_a_fault_of_an_extractor_is_one_line_and_touches_no_other(env: dict[str, str], tmp_path: Path) -> None:
    source = articles(tmp_path / "in.jsonl", {1: "fail now", 2: "eat memory", 3: "They met. break the ontology"}, 5)
    for workers in (1, 2):
        options = ("--extractor", "odd", "--workers", workers, "--skip-bad", "-o", tmp_path / "out.nq")
        done = run("convert", source, *options, env=env)
        assert done.returncode == 1
        assert [line[-9:] for line in done.stderr.splitlines()[:-1]] == ["[KGL-701]", "[KGL-701]", "[KGL-201]"]
        assert (tmp_path / "out.nq").read_text().count("/ontology#Document> ") == 2


def test_what_no_document_is_to_blame_for_ends_the_run(env: dict[str, str], tmp_path: Path) -> None:
    source = articles(tmp_path / "in.jsonl", {}, 5)
    done = run("convert", source, "--extractor", "none such", "--workers", 2, "--skip-bad", env=env)
    assert (told(done), done.returncode) == ("KGL-701", 2)


def alive(process: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="asks /proc who is alive")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_worker_outlives_the_run(env: dict[str, str], tmp_path: Path, how: signal.Signals) -> None:
    source = articles(tmp_path / "in.jsonl", {0: "hang now", 40: "hang now"}, 100)
    command = [*COMMAND, "convert", str(source), "--extractor", "odd", "--workers", "2", "-o", str(tmp_path / "o.nq")]
    log = tmp_path / "log"
    with subprocess.Popen(command, env=os.environ | env | {"ODD_LOG": str(log)}, stderr=subprocess.PIPE) as started:
        give_up = time.monotonic() + 60
        while not log.exists() or log.read_text().split().count("0") + log.read_text().split().count("40") < 2:
            assert time.monotonic() < give_up
            time.sleep(0.05)
        children = Path(f"/proc/{started.pid}/task/{started.pid}/children").read_text().split()
        started.send_signal(how)
        started.wait(60)
    assert len(children) >= 2
    while any(alive(int(child)) for child in children):
        assert time.monotonic() < give_up
        time.sleep(0.05)
    assert not (tmp_path / "o.nq").exists()
    # Nothing can be cleared away by what is killed.
    assert how == signal.SIGKILL or not list(tmp_path.glob(".*.part"))
