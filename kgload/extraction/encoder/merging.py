"""Mentions of one event are brought together: average-link clustering of how likely two triggers speak of one event."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

NEVER = -np.inf
STEM = 5
"""Letters at a word's beginning that tell it from others: "meeti" for "meeting" and "meetings"."""
FAR = 10
"""Sentences apart from which on farther makes no difference."""


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a trigger stands: its sentence, its last word, the entities named around it."""

    sentence: int
    word: str
    entities: frozenset[int]


def features(left: Stand, right: Stand) -> tuple[float, float, float, float]:
    """How two triggers stand to each other: distance, same sentence, same word, share of entities in common."""
    apart = abs(left.sentence - right.sentence)
    fewer = max(1, min(len(left.entities), len(right.entities)))
    return (
        min(apart, FAR) / FAR,
        float(apart == 0),
        float(stem(left.word) == stem(right.word)),
        len(left.entities & right.entities) / fewer,
    )


def stem(word: str) -> str:
    """What a word has in common with its other forms, roughly."""
    return word.casefold()[:STEM]


def cluster(kinds: Sequence[int], same: Callable[[int, int], float], least: float) -> list[list[int]]:
    """Groups of the numbers 0 to ``len(kinds) - 1``, each in order, and in order of their first members.

    The two groups of one kind that are likeliest the same, on average over their members, are joined for as long as
    that is at least ``least``. ``same`` is asked with the smaller number first. Averages are kept as Lance and Williams
    (1967) update them, so that a thousand mentions take a second.
    """
    count = len(kinds)
    groups: dict[int, list[int]] = {number: [number] for number in range(count)}
    links = np.full((count, count), NEVER)
    for j in range(count):
        for i in range(j):
            if kinds[i] == kinds[j]:
                links[i, j] = links[j, i] = same(i, j)
    while len(groups) > 1:
        a, b = divmod(int(links.argmax()), count)
        if links[a, b] < least:
            break
        mine, others = len(groups[a]), len(groups[b])
        joined = (mine * links[a] + others * links[b]) / (mine + others)
        links[a], links[:, a] = joined, joined
        links[b], links[:, b], links[a, a] = NEVER, NEVER, NEVER
        groups[a] += groups.pop(b)
    return sorted(sorted(group) for group in groups.values())
