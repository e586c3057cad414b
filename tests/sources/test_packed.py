"""Packed files, patterns, and inputs that are made to do harm: each gives articles or errors, in bounded memory."""

from __future__ import annotations

import gzip
import json
import resource
import sys
from pathlib import Path

import pytest
from running import run

from kgload.errors import InputError, InputNotFound, InputTooLarge, KgloadError
from kgload.files import zstd
from kgload.records import Article
from kgload.sources import reader, texts
from kgload.sources.reader import read

ROW = json.dumps({"id": "a", "text": "Mara met Ana."}) + "\n"


def write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def told(path: Path) -> list[str]:
    return [item.id if isinstance(item, Article) else type(item).__name__ for item in read([path])]


def test_zstandard_is_unpacked(tmp_path: Path) -> None:
    packed = zstd.compress(ROW.encode()) + zstd.compress(ROW.replace('"a"', '"b"').encode())
    assert told(write(tmp_path / "in.jsonl.zst", packed)) == ["a", "b"]
    assert told(write(tmp_path / "note.txt.zst", zstd.compress(b"Mara met Ana."))) == ["note"]
    assert told(write(tmp_path / "below" / "c.txt.zst", zstd.compress(b"x")).parent) == ["c"]


@pytest.mark.parametrize("packed", [zstd.compress(ROW.encode() * 5)[:-3], b"no zstandard at all", b"\x28\xb5\x2f\xfd"])
def test_zstandard_that_is_cut_off_or_none_is_found_out(tmp_path: Path, packed: bytes) -> None:
    *_, last = read([write(tmp_path / "in.jsonl.zst", packed)])
    assert type(last) is InputError
    assert "in.jsonl.zst" in last.message


def test_patterns_stand_for_what_matches_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("b/2.txt", "a/1.txt", "a/deep/3.txt", "a/[1].txt", "c.html"):
        write(tmp_path / name, b"Mara met Ana " + name.encode())
    monkeypatch.chdir(tmp_path)
    names = [item.id for item in read(["*/[0-9].txt"]) if isinstance(item, Article)]
    assert names == ["1", "2"]
    assert len(list(read(["**/*.txt"]))) == 4
    # A name that exists is no pattern.
    assert [item.id for item in read(["a/[1].txt"]) if isinstance(item, Article)] == ["[1]"]
    with pytest.raises(InputNotFound):
        read(["none/*.txt"])


@pytest.mark.parametrize("pack", [lambda content: gzip.compress(content, 1), zstd.compress])
def test_a_bomb_is_not_unpacked_into_memory(tmp_path: Path, pack: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "LONGEST_TEXT", 100_000)
    monkeypatch.setattr(reader, "LONGEST_FILE", 400_000)
    suffix = "zst" if pack is zstd.compress else "gz"
    bomb = pack(b"A" * 200_000_000)  # type: ignore[operator]
    assert len(bomb) < 1_000_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (found,) = read([write(tmp_path / f"bomb.txt.{suffix}", bomb)])
    assert isinstance(found, InputTooLarge)
    # Linux counts kilobytes.
    assert sys.platform != "linux" or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


POISON = {
    "nuls": "\x00" * 50_000 + " Mara met Ana.",
    "brackets": '{"(' * 10_000,
    "directions": "\u202e\u200f\u200bMara\u200d met\u2066 Ana.\u2069" * 500,
    "marks": "e" + "\u0301" * 20_000,
    "one word": "a" * 50_000,
    "stops": "." * 20_000,
    "spaces": " \n" * 20_000 + "Mara met Ana.",
    "digits": "1" * 20_000,
    "quotes": "\"'“" * 300,
}


def test_poisonous_lines_are_converted_or_one_failure_each(tmp_path: Path) -> None:
    rows = [{"id": name, "text": text} for name, text in POISON.items()]
    lines = [json.dumps(row) for row in rows]
    lines += ['{"id": "half", "text": "\\ud800"}', "[" * 100_000, '{"id": "nuls", "text": "again"}']
    # Longer than any line may be.
    lines.insert(2, '{"id": "long", "text": "' + "x" * 85_000_000 + '"}')
    (tmp_path / "in.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    options = ("--extractor", "rules", "--workers", 2, "--time-limit", 100, "--failures", "bad.jsonl")
    done = run("convert", "in.jsonl", *options, "-o", "out.nq", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    failed = [json.loads(line) for line in (tmp_path / "bad.jsonl").read_text("utf-8").splitlines()]
    assert [row["code"] for row in failed if row["stage"] == "read"] == ["KGL-109", "KGL-103", "KGL-108", "KGL-111"]
    assert [(row["id"], row["code"]) for row in failed if row["stage"] != "read"] == []
    converted = (tmp_path / "out.nq").read_text("utf-8").count("/ontology#Document> ")
    assert converted == len(POISON)


def test_files_that_vanish_while_a_folder_is_read_are_one_error_each(tmp_path: Path) -> None:
    for n in range(3):
        write(tmp_path / f"{n}.txt", b"Mara met Ana.")
    found: list[Article | KgloadError] = []
    for item in read([tmp_path]):
        assert isinstance(item, Article | KgloadError)
        found.append(item)
        (tmp_path / "1.txt").unlink(missing_ok=True)
    assert [type(item) for item in found] == [Article, InputNotFound, Article]
