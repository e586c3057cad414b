"""Mentions of one event are brought together: average-link clustering of how likely two triggers speak of one event."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

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
    that is at least ``least``. ``same`` is asked with the smaller number first.
    """
    groups = [[number] for number in range(len(kinds))]
    links = {(i, j): same(i, j) for j in range(len(kinds)) for i in range(j) if kinds[i] == kinds[j]}

    def link(a: list[int], b: list[int]) -> float:
        return sum(links[min(i, j), max(i, j)] for i in a for j in b) / (len(a) * len(b))

    while True:
        best: tuple[float, int, int] | None = None
        for b, right in enumerate(groups):
            for a, left in enumerate(groups[:b]):
                value = link(left, right) if kinds[left[0]] == kinds[right[0]] else -1.0
                if value >= least and (best is None or value > best[0]):
                    best = value, a, b
        if best is None:
            return [sorted(group) for group in groups]
        _, a, b = best
        groups[a] += groups.pop(b)
