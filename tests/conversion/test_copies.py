"""Near-duplicates are marked in the graph, the same ones for any number of workers, and after any interruption."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odd_extractor import odd
from running import run

from kgload.conversion.copies import LENGTH, Copies, signature

COPY = ox.NamedNode("http://www.w3.org/ns/prov#alternateOf")
DOCUMENT = "https://w3id.org/kgload/document/"
WORDS = [f"{a}{b}" for a in ("ba", "ke", "li", "mo", "nu", "sa") for b in ("rn", "lt", "nd", "sk", "mp", "rk", "ll")]


def story(seed: int, length: int = 120) -> list[str]:
    chance = random.Random(seed)
    return [chance.choice(WORDS) for _ in range(length)]


def test_a_signature_is_the_same_everywhere() -> None:
    text = "Norland and Sudmark signed a treaty in Ketterby."
    assert signature(text) == signature("norland AND Sudmark: signed a treaty in Ketterby")
    assert signature(text).hex()[:32] == PINNED
    assert (signature(""), signature("… !"), len(signature("one"))) == (b"", b"", LENGTH)
    assert signature("a b c " * 30_000) == signature("a b c " * 7)


PINNED = "51f4ae3ed957f62266503b23b05ebcf7"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 119))
def test_a_text_with_a_word_changed_is_a_copy_and_another_one_is_not(seed: int, place: int) -> None:
    words = story(seed)
    changed = [*words[:place], "changed", *words[place + 1 :]]
    copies = Copies()
    assert copies.first("first", signature(" ".join(words))) is None
    assert copies.first("copy", signature(" ".join(changed))) == "first"
    assert copies.first("other", signature(" ".join(story(seed + 1)))) is None


def test_many_texts_are_told_apart_and_each_copy_found() -> None:
    copies = Copies()
    texts = [" ".join(story(n, 40)) for n in range(3_000)]
    assert [copies.first(str(n), signature(text)) for n, text in enumerate(texts)] == [None] * len(texts)
    assert all(copies.first("again", signature(text)) == str(n) for n, text in enumerate(texts))


def syndicated(path: Path, count: int = 24) -> Path:
    """Articles of which each third is a copy of the one before the last, with another first word."""
    texts = [" ".join(["They met.", *story(n if n % 3 < 2 else n - 2)]) for n in range(count)]
    rows = [{"id": str(n), "text": f"Wire{n}. {text}"} for n, text in enumerate(texts)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def marks(path: Path) -> dict[str, str]:
    return {
        quad.subject.value.removeprefix(DOCUMENT): quad.object.value.removeprefix(DOCUMENT)
        for quad in ox.parse(path=str(path))
        if quad.predicate == COPY
    }


EXPECTED = {str(n): str(n - 2) for n in range(2, 24, 3)}


@pytest.mark.parametrize("suffix", ["nq", "nt", "trig", "ttl", "jsonld"])
def test_copies_are_marked_in_every_format(tmp_path: Path, suffix: str) -> None:
    source, output = syndicated(tmp_path / "in.jsonl"), tmp_path / f"out.{suffix}"
    done = run("convert", source, "--extractor", "odd", "--workers", 0, "-o", output, env=odd(tmp_path))
    assert done.stderr.split(" → ")[0] == "24 documents, 24 events, 0 entities, 8 near-duplicates"
    assert marks(output) == EXPECTED
    if suffix in ("nq", "trig", "jsonld"):
        graphs = {quad.graph_name.value for quad in ox.parse(path=str(output))}  # type: ignore[union-attr]
        assert graphs == {DOCUMENT + str(n) for n in range(24)}


def test_the_bytes_are_the_same_for_any_number_of_workers_and_conform(tmp_path: Path) -> None:
    source, env = syndicated(tmp_path / "in.jsonl"), odd(tmp_path)
    for workers in (1, 3):
        output = tmp_path / f"{workers}.nq"
        run("convert", source, "--extractor", "odd", "--workers", workers, "-o", output, env=env)
    assert (tmp_path / "1.nq").read_bytes() == (tmp_path / "3.nq").read_bytes()
    assert run("validate", tmp_path / "1.nq").returncode == 0
    loaded = run("load", source, "--extractor", "odd", "--store", tmp_path / "db", "--workers", 1, env=env)
    assert loaded.returncode == 0, loaded.stderr
    again = run("load", tmp_path / "1.nq", "--store", tmp_path / "db", "--json")
    assert json.loads(again.stdout)["unchanged"] == 24


def test_a_shard_whose_first_article_has_changed_elsewhere_is_marked_anew(tmp_path: Path) -> None:
    source, env = syndicated(tmp_path / "in.jsonl"), odd(tmp_path)
    options = ("--extractor", "odd", "--shard-size", 2, "--resume", "--workers", 2)
    assert run("convert", source, *options, "--shards", tmp_path / "a", env=env).returncode == 0
    lines = source.read_text().splitlines(keepends=True)
    lines[3] = (
        json.dumps({"id": "3", "text": "Norland met nobody at all, and no copy of this is sold to anybody."}) + "\n"
    )
    source.write_text("".join(lines))
    log = tmp_path / "log"
    done = run("convert", source, *options, "--shards", tmp_path / "a", env={**env, "ODD_LOG": str(log)})
    assert done.returncode == 0, done.stderr
    # That of article 3, and that of article 5, its copy until now.
    assert sorted(map(int, log.read_text().split())) == [2, 3, 4, 5]
    assert run("convert", source, *options, "--shards", tmp_path / "b", env=env).returncode == 0
    files = {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()}
    assert files == {path.name: path.read_bytes() for path in (tmp_path / "b").iterdir()}
