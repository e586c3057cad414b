"""Poisonous inputs: each gives a conversion or one line of failure, whatever it is, and harms no other.

What takes long or is large is in scripts/poison.py, with figures.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from odd_extractor import articles, odd
from running import COMMAND, run, told

from kgload.errors import KgloadError
from kgload.files import zstd
from kgload.records import Article
from kgload.sources.reader import read

GOOD = '{"id": "good", "text": "Norland met Sudmark in Ketterby on 1 March 2024."}\n'


def converted(
    folder: Path, source: Path, *options: object, env: dict[str, str] | None = None
) -> tuple[int, list[dict[str, str]]]:
    """How many documents a run has converted, and its failures."""
    bad = folder / "bad.jsonl"
    given = ("--workers", 1, "--failures", bad, "-o", folder / "out.nq", "--json", *options)
    done = run("convert", source, *given, env=env)
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode in (0, 1), done.stderr
    return json.loads(done.stdout)["documents"], [json.loads(line) for line in bad.read_text().splitlines()]


def lines(path: Path, *texts: str) -> Path:
    rows = [json.dumps({"id": str(n), "text": text}) for n, text in enumerate(texts)]
    path.write_text("".join(row + "\n" for row in rows) + GOOD)
    return path


def test_odd_characters_are_characters(tmp_path: Path) -> None:
    texts = [
        "Nor\x00land met Sud\x00mark.",
        "\u202eNorland met Sudmark\u202c in \u2066Ketterby\u2069.",
        "Nor\u200bland\u200d met\ufeff Sud\u2060mark\u00ad.",
        "\u0646\u0648\u0631\u0644\u0627\u0646\u062f met Sudmark. \U0001f1f3\U0001f1f4 " + "e" + "\u0301" * 2_000,
        "\x1b[31mNorland\x1b[0m met\x07 Sudmark\x7f\x85\u2028\u2029.",
        "<b>Norland</b> met \"Sudmark\" \\u0000 \\\\ . <http://x/> 'a' {{7*7}} ${x} %s",
    ]
    assert converted(tmp_path, lines(tmp_path / "in.jsonl", *texts), "--extractor", "rules") == (7, [])
    assert run("validate", tmp_path / "out.nq").returncode == 0
    assert run("verify", tmp_path / "out.nq", "--source", tmp_path / "in.jsonl").returncode == 0


def test_half_a_character_and_a_wrong_encoding_are_failures(tmp_path: Path) -> None:
    source = lines(tmp_path / "in.jsonl", "half \ud800 a character")
    source.write_bytes(source.read_bytes() + '{"id": "latin", "text": "caf\xe9"}\n'.encode("latin-1"))
    source.write_bytes(source.read_bytes() + '{"text": "They met."}\n'.encode("utf-16"))
    count, failed = converted(tmp_path, source, "--extractor", "rules")
    assert (count, {row["code"] for row in failed}) == (1, {"KGL-103", "KGL-108"} & {row["code"] for row in failed})
    assert [row["code"] for row in failed][:2] == ["KGL-103", "KGL-103"]


def test_what_is_nested_or_repeated_without_end_is_bounded(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    depth = 100_000
    (folder / "a.html").write_text("<html><body>" + "<div>" * depth + "Norland met Sudmark." + "</div>" * depth)
    (folder / "b.jsonl").write_text(
        "[" * depth + "]" * depth + "\n" + '{"a":' * depth + "1" + "}" * depth + "\n" + GOOD
    )
    (folder / "c.txt").write_text('{"(' * 2_000)
    (folder / "d.txt").write_text('"' * 5_000)
    (folder / "e.txt").write_text("a" * 30_000 + "!")
    count, failed = converted(tmp_path, folder, "--extractor", "rules")
    codes = {row["id"]: row["code"] for row in failed}
    assert count + len(failed) == 7
    assert set(codes.values()) <= {"KGL-105", "KGL-108", "KGL-901", "KGL-902"}
    assert codes.get("b") is None
    assert sum(row["code"] == "KGL-108" for row in failed) == 2


@pytest.mark.parametrize("suffix", ["gz", "zst"])
@pytest.mark.parametrize("what", [b" ", b"\n", b"x"])
def test_a_bomb_is_not_unpacked_to_its_end(tmp_path: Path, suffix: str, what: bytes) -> None:
    block = what * (1 << 20)
    path = tmp_path / f"in.jsonl.{suffix}"
    if suffix == "gz":
        one = gzip.compress(block, 9)
        path.write_bytes(gzip.compress(GOOD.encode()) + one * 100)
    else:
        path.write_bytes(zstd.compress(GOOD.encode()) + zstd.compress(block) * 100)
    good, bomb = read([path])
    assert isinstance(good, Article)
    assert isinstance(bomb, KgloadError)
    assert (bomb.code, "as a bomb does" in bomb.message) == ("KGL-109", True)


def test_a_file_that_vanishes_or_is_cut_while_it_is_read_costs_itself(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    articles(folder / "a.jsonl", dict.fromkeys(range(8), "Norland met; go slowly."), 8)
    big = articles(folder / "b.jsonl", {}, 20_000)
    (folder / "c.txt").write_text("They met.")
    log = tmp_path / "log"
    env = {**odd(tmp_path), "ODD_LOG": str(log)}
    given = ("--extractor", "odd", "--workers", "1", "--failures", str(tmp_path / "bad"), "-o", str(tmp_path / "o.nq"))
    command = [*COMMAND, "convert", str(folder), *given, "--json"]
    with subprocess.Popen(command, env=os.environ | env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as started:
        give_up = time.monotonic() + 60
        while not log.exists():
            assert time.monotonic() < give_up
            time.sleep(0.02)
        (folder / "c.txt").unlink()
        with big.open("rb+") as stream:
            stream.truncate(big.stat().st_size - 5)
        said, errors = started.communicate()
    assert started.returncode == 1, errors
    failed = [json.loads(line) for line in (tmp_path / "bad").read_text().splitlines()]
    # It vanished before its turn, with its name known, or not even that.
    assert sum(row["code"] == "KGL-101" for row in failed) == 1
    assert json.loads(said)["documents"] > 20_000 - 5_000


def test_a_page_that_kills_its_parser_costs_itself(tmp_path: Path) -> None:
    """Pages are parsed by workers: the parser is made to die where a page says so."""
    folder = tmp_path / "in"
    folder.mkdir()
    for name, text in (("a", "well"), ("b", "to a crash"), ("c", "fine")):
        body = f"<p>Norland met Sudmark in Ketterby, and all went {text}. They will meet again next year.</p>" * 3
        (folder / f"{name}.html").write_text(f"<html><body><article>{body}</article></body></html>")
    env = odd(tmp_path)
    patch = """
