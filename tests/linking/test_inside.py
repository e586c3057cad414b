"""Names that extraction ran together, that share a word of a list, or that an acronym in brackets stands for."""

from __future__ import annotations

import re

import pytest

from kgload.linking.gazetteer import Gazetteer
from kgload.linking.linker import Linker
from kgload.linking.rows import COLUMNS
from kgload.records import Article, Document, Entity, EntityKind, Mention

ROWS: list[dict[str, str]] = [
    {"qid": "Q1", "kind": "State", "label": "Norland", "demonyms": "Norlandic"},
    {"qid": "Q2", "kind": "Organization", "label": "Harbour Board", "country": "Q1", "facts": "country=a+b"},
    {"qid": "Q3", "kind": "Organization", "label": "Office of Tides and Fogs"},
    {"qid": "Q4", "kind": "Organization", "label": "Herring League"},
    {"qid": "Q5", "kind": "Person", "label": "Ida Odell"},
    {"qid": "Q6", "kind": "Place", "label": "Ketter"},
    {"qid": "Q7", "kind": "Place", "label": "Ketter Province"},
    {"qid": "Q8", "kind": "Place", "label": "Sumpter Province"},
    {"qid": "Q9", "kind": "Organization", "label": "Norland Senate", "country": "Q1", "facts": "country=a+b"},
    {"qid": "Q10", "kind": "Organization", "label": "World Herring Programme"},
    {"qid": "Q11", "kind": "Organization", "label": "United Shores"},
    {"qid": "Q12", "kind": "Person", "label": "Queen Una II", "aliases": "Una II|Her Grace Una II"},
    {"qid": "Q13", "kind": "Place", "label": "Quayford"},
]  # fmt: skip
ORGANIZATION, PERSON, PLACE, STATE = (
    EntityKind.ORGANIZATION, EntityKind.PERSON, EntityKind.PLACE, EntityKind.STATE
)  # fmt: skip


@pytest.fixture(scope="module")
def linker(tmp_path_factory: pytest.TempPathFactory) -> Linker:
    rows = [{"namesakes": "0", "checked": "a+b", **row} for row in ROWS]
    lines = ["\t".join(row.get(column, "") for column in COLUMNS) for row in rows]
    path = tmp_path_factory.mktemp("inside") / "own.tsv"
    path.write_text("\n".join(["\t".join(COLUMNS), *lines]) + "\n", encoding="utf-8")
    return Linker(Gazetteer.read(path))


def found(linker: Linker, text: str, *names: tuple[str, EntityKind]) -> dict[str, str]:
    """The mentions of a text with their items; names are the entities that extraction found."""
    entities = [
        Entity(
            f"e{n}", kind, name, tuple(Mention(m.start(), m.end(), name) for m in re.finditer(re.escape(name), text))
        )
        for n, (name, kind) in enumerate(names)
    ]
    linked = linker.link(Document(Article("a", text), entities=tuple(entities))).entities
    assert all(text[m.begin : m.end] == m.text for e in linked for m in e.mentions)
    assert all(e.mentions for e in linked)
    trusted = [(e, e.link.iri.rpartition("/")[2]) for e in linked if e.link and e.link.trusted]
    return {m.text: qid for e, qid in trusted for m in e.mentions}


@pytest.mark.parametrize(
    ("text", "run_together", "apart"),
    [
        # A body and its state, and one of a name that no other has.
        ("The Norlandic Harbour Board met.", "Norlandic Harbour Board", {"Harbour Board": "Q2"}),
        ("The Norlandic Office of Tides and Fogs met.", "Norlandic Office of Tides and Fogs",
         {"Office of Tides and Fogs": "Q3"}),
        # Another state's body of that name.
        ("The Norlandic Herring League began.", "Norlandic Herring League", {}),
        # Two bodies, articles, what is in small letters.
        ("The United Shores World Herring Programme began.", "United Shores World Herring Programme",
         {"United Shores": "Q11", "World Herring Programme": "Q10"}),
        ("It is a Herring League member.", "a Herring League", {"Herring League": "Q4"}),
        ("The ruling Herring League party won.", "Herring League party", {"Herring League": "Q4"}),
        # A person's full name at the end.
        ("Minister of Culture Ida Odell left.", "Culture Ida Odell", {"Ida Odell": "Q5"}),
        ("The University of Ida Odell opened.", "University of Ida Odell", {}),
        ("The HMS Ida Odell sailed.", "HMS Ida Odell", {}),
        # A part of a longer name that is not known.
        ("The Herring League Museum opened.", "Herring League Museum", {}),
        ("The Bank of Ketter closed.", "Bank of Ketter", {}),
        ("A Ketter-class ship sailed.", "Ketter-class", {}),
    ],
)  # fmt: skip
def test_known_names_inside_a_mention_stand_for_themselves_where_little_else_is_in_it(
    linker: Linker, text: str, run_together: str, apart: dict[str, str]
) -> None:
    given = [(run_together, ORGANIZATION)]
    given += [("Norlandic", STATE)] if run_together.startswith("Norlandic") else []
    assert found(linker, text, *given) == apart | ({"Norlandic": "Q1"} if len(given) > 1 else {})


