"""The light extractor finds what its frames say, and a mistake in a frame is told with its place."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from kgload import data
from kgload.errors import DataError
from kgload.extraction import names
from kgload.extraction.analysis import analyse
from kgload.extraction.documents import FoundEvent, assemble
from kgload.extraction.frames import Cue, Example, Frame, frames, read
from kgload.extraction.quantities import quantity
from kgload.extraction.rules import RulesExtractor
from kgload.linking.gazetteer import Gazetteer
from kgload.records import Article, Document, Entity, Event, Run, Span, Status

EXAMPLES = [(frame, example) for frame in frames().frames.values() for example in frame.examples]


def extract(text: str) -> Document:
    [document] = RulesExtractor(Gazetteer.core()).extract([Article("a", text, date=dt.date(2025, 8, 13))])
    return document


def fillers(document: Document, event: Event, *roles: str) -> list[Entity]:
    entities = {entity.id: entity for entity in document.entities}
    return [entities[a.entity] for a in event.arguments if a.role in roles]


@pytest.mark.parametrize(("frame", "example"), EXAMPLES, ids=[f"{f.type}: {e.text}" for f, e in EXAMPLES])
def test_each_example_of_a_frame_is_read_as_it_says(frame: Frame, example: Example) -> None:
    document = extract(example.text)
    [event] = [event for event in document.events if event.type == frame.type]
    assert example.trigger in [mention.text for mention in event.mentions]
    parties = fillers(document, event, "participant", "deployer", "signatory")
    assert {entity.name for entity in parties} == set(example.participants)
    places = [entity.name for entity in fillers(document, event, "place", "destination")]
    assert places == ([example.place] if example.place else [])
    assert [force.name for force in fillers(document, event, "deployedForce")] == (
        [example.force] if example.force else []
    )


@pytest.mark.parametrize("cue", frames().cues, ids=lambda cue: cue.status)
def test_each_cue_speaks_for_its_status(cue: Cue) -> None:
    text = "Kenya and Uganda know it. " + cue.example.replace("The president", "Kenya").replace("The minister", "Kenya")
    text = text.replace("They", "Kenya and Uganda").replace("Talks", "The talks of Kenya and Uganda")
    assert [event.status for event in extract(text).events if event.type == "Meeting"] == [cue.status]


def test_a_weekday_is_the_last_one_or_the_next_one_by_the_tense() -> None:
    past = extract("Kenya and Uganda held talks on Friday.").events[0]
    future = extract("Kenya and Uganda will hold talks on Friday.").events[0]
    assert past.date is not None and past.date.earliest == dt.date(2025, 8, 8)
    assert future.date is not None and future.date.earliest == dt.date(2025, 8, 15)
    assert future.status is Status.PLANNED


def test_a_person_is_named_in_full_once_and_tied_to_the_state() -> None:
    document = extract("Russian president Vladimir Putin met Kenya's William Ruto in Nairobi. Putin praised the talks.")
    people = {entity.name: entity for entity in document.entities if entity.kind == "Person"}
    assert "Putin" not in people
    assert [m.text for m in people["Vladimir Putin"].mentions] == ["Vladimir Putin", "Putin"]
    russia = next(entity for entity in document.entities if entity.name == "Russia")
    assert people["Vladimir Putin"].represents == (russia.id,)
    assert "Russia" not in [entity.name for entity in fillers(document, document.events[0], "participant")]


def test_who_says_so_takes_no_part_in_what_is_said() -> None:
    document = extract("Kenya sent 400 police officers to Haiti, according to the United Nations.")
    [event] = document.events
    assert [entity.name for entity in fillers(document, event, "attributedTo")] == ["United Nations"]
    assert [entity.name for entity in fillers(document, event, "deployer", "participant")] == ["Kenya"]


def test_mentions_in_several_sentences_are_one_event() -> None:
    document = extract("Kenya and Uganda held talks in Nairobi. The talks lasted two hours.")
    assert [len(event.mentions) for event in document.events] == [2]


@pytest.mark.parametrize(
    "text", ["x", "\x00", "…", "\n\n", "(" * 500, "Ana " * 2000, "اجتماع في أوسلو", "\u202e\u200b met \u200f"]
)
def test_any_text_gives_a_document(text: str) -> None:
    document = extract(text)
    assert all(text[m.begin : m.end] == m.text for entity in document.entities for m in entity.mentions)


@pytest.mark.parametrize(
    ("words", "figure"),
    [
        ("around 15,000 troops", 15000), ("two battalions", 2), ("a thousand men", 1000), ("thousands of men", None),
        ("ten thousand soldiers", 10000), ("troops", None), ("12 hundred", 1200),
    ],
)  # fmt: skip
def test_figures_in_words(words: str, figure: int | None) -> None:
    assert quantity(words) == figure


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('type = "Meeting"', 'type = "meeting"', "type"),
        ("event = 0.6", "event = 6", "least.event"),
        ("[modes]", "[mods]", "mods"),
        ('Phone = ["phone"', 'Phone = ["Phone"', "modes"),
        ("[[examples]]", "[[exampels]]", "examp"),
    ],
)
def test_a_mistake_in_a_frame_is_told_with_file_and_place(tmp_path: Path, old: str, new: str, place: str) -> None:
    folder = tmp_path / "frames"
    shutil.copytree(data.path("frames"), folder)
    path = folder / "meeting.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(DataError, match=r"meeting\.toml.*" + place):
        read(folder)


def test_a_mistake_in_the_counts_is_told_with_its_line(tmp_path: Path) -> None:
    folder = tmp_path / "frames"
    shutil.copytree(data.path("frames"), folder)
    (folder / "triggers.tsv").write_text("type\tkey\ttriggers\tseen\nMeeting\tmet/V\t9\t3\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"triggers\.tsv:2"):
        read(folder)


def test_words_without_a_noun_or_a_figure_are_no_force() -> None:
    [analysis] = analyse([Article("a", "Kenya sent officers and others to Haiti.", date=dt.date(2025, 8, 13))])
    found = names.find(analysis, Gazetteer.core())
    for words, forces in (("and", []), ("officers", ["officers"])):
        begin = analysis.article.text.index(words)
        event = FoundEvent(
            "Deployment", (Span(6, 10),), (), Status.OCCURRED, 0.9, force=Span(begin, begin + len(words))
        )
        document = assemble(analysis, found, [event], Run("t", "1"))
        assert [entity.name for entity in document.entities if entity.kind == "Force"] == forces
