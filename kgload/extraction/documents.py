"""What extractors find, put together as a Document: the last stage of each of them.

Names become entities, the words for a force become a Force, people get whom they represent; an entity that nothing in
the ontology fits (a law, a product) is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from kgload.extraction import wording
from kgload.extraction.analysis import Analysis
from kgload.extraction.names import CAPITAL, PROPER, Name, Named, Names, name_data
from kgload.extraction.quantities import quantity
from kgload.extraction.representing import represented
from kgload.records import (
    Argument,
    Document,
    Entity,
    EntityKind,
    Event,
    EventDate,
    Mention,
    Mode,
    Run,
    Span,
    Status,
)

ACTORS = {EntityKind.PERSON, EntityKind.ORGANIZATION, EntityKind.STATE, EntityKind.ARMED_GROUP}
PLACES = {EntityKind.PLACE, EntityKind.STATE}
PLACE_ROLES = {"place", "origin", "destination"}


@dataclass(frozen=True, slots=True)
class FoundEvent:
    """An event in terms of the text's names.

    ``mentions`` are the triggers' spans; ``roles`` are (role, number of the entity among the names, confidence or
    None); ``force`` is the span of the words for what is sent.
    """

    type: str
    mentions: tuple[Span, ...]
    roles: tuple[tuple[str, int, float | None], ...]
    status: Status
    confidence: float
    date: EventDate | None = None
    mode: Mode | None = None
    topic: str | None = None
    force: Span | None = None


def assemble(analysis: Analysis, names: Names, events: Iterable[FoundEvent], run: Run) -> Document:
    """The document that follows. Entities stand in the order of their first mentions, events likewise."""
    return numbered(analysis, names, events, run)[0]


def numbered(
    analysis: Analysis, names: Names, events: Iterable[FoundEvent], run: Run
) -> tuple[Document, dict[int, str]]:
    """What :func:`assemble` gives, and the ids that entities got by their numbers among the names."""
    return _Assembly(analysis, names).document(events, run)


def place(event: FoundEvent) -> tuple[int, int, str]:
    """By which events are put in order."""
    return event.mentions[0].begin, event.mentions[0].end, event.type


Source = TypeVar("Source")


def matched(pairs: Iterable[tuple[Source, FoundEvent]], document: Document) -> list[tuple[Source, Event]]:
    """What events were found from, each with the event of the document that came of it, in the document's order."""
    ordered = sorted(pairs, key=lambda pair: place(pair[1]))
    return [(source, event) for (source, _), event in zip(ordered, document.events, strict=True)]


