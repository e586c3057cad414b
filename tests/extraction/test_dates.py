"""Expressions of time mean the days that a reader takes them to mean."""

from __future__ import annotations

import datetime as dt
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgload import data
from kgload.extraction import dates

EXAMPLES: list[dict[str, Any]] = tomllib.loads(data.path("dates.toml").read_text("utf-8"))["examples"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e["text"])
def test_examples_of_the_data_file_read_as_they_say(example: dict[str, Any]) -> None:
    found = dates.find(example["text"], dt.date.fromisoformat(example["published"]))
    readings = [[[str(first), str(last)] for first, last in expression.readings] for expression in found]
    assert [example["readings"]] == readings


DAYS = st.dates(min_value=dt.date(1990, 1, 1), max_value=dt.date(2090, 1, 1))


@given(st.text(max_size=80), DAYS)
def test_any_text_gives_spans_in_order_and_inside_it(text: str, published: dt.date) -> None:
    end = 0
    for expression in dates.find(text, published):
        assert end <= expression.begin < expression.end <= len(text)
        end = expression.end
        assert all(first <= last for first, last in expression.readings)


@given(DAYS, DAYS)
def test_a_full_date_means_its_day_whenever_it_was_published(day: dt.date, published: dt.date) -> None:
    for text in (f"{day:%B} {day.day}, {day.year}", f"{day.day} {day:%B} {day.year}", day.isoformat()):
        [expression] = dates.find(text, published)
        assert expression.readings == ((day, day),), text


@given(DAYS)
def test_a_weekday_is_within_a_week_before_and_after_publication(published: dt.date) -> None:
    [expression] = dates.find("They met on Thursday.", published)
    (past, _), (future, _) = expression.readings
    assert past.weekday() == future.weekday() == 3
    assert dt.timedelta(0) <= published - past < dt.timedelta(7)
    assert future == past + dt.timedelta(7)


def test_without_a_day_of_publication_only_full_dates_are_resolved() -> None:
    found = dates.find("They met on Friday, on 5 March and on 5 March 2019.", None)
    assert [len(expression.readings) for expression in found] == [0, 0, 1]


def test_days_that_the_calendar_does_not_have_are_kept_as_words_only() -> None:
    [expression] = dates.find("They met on June 31, 2020.", dt.date(2025, 1, 1))
    assert expression.readings == ()


@pytest.mark.parametrize("text", ["They may meet.", "They march on.", "1,984 soldiers", "the A320-2019x", "Sundays"])
def test_words_that_only_look_like_dates_are_none(text: str) -> None:
    assert dates.find(text, dt.date(2025, 1, 1)) == ()
