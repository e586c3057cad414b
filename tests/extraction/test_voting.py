"""Network and clues vote on what was read: neither has a veto, and shares stay shares."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgload import data
from kgload.extraction.analysis import analyse
from kgload.extraction.encoder.model import Model
from kgload.extraction.encoder.reading import read
from kgload.extraction.encoder.text import prepare
from kgload.extraction.encoder.voting import SHARES, between, clues_of, mixed, vote
from kgload.extraction.frames import frames
from kgload.extraction.weights import weights
from kgload.linking.gazetteer import Gazetteer
from kgload.records import Article

probabilities = st.floats(0, 1)
TEXT = (
    "Foreign minister Ana Brand of Norway met her Danish counterpart Ole Holm in Oslo on Friday. "
    "The two ministers called off a second meeting that had been planned for Monday."
)


@given(probabilities, probabilities, probabilities)
def test_a_mean_of_log_odds_lies_between_the_two(one: float, other: float, share: float) -> None:
    result = between(one, other, share)
    low, high = sorted(min(max(p, 1e-6), 1 - 1e-6) for p in (one, other))
    assert low - 1e-9 <= result <= high + 1e-9


@given(st.lists(st.tuples(probabilities, probabilities), min_size=1, max_size=6), probabilities)
def test_mixed_shares_add_up_to_one(pairs: list[tuple[float, float]], share: float) -> None:
    result = mixed([a for a, _ in pairs], [b for _, b in pairs], share)
    assert sum(result) == pytest.approx(1)
    assert all(0 <= value <= 1 for value in result)


def test_a_share_of_nothing_leaves_the_first_voter_its_order() -> None:
    result = mixed([0.7, 0.2, 0.1], [0.0, 0.0, 1.0], 0)
    assert list(result) == sorted(result, reverse=True)


def test_clues_change_what_the_network_said_only_where_they_may() -> None:
    model, lexicon, known = Model(data.path("model")), Gazetteer.core(), frames()
    analysis = next(iter(analyse([Article("a", TEXT, None, dt.date(2031, 3, 7))])))
    text = prepare(analysis, lexicon, model.vocabulary)
    readings = read(text, model)
    assert readings.triggers

    voted = vote(text, clues_of(analysis, text, known), readings, model.settings, weights())
    assert [t.begin for t in voted.triggers] == [t.begin for t in readings.triggers]
    assert [t.roles for t in voted.triggers] == [t.roles for t in readings.triggers]
    assert any(a.status != b.status for a, b in zip(voted.triggers, readings.triggers, strict=True))
    for reading in voted.triggers:
        assert sum(reading.status) == pytest.approx(1)
        assert sum(reading.dates) == pytest.approx(1)

    silent = vote(
        text, clues_of(analysis, text, known), readings, model.settings, weights(), dict.fromkeys(SHARES, 0.0)
    )
    for before, after in zip(readings.triggers, silent.triggers, strict=True):
        assert after.participants == pytest.approx(before.participants, abs=1e-5)


def test_a_type_without_a_frame_is_left_to_the_network() -> None:
    model, lexicon, known = Model(data.path("model")), Gazetteer.core(), frames()
    analysis = next(iter(analyse([Article("a", TEXT, None, dt.date(2031, 3, 7))])))
    text = prepare(analysis, lexicon, model.vocabulary)
    readings = read(text, model)
    settings = replace(model.settings, types=tuple(f"Own{type_}" for type_ in model.settings.types))
    assert vote(text, clues_of(analysis, text, known), readings, settings, weights()) == readings
