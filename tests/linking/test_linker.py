"""Entities and items: which link an entity gets, when it gets none, and what the gazetteer adds to a document."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from kgload.linking.gazetteer import Gazetteer
from kgload.linking.linker import Linker
from kgload.linking.rows import COLUMNS
from kgload.linking.weights import weights
from kgload.records import Argument, Article, Document, Entity, EntityKind, Event, Link, Mention

ROWS = (
    "Q1 State Norland _ Norlandic Nor-City _ 0 _ a+b",
    "Q2 Place Nor-City _ _ _ _ 0 Nor-City=3 a+b",
    "Q3 Person Mara~Dunn Dunn _ _ _ 0 _ a+b",
    "Q4 Place Twinford _ _ _ _ 3 _ a+b",
    "Q5 Place Sumpter _ _ _ _ 0 _ a+b",
    "Q6 Organization Norland~Army _ _ _ _ 0 _ a+b",
    "Q7 Organization The~Norland~Post Norland~Post _ _ _ 0 _ a+b",
    "Q8 Place Upper-Ketter-Vale _ _ _ _ 0 _ a+b",
    "Q9 Person Ida~Odell Odell _ _ _ 0 Odell=8 a+b",
    "Q10 Person Una~Odell Odell _ _ _ 0 Odell=2 a+b",
)


@pytest.fixture(scope="module")
def linker(tmp_path_factory: pytest.TempPathFactory) -> Linker:
    path = tmp_path_factory.mktemp("linker") / "own.tsv"
    rows = ["\t".join(cell.replace("~", " ").replace("_", "") for cell in row.split(" ")) for row in ROWS]
    rows = [row + "\t" * (len(COLUMNS) - 1 - row.count("\t")) for row in rows]
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
        # A surname alone is a guess, where others bear it.
        (EntityKind.PERSON, ["Dunn"], "Q3", True),
        (EntityKind.PERSON, ["Odell"], "Q9", False),
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


@pytest.mark.parametrize(
    ("text", "run_together", "apart"),
    [
        ("Trains ran to Sumpter, Nor-City on Monday.", "Sumpter, Nor-City", ["Nor-City", "Sumpter"]),
        ("The Norland Army and Sumpter agreed.", "Norland Army and Sumpter", ["Norland Army", "Sumpter"]),
        ("The Sumpter Brick Works closed.", "Sumpter Brick Works", []),
        ("The Works of Sumpter closed.", "Works of Sumpter", []),
    ],
)
def test_names_that_extraction_ran_together_become_mentions_of_their_own(
    linker: Linker, text: str, run_together: str, apart: list[str]
) -> None:
    given = entity(EntityKind.ORGANIZATION, run_together, text=text)
    found = linker.link(Document(Article("a", text), entities=(given,))).entities
    assert sorted(e.name for e in found if e.id != "e1") == apart


def test_a_mention_takes_in_the_whole_of_a_known_name(linker: Linker) -> None:
    text = "The Norland Post says so. A Norland Post reporter was there."
    given = entity(EntityKind.ORGANIZATION, "Norland Post", text=text)
    (paper,) = linker.link(Document(Article("a", text), entities=(given,))).entities
    assert [m.text for m in paper.mentions] == ["The Norland Post", "Norland Post"]
    assert (item(paper.link), paper.aliases) == ("Q7", ("The Norland Post",))
    assert all(text[m.begin : m.end] == m.text for m in paper.mentions)


def test_a_name_joined_by_hyphens_is_several_words(linker: Linker) -> None:
    text = "Snow fell in Upper-Ketter-Vale."
    part = entity(EntityKind.PLACE, "Upper", text=text)
    found = linker.link(Document(Article("a", text), entities=(part,))).entities
    assert item(found[0].link) == "Q8" or item(found[1].link) == "Q8"


def test_one_word_taken_for_a_person_is_what_it_is_known_as_unless_an_event_speaks_of_it(linker: Linker) -> None:
    text = "Sumpter met Dunn."
    sumpter, dunn = (
        entity(EntityKind.PERSON, "Sumpter", text=text),
        entity(EntityKind.PERSON, "Dunn", id_="e2", text=text),
    )
    met = Event("v1", "Meeting", (Mention(8, 11, "met"),), (Argument("participant", "e1"),))
    alone = linker.link(Document(Article("a", text), entities=(sumpter, dunn))).entities
    assert [(e.kind, item(e.link)) for e in alone] == [(EntityKind.PLACE, "Q5"), (EntityKind.PERSON, "Q3")]
    spoken_of = linker.link(Document(Article("a", text), entities=(sumpter, dunn), events=(met,))).entities
    assert (spoken_of[0].kind, spoken_of[0].link) == (EntityKind.PERSON, None)


def test_linking_twice_changes_nothing(linker: Linker) -> None:
    text = "Mara Dunn met the Norland Army."
    once = linker.link(Document(Article("a", text)))
    assert linker.link(once) == once


def test_a_place_that_was_taken_for_a_person_acts_for_nobody(linker: Linker) -> None:
    text = "Norland's Sumpter was quiet."
    entities = (
        entity(EntityKind.STATE, "Norland", text=text),
        replace(entity(EntityKind.PERSON, "Sumpter", id_="e2", text=text), represents=("e1",)),
    )
    linked = linker.link(Document(Article("d", text), (), entities, ()))
    [place] = [found for found in linked.entities if found.id == "e2"]
    assert (place.kind, place.represents) == (EntityKind.PLACE, ())
