"""Office holders whom a document calls by their surname behind their office."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from kgload.linking.gazetteer import Gazetteer
from kgload.linking.linker import Linker
from kgload.linking.rows import COLUMNS
from kgload.records import Article, Document, Entity, EntityKind, Mention

ROWS: list[dict[str, str]] = [
    {"qid": "Q1", "kind": "State", "label": "Norland", "demonyms": "Norlandic"},
    {"qid": "Q2", "kind": "State", "label": "Estmark", "demonyms": "Estmarkish"},
    {"qid": "Q3", "kind": "Person", "label": "Mara Dunn", "country": "Q1", "office": "president=2018/|mayor=2001/2009"},
    {"qid": "Q4", "kind": "Person", "label": "Odo Dunn", "country": "Q1", "office": "president=1980/1988"},
    {"qid": "Q5", "kind": "Person", "label": "Lee Ida", "country": "Q2", "office": "foreign minister=2012/"},
    {"qid": "Q6", "kind": "Person", "label": "Una Twin", "country": "Q1", "office": "minister=2012/"},
    {"qid": "Q7", "kind": "Person", "label": "Ola Twin", "country": "Q1", "office": "minister=2014/"},
]  # fmt: skip


@pytest.fixture(scope="module")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    path: Path = tmp_path_factory.mktemp("surnames") / "own.tsv"
    cells = [{"namesakes": "0", "checked": "a+b", "facts": "country=a+b", **row} for row in ROWS]
    lines = ["\t".join(row.get(column, "") for column in COLUMNS) for row in cells]
    path.write_text("\n".join(["\t".join(COLUMNS), *lines]) + "\n", encoding="utf-8")
    return Gazetteer.read(path)


def meant(gazetteer: Gazetteer, text: str, surname: str, year: int | None = 2025) -> str:
    """What a surname in a text is linked to: `Q3`, `Q3?` where that is not trusted, `-`."""
    states = {"Norland": "Norland", "Norlandic": "Norland", "Estmark": "Estmark", "Estmarkish": "Estmark"}
    named = [(EntityKind.PERSON, surname), *((EntityKind.STATE, name) for name in states)]
    entities = tuple(
        Entity(name, kind, name, tuple(Mention(m.start(), m.end(), name) for m in re.finditer(rf"\b{name}\b", text)))
        for kind, name in named
    )
    article = Article("a", text, date=dt.date(year, 6, 1) if year else None)
    found = Linker(gazetteer).link(Document(article, entities=tuple(e for e in entities if e.mentions))).entities
    link = next(entity.link for entity in found if entity.name == surname)
    return link.iri.rpartition("/")[2] + "?" * (not link.trusted) if link else "-"


@pytest.mark.parametrize(
    ("text", "surname", "expected"),
    [
        ("Norlandic President Dunn spoke.", "Dunn", "Q3"),
        ("Norland's President Dunn spoke.", "Dunn", "Q3"),
        ("Estmarkish Foreign Minister Lee spoke.", "Lee", "Q5"),
        # The state is named, and not as whose office it is.
        ("President Dunn flew to Norland.", "Dunn", "Q3?"),
        # No office, another one, another state's, of a state that is not named; and two who hold it.
        ("Dunn flew to Norland.", "Dunn", "-"),
        ("Norlandic Foreign Minister Dunn spoke.", "Dunn", "-"),
        ("Norlandic Deputy President Dunn spoke.", "Dunn", "-"),
        ("Norlandic President and Dunn spoke.", "Dunn", "-"),
        ("Estmarkish President Dunn flew to Norland.", "Dunn", "-"),
        ("President Dunn spoke.", "Dunn", "-"),
        ("Norlandic Minister Twin spoke.", "Twin", "-"),
        ("Norlandic Mayor Dunn spoke.", "Dunn", "-"),
    ],
)
def test_office_state_and_year_tell_who_bears_a_surname(
    gazetteer: Gazetteer, text: str, surname: str, expected: str
) -> None:
    assert meant(gazetteer, text, surname) == expected


def test_the_year_of_publication_tells_predecessors_apart(gazetteer: Gazetteer) -> None:
    text = "Norlandic President Dunn spoke."
    assert [meant(gazetteer, text, "Dunn", year) for year in (1984, 1999, 2019, None)] == ["Q4", "-", "Q3", "-"]


def test_a_surname_is_no_name_of_its_own(gazetteer: Gazetteer) -> None:
    assert not gazetteer.lookup("Dunn") and not gazetteer.knows("Dunn") and not gazetteer.find("Dunn and Lee spoke.")
    assert [known.label for known in gazetteer.surnamed("Dunn")] == ["Mara Dunn", "Odo Dunn"]
