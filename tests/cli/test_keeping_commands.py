"""`load --dry-run`, `status`, `diff`, `forget`, `dump` and `compact` as a user runs them."""

from __future__ import annotations

import gzip
import json
import os
import pty
import signal
import subprocess
import time
from pathlib import Path

import pytest
from running import COMMAND, run, told
from wire import changed, wire

from kgload import library


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    documents = wire()
    library.write(documents[:2], tmp_path / "a.nq")
    library.write(documents[2:], tmp_path / "b.nq")
    return tmp_path / "a.nq", tmp_path / "b.nq"


IDS = "SELECT ?id { GRAPH ?g { ?g <http://purl.org/dc/terms/identifier> ?id } } ORDER BY ?id"


def identifiers(folder: Path) -> list[str]:
    found = json.loads(run("query", "-q", IDS, "--json", cwd=folder).stdout)
    return [row["id"]["value"] for row in found["results"]["bindings"]]


def test_load_then_forget_leaves_what_was_there(tmp_path: Path, files: tuple[Path, Path]) -> None:
    run("load", "a.nq", cwd=tmp_path)
    before, kept = run("dump", cwd=tmp_path).stdout, identifiers(tmp_path)
    run("load", "b.nq", cwd=tmp_path)
    done = run("forget", *(name for name in identifiers(tmp_path) if name not in kept), "--json", cwd=tmp_path)
    assert len(json.loads(done.stdout)["forgotten"]) == 2
    assert run("dump", cwd=tmp_path).stdout == before


def test_a_dry_run_of_a_first_load_makes_no_store(tmp_path: Path, files: tuple[Path, Path]) -> None:
    done = run("load", "a.nq", "--dry-run", "--json", cwd=tmp_path)
    report = json.loads(done.stdout)
    assert (report["added"], report["dry_run"]) == (2, True)
    assert not (tmp_path / "kgload.db").exists()


def test_a_difference_is_an_exit_code(tmp_path: Path, files: tuple[Path, Path]) -> None:
    run("load", "a.nq", cwd=tmp_path)
    same = run("diff", "a.nq", cwd=tmp_path)
    assert (same.returncode, same.stdout) == (0, "")
    documents = wire()
    library.write([changed(documents[1]), documents[2]], tmp_path / "later.nq")
    other = run("diff", "later.nq", "--statements", cwd=tmp_path)
    assert other.returncode == 1
    assert [line[0] for line in other.stdout.splitlines() if not line.startswith(" ")] == ["~", "+", "-"]
    rows = [json.loads(line) for line in run("diff", "later.nq", "--json", cwd=tmp_path).stdout.splitlines()]
    assert [(row["in_file"] == 0, row["in_store"] == 0) for row in rows] == [
        (True, False),
        (False, True),
        (True, False),
    ]


def test_status_is_a_table_and_json(tmp_path: Path, files: tuple[Path, Path]) -> None:
    run("load", "a.nq", "b.nq", cwd=tmp_path, env={"SOURCE_DATE_EPOCH": "0"})
    table = dict(line.split(None, 1) for line in run("status", cwd=tmp_path).stdout.splitlines() if "last" not in line)
    assert table["documents"] == "4"
    found = json.loads(run("status", "--json", cwd=tmp_path).stdout)
    assert (found["documents"], found["last_load"]) == (4, "1970-01-01T00:00:00Z")
    assert str(found["events"]["Meeting"]) == table["Meeting"]


def test_a_dump_goes_to_a_file_whole_and_packed(tmp_path: Path, files: tuple[Path, Path]) -> None:
    run("load", "a.nq", cwd=tmp_path)
    printed = run("dump", cwd=tmp_path).stdout
    run("dump", "-o", "all.nq.gz", cwd=tmp_path)
    assert gzip.decompress((tmp_path / "all.nq.gz").read_bytes()).decode() == printed
    assert printed.splitlines() == sorted(set(printed.splitlines()), key=str.encode)
    again = json.loads(run("load", "all.nq.gz", "--store", "other", "--json", cwd=tmp_path).stdout)
    assert again["added"] == 2
    assert run("dump", "--store", "other", cwd=tmp_path).stdout == printed


@pytest.mark.parametrize("command", ["status", "dump", "compact", "forget x", "diff a.nq"])
def test_a_store_that_is_not_there_is_one_line(tmp_path: Path, files: tuple[Path, Path], command: str) -> None:
    done = run(*command.split(), cwd=tmp_path)
    assert (done.returncode, told(done)) == (3, "KGL-501")
    assert not (tmp_path / "kgload.db").exists()


def test_forgetting_what_is_not_there_is_one_line(tmp_path: Path, files: tuple[Path, Path]) -> None:
    run("load", "a.nq", cwd=tmp_path)
    before = run("dump", cwd=tmp_path).stdout
    done = run("forget", "wire/met", "no\x1bthing", cwd=tmp_path)
    assert (done.returncode, told(done)) == (2, "KGL-101")
    assert run("dump", cwd=tmp_path).stdout == before


def test_compacting_says_so_and_changes_nothing(tmp_path: Path, files: tuple[Path, Path]) -> None:
    run("load", "a.nq", cwd=tmp_path)
    before = run("dump", cwd=tmp_path).stdout
    assert "compacted" in run("compact", cwd=tmp_path).stderr
    assert run("dump", cwd=tmp_path).stdout == before


def test_progress_tells_rate_and_time_left_to_a_terminal_only(tmp_path: Path, files: tuple[Path, Path]) -> None:
    assert "/s" not in run("load", "a.nq", cwd=tmp_path).stderr
    leader, follower = pty.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "120"}
    done = subprocess.run(
        [*COMMAND, "load", "a.nq", "b.nq"], cwd=tmp_path, stderr=follower, env=environment, check=True
    )
    os.close(follower)
    assert done.returncode == 0
    said = os.read(leader, 100_000).decode()
    os.close(leader)
    assert "/s" in said
    assert "0:00:0" in said


def many(path: Path, documents: int) -> Path:
    """A large file of small graphs."""
    with path.open("w", encoding="utf-8") as stream:
        for number in range(documents):
            name = f"http://e.org/document/{number}"
            for n in range(40):
                stream.write(f'<{name}#{n}> <http://e.org/p> "statement {n} of document {number}" <{name}> .\n')
    return path


@pytest.mark.parametrize("after", [0.3, 0.6, 1.0, 1.5])
def test_after_a_kill_at_any_moment_graphs_are_whole_or_absent_and_a_load_completes_them(
    tmp_path: Path, after: float
) -> None:
    many(tmp_path / "many.nq", 5_000)
    with subprocess.Popen([*COMMAND, "load", "many.nq", "--quiet"], cwd=tmp_path) as process:
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
    if (tmp_path / "kgload.db").exists():
        counts = run("query", "-q", COUNTS, "--format", "csv", cwd=tmp_path)
        assert counts.returncode == 0, counts.stderr
        assert set(counts.stdout.split()[1:]) <= {"40"}
    run("load", "many.nq", cwd=tmp_path)
    expected = sorted((tmp_path / "many.nq").read_text().splitlines())
    assert run("dump", cwd=tmp_path).stdout.splitlines() == expected


COUNTS = "SELECT DISTINCT ?n { { SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s <http://e.org/p> ?o } } GROUP BY ?g } }"
