"""A sentence says what an event is about and who receives the others."""

from __future__ import annotations

import datetime as dt
import tomllib

import pytest

from kgload import data
from kgload.extraction.rules import RulesExtractor
from kgload.extraction.wording import topic
from kgload.linking.gazetteer import Gazetteer
from kgload.records import Article, Span


def test_the_example_of_the_data_file_reads_as_it_says() -> None:
    example = tomllib.loads(data.path("wording.toml").read_text("utf-8"))["example"]
    article = Article("a", example["text"], date=dt.date(2025, 8, 13))
    [document] = RulesExtractor(Gazetteer.core()).extract([article])
    [event] = document.events
    names = {entity.id: entity.name for entity in document.entities}
    assert event.topic == example["topic"]
    assert [names[a.entity] for a in event.arguments if a.role == "host"] == [example["host"]]


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("They met to discuss trade and fishing on Monday.", "trade and fishing"),
        ("They signed an agreement on grain, the ministry said.", "grain"),
        ("They signed an agreement on sea rescue.", "sea rescue"),
        ("They signed an agreement on aid from the U.S. to Norland.", "aid from the U.S. to Norland"),
        ("They met in Oslo.", None),
        ("They met to discuss " + "long words " * 20, None),
    ],
)
def test_a_topic_ends_where_its_phrase_does(text: str, about: str | None) -> None:
    assert topic(text, Span(0, len(text)), Span(5, 8)) == about
