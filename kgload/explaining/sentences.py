"""The sentences that an event was read from, with the words that count in them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from kgload.explanations import EventExplanation, Explanation
from kgload.records import Event, Mention, Span

TRIGGER, DATE, CUE = "trigger", "date", "cue"


@dataclass(frozen=True, slots=True)
class Marked:
    """A stretch of the text that counts, and as what: ``trigger``, ``date``, ``cue`` or a role of the event."""

    begin: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A sentence, numbered from 0, with its marks in text order, not overlapping."""

    number: int
    span: Span
    marks: tuple[Marked, ...]


def shown(explanation: Explanation, why: EventExplanation) -> tuple[Shown, ...]:
    """The sentences of an event's triggers, and those where its names and its date stand if that is elsewhere."""
    document = explanation.document
    event = event_of(explanation, why)
    sentences = document.sentences
    if not sentences:
        return ()
    marks = [Marked(t.begin, t.end, TRIGGER) for t in why.triggers]
    wanted = {_sentence(sentences, mark.begin) for mark in marks}
    entities = {entity.id: entity for entity in document.entities}
    for argument in event.arguments:
        mentions = entities[argument.entity].mentions
        inside = [m for m in mentions if _sentence(sentences, m.begin) in wanted] or [_nearest(mentions, event)]
        marks += [Marked(m.begin, m.end, argument.role) for m in inside]
    for date in why.dates:
        if date.taken and date.begin is not None and date.end is not None:
            marks.append(Marked(date.begin, date.end, DATE))
    wanted |= {_sentence(sentences, mark.begin) for mark in marks}
    marks += [Marked(c.begin, c.end, CUE) for c in why.cues if c.begin is not None and c.end is not None]
    kept = _without_overlaps(marks)
    return tuple(
        Shown(number, sentences[number], tuple(m for m in kept if _sentence(sentences, m.begin) == number))
        for number in sorted(wanted)
    )


def event_of(explanation: Explanation, why: EventExplanation) -> Event:
    """The event that is explained."""
    return next(event for event in explanation.document.events if event.id == why.event)


def _sentence(sentences: tuple[Span, ...], position: int) -> int:
    return max(0, bisect_right(sentences, position, key=lambda sentence: sentence.begin) - 1)


def _nearest(mentions: tuple[Mention, ...], event: Event) -> Mention:
    return min(mentions, key=lambda m: (min(abs(m.begin - t.begin) for t in event.mentions), m.begin))


def _without_overlaps(marks: Iterable[Marked]) -> list[Marked]:
    """Of marks that overlap, the one that was given first: triggers before names, names before dates and cues."""
    kept: list[Marked] = []
    for mark in marks:
        if not any(other.begin < mark.end and mark.begin < other.end for other in kept):
            kept.append(mark)
    return sorted(kept, key=lambda mark: mark.begin)
