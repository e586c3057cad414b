"""Entities and items: which link an entity gets, when it gets none, and what the gazetteer adds to a document."""

from __future__ import annotations

import re

import pytest

from kgload.linking.disambiguation import weights
from kgload.linking.gazetteer import Gazetteer
from kgload.linking.linker import Linker
from kgload.linking.rows import COLUMNS
from kgload.records import Article, Document, Entity, EntityKind, Link, Mention

ROWS = (
    "Q1 State Norland _ Norlandic Nor-City _ 0 _ a+b",
    "Q2 Place Nor-City _ _ _ _ 0 Nor-City=3 a+b",
    "Q3 Person Mara~Dunn Dunn _ _ _ 0 _ a+b",
    "Q4 Place Twinford _ _ _ _ 3 _ a+b",
    "Q5 Place Sumpter _ _ _ _ 0 _ a+b",
    "Q6 Organization Norland~Army _ _ _ _ 0 _ a+b",
)


@pytest.fixture(scope="module")
def linker(tmp_path_factory: pytest.TempPathFactory) -> Linker:
    path = tmp_path_factory.mktemp("linker") / "own.tsv"
    rows = ["\t".join(cell.replace("~", " ").replace("_", "") for cell in row.split(" ")) for row in ROWS]
    path.write_text("\n".join(["\t".join(COLUMNS), *rows]) + "\n", encoding="utf-8")
    return Linker(Gazetteer.read(path))


def entity(kind: EntityKind, name: str, *aliases: str, id_: str = "e1", text: str = "") -> Entity:
    mentions = tuple(Mention(m.start(), m.end(), name) for m in re.finditer(re.escape(name), text))
    return Entity(id_, kind, name, mentions, aliases)


def item(link: Link | None) -> str | None:
    return link.iri.rpartition("/")[2] if link else None


@pytest.mark.parametrize(
    ("kind", "names", "qid", "trusted"),
    [
        (EntityKind.STATE, ["Norland"], "Q1", True),
        (EntityKind.STATE, ["Norlandic"], "Q1", True),
        (EntityKind.PLACE, ["Nor-City"], "Q2", True),
        (EntityKind.PERSON, ["Mara Dunn", "Dunn"], "Q3", True),
        # A surname alone is a guess.
        (EntityKind.PERSON, ["Dunn"], "Q3", False),
        # The known name is a part of another one.
        (EntityKind.PLACE, ["Konto, Sumpter", "Sumpter"], "Q5", False),
        # A namesake whom the text names in full.
        (EntityKind.PERSON, ["Odo Dunn", "Dunn"], None, None),
        (EntityKind.PERSON, ["Norland"], None, None),
        (EntityKind.FORCE, ["Norland"], None, None),
        (EntityKind.PLACE, ["Elsewhere"], None, None),
    ],
)
def test_an_entity_is_linked_by_its_names_and_kind(
    linker: Linker, kind: EntityKind, names: list[str], qid: str | None, trusted: bool | None
) -> None:
    link = linker.decide(entity(kind, *names)).link
    assert item(link) == qid
    assert link is None or (link.trusted is trusted and 0 < link.confidence <= 1)


def test_one_of_several_namesakes_is_not_trusted_because_the_others_are_missing(linker: Linker) -> None:
    link = linker.decide(entity(EntityKind.PLACE, "Twinford")).link
    assert item(link) == "Q4"
    assert link is not None and not link.trusted


def test_a_decision_tells_what_was_weighed(linker: Linker) -> None:
    (candidate,) = linker.decide(entity(EntityKind.PERSON, "Dunn")).candidates
    assert candidate.name == "Dunn"
    assert dict(candidate.features)["one_word_person"] == weights().one_word_person


def test_links_that_are_there_are_kept(linker: Linker) -> None:
    theirs = Link("http://example.org/norland", 0.3, trusted=False)
    given = Entity("e1", EntityKind.STATE, "Norland", (Mention(0, 7, "Norland"),), link=theirs)
    (kept,) = linker.link(Document(Article("a", "Norland"), entities=(given,))).entities
    assert kept.link == theirs


def test_known_names_that_extraction_left_out_are_added_in_text_order(linker: Linker) -> None:
    text = "Mara Dunn met the Norland Army in Nor-City. Mara Dunn left."
    state = entity(EntityKind.STATE, "Norland", id_="k1", text=text)
    city = entity(EntityKind.PLACE, "Nor-City", id_="e2", text=text)
    found = linker.link(Document(Article("a", text), entities=(state, city))).entities
    assert [(e.name, item(e.link), len(e.mentions)) for e in found] == [
        ("Mara Dunn", "Q3", 2),
        ("Norland", "Q1", 1),
        ("Norland Army", "Q6", 1),
        ("Nor-City", "Q2", 1),
    ]
    assert len({e.id for e in found}) == len(found)
    assert all(text[m.begin : m.end] == m.text for e in found for m in e.mentions)


def test_a_name_within_or_across_another_is_not_added(linker: Linker) -> None:
    text = "The Old Norland Army Museum opened."
    museum = entity(EntityKind.ORGANIZATION, "Old Norland Army Museum", text=text)
    across = entity(EntityKind.ORGANIZATION, "Army Museum", text=text)
    for given in (museum, across):
        (only,) = linker.link(Document(Article("a", text), entities=(given,))).entities
        assert only.name == given.name


def test_a_further_mention_joins_the_entity_that_is_the_item(linker: Linker) -> None:
    text = "NORLAND ARMY moves. The Norland Army said so."
    army = entity(EntityKind.ORGANIZATION, "Norland Army", text=text)
    (joined,) = linker.link(Document(Article("a", text), entities=(army,))).entities
    assert [m.text for m in joined.mentions] == ["NORLAND ARMY", "Norland Army"]
    assert joined.aliases == ("NORLAND ARMY",)


def test_linking_twice_changes_nothing(linker: Linker) -> None:
    text = "Mara Dunn met the Norland Army."
    once = linker.link(Document(Article("a", text)))
    assert linker.link(once) == once