def test_a_state_in_a_body_s_name_is_named_there_too(linker: Linker) -> None:
    text = "The Norland Senate met."
    assert found(linker, text, ("Norland Senate", ORGANIZATION)) == {"Norland Senate": "Q9", "Norland": "Q1"}


def test_a_person_s_mention_grows_to_the_name_of_the_item_and_no_further(linker: Linker) -> None:
    assert found(linker, "Queen Una II spoke.", ("Una II", PERSON)) == {"Queen Una II": "Q12"}
    assert found(linker, "Her Grace Una II spoke.", ("Una II", PERSON)) == {"Una II": "Q12"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Snow fell in Ketter, Sumpter, and Una Provinces.", {"Ketter": "Q7", "Sumpter": "Q8"}),
        ("Snow fell in Ketter and Sumpter provinces.", {"Ketter": "Q7", "Sumpter": "Q8"}),
        ("Snow fell in Ketter and in two provinces.", {"Ketter": "Q6"}),
        ("Snow fell in Ketter. Two Sumpter Provinces are one too many.", {"Ketter": "Q6"}),
    ],
)
def test_places_of_a_list_that_ends_in_a_plural_are_what_it_says(
    linker: Linker, text: str, expected: dict[str, str]
) -> None:
    assert found(linker, text, ("Ketter", PLACE)) == expected


@pytest.mark.parametrize("word", ["A-", "A'", "A.", "A ", "A, ", "A and ", "A-A ", "\u01c5-"])
def test_no_list_however_made_keeps_linking_busy(linker: Linker, word: str) -> None:
    assert found(linker, word * 5000 + "A and Ketter provinces.") == {"Ketter": "Q7"}


def test_a_place_said_to_be_a_province_once_is_the_city_elsewhere(linker: Linker) -> None:
    text = "Ketter is quiet. Snow fell in Ketter and Sumpter provinces."
    document = Document(
        Article("a", text),
        entities=(Entity("e1", PLACE, "Ketter", (Mention(0, 6, "Ketter"), Mention(30, 36, "Ketter"))),),
    )
    linked = linker.link(document).entities
    assert [(e.link and e.link.iri.rpartition("/")[2], e.mentions[0].begin) for e in linked] == [
        ("Q6", 0), ("Q7", 30), ("Q8", 41),
    ]  # fmt: skip


def test_an_acronym_in_brackets_is_the_body_before_it_in_that_text(linker: Linker) -> None:
    text = "The Herring League (HLX) met. The HLX agreed."
    given = [("Herring League", ORGANIZATION), ("HLX", ORGANIZATION)]
    assert found(linker, text, *given) == {"Herring League": "Q4", "HLX": "Q4"}
    assert found(linker, "The Herring League met (HLX agreed).", *given) == {"Herring League": "Q4"}
    assert found(linker, "The HLX agreed.", given[1]) == {}


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("Snow fell in Quayford on Monday.", {"Quayford": "Q13"}),
        ("Snow fell in Quayford, and it froze.", {"Quayford": "Q13"}),
        ("They met at Quayford Hall.", {}),
        ("A ship from Quayford-on-Sea sank.", {}),
        ("Quayford said so.", {}),
    ],
)
def test_one_word_where_places_stand_is_a_place_that_extraction_missed(
    linker: Linker, text: str, item: dict[str, str]
) -> None:
    assert found(linker, text) == item
