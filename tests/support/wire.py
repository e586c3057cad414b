"""A small wire of invented documents, rich enough for every canned query to have rows, with hostile words in it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from record_samples import invented

from kgload.records import (
    Argument,
    Article,
    Document,
    Entity,
    EntityKind,
    Event,
    EventDate,
    Link,
    Mention,
    Span,
    Status,
)

HOSTILE = 'O"Hara } # <b> \\ \u202e\U0001f6d1'
DAY = dt.date(2025, 8, 12)


def _mention(text: str, words: str) -> Mention:
    begin = text.index(words)
    return Mention(begin, begin + len(words), words)


def _document(id_: str, text: str, *events: Event, title: str | None = None, entities: tuple[Entity, ...]) -> Document:
    article = Article(id_, text, title, dt.date(2025, 8, 14), f"https://wire.example/{len(id_)}")
    return Document(article, (Span(0, len(text)),), entities, events, invented().run)


def _entity(text: str, id_: str, kind: EntityKind, name: str, item: int | None = None) -> Entity:
    link = Link(f"http://www.wikidata.org/entity/Q{item}", 0.9) if item else None
    return Entity(id_, kind, name, (_mention(text, name),), link=link)


def wire() -> list[Document]:
    """Four documents: an invented article, a contradiction between two others, and one of hostile words."""
    met = "Norland and Estmark met in Ketterby on Tuesday."
    off = "Norland and Estmark did not meet on Tuesday, the talks were off."
    odd = f"Then {HOSTILE} met Mara\nDunn."
    states = [
        (
            _entity(text, "n", EntityKind.STATE, "Norland", 900001),
            _entity(text, "e", EntityKind.STATE, "Estmark", 900003),
        )
        for text in (met, off)
    ]
    both = (Argument("participant", "n"), Argument("participant", "e"))
    day = EventDate(DAY, DAY, "on Tuesday")
    people = (
        _entity(odd, "o", EntityKind.PERSON, HOSTILE),
        _entity(odd, "m", EntityKind.PERSON, "Mara\nDunn"),
    )
    return [
        invented(),
        _document(
            "wire/met",
            met,
            Event("1", "Meeting", (_mention(met, "met"),), both, day, confidence=0.75),
            entities=states[0],
        ),
        _document(
            "wire/off",
            off,
            Event("1", "Meeting", (_mention(off, "meet"), _mention(off, "talks")), both, day, Status.CANCELLED),
            entities=states[1],
        ),
        _document(
            f"hostile {HOSTILE}\n../x",
            odd,
            Event(
                "1", "Meeting", (_mention(odd, "met"),), (Argument("participant", "o"), Argument("participant", "m"))
            ),
            Event("2", "Meeting", (_mention(odd, "Then"),), (Argument("participant", "m"),), status=Status.PLANNED),
            title=f"</script>{HOSTILE}",
            entities=people,
        ),
    ]


def changed(document: Document) -> Document:
    """The same document as a later run might tell it: without its events."""
    return replace(document, events=())