import os, kgload.sources.html as html
whole = html.read_page
def read_page(content, where, **more):
    if b"crash" in content: os.abort()
    return whole(content, where, **more)
html.read_page = read_page
"""
    plugin = Path(env["PYTHONPATH"]) / "odd_plugin.py"
    plugin.write_text(patch + plugin.read_text())
    # The extractor's module is imported, with what it does to the parser, when the worker gets ready.
    count, failed = converted(folder.parent, folder, "--extractor", "odd", env=env)
    assert (count, [(row["id"], row["code"]) for row in failed]) == (2, [("b", "KGL-902")])


def test_one_worker_has_the_protection_of_many(tmp_path: Path) -> None:
    source = articles(tmp_path / "in.jsonl", {1: "exit now", 3: "hang now", 4: "be killed"}, 6)
    count, failed = converted(tmp_path, source, "--extractor", "odd", "--time-limit", 4, env=odd(tmp_path))
    assert count == 3
    assert [(row["id"], row["code"]) for row in failed] == [("1", "KGL-902"), ("3", "KGL-901"), ("4", "KGL-902")]


@pytest.mark.parametrize("command", ["load", "extract"])
def test_loading_and_extracting_have_it_too(tmp_path: Path, command: str) -> None:
    source = articles(tmp_path / "in.jsonl", {1: "exit now", 2: "fail now", 3: "hang now"}, 5)
    to = ("--store", tmp_path / "db") if command == "load" else ("-o", tmp_path / "out.jsonl")
    options = ("--extractor", "odd", "--time-limit", 4, "--failures", tmp_path / "bad.jsonl", *to)
    done = run(command, source, *options, env=odd(tmp_path))
    assert done.returncode == 1, done.stderr
    rows = [json.loads(line) for line in (tmp_path / "bad.jsonl").read_text().splitlines()]
    assert [(row["id"], row["code"]) for row in rows] == [("1", "KGL-902"), ("2", "KGL-701"), ("3", "KGL-901")]
    if command == "extract":
        assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 2
    else:
        assert "2 documents" in done.stderr


@pytest.fixture
def small_disk(tmp_path: Path) -> Path:
    """A file system with room for next to nothing."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root mounts file systems")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], capture_output=True).returncode:
        pytest.skip("no file system can be mounted here")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


def test_a_full_disk_is_one_line_and_leaves_no_half_of_a_file(tmp_path: Path, small_disk: Path) -> None:
    env, source = odd(tmp_path), articles(tmp_path / "in.jsonl", {}, 400)
    options = ("--extractor", "odd", "--workers", 1)
    assert told(run("convert", source, *options, "-o", small_disk / "out.nq", env=env)) == "KGL-601"
    assert list(small_disk.iterdir()) == []
    shards = ("--shards", small_disk / "graph", "--shard-size", 50)
    assert told(run("convert", source, *options, *shards, env=env)) == "KGL-601"
    assert [path.name for path in (small_disk / "graph").iterdir() if path.name.startswith(".")] == []
    bad = articles(tmp_path / "bad.jsonl", dict.fromkeys(range(400), ""), 400)
    failures = ("--failures", small_disk / "failures.jsonl", "-o", tmp_path / "out.nq")
    assert told(run("convert", bad, *options, *failures, env=env)) == "KGL-601"
    # With room again, the shards that were begun there are taken up.
    subprocess.run(["mount", "-o", "remount,size=8m", small_disk], check=True)
    assert run("convert", source, *options, *shards, "--resume", env=env).returncode == 0
    assert run("convert", source, *options, "--shards", tmp_path / "graph", "--shard-size", 50, env=env).returncode == 0
    for path in (tmp_path / "graph").iterdir():
        assert path.read_bytes() == (small_disk / "graph" / path.name).read_bytes()
