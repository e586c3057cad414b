"""Known names in texts: where they begin and end, and which are found."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgload.errors import DataError
from kgload.linking.gazetteer import Gazetteer
from kgload.linking.names import key
from kgload.linking.rows import COLUMNS
from kgload.records import EntityKind

ROWS = (
    (
        "Q1",
        "State",
        "Norland",
        "Kingdom of Norland|NL Republic",
        "Norlandic",
        "Nor City",
        "The Pine House",
        "0",
        "",
        "a+b",
    ),
    ("Q2", "Place", "Nor City", "", "", "", "", "0", "Nor City=3", "a+b"),
    ("Q3", "Organization", "Union of Harbours", "UH|U.H.|Union of Harbours Council", "", "", "", "0", "", "a+b"),
    ("Q4", "State", "United Shores", "US|U.S.", "Shorish", "", "", "0", "US=9", "a+b"),
    ("Q5", "Organization", "World Herring Office", "WHO", "", "", "", "0", "", "a+b"),
    ("Q6", "Person", "Zoë Brånd", "Zoe Brand", "", "", "", "0", "", "a+b"),
    ("Q7", "Place", "Springfield", "", "", "", "", "0", "Springfield=3", "a+b"),
    ("Q8", "Place", "Springfield", "", "", "", "", "0", "Springfield=1", "a+b"),
    ("Q9", "Place", "Côte-d'Azure", "", "", "", "", "0", "", "a+b"),
    ("Q10", "Place", "Kyve", "", "", "", "", "0", "", "a+b"),
)
NAMES = [
    "Norland",
    "Kingdom of Norland",
    "Norlandic",
    "Nor City",
    "UH",
    "Zoë Brånd",
    "Union of Harbours Council",
    "U.S.",
]


def write(path: Path, rows: tuple[tuple[str, ...], ...] = ROWS) -> Path:
    whole = [row + ("",) * (len(COLUMNS) - 10) if len(row) == 10 else row for row in rows]
    path.write_text("\n".join("\t".join(row) for row in (COLUMNS, *whole)) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    return Gazetteer.read(write(tmp_path_factory.mktemp("gazetteer") / "own.tsv"))


def found(gazetteer: Gazetteer, text: str) -> list[tuple[str, str]]:
    return [(text[m.begin : m.end], m.candidates[0].iri.rpartition("/")[2]) for m in gazetteer.find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Norland's navy", [("Norland", "Q1")]),
        ("Norland’s navy", [("Norland", "Q1")]),
        ("the Norland-Shorish border", [("Norland", "Q1"), ("Shorish", "Q4")]),
        ("the Union of Harbours Council met", [("Union of Harbours Council", "Q3")]),
        ("a union of harbours", []),
        ("They told us that who", []),
        ("The US and the U.S. agree", [("US", "Q4"), ("U.S.", "Q4")]),
        ("WHO says so. Who says so?", [("WHO", "Q5")]),
        ("Zoe Brand and ZOË BRÅND", [("Zoe Brand", "Q6"), ("ZOË BRÅND", "Q6")]),
        ("In Cote-d’Azure", [("Cote-d’Azure", "Q9")]),
        ("KYVE, Norland (Wire) -", [("KYVE", "Q10"), ("Norland", "Q1")]),
        ("TELL US WHO DID IT IN NORLAND", [("NORLAND", "Q1")]),
        ("UH CHIEF GOES TO NOR CITY", [("UH", "Q3"), ("NOR CITY", "Q2")]),
        ("Norlander Norlandia xNorland", []),
        ("Nor; City", []),
        ("It costs US$68", []),
    ],
)
def test_names_are_found_whole_and_longest(gazetteer: Gazetteer, text: str, expected: list[tuple[str, str]]) -> None:
    assert found(gazetteer, text) == expected


def test_a_capital_is_the_city_first_and_the_state_by_its_relation(gazetteer: Gazetteer) -> None:
    city, state = gazetteer.lookup("Nor City")
    assert (city.kind, city.relation) == (EntityKind.PLACE, "name")
    assert (state.label, state.relation) == ("Norland", "capital")
    assert city.prior > state.prior


def test_priors_follow_how_often_editors_link_a_name(gazetteer: Gazetteer) -> None:
    first, second = gazetteer.lookup("springfield")
    assert first.iri.endswith("Q7") and first.prior > 0.6
    assert first.prior + second.prior == pytest.approx(1, abs=0.001)


def test_an_unknown_name_has_no_senses(gazetteer: Gazetteer) -> None:
    assert list(gazetteer.lookup("Sudland")) == [] == list(gazetteer.lookup("")) == list(gazetteer.find(""))


@given(text=st.text() | st.lists(st.sampled_from([*NAMES, "the", "US", "us", ",", "\n", "É", "'s", "-"])).map(" ".join))
def test_spans_lie_in_the_text_in_order_at_word_borders(gazetteer: Gazetteer, text: str) -> None:
    end = 0
    for mention in gazetteer.find(text):
        assert end <= mention.begin < mention.end <= len(text)
        end = mention.end
        before, after = text[mention.begin - 1 : mention.begin], text[mention.end : mention.end + 1]
        assert not before.isalnum() and not after.isalnum()
        assert mention.candidates
        assert gazetteer.lookup(text[mention.begin : mention.end])
        priors = [candidate.prior for candidate in mention.candidates]
        assert priors == sorted(priors, reverse=True) and all(0 <= prior <= 1 for prior in priors)


@given(before=st.sampled_from(["", "said ", "(", "“", "pro-"]), name=st.sampled_from(NAMES),
       after=st.sampled_from(["", " said", ")", "'s", "’s", ", too", "-led"]))  # fmt: skip
def test_a_name_is_found_whatever_stands_around_it(gazetteer: Gazetteer, before: str, name: str, after: str) -> None:
    text = before + name + after
    (mention,) = gazetteer.find(text)
    assert text[mention.begin : mention.end] == name


@given(st.text())
def test_a_key_does_not_depend_on_how_it_was_made(text: str) -> None:
    assert key(" ".join(text.split())) == key(text)


@pytest.mark.parametrize(
    "row",
    [
        ("X1", "Place", "Nowhere", "", "", "", "", "0", "", "a+b"),
        ("Q1", "Planet", "Nowhere", "", "", "", "", "0", "", "a+b"),
        ("Q1", "Place", "", "", "", "", "", "0", "", "a+b"),
        ("Q1", "Place", "Nowhere", "", "", "", "", "0", "Nowhere=many", "a+b"),
        ("Q1", "Place", "Nowhere", "", "", "", "", "0", "", "a"),
        ("Q1", "Place", "Nowhere"),
    ],
)
def test_a_broken_row_is_refused_with_its_line(tmp_path: Path, row: tuple[str, ...]) -> None:
    path = write(tmp_path / "broken.tsv", (ROWS[0], row))
    with pytest.raises(DataError, match=r"broken\.tsv:3"):
        Gazetteer.read(path)


def test_a_file_of_other_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.tsv"
    path.write_text("name\tid\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"other\.tsv:1"):
        Gazetteer.read(path)
