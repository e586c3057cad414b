"""A fourth type of event: a class, annotated texts and two commands, no Python."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from running import run, told

from kgload.annotating import files
from kgload.extraction.knowledge import combined, knowledge
from kgload.extraction.weights import Question
from kgload.gold import GoldDocument
from kgload.training.light import fold_of
from kgload.training.logistic import fit

EXAMPLES = Path(__file__).parents[1] / "examples" / "attack"
ONTOLOGY = EXAMPLES / "attack.ttl"
TEXT = (
    "Rebels attacked a barracks in Mali on Sunday and killed four soldiers. "
    "Ministers of Mali and Niger met in Bamako on Monday."
)
TEACHERS_STRIKE = "Teachers in Kenya went on strike on Monday over unpaid wages."


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("own") / "frames"
    done = run("--ontology", ONTOLOGY, "train", EXAMPLES / "attack.jsonl", "--light", "-o", folder, "--quiet")
    assert done.returncode == 0, done.stderr
    return folder


def extracted(text: str, folder: Path, frames: Path | None) -> list[dict[str, object]]:
    path = folder / "new.txt"
    path.write_text(text)
    own = ("--frames", frames) if frames else ()
    done = run("--ontology", ONTOLOGY, *own, "extract", path, "--date", "2024-05-07", "--extractor", "rules")
    assert done.returncode == 0, done.stderr
    events: list[dict[str, object]] = json.loads(done.stdout).get("events", [])
    return events


def test_the_sample_texts_are_gold_and_some_tell_of_no_attack() -> None:
    texts = list(files.read_gold(EXAMPLES / "attack.jsonl"))
    assert len(texts) == 100
    for one in texts:
        for event in one.gold.events:
            for mention in event.mentions:
                assert one.article.text[mention.begin : mention.end] == mention.trigger
            for name in (*event.participants, *event.place):
                assert name in one.article.text
    assert sum(not one.gold.events for one in texts) >= 20
    assert len({event.status for one in texts for event in one.gold.events}) == 5


def test_a_new_type_is_found_beside_the_others(frames: Path, tmp_path: Path) -> None:
    without = [event["type"] for event in extracted(TEXT, tmp_path, None)]
    found = extracted(TEXT, tmp_path, frames)
    assert [event["type"] for event in found] == ["Attack", "Meeting"]
    assert without == ["Meeting"]
    assert found[0]["date"] == {"earliest": "2024-05-05", "latest": "2024-05-05", "text": "Sunday"}
    assert extracted(TEACHERS_STRIKE, tmp_path, frames) == []


def test_the_encoder_finds_it_too_beside_its_own(frames: Path, tmp_path: Path) -> None:
    path = tmp_path / "new.txt"
    path.write_text(TEXT)
    own = ("--ontology", ONTOLOGY, "--frames", frames)
    done = run(*own, "explain", path, "--date", "2024-05-07", "--format", "json")
    assert done.returncode == 0, done.stderr
    told_of = json.loads(done.stdout)
    events = told_of["document"]["events"]
    assert [event["type"] for event in events] == ["Attack", "Meeting"]
    assert [why["event"] for why in told_of["events"]] == [event["id"] for event in events]
    assert [bool(dict(why["triggers"][0]["parts"])) for why in told_of["events"]] == [False, True]
    assert dict(told_of["document"]["run"]["settings"])["frames"]


def test_graphs_of_it_are_valid_loaded_and_asked(frames: Path, tmp_path: Path) -> None:
    path, graph, store = tmp_path / "new.txt", tmp_path / "new.ttl", tmp_path / "store"
    path.write_text(TEXT)
    env = {"KGLOAD_ONTOLOGY": str(ONTOLOGY), "KGLOAD_FRAMES": str(frames)}
    options = ("--date", "2024-05-07", "--extractor", "rules")
    assert run("convert", path, "-o", graph, *options, env=env).returncode == 0
    assert "a kgl:Attack , kgl:Event" in graph.read_text()
    assert run("validate", graph, env=env).returncode == 0
    assert run("load", path, "--store", store, *options, env=env).returncode == 0
    counted = run("query", "counts", "--store", store, "--format", "json")
    assert "Attack" in counted.stdout
    label = "SELECT ?l { kgl:Attack rdfs:label ?l }"
    prefixes = "PREFIX kgl: <https://w3id.org/kgload/ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    named = run("query", "-q", prefixes + label.replace("{ kgl", "{ GRAPH ?g { kgl").replace("?l }", "?l } }"),
                "--store", store, "--format", "json")  # fmt: skip
    assert "attack" in named.stdout, named.stdout + named.stderr
    why = run("explain", path, "--event", 1, *options, env=env)
    assert "v1: Attack" in why.stdout


def test_the_metadata_tell_one_folder_of_frames_from_another(frames: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(frames, other)
    (other / "attack.toml").write_text((frames / "attack.toml").read_text() + "# changed\n")
    settings = []
    path = tmp_path / "new.txt"
    path.write_text(TEXT)
    for folder in (frames, other):
        done = run("--ontology", ONTOLOGY, "--frames", folder, "extract", path, "--extractor", "rules")
        settings.append(dict(json.loads(done.stdout)["run"]["settings"])["frames"])
        assert str(folder) not in done.stdout
    assert settings[0] != settings[1]


def test_the_same_texts_teach_the_same_bytes(frames: Path, tmp_path: Path) -> None:
    again = tmp_path / "frames"
    env = {"PYTHONHASHSEED": "7"}
    done = run("--ontology", ONTOLOGY, "train", EXAMPLES / "attack.jsonl", "--light", "-o", again, "--quiet", env=env)
    assert done.returncode == 0, done.stderr
    for name in ("attack.toml", "triggers.tsv", "weights.tsv"):
        assert (again / name).read_bytes() == (frames / name).read_bytes()


def test_a_folder_for_a_type_that_is_known_takes_its_place(frames: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KGLOAD_FRAMES", "")
    [shipped] = knowledge()
    renamed = replace(shipped.frames, frames={"Meeting": shipped.frames.frames["Meeting"]})
    first, second = combined([shipped, replace(shipped, frames=renamed)])
    assert (first.left_out, second.left_out) == ({"Meeting"}, frozenset())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("@prefix kgl:", "KGL-301"),
        ("<https://other.example/Attack> a <http://www.w3.org/2002/07/owl#Class> .", "KGL-301"),
        (None, "KGL-301"),
    ],
)
def test_an_ontology_that_is_none_is_said_in_a_line(tmp_path: Path, content: str | None, said: str) -> None:
    path = tmp_path / "own.ttl"
    if content is not None:
        path.write_text(content)
    text = tmp_path / "a.txt"
    text.write_text(TEXT)
    done = run("--ontology", path, "convert", text, "--extractor", "rules", "-o", tmp_path / "a.nq")
    assert (done.returncode, told(done)) == (2, said)
    assert not (tmp_path / "a.nq").exists()


def test_frames_without_their_ontology_or_broken_ones_are_said_in_a_line(frames: Path, tmp_path: Path) -> None:
    text = tmp_path / "a.txt"
    text.write_text(TEXT)
    for folder in (frames, tmp_path / "none", tmp_path):
        done = run("--frames", folder, "convert", text, "--extractor", "rules", "-o", tmp_path / "a.nq")
        assert (done.returncode, told(done)) == (2, "KGL-301")


def test_gold_of_an_unknown_type_or_too_little_of_it_is_not_learned(tmp_path: Path) -> None:
    done = run("train", EXAMPLES / "attack.jsonl", "--light", "-o", tmp_path / "frames")
    assert done.returncode == 2
    assert "Attack is no event type" in done.stderr
    few = list(files.read_gold(EXAMPLES / "attack.jsonl"))[:2]
    files.write_gold(few, tmp_path / "few.jsonl")
    done = run("--ontology", ONTOLOGY, "train", tmp_path / "few.jsonl", "--light", "-o", tmp_path / "frames")
    assert done.returncode == 2
    assert told(done) == "KGL-108"
    assert not (tmp_path / "frames").exists()


def test_folds_hold_about_as_many_texts_each() -> None:
    sizes = Counter(fold_of(GoldDocument(f"attack_{n:03}", (), (), {})) for n in range(1, 101))
    assert len(sizes) == 5
    assert min(sizes.values()) >= 10


def test_few_examples_leave_what_many_taught_where_they_say_nothing() -> None:
    prior = Question(("no", "yes"), {"old": (-2.0, 2.0), "moved": (-1.0, 1.0)})
    learned = fit([(["moved"], "no")] * 20 + [(["new"], "yes")] * 20, 1e-3, prior)
    assert learned.weights["old"] == (-2.0, 2.0)
    assert learned.weights["moved"][1] < 0 < learned.weights["new"][1]
    assert fit([], 1.0, prior) == prior
    assert fit([(["old"], "other")] * 5, 1e-3, prior).answers == ("other",)


def test_the_environment_takes_several_files(tmp_path: Path) -> None:
    second = tmp_path / "second.ttl"
    second.write_text(ONTOLOGY.read_text().replace("Attack", "Election"))
    record = {
        "article": {"id": "a", "text": "They voted."},
        "events": [{"id": "1", "type": "Election", "mentions": [{"begin": 5, "end": 10, "text": "voted"}]}],
    }
    path = tmp_path / "record.jsonl"
    path.write_text(json.dumps(record) + "\n")
    env = {"KGLOAD_ONTOLOGY": os.pathsep.join([str(ONTOLOGY), str(second)])}
    assert run("convert", path, "-o", tmp_path / "a.nq", env=env).returncode == 0
    twice = ("--ontology", ONTOLOGY, "--ontology", second)
    assert run(*twice, "convert", path, "-o", tmp_path / "b.nq").returncode == 0
    assert (tmp_path / "a.nq").read_bytes() == (tmp_path / "b.nq").read_bytes()
