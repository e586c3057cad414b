"""What tells namesakes apart, as cells of a table and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgload.linking.facts import NOTHING, Facts, Office, parsed, short

years = st.none() | st.integers(-9999, 9999)
titles = st.text(st.characters(categories=["L"]), min_size=1, max_size=9)
iris = st.sampled_from(["http://www.wikidata.org/entity/Q1", "urn:own:1", "https://names.example/a?b=1#c"])


@given(
    st.lists(iris, max_size=2, unique=True),
    st.lists(iris, max_size=2, unique=True),
    st.lists(st.builds(Office, titles, years, years), max_size=3),
    years,
    years,
)
def test_facts_come_back_from_their_cells(
    countries: list[str], within: list[str], offices: list[Office], began: int | None, ended: int | None
) -> None:
    facts = Facts(tuple(countries), tuple(within), tuple(offices), began, ended)
    assert parsed(*facts.cells()) == facts


def test_cells_are_short_and_empty_ones_tell_nothing() -> None:
    assert parsed("", "", "", "", None) == NOTHING
    assert parsed("Q1|urn:own:1", "Q2", "president=2001/2009|mayor", "1994", "2024-05-01") == Facts(
        ("http://www.wikidata.org/entity/Q1", "urn:own:1"),
        ("http://www.wikidata.org/entity/Q2",),
        (Office("president", 2001, 2009), Office("mayor")),
        1994,
        2024,
    )
    assert short("http://www.wikidata.org/entity/Q0012") == "http://www.wikidata.org/entity/Q0012"


@pytest.mark.parametrize(
    "cells",
    [
        ("Norland", "", "", "", ""),
        ("javascript:alert(1)", "", "", "", ""),
        ("", "file:///etc/passwd", "", "", ""),
        ("", "", "=2001/2009", "", ""),
        ("", "", "president=99999/2", "", ""),
        ("", "", "president=2001-2009", "", ""),
        ("", "", "", "soon", ""),
        ("", "", "", "", "20011"),
        ("", "", "", "१९९४", ""),
        ("", "", "", True, ""),
    ],
)
def test_what_is_no_fact_is_refused(cells: tuple[str, str, str, str, str]) -> None:
    with pytest.raises(ValueError, match=r"is no|names no"):
        parsed(*cells)


def test_an_office_is_held_between_its_years() -> None:
    office = Office("Secretary of State", 2001, 2005)
    assert office.words() == {"secretary", "state"}
    assert [office.held_in(year) for year in (2000, 2001, 2005, 2006)] == [False, True, True, False]
    assert Office("mayor").held_in(2000) is None
    assert Office("mayor", 2001).held_in(2030) is True
