"""What a document says for and against the items of a name: places, states, offices, and the day of publication."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from kgload.linking.gazetteer import Gazetteer
from kgload.linking.linker import Linker
from kgload.linking.rows import COLUMNS
from kgload.records import Argument, Article, Document, Entity, EntityKind, Event, Mention

FACTS = ["country", "within", "office", "from", "until", "facts"]
ROWS: list[dict[str, str]] = [
    {"qid": "Q1", "kind": "State", "label": "Norland", "demonyms": "Norlandic", "capitals": "Nor City"},
    {"qid": "Q2", "kind": "State", "label": "Estmark", "demonyms": "Estmarkish"},
    {"qid": "Q3", "kind": "Place", "label": "Ketter", "country": "Q1", "linked": "Ketter=30"},
    {"qid": "Q4", "kind": "Place", "label": "Ketter", "country": "Q2", "within": "Q5", "linked": "Ketter=10"},
    {"qid": "Q5", "kind": "Place", "label": "Wexmoor", "country": "Q2"},
    {"qid": "Q6", "kind": "Place", "label": "Sumpter", "country": "Q1"},
    {"qid": "Q7", "kind": "Place", "label": "Northmoor", "country": "Q1"},
    {"qid": "Q8", "kind": "Person", "label": "Odo Bell", "office": "president=1980/1988", "from": "1975",
     "until": "1999"},
    {"qid": "Q9", "kind": "Person", "label": "Odo Bell", "office": "president=2001/2009", "from": "2001"},
    {"qid": "Q10", "kind": "Organization", "label": "Harbour League", "country": "Q1"},
    {"qid": "Q11", "kind": "State", "label": "Gorda", "linked": "Gorda=40"},
    {"qid": "Q12", "kind": "Place", "label": "Gorda", "country": "Q2", "linked": "Gorda=8"},
    {"qid": "Q13", "kind": "Place", "label": "Atley", "country": "Q2", "within": "Q12"},
    {"qid": "Q14", "kind": "Person", "label": "Mara Dunn", "country": "Q1"},
    {"qid": "Q15", "kind": "Place", "label": "Twinford"},
    {"qid": "Q16", "kind": "Place", "label": "Loam"},
    {"qid": "Q17", "kind": "Place", "label": "Loam"},
    {"qid": "Q18", "kind": "Organization", "label": "Labour Front"},
]  # fmt: skip


def line(row: dict[str, str]) -> str:
    told = {"facts": "country=a+b"} if any(row.get(name) for name in FACTS) else {}
    cells = {"namesakes": "0", "checked": "a+b", **told, **row}
    return "\t".join(cells.get(column, "") for column in COLUMNS)


@pytest.fixture(scope="module")
def linker(tmp_path_factory: pytest.TempPathFactory) -> Linker:
    path = tmp_path_factory.mktemp("context") / "own.tsv"
    path.write_text("\n".join(["\t".join(COLUMNS), *map(line, ROWS)]) + "\n", encoding="utf-8")
    return Linker(Gazetteer.read(path))


KINDS = {row["label"]: EntityKind(row["kind"]) for row in reversed(ROWS)} | {
    "Norlandic": EntityKind.STATE, "Estmarkish": EntityKind.STATE,
}  # fmt: skip


def links(linker: Linker, text: str, *, year: int | None = None, event: str = "") -> dict[str, str]:
    """What each name of a text is linked to: `Q1`, `Q1?` where it is not trusted, `-`; the rows' names are entities."""
    entities = []
    for number, (name, kind) in enumerate(KINDS.items()):
        mentions = tuple(Mention(m.start(), m.end(), name) for m in re.finditer(rf"\b{name}\b", text))
        if mentions:
            entities.append(Entity(f"e{number}", kind, name, mentions))
    met = [Argument("participant", e.id) for e in entities if e.name == event]
    events = (Event("v1", "Meeting", (Mention(0, 1, text[:1]),), tuple(met)),) if met else ()
    article = Article("a", text, date=dt.date(year, 6, 1) if year else None)
    found = linker.link(Document(article, entities=tuple(entities), events=events)).entities
    return {e.name: e.link.iri.rpartition("/")[2] + "?" * (not e.link.trusted) if e.link else "-" for e in found}


def test_without_anything_said_the_likelier_of_two_namesakes_is_meant(linker: Linker) -> None:
    assert links(linker, "Rain fell on Ketter.")["Ketter"] == "Q3"


def test_a_place_that_holds_one_tells_which_it_is(linker: Linker) -> None:
    assert links(linker, "Rain fell on Ketter, Wexmoor on Monday.")["Ketter"] == "Q4"
    assert links(linker, "Rain fell on Ketter, Estmark.")["Ketter"] == "Q4"
    assert links(linker, "Rain fell on Ketter, Norland.")["Ketter"] == "Q3"


