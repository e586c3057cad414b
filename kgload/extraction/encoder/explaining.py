"""Why the encoder found what it found: its shares, and which words turned a status, as :mod:`kgload.explanations`.

What the network said is taken over as it was. Which words a status hangs on is asked of it anew: each word of the
trigger's sentence is hidden in turn, and what the network then says less surely hung on it (Li et al. 2016,
"Understanding Neural Networks through Representation Erasure").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kgload.explanations import (
    Apart,
    Candidate,
    Cue,
    DateOption,
    EventExplanation,
    Explanation,
    Pair,
    Rejected,
    Trigger,
    candidates,
    ranked,
)
from kgload.extraction.documents import matched
from kgload.extraction.encoder.events import DEFAULTS, FUTURE, LONG, Found, log_odds, reading_of, weigh
from kgload.extraction.encoder.extractor import Steps
from kgload.extraction.encoder.merging import STEM, features
from kgload.extraction.encoder.model import Model
from kgload.extraction.encoder.reading import Reading
from kgload.extraction.encoder.text import Surroundings, Text, surroundings
from kgload.extraction.gathering import Gathered
from kgload.extraction.reasons import Reasons
from kgload.ontology import vocabulary
from kgload.records import Event

HIDDEN = 103
"""Row of the vocabulary of BERT's piece for a hidden word."""
CUES = 6
"""Words that are named of those that a status hangs on."""
SLIGHT = 0.1
"""The least difference, in log-odds, that makes a word a cue."""


def explain(steps: Steps, model: Model) -> Explanation:
    """The reasons for the events of a document."""
    return _Explainer(steps, model).explanation()


