"""Logistic models over clues: what the light extractor's weights are learnt with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from kgload.extraction.weights import Question

LEAST_SEEN = 3
"""Times that a clue is seen before it is given a weight."""
STEPS, RATE = 120, 0.12
SMALLEST = 0.05
"""Clues that weigh less for every answer are left out."""

Example = tuple[list[str], str]
"""Clues, and the right answer."""


def fit(
    examples: Sequence[Example], penalty: float, prior: Question | None = None, least: int = LEAST_SEEN
) -> Question:
    """Learn a question's weights, with a quadratic penalty, by full-batch Adam (Kingma and Ba 2015): the same examples
    give the same weights.

    With a ``prior`` of the same answers, weights start from it and distance from it is what costs: few examples move
    what many have taught only where they have to.
    """
    answers = sorted({answer for _, answer in examples})
    if prior and not set(answers) <= set(prior.answers):
        prior = None
    if prior:
        answers = list(prior.answers)
    if not examples:
        return prior or Question(("",), {})
    known = prior.weights if prior else {}
    seen = Counter(clue for clues, _ in examples for clue in set(clues))
    often = sorted(clue for clue, times in seen.items() if times >= least or clue in known)
    if not often:
        return prior or Question(tuple(answers), {})
    vocabulary = {clue: n for n, clue in enumerate(often)}
    rows = [[vocabulary[c] for c in dict.fromkeys(clues) if c in vocabulary] or [0] for clues, _ in examples]
    columns = np.array([n for row in rows for n in row])
    starts = np.cumsum([0, *map(len, rows)])[:-1]
    lines = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    target = np.zeros((len(rows), len(answers)), np.float32)
    target[np.arange(len(rows)), [answers.index(answer) for _, answer in examples]] = 1
    start = np.array([known.get(clue, (0.0,) * len(answers)) for clue in often], np.float32).reshape(-1, len(answers))
    weights: npt.NDArray[Any] = start.copy()
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, STEPS + 1):
        scores = np.add.reduceat(weights[columns], starts)
        shares = np.exp(scores - scores.max(1, keepdims=True))
        shares /= shares.sum(1, keepdims=True)
        error = (shares - target) / len(rows)
        slope = np.stack(
            [np.bincount(columns, error[lines, k], len(vocabulary)) for k in range(len(answers))], 1
        ).astype(np.float32) + penalty * (weights - start)
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        rate = RATE * (1 - step / (STEPS + 1))
        weights -= rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    weights -= weights.mean(1, keepdims=True)
    kept = {
        clue: tuple(round(float(w), 2) + 0.0 for w in weights[n])
        for clue, n in vocabulary.items()
        if np.abs(weights[n]).max() >= SMALLEST
    }
    return Question(tuple(answers), {clue: known[clue] for clue in known if clue not in vocabulary} | kept)
