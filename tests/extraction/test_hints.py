"""Phrases that hint at a status: found whole, in the trigger's sentence only, and told by meaning and place."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from kgload.extraction import dates, hints, names
from kgload.extraction.analysis import analyse
from kgload.extraction.clues import Clues
from kgload.extraction.frames import Hint, frames
from kgload.extraction.representing import represented
from kgload.linking.gazetteer import Gazetteer
from kgload.records import Article


def clues_of(text: str) -> Clues:
    analysis = next(iter(analyse([Article("a", text)])))
    found = names.find(analysis, Gazetteer.core())
    return Clues(analysis, found, dates.find(text, None), frames(), represented(analysis, found))


def at(clues: Clues, word: str) -> int:
    return clues.analysis.token_at(clues.analysis.article.text.rindex(word))


@pytest.mark.parametrize("hint", frames().hints, ids=lambda hint: hint.means)
def test_each_meaning_is_seen_in_its_example(hint: Hint) -> None:
    clues = clues_of(hint.example)
    assert hint.means in {one.means for one in hints.seen(clues, len(clues.analysis.tokens) // 2)}


def test_a_phrase_of_several_words_is_found_whole_or_not_at_all() -> None:
    clues = clues_of("Norway called the envoys. Sweden called off the summit.")
    assert [one.means for one in hints.seen(clues, at(clues, "summit"))] == ["called off"]


def test_place_and_parse_are_told() -> None:
    clues = clues_of("Norway refused to attend the long summit in Oslo.")
    said = list(hints.clues(clues, at(clues, "summit"), "Meeting"))
    assert "Meeting hint refused left 1" in said
    assert "hint above refused" in said


def test_a_meaning_whose_example_lacks_its_phrases_is_refused() -> None:
    with pytest.raises(ValidationError, match="stands in its example"):
        Hint(means="refused", words=("rejects",), example="They met.")