class _Explainer:
    def __init__(self, steps: Steps, model: Model) -> None:
        self._text, self._readings, self._ids = steps.text, steps.readings, steps.ids
        self._document, self._model = steps.document, model
        self._limits = DEFAULTS | model.settings.thresholds
        every = matched(steps.events, steps.document)
        self._found = [(found, event) for found, event in every if isinstance(found, Found)]
        groups = [(group, event) for group, event in every if isinstance(group, Gathered)]
        self._others = Reasons(steps.document, steps.text.names, steps.ids, groups)
        self._groups = steps.groups
        self._numbers = {id(reading): number for number, reading in enumerate(steps.readings.triggers)}

    def explanation(self) -> Explanation:
        why = {one.event: one for one in self._others.events()}
        why |= {event.id: self._event(found, event) for found, event in self._found}
        rejected = (*self._rejected(), *self._others.rejected(self._groups))
        return Explanation(self._document, tuple(why[event.id] for event in self._document.events), rejected)

    @property
    def _least(self) -> float:
        return self._limits["event_long" if len(self._text.sentences) >= LONG else "event"]

    def _event(self, found: Found, event: Event) -> EventExplanation:
        settings = self._model.settings
        return EventExplanation(
            event=event.id,
            triggers=tuple(self._trigger(reading) for reading in found.mentions),
            score=found.score,
            least=self._least,
            candidates=tuple(self._candidates(found, event)),
            pairs=tuple(self._pairs(found)),
            apart=tuple(self._apart(found)),
            link_least=self._limits["link"],
            dates=tuple(self._dates(found)),
            statuses=_shares(settings.statuses, found.votes.statuses),
            cues=self._cues(found),
            modes=_shares([mode or "none" for mode in settings.modes], found.votes.modes) if found.mode else (),
        )

    def _trigger(self, reading: Reading) -> Trigger:
        words = self._text.article.text[reading.begin : reading.end]
        parts = ranked((("tagger", reading.trigger), ("reader", reading.event)))
        share = weigh(reading, self._limits["tagger"])
        return Trigger(reading.begin, reading.end, words, reading.stand.sentence, share, parts)

    def _candidates(self, found: Found, event: Event) -> Iterator[Candidate]:
        asked = (
            (
                role,
                self._text.names.entities[entity].name,
                self._ids.get(entity),
                share,
                self._limits[role],
                tuple(_given(reading, role, entity) for reading in found.mentions),
            )
            for role, shares in found.votes.parts.items()
            if event.type in vocabulary().sending or role not in ("deployer", "origin")
            for entity, share in sorted(shares.items(), key=lambda pair: (-pair[1], pair[0]))
        )
        return candidates(self._document, event, asked)

    def _pairs(self, found: Found) -> Iterator[Pair]:
        for right, later in enumerate(found.mentions):
            for left, earlier in enumerate(found.mentions[:right]):
                yield Pair(left, right, self._same(earlier, later), self._common(earlier, later))

    def _same(self, one: Reading, other: Reading) -> float:
        a, b = sorted((self._numbers[id(one)], self._numbers[id(other)]))
        return self._readings.same.get((a, b), 0.0)

    def _common(self, one: Reading, other: Reading) -> tuple[str, ...]:
        """What the network was told of how two triggers stand to each other."""
        _, same_sentence, same_word, _ = features(one.stand, other.stand)
        apart = abs(one.stand.sentence - other.stand.sentence)
        shared = sorted(one.stand.entities & other.stand.entities)
        names = ", ".join(self._text.names.entities[entity].name for entity in shared)
        return (
            "same sentence" if same_sentence else f"{apart} sentence{'s' if apart > 1 else ''} apart",
            f"words that begin alike ({STEM} letters)" if same_word else "different words",
            f"both near {names}" if names else "no name near both",
        )

    def _apart(self, found: Found) -> Iterator[Apart]:
        """The event of the same type that is likeliest the same one, and yet is another."""
        best = None
        for other, event in self._found:
            if other is not found and other.kind == found.kind:
                shares = [self._same(a, b) for a in found.mentions for b in other.mentions]
                average = sum(shares) / len(shares)
                if best is None or average > best.share:
                    best = Apart(event.id, average)
        if best:
            yield best

    def _dates(self, found: Found) -> Iterator[DateOption]:
        every = sum(found.votes.weights)
        taken, days_taken = found.date or (None, None)
        future = found.status in FUTURE
        said = sorted({number for reading in found.mentions for number in reading.said})
        shown = set()
        for number in said:
            one, days = self._text.expressions[number], reading_of(self._text, number, future)
            share = self._date_share(found, number)
            shown.add(days)
            is_taken = days_taken is not None and days == days_taken and number == taken
            words = self._text.article.text[one.begin : one.end]
            yield DateOption(words, one.begin, one.end, one.readings, days, share, is_taken)
        published = self._text.article.date
        if published:
            share = sum(r.dates[0] * w for r, w in zip(found.mentions, found.votes.weights, strict=True)) / every
            is_taken = found.date is not None and taken is None
            yield DateOption(None, None, None, (), (published, published), share, is_taken)
        yield DateOption(None, None, None, (), None, found.votes.dates.get(None, 0.0) / every, found.date is None)

    def _date_share(self, found: Found, number: int) -> float:
        total = 0.0
        for reading, weight in zip(found.mentions, found.votes.weights, strict=True):
            if number in reading.said:
                total += weight * reading.dates[2 + reading.said.index(number)]
        return total / sum(found.votes.weights)

    def _cues(self, found: Found) -> tuple[Cue, ...]:
        """The words that the status hangs on, around the surest mention."""
        _, reading = max(zip(found.votes.weights, found.mentions, strict=True), key=lambda pair: pair[0])
        first, last = self._text.pieces.locate(reading.begin, reading.end)
        around = surroundings(self._text, first, last, reading.kind, self._model.settings.widths)
        status = self._model.settings.statuses.index(found.status)
        # Clues vote too, but what words mean to the network is asked of the network alone.
        whole = log_odds(float(self._model.read(around.window, around.names, around.dates).status[status]))
        cues = []
        for begin, end in words(self._text, around):
            hidden = _without(around, begin, end)
            left = self._model.read(hidden.window, hidden.names, hidden.dates).status[status]
            weight = whole - log_odds(float(left))
            if abs(weight) >= SLIGHT:
                text_begin, text_end = self._text.pieces.begins[begin], self._text.pieces.ends[end - 1]
                cues.append(Cue(self._text.article.text[text_begin:text_end], text_begin, text_end, weight))
        return tuple(sorted(cues, key=lambda cue: (-abs(cue.weight), cue.begin))[:CUES])

    def _rejected(self) -> Iterator[Rejected]:
        kept = {id(reading) for found, _ in self._found for reading in found.mentions}
        for reading in self._readings.triggers:
            if id(reading) not in kept:
                trigger = self._trigger(reading)
                what, least = "a mention", self._limits["mention"]
                if trigger.share >= least:
                    what, least = "an event", self._least
                why = f"{trigger.share:.2f} is less than the {least:g} that {what} needs"
                yield Rejected(self._model.settings.types[reading.kind], (trigger,), why)


def words(text: Text, around: Surroundings) -> Iterator[tuple[int, int]]:
    """The words of a trigger's sentence that stand in its window and are not the trigger, as pieces of the text."""
    first, last = text.pieces.sentences[around.window.sentence]
    piece = first
    while piece < last:
        end = piece + 1
        while end < last and text.pieces.begins[end] == text.pieces.ends[end - 1] and _is_word(text, end):
            end += 1
        inside = piece in around.window.positions and end - 1 in around.window.positions
        if inside and _is_word(text, piece) and not (piece < around.window.last and around.window.first < end):
            yield piece, end
        piece = end


def _is_word(text: Text, piece: int) -> bool:
    return text.article.text[text.pieces.begins[piece]].isalnum()


def _without(around: Surroundings, begin: int, end: int) -> Surroundings:
    """The same surroundings, with some pieces hidden."""
    ids = list(around.window.ids)
    for piece in range(begin, end):
        ids[around.window.positions[piece]] = HIDDEN
    return replace(around, window=replace(around.window, ids=tuple(ids)))


def _given(reading: Reading, role: str, entity: int) -> float | None:
    return reading.participants.get(entity) if role == "participant" else reading.roles[role].get(entity)


def _shares(names: list[str] | tuple[str, ...], sums: tuple[float, ...]) -> tuple[tuple[str, float], ...]:
    every = sum(sums)
    return ranked((name, value / every) for name, value in zip(names, sums, strict=True))
