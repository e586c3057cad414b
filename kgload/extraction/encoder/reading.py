"""What the encoder reads in a text: its triggers, and of each what the surroundings say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from kgload.extraction.encoder.merging import Stand, features
from kgload.extraction.encoder.model import Floats, Scores, Settings, sigmoid, softmax
from kgload.extraction.encoder.text import Surroundings, Text, surroundings
from kgload.extraction.encoder.windows import Stretch, Window, stretches

FAINT = 0.4
"""The tagger's least probability of a trigger that is read at all."""
TRAILING = 0.4
"""A trigger goes on while its next piece has this share of the best one's probability."""
LONGEST = 12
"""Pieces of the longest trigger."""
COMPARED = 60
"""Further triggers of its type, those before it, with which one is compared; work grows with the text and not with its
square. Those that are not compared are not thought to speak of one event."""
LIKELY_FORCE = 0.25
"""The least probability of the likeliest word for what is sent."""


class Network(Protocol):
    """What runs the networks: :class:`kgload.extraction.encoder.model.Model`, or training's own."""

    @property
    def settings(self) -> Settings:
        """What it was trained for."""
        ...

    def tags(self, stretch: Stretch) -> Floats:
        """Probability of each tag for each wanted piece."""
        ...

    def read(
        self, window: Window, names: Sequence[tuple[int, int, int, int]], dates: Sequence[tuple[int, int]]
    ) -> Scores:
        """Read a trigger in its window."""
        ...

    def same(self, left: Floats, right: Floats, features: Sequence[float]) -> float:
        """Probability that two triggers speak of one event."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """A trigger and what was read of it; all figures are probabilities.

    ``trigger`` is the tagger's, ``event`` the reader's. ``participants`` maps each entity around to its part in the
    event; ``roles`` maps a role to the entities that may fill it. ``dates`` are those of the publication date, of
    none, and of the expressions numbered in ``said``. ``force`` is the likeliest span of words for what is sent.
    """

    begin: int
    end: int
    kind: int
    trigger: float
    event: float
    participants: dict[int, float]
    roles: dict[str, dict[int, float]]
    status: tuple[float, ...]
    mode: tuple[float, ...]
    dates: tuple[float, ...]
    said: tuple[int, ...]
    force: tuple[int, int] | None
    stand: Stand


@dataclass(frozen=True, slots=True)
class Readings:
    """The triggers of a text in text order, and for pairs of one type that stand near (smaller number first) whether
    they speak of one event."""

    triggers: tuple[Reading, ...]
    same: dict[tuple[int, int], float]


def read(text: Text, network: Network) -> Readings:
    """Read a text."""
    found, vectors = [], []
    for first, last, kind, probability in spans(text, network):
        around = surroundings(text, first, last, kind, network.settings.widths)
        scores = network.read(around.window, around.names, around.dates)
        found.append(_reading(text, network.settings, around, scores, kind, probability))
        vectors.append(scores.vector)
    same, before = {}, defaultdict[int, list[int]](list)
    for j, later in enumerate(found):
        for i in before[later.kind][-COMPARED:]:
            same[i, j] = network.same(vectors[i], vectors[j], features(found[i].stand, later.stand))
        before[later.kind].append(j)
    return Readings(tuple(found), same)


def spans(text: Text, network: Network) -> list[tuple[int, int, int, float]]:
    """Likely triggers as (first piece, last + 1, type, probability), the weaker of two overlapping ones left out where
    it is much weaker."""
    pieces = text.pieces
    table = np.zeros((len(pieces.ids), 1 + len(network.settings.types)), dtype=np.float32)
    for stretch in stretches(pieces, network.settings.widths, text.asked):
        table[stretch.wanted : stretch.end] = network.tags(stretch)
    found: list[tuple[int, int, int, float]] = []
    for kind in range(len(network.settings.types)):
        column, piece = table[:, 1 + kind], 0
        while piece < len(column):
            if column[piece] < FAINT:
                piece += 1
                continue
            first, best = piece, float(column[piece])
            piece += 1
            while piece < len(column) and piece - first < LONGEST:
                if not _goes_on(text, piece) and column[piece] < max(FAINT, TRAILING * best):
                    break
                best = max(best, float(column[piece]))
                piece += 1
            found.append((first, piece, kind, best))
    strong = [
        one
        for one in found
        if not any(o[0] < one[1] and one[0] < o[1] and o[3] > 2 * one[3] for o in found if o is not one)
    ]
    return sorted(strong)


def _goes_on(text: Text, piece: int) -> bool:
    """Whether a piece goes on with the word of the one before it."""
    begin = text.pieces.begins[piece]
    return begin == text.pieces.ends[piece - 1] and text.article.text[begin].isalnum()


def _reading(
    text: Text, settings: Settings, around: Surroundings, scores: Scores, kind: int, probability: float
) -> Reading:
    entities = around.entities
    table = np.full((len(entities), len(settings.roles)), -np.inf, dtype=np.float32)
    for row, owner in enumerate(around.owners):
        place = entities.index(owner)
        table[place] = np.maximum(table[place], scores.roles[row])
    takes = sigmoid(table[:, 0])
    roles = {}
    for number, role in enumerate(settings.roles[1:], start=1):
        shares = softmax(np.append(table[:, number], scores.nobody[number]))
        roles[role] = {entity: float(share) for entity, share in zip(entities, shares, strict=False)}
    pieces, window = text.pieces, around.window
    return Reading(
        begin=pieces.begins[window.first],
        end=pieces.ends[window.last - 1],
        kind=kind,
        trigger=probability,
        event=scores.event,
        participants={entity: float(take) for entity, take in zip(entities, takes, strict=True)},
        roles=roles,
        status=tuple(map(float, scores.status)),
        mode=tuple(map(float, scores.mode)),
        dates=tuple(map(float, scores.dates)),
        said=around.said,
        force=_force(text, window, scores.force),
        stand=text.stand(around),
    )


def _force(text: Text, window: Window, scores: Floats) -> tuple[int, int] | None:
    """The noun phrase around the piece that is likeliest a word for what is sent, with those that "of" joins to it
    ("hundreds of troops"), or that word; None where none is likely. The text's first sentence, where it stands apart,
    does not count."""
    lead = window.segments.count(1)
    places = {piece: place for piece, place in window.positions.items() if place > lead}
    best = max(places, key=lambda piece: (scores[places[piece]], -piece), default=None)
    if best is None or scores[places[best]] < LIKELY_FORCE:
        return None
    begin, end = text.pieces.begins[best], text.pieces.ends[best]
    for number, phrase in enumerate(text.phrases):
        if phrase.begin <= begin and end <= phrase.end:
            first = last = number
            while first > 0 and _joined(text, first - 1):
                first -= 1
            while last + 1 < len(text.phrases) and _joined(text, last):
                last += 1
            return text.phrases[first].begin, text.phrases[last].end
    while best + 1 < len(text.pieces.ids) and _goes_on(text, best + 1):
        best += 1
    return begin, text.pieces.ends[best]


def _joined(text: Text, number: int) -> bool:
    """Whether "of" joins a noun phrase to the next one."""
    left, right = text.phrases[number], text.phrases[number + 1]
    return text.article.text[left.end : right.begin].strip() == "of"
