"""Names are cut out of a text as a reader would cut them."""

from __future__ import annotations

import datetime as dt

from kgload.extraction import names
from kgload.extraction.analysis import analyse
from kgload.linking.gazetteer import Gazetteer
from kgload.records import Article


def named(text: str) -> set[str]:
    [analysis] = analyse([Article("a", text, date=dt.date(2025, 8, 13))])
    found = names.find(analysis, Gazetteer.core())
    return {text[name.begin : name.end] for name in found.mentions}


def test_a_name_does_not_reach_over_a_dash_with_space_around_it() -> None:
    found = named(
        "The guests: Harbour Justice Institute - Sevonna Dunn, Black Elm Collective – Candace Moor, and others."
    )
    assert {"Harbour Justice Institute", "Sevonna Dunn", "Black Elm Collective", "Candace Moor"} <= found


def test_an_acronym_in_brackets_is_a_name_of_its_own() -> None:
    found = named("The National Harbor Center (NHC) on Tuesday met ministers from Norway.")
    assert {"National Harbor Center", "NHC"} <= found
    assert not any("(" in name for name in found)


def test_a_hyphen_within_a_name_stays() -> None:
    assert "Fogh-Rasmussen" in named("Anders Fogh-Rasmussen met the ministers in Oslo.")