def test_a_place_said_to_be_elsewhere_is_not_trusted_be_it_the_only_one_known(linker: Linker) -> None:
    assert links(linker, "Rain fell on Sumpter, Wexmoor on Monday.")["Sumpter"] == "Q6?"
    assert links(linker, "Rain fell on Sumpter, Estmark.")["Sumpter"] == "Q6?"
    assert links(linker, "Rain fell on Sumpter, Norland.")["Sumpter"] == "Q6"
    # A region of the state, of which nobody told that it holds the town.
    assert links(linker, "Rain fell on Sumpter, Northmoor.")["Sumpter"] == "Q6"


def test_of_a_place_that_nothing_is_known_of_nothing_speaks_against_it_but_namesakes(linker: Linker) -> None:
    assert links(linker, "Rain fell on Twinford, Estmark.")["Twinford"] == "Q15"
    assert links(linker, "Rain fell on Loam, Estmark.")["Loam"].endswith("?")


@pytest.mark.parametrize("text", ["Envoys of Sumpter, Estmark and Gorda met.", "From Sumpter, Estmark, and Gorda."])
def test_a_list_says_nothing_of_where_its_places_are(linker: Linker, text: str) -> None:
    assert links(linker, text)["Sumpter"] == "Q6"


def test_a_state_that_the_document_names_makes_its_place_likelier(linker: Linker) -> None:
    def score(text: str) -> float:
        found = {name: re.search(name, text) for name in ("Ketter", "Estmarkish")}
        mentions = {name: (Mention(m.start(), m.end(), name),) for name, m in found.items() if m}
        kinds = {"Ketter": EntityKind.PLACE, "Estmarkish": EntityKind.STATE}
        entities = [Entity(name, kinds[name], name, places) for name, places in mentions.items()]
        decision = linker.decide(entities[0], Document(Article("a", text), entities=tuple(entities)))
        return next(c.score for c in decision.candidates if c.known.iri.endswith("/Q4"))

    assert score("Rain fell on Ketter. The Estmarkish council met.") > score("Rain fell on Ketter. The council met.")


def test_an_office_on_the_day_of_publication_tells_whose_name_it_is(linker: Linker) -> None:
    assert links(linker, "President Odo Bell spoke.", year=1985)["Odo Bell"] == "Q8"
    assert links(linker, "President Odo Bell spoke.", year=2004)["Odo Bell"] == "Q9"
    assert links(linker, "President Odo Bell spoke.")["Odo Bell"].endswith("?")
    # Nobody of that name held it, or was known of, for a lifetime.
    assert links(linker, "President Odo Bell spoke.", year=1901)["Odo Bell"] in ("Q8?", "Q9?", "-")


def test_somebody_known_of_long_after_the_text_or_long_before_is_not_trusted(linker: Linker) -> None:
    early = linker.decide(
        Entity("e1", EntityKind.PERSON, "Odo Bell", (Mention(0, 8, "Odo Bell"),)),
        Document(Article("a", "Odo Bell spoke.", date=dt.date(1985, 1, 1))),
    )
    told = {c.known.iri.rpartition("/")[2]: dict(c.features) for c in early.candidates}
    assert "too_early" in told["Q9"] and "too_early" not in told["Q8"]
    late = linker.decide(
        Entity("e1", EntityKind.PERSON, "Odo Bell", (Mention(0, 8, "Odo Bell"),)),
        Document(Article("a", "Odo Bell spoke.", date=dt.date(2090, 1, 1))),
    )
    assert "too_late" in {c.known.iri.rpartition("/")[2]: dict(c.features) for c in late.candidates}["Q8"]


def test_a_person_or_body_said_to_be_another_state_s_is_not_trusted(linker: Linker) -> None:
    assert links(linker, "Norlandic President Mara Dunn spoke.")["Mara Dunn"] == "Q14"
    assert links(linker, "Estmarkish President Mara Dunn spoke.")["Mara Dunn"] == "Q14?"
    assert links(linker, "Estmark's president Mara Dunn spoke.")["Mara Dunn"] == "Q14?"
    assert links(linker, "Talks with the Estmarkish side, Mara Dunn said.")["Mara Dunn"] == "Q14"
    assert links(linker, "The Estmarkish Harbour League won.")["Harbour League"] == "Q10?"
    assert links(linker, "The Norlandic Harbour League won.")["Harbour League"] == "Q10"
    # Each state may have one of so common a name, and nobody told whose this is.
    assert links(linker, "The Estmarkish Labour Front won.")["Labour Front"] == "Q18?"
    assert links(linker, "The Labour Front won.")["Labour Front"] == "Q18"


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("Gorda signs a treaty.", "Q11"),
        ("Gorda governor Ida Odell spoke.", "Q12"),
        ("The governor of Gorda spoke.", "Q12"),
        ("Police in Atley, Gorda, met.", "Q12"),
    ],
)
def test_a_part_of_a_state_that_bears_a_state_s_name(linker: Linker, text: str, item: str) -> None:
    assert links(linker, text)["Gorda"] == item


def test_what_takes_part_in_an_event_stays_what_it_was_found_to_be(linker: Linker) -> None:
    assert links(linker, "Gorda governor Ida Odell spoke.", event="Gorda")["Gorda"] == "Q12?"
