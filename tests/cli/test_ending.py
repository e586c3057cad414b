"""How a run ends that does not end well: signals, closed pipes, full disks."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import time
from pathlib import Path

import pytest
from record_samples import invented
from running import COMMAND, run, started, told

from kgload import records_json

RECORD = records_json.load(json.loads(records_json.dump(invented())), "sample")


def many(path: Path, count: int) -> Path:
    row = json.loads(records_json.dump(RECORD))
    with path.open("w", encoding="utf-8") as stream:
        for number in range(count):
            row["article"]["id"] = f"wire/{number}"
            stream.write(json.dumps(row) + "\n")
    return path


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("command", ["convert in.jsonl -o out.nq", "extract in.jsonl -o out.jsonl.gz"])
def test_a_signal_ends_a_run_and_leaves_nothing(
    tmp_path: Path, number: signal.Signals, code: int, command: str
) -> None:
    many(tmp_path / "in.jsonl", 20_000)
    with started(*command.split(), cwd=tmp_path) as process:
        until = time.monotonic() + 60
        while not any(path.suffix == ".part" and path.stat().st_size > 10_000 for path in tmp_path.iterdir()):
            assert process.poll() is None, "it ended before it wrote"
            assert time.monotonic() < until, "it wrote nothing"
            time.sleep(0.02)
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
    assert process.returncode == code
    assert said.decode().count("\n") == 1
    assert said.startswith(b"kgload: ")
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


@pytest.mark.parametrize("name", ["out.nq", "out.ttl", "out.trig", "out.jsonld", "out.nq.gz"])
def test_a_full_disk_is_told_and_the_old_file_stays(tmp_path: Path, name: str) -> None:
    many(tmp_path / "in.jsonl", 300)
    (tmp_path / name).write_text("old", encoding="utf-8")

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    done = run(
        "convert", "in.jsonl", "-o", name, cwd=tmp_path, before=little_room, env={"PYTHONDONTWRITEBYTECODE": "1"}
    )
    assert (told(done), done.returncode) == ("KGL-601", 4)
    assert name in done.stderr
    assert (tmp_path / name).read_text("utf-8") == "old"
    assert {path.name for path in tmp_path.iterdir()} == {"in.jsonl", name}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
@pytest.mark.parametrize("command", ["convert in.jsonl", "extract in.jsonl", "query --list"])
def test_a_full_disk_behind_stdout_is_told(tmp_path: Path, command: str) -> None:
    many(tmp_path / "in.jsonl", 1)
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, *command.split()], cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 4
    assert done.stderr.decode().splitlines() == ["kgload: cannot write: No space left on device [KGL-601]"]


@pytest.mark.parametrize("command", ["convert in.jsonl", "extract in.jsonl"])
def test_a_reader_that_goes_away_is_no_failure(tmp_path: Path, command: str) -> None:
    many(tmp_path / "in.jsonl", 2000)
    with subprocess.Popen(
        [*COMMAND, *command.split()], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
        process.wait(60)
    assert (process.returncode, said) == (0, b"")


def test_what_is_no_file_is_written_to_and_stays(tmp_path: Path) -> None:
    many(tmp_path / "in.jsonl", 1)
    assert run("convert", "in.jsonl", "--format", "trig", "-o", os.devnull, cwd=tmp_path).returncode == 0
    assert Path(os.devnull).is_char_device()


def test_a_link_stays_a_link_and_its_file_is_replaced(tmp_path: Path) -> None:
    many(tmp_path / "in.jsonl", 1)
    (tmp_path / "old.nq").write_text("old", encoding="utf-8")
    (tmp_path / "latest.nq").symlink_to("old.nq")
    assert run("convert", "in.jsonl", "-o", "latest.nq", cwd=tmp_path).returncode == 0
    assert (tmp_path / "latest.nq").is_symlink()
    assert "Mara Dunn" in (tmp_path / "old.nq").read_text("utf-8")


def test_results_are_utf8_whatever_the_terminal_claims(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(records_json.dump(RECORD).replace("wire/", "Кеттерби/"), encoding="utf-8")
    done = run("extract", "in.jsonl", cwd=tmp_path, env={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert "Кеттерби" in done.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_long_query_ends_when_it_is_told_to(number: signal.Signals, tmp_path: Path) -> None:
    statements = "".join(
        f"<http://e.org/{n}> <http://e.org/p> <http://e.org/{n}> <http://e.org/g> .\n" for n in range(3000)
    )
    (tmp_path / "many.nq").write_text(statements, encoding="utf-8")
    endless = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?a ?b ?c . ?d ?e ?f . ?h ?i ?j } }"
    with started("query", "--file", "many.nq", "-q", endless, cwd=tmp_path) as process:
        time.sleep(2)
        assert process.poll() is None
        process.send_signal(number)
        assert process.wait(timeout=10) in (-number, 128 + number)
