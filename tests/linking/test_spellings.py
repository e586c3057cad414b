"""Further names that follow from a label."""

from __future__ import annotations

import pytest

from kgload.linking.spellings import States, of_states, without_endings, without_initials
from kgload.records import EntityKind

NAMES = frozenset({"Norland", "Kingdom of Norland"})
STATES = States(
    dict.fromkeys(NAMES, NAMES), {"Norlandic": NAMES},
    dict.fromkeys((*NAMES, "Norlandic"), frozenset({"Norlandic"})),
    [("senate",), ("ministry",)],
)  # fmt: skip


def test_words_that_news_leaves_out() -> None:
    endings = {"F.C.": EntityKind.ORGANIZATION, "Province": EntityKind.PLACE}
    assert without_endings("Ketter F.C.", EntityKind.ORGANIZATION, endings) == "Ketter"
    assert without_endings("Sumpter Province", EntityKind.PLACE, endings) == "Sumpter"
    assert without_endings("Province", EntityKind.PLACE, endings) is None
    assert without_endings("Sumpter Province", EntityKind.ORGANIZATION, endings) is None
    assert without_initials("Mara J. K. Dunn") == "Mara Dunn"
    assert without_initials("J. Dunn") is None and without_initials("Mara Dunn") is None


@pytest.mark.parametrize(
    ("label", "further"),
    [
        ("Norland Senate", {"Norland Senate", "Kingdom of Norland Senate", "Norlandic Senate"}),
        ("Norlandic Senate", {"Norland Senate", "Kingdom of Norland Senate", "Norlandic Senate"}),
        ("Ministry of Tides of Norland", {
            "Ministry of Tides of Norland", "Ministry of Tides of Kingdom of Norland", "Norland Ministry of Tides",
            "Kingdom of Norland Ministry of Tides", "Norlandic Ministry of Tides"}),
        # Not any bank of that state.
        ("Bank of Norland", {"Bank of Norland", "Bank of Kingdom of Norland"}),
        ("Norlandic Lines", set()),
        ("Norland", set()),
        ("Harbour Board", set()),
    ],
)  # fmt: skip
def test_other_names_of_the_state_in_a_body_s_name(label: str, further: set[str]) -> None:
    assert set(of_states(label, STATES)) == further
