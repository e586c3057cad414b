"""What the network is told of a gold text, on texts of our own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kgload import data
from kgload.errors import BadLine
from kgload.extraction.encoder.windows import Widths
from kgload.linking.gazetteer import Gazetteer
from kgload.training.gold import UNDATED, Example, GoldText, examples, load, tags

TEXT = (
    "President Mara Dunn met Sorin Vale in Oslo, Norway on Tuesday, the Lake Council said. "
    "France will send 1,200 troops to Estonia. The talks in Oslo may go on."
)
VOCABULARY = data.path("model", "vocab.txt")
TYPES = ("Agreement", "Deployment", "Meeting")

pytestmark = pytest.mark.skipif(not VOCABULARY.exists(), reason="no model in this checkout")


def event(kind: str, trigger: str, **more: object) -> dict[str, object]:
    begin = TEXT.index(trigger)
    mention = {"begin": begin, "end": begin + len(trigger), "sentence": 0, "trigger": trigger}
    return {"type": kind, "mentions": [mention], "participants": [], "status": "Occurred", **more}


def gold(folder: Path, *events: dict[str, object]) -> GoldText:
    row = {"id": "a", "sentences": [[0, 85], [86, len(TEXT)]], "events": list(events)}
    (folder / "own.jsonl").write_text(json.dumps(row) + "\n")
    article = {"id": "a", "title": None, "date": "2025-08-13", "text": TEXT}
    (folder / "own.articles.jsonl").write_text(json.dumps(article) + "\n")
    (one,) = load([folder / "own.jsonl"], Gazetteer.core(), VOCABULARY)
    return one


def only(one: GoldText) -> Example:
    (example,) = examples(one, TYPES, Widths())
    return example


def names(example: Example, numbers: tuple[int, ...]) -> list[str]:
    entities = example.surroundings.entities
    return [example.text.names.entities[entities[n]].name if n < len(entities) else "nobody" for n in numbers]


def test_participants_are_named_and_accepted_names_teach_nothing(tmp_path: Path) -> None:
    example = only(gold(tmp_path, event("Meeting", "met", participants=["Mara Dunn", "Sorin Vale"], accept=["Norway"])))
    assert example.labels is not None
    everybody = names(example, tuple(range(len(example.surroundings.entities))))
    labelled = dict(zip(everybody, example.labels.participants, strict=True))
    assert labelled["Mara Dunn"] == labelled["Sorin Vale"] == 1
    assert labelled["Norway"] == -1
    assert labelled["Estonia"] == 0


def test_of_a_place_in_two_parts_the_first_is_right_and_the_second_open(tmp_path: Path) -> None:
    example = only(gold(tmp_path, event("Meeting", "met", place="Oslo, Norway", reported_by="Lake Council")))
    assert example.labels is not None
    place = example.labels.roles["place"]
    assert names(example, place.right) == ["Oslo"]
    assert names(example, place.open) == ["Norway"]
    assert names(example, example.labels.roles["attributedTo"].right) == ["Lake Council"]
    assert "deployer" not in example.labels.roles


def test_nobody_is_right_where_gold_names_none(tmp_path: Path) -> None:
    example = only(gold(tmp_path, event("Deployment", "send", deployer="France", force="1,200 troops")))
    assert example.labels is not None
    assert names(example, example.labels.roles["place"].right) == ["nobody"]
    assert names(example, example.labels.roles["deployer"].right) == ["France"]
    assert example.labels.force == (TEXT.index("1,200"), TEXT.index(" to Estonia"))


def test_a_date_is_the_expression_that_gives_it_or_none(tmp_path: Path) -> None:
    dated = only(gold(tmp_path, event("Meeting", "met", date="2025-08-12")))
    undated = only(gold(tmp_path, event("Meeting", "met")))
    assert dated.labels is not None
    assert undated.labels is not None
    assert [dated.text.article.text[e.begin : e.end] for e in dated.text.expressions][:1] == ["Tuesday"]
    assert dated.labels.dates == (UNDATED + 1,)
    assert undated.labels.dates == (UNDATED,)


def test_optional_events_teach_no_tag(tmp_path: Path) -> None:
    one = gold(tmp_path, event("Meeting", "met"), event("Meeting", "talks", optional=True))
    given = tags(one, TYPES)
    words = {}
    for tag, begin, end in zip(given, one.text.pieces.begins, one.text.pieces.ends, strict=True):
        words[TEXT[begin:end]] = tag
    assert words["met"] == 1 + TYPES.index("Meeting")
    assert words["talks"] == -1
    assert words["France"] == 0


def test_a_gold_text_without_its_article_is_refused(tmp_path: Path) -> None:
    gold(tmp_path)
    (tmp_path / "own.articles.jsonl").write_text("")
    with pytest.raises(BadLine, match="no article"):
        load([tmp_path / "own.jsonl"], Gazetteer.core(), VOCABULARY)