class _Assembly:
    def __init__(self, analysis: Analysis, names: Names) -> None:
        self._analysis, self._names = analysis, names
        self._text = analysis.article.text
        self._mentions: dict[int, list[Name]] = {}
        for name in names.mentions:
            self._mentions.setdefault(name.entity, []).append(name)
        self._forces: dict[Span, str] = {}

    def document(self, events: Iterable[FoundEvent], run: Run) -> tuple[Document, dict[int, str]]:
        found = sorted(events, key=place)
        taken = {number for event in found for _, number, _ in event.roles}
        kept = self._entities(taken)
        ids = {number: f"e{nth}" for nth, number in enumerate(kept, start=1)}
        records = [self._event(event, f"v{nth}", ids) for nth, event in enumerate(found, start=1)]
        people = represented(self._analysis, self._names)
        entities = [self._entity(number, ids, people.get(number, ())) for number in kept]
        entities += [self._force(span, id_) for span, id_ in self._forces.items()]
        made = Document(self._analysis.article, self._analysis.sentences, tuple(entities), tuple(records), run)
        return made, ids

    def _entities(self, taken: set[int]) -> list[int]:
        """The entities to be written: a capital's name alone makes a state, and proper nouns that nothing explains make
        an entity, only where a role needs it."""
        kept = []
        for number, named in enumerate(self._names.entities):
            labels = {name.label for name in self._mentions.get(number, ())}
            if named.kind is None or not labels or (labels <= {CAPITAL, PROPER} and number not in taken):
                continue
            if named.name.casefold() in name_data().parts | name_data().endings.keys():
                continue
            kept.append(number)
        return sorted(kept, key=lambda n: (self._mentions[n][0].begin, self._mentions[n][0].end, n))

    def _entity(self, number: int, ids: dict[int, str], people: Sequence[int]) -> Entity:
        named = self._names.entities[number]
        forms = self._forms(number, named)
        assert named.kind is not None  # noqa: S101 - entities without a kind are not kept
        return Entity(
            id=ids[number],
            kind=named.kind,
            name=forms[0],
            mentions=self._spans(number),
            aliases=tuple(forms[1:]),
            represents=tuple(ids[n] for n in people if n in ids),
        )

    def _forms(self, number: int, named: Named) -> list[str]:
        """The entity's names as the text gives them, the fullest first; a state's own name where it gives none."""
        forms = sorted(named.aliases, key=lambda form: (-len(form.split()), -len(form), form))
        if named.kind is EntityKind.STATE or not forms:
            full = [form for form in forms if not form.isupper()] or forms
            return [*(full[:1] or [named.name]), *(form for form in forms if form not in full[:1])]
        return forms if named.name not in forms else [named.name, *(form for form in forms if form != named.name)]

    def _spans(self, number: int) -> tuple[Mention, ...]:
        named = self._mentions[number]
        plain = [name for name in named if name.label != CAPITAL] or named
        spans = sorted({(name.begin, name.end) for name in plain})
        return tuple(Mention(begin, end, self._text[begin:end]) for begin, end in spans)

    def _event(self, event: FoundEvent, id_: str, ids: dict[int, str]) -> Event:
        arguments: list[Argument] = []
        for role, number, confidence in event.roles:
            kind = self._names.entities[number].kind
            fits = kind in (PLACES if role in PLACE_ROLES else ACTORS)
            if number in ids and fits and (role, ids[number]) not in {(a.role, a.entity) for a in arguments}:
                arguments.append(Argument(role, ids[number], confidence))
        if event.force and self._names_something(event.force):
            force = self._forces.setdefault(event.force, f"f{len(self._forces) + 1}")
            arguments.append(Argument("deployedForce", force))
        spans = sorted(set(event.mentions), key=lambda span: (span.begin, span.end))
        sentences = [self._analysis.sentences[self._analysis.sentence_of(span.begin)] for span in spans]
        calling = {wording.host(self._text, sentence, self._names) for sentence in sentences} - {None}
        hosts = {ids[n] for n in calling if n in ids and self._names.entities[n].kind in ACTORS}
        arguments = [replace(a, role="host") if a.role == "participant" and a.entity in hosts else a for a in arguments]
        arguments += [Argument("host", h) for h in sorted(hosts - {a.entity for a in arguments})]
        topics = (wording.topic(self._text, s, span) for s, span in zip(sentences, spans, strict=True))
        return Event(
            id=id_,
            type=event.type,
            mentions=tuple(Mention(s.begin, s.end, self._text[s.begin : s.end]) for s in spans),
            arguments=tuple(arguments),
            date=event.date,
            status=event.status,
            mode=event.mode,
            topic=event.topic or next((words for words in topics if words), None),
            confidence=round(min(1.0, max(0.0, event.confidence)), 4),
        )

    def _names_something(self, span: Span) -> bool:
        """Whether words hold a noun or a figure, without which they are no force."""
        first, last = self._analysis.token_at(span.begin), self._analysis.token_at(span.end - 1)
        return any(token.tag[:2] in ("NN", "CD") for token in self._analysis.tokens[first : last + 1])

    def _force(self, span: Span, id_: str) -> Entity:
        words = self._text[span.begin : span.end]
        name = " ".join(words.split())
        figure = quantity(words)
        return Entity(
            id=id_,
            kind=EntityKind.FORCE,
            name=name,
            mentions=(Mention(span.begin, span.end, words),),
            quantity=figure,
            quantity_text=_figure_text(name) if figure is not None else None,
        )


def _figure_text(words: str) -> str:
    """The words for how many: those up to the last that is a figure or a number word."""
    tokens = words.split()
    last = max((i for i in range(len(tokens)) if quantity(" ".join(tokens[: i + 1])) is not None), default=0)
    first = next((i for i in range(len(tokens)) if quantity(" ".join(tokens[: i + 1])) is not None), last)
    scale = first + 1 if first + 1 < len(tokens) and quantity(" ".join(tokens[first : first + 2])) != quantity(
        tokens[first]
    ) else first  # fmt: skip
    return " ".join(tokens[: scale + 1])
