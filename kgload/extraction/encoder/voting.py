"""A second opinion on what the network read: the clues that the light extractor weighs, asked about the same triggers.

Network and clues go wrong in different places: the network reads the meaning of a window, the clues count single words
and paths of the parse. Their answers are mixed as weighted means of log-odds, or of logarithms of shares, which is a
product of experts (Hinton 2002). What each question's share of the clues is, was chosen in cross-validation; that of
sameness on texts that were held back.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from kgload.extraction import readings as light
from kgload.extraction.analysis import Analysis
from kgload.extraction.clues import Clues
from kgload.extraction.encoder.events import log_odds
from kgload.extraction.encoder.model import Settings
from kgload.extraction.encoder.reading import Reading, Readings
from kgload.extraction.encoder.text import Text
from kgload.extraction.frames import Frames
from kgload.extraction.representing import represented
from kgload.extraction.triggers import Trigger
from kgload.extraction.weights import Weights

SHARES = {"trigger": 0.1, "participant": 0.4, "status": 0.55, "mode": 0.25, "date": 0.4, "same": 0.35}
"""How much the clues count against the network, by question. Of places and sources the network knows more alone."""

LEAST = 1e-3
"""What is added to a share, so that neither voter has a veto."""
DOUBT = 0.01
"""How sure the clues may be of a date at most, and how unsure at least."""


def clues_of(analysis: Analysis, text: Text, frames: Frames) -> Clues:
    """The clues of a text."""
    return Clues(analysis, text.names, text.expressions, frames, represented(analysis, text.names))


def vote(
    text: Text,
    clues: Clues,
    readings: Readings,
    settings: Settings,
    weights: Weights,
    shares: dict[str, float] = SHARES,
) -> Readings:
    """The readings of a text after the vote. Types without a frame are left as the network read them: of these the
    clues know nothing."""
    others: list[light.Reading | None] = []
    for reading in readings.triggers:
        type_ = settings.types[reading.kind]
        frame = clues.known.frames.get(type_)
        token = clues.analysis.token_at(reading.end - 1)
        share = weights["trigger"].shares(clues.trigger(token)).get(type_, 0.0) if frame else 0.0
        others.append(light.read(clues, Trigger(token, type_, share), frame, weights) if frame else None)
    voted = tuple(
        _voted(text, reading, other, settings, shares) if other else reading
        for reading, other in zip(readings.triggers, others, strict=True)
    )
    same = {}
    for (i, j), probability in readings.same.items():
        left, right = others[i], others[j]
        if left and right:
            said = weights["same"].shares(clues.same(left.stand, right.stand))["yes"]
            probability = between(probability, said, shares["same"])
        same[i, j] = probability
    return Readings(voted, same)


def _voted(text: Text, reading: Reading, other: light.Reading, settings: Settings, shares: dict[str, float]) -> Reading:
    parts = other.parts.get("participant", {})
    return replace(
        reading,
        event=between(reading.event, other.trigger.probability, shares["trigger"]),
        participants={
            entity: between(part, parts[entity], shares["participant"]) if entity in parts else part
            for entity, part in reading.participants.items()
        },
        status=mixed(reading.status, [other.statuses.get(s, 0.0) for s in settings.statuses], shares["status"]),
        mode=mixed(reading.mode, [other.modes.get(m, 0.0) for m in settings.modes], shares["mode"])
        if other.modes
        else reading.mode,
        dates=mixed(reading.dates, _dates(text, reading, other), shares["date"]),
    )


def _dates(text: Text, reading: Reading, other: light.Reading) -> list[float]:
    """The clues' shares of the publication date, of no date, and of the expressions: each is as likely as its odds
    against being none of the event's."""
    said = {expression.begin if expression else None: share for expression, share in other.dates.items()}

    def odds(begin: int | None) -> float:
        share = min(max(said.get(begin, 0.0), DOUBT), 1 - DOUBT)
        return share / (1 - share)

    every = [odds(None), 1.0, *(odds(text.expressions[number].begin) for number in reading.said)]
    return [one / sum(every) for one in every]


def between(one: float, other: float, share: float) -> float:
    """The probability whose log-odds are the mean of two others', the second counting ``share``."""
    return 1 / (1 + math.exp(-((1 - share) * log_odds(one) + share * log_odds(other))))


def mixed(one: Sequence[float], other: Sequence[float], share: float) -> tuple[float, ...]:
    """Shares whose logarithms are the mean of two others', the second counting ``share``; they add up to 1."""
    grown = [
        math.exp((1 - share) * math.log(a + LEAST) + share * math.log(b + LEAST))
        for a, b in zip(one, other, strict=True)
    ]
    return tuple(value / sum(grown) for value in grown)
