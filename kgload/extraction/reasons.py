"""Why the light extractor found what it found: its shares, and the clues that weighed most for a status."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
from kgload.extraction.gathering import Gathered
from kgload.extraction.names import Names
from kgload.extraction.readings import Reading, days_of
from kgload.extraction.rules import Steps
from kgload.extraction.weights import Question
from kgload.records import Document, Event

CUES = 6
"""Clues that are named of those that spoke for a status."""


def explain(steps: Steps) -> Explanation:
    """The reasons for the events of a document."""
    reasons = Reasons(steps.document, steps.names, steps.ids, matched(steps.events, steps.document))
    return Explanation(steps.document, tuple(reasons.events()), tuple(reasons.rejected(steps.groups)))


class Reasons:
    """Why groups of triggers became events of a document: ``groups`` gives each with its event."""

    def __init__(
        self, document: Document, names: Names, ids: dict[int, str], groups: Sequence[tuple[Gathered, Event]]
    ) -> None:
        self._document, self._names, self._ids, self._groups = document, names, ids, groups

    def events(self) -> Iterator[EventExplanation]:
        """The reasons for each event, in the order of the groups."""
        for group, event in self._groups:
            yield self._event(group, event)

    def _event(self, group: Gathered, event: Event) -> EventExplanation:
        return EventExplanation(
            event=event.id,
            triggers=tuple(self._trigger(group, reading) for reading in group.group),
            score=group.likeliest,
            least=group.frame.least.event,
            candidates=tuple(self._candidates(group, event)),
            pairs=tuple(self._pairs(group)),
            apart=tuple(self._apart(group)),
            link_least=group.frame.least.same,
            dates=tuple(self._dates(group, event.status)),
            statuses=_shares(group.statuses()),
            cues=self._cues(group, event.status),
            modes=_shares(group.modes()) if group.frame.modes else (),
        )

    def _trigger(self, group: Gathered, reading: Reading) -> Trigger:
        token = group.clues.analysis.tokens[reading.trigger.token]
        return Trigger(token.begin, token.end, token.text, reading.sentence, reading.trigger.probability)

    def _candidates(self, group: Gathered, event: Event) -> Iterator[Candidate]:
        limits = group.frame.least
        least = {"participant": limits.participant, "place": limits.place, "attributedTo": limits.attributedTo}
        asked = (
            (
                role,
                self._names.entities[entity].name,
                self._ids.get(entity),
                share,
                least[role],
                tuple(reading.parts.get(role, {}).get(entity) for reading in group.group),
            )
            for role in least
            for entity, share in sorted(group.shares(role).items(), key=lambda pair: (-pair[1], pair[0]))
        )
        return candidates(self._document, event, asked)

    def _pairs(self, group: Gathered) -> Iterator[Pair]:
        for right, later in enumerate(group.group):
            for left, earlier in enumerate(group.group[:right]):
                clues = list(group.clues.same(earlier.stand, later.stand))
                yield Pair(
                    left, right, self._same(group, earlier, later), _strongest(group.weights["same"], "yes", clues)
                )

    def _same(self, group: Gathered, one: Reading, other: Reading) -> float:
        earlier, later = sorted((one, other), key=lambda reading: reading.trigger.token)
        return group.weights["same"].shares(group.clues.same(earlier.stand, later.stand))["yes"]

    def _apart(self, group: Gathered) -> Iterator[Apart]:
        """The event of the same type that is likeliest the same one, and yet is another."""
        best = None
        for other, event in self._groups:
            if other is not group and other.frame.type == group.frame.type:
                shares = [self._same(group, a, b) for a in group.group for b in other.group]
                average = sum(shares) / len(shares)
                if best is None or average > best.share:
                    best = Apart(event.id, average)
        if best:
            yield best

    def _dates(self, group: Gathered, status: str) -> Iterator[DateOption]:
        article, shares = group.clues.analysis.article, group.dates()
        best = max(shares, key=lambda e: (shares[e], -(e.begin if e else -1)), default=None)
        is_dated = bool(shares) and shares[best] >= group.frame.least.date
        for said, share in sorted(shares.items(), key=lambda pair: (pair[0] is None, pair[0].begin if pair[0] else 0)):
            days = days_of(said, status, article.date)
            taken = is_dated and said is best
            if said is None:
                yield DateOption(None, None, None, (), days, share, taken)
            else:
                words = article.text[said.begin : said.end]
                yield DateOption(words, said.begin, said.end, said.readings, days, share, taken)
        yield DateOption(None, None, None, (), None, group.frame.least.date, not is_dated)

    def _cues(self, group: Gathered, status: str) -> tuple[Cue, ...]:
        surest = max(group.group, key=lambda reading: reading.trigger.probability)
        question = group.weights["status"]
        number = question.answers.index(status)
        found = {
            clue: question.weights[clue][number]
            for clue in group.clues.status(surest.trigger.token, surest.trigger.type)
            if clue in question.weights
        }
        strongest = sorted(found.items(), key=lambda pair: (-abs(pair[1]), pair[0]))[:CUES]
        return tuple(Cue(clue, None, None, weight) for clue, weight in strongest if weight)

    def rejected(self, groups: Sequence[Gathered]) -> Iterator[Rejected]:
        """Those of all groups of which no event came."""
        kept = {id(group) for group, _ in self._groups}
        for group in groups:
            if id(group) not in kept:
                triggers = tuple(self._trigger(group, reading) for reading in group.group)
                least = group.frame.least.event
                why = f"{group.likeliest:.2f} is less than the {least:g} that an event needs"
                if group.likeliest >= least:
                    why = f"fewer than {group.frame.least_participants} participants are named"
                yield Rejected(group.frame.type, triggers, why)


def _shares(sums: dict[str, float]) -> tuple[tuple[str, float], ...]:
    every = sum(sums.values())
    return ranked((name or "none", value / every) for name, value in sums.items())


def _strongest(asked: Question, answer: str, clues: list[str]) -> tuple[str, ...]:
    """The clues that spoke most for an answer."""
    number = asked.answers.index(answer)
    found = {clue: asked.weights[clue][number] for clue in clues if clue in asked.weights}
    return tuple(clue for clue, weight in sorted(found.items(), key=lambda p: (-p[1], p[0]))[:3] if weight > 0)
