"""Weights of clues: logistic models, read from a table and checked.

The table is tab-separated: for each question a row ``question  =  answer…`` that names its answers, then a row
``question  clue  weight…`` for each clue, a weight for each answer. Clues that the table does not know weigh nothing.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kgload import data
from kgload.errors import DataError

QUESTIONS = ("trigger", "part", "status", "mode", "date", "same")
ANSWERS = "="


@dataclass(frozen=True, slots=True)
class Question:
    """A question's answers, and how much each clue speaks for each of them."""

    answers: tuple[str, ...]
    weights: dict[str, tuple[float, ...]]

    def shares(self, clues: Iterable[str]) -> dict[str, float]:
        """How likely each answer is, given some clues; the shares add up to 1."""
        sums = [0.0] * len(self.answers)
        for clue in clues:
            found = self.weights.get(clue)
            if found:
                for number, weight in enumerate(found):
                    sums[number] += weight
        top = max(sums)
        grown = [math.exp(value - top) for value in sums]
        total = sum(grown)
        return {answer: value / total for answer, value in zip(self.answers, grown, strict=True)}


Weights = dict[str, Question]


@functools.cache
def weights() -> Weights:
    """The weights that ship with kgload.

    Raises:
        DataError: the table does not validate; the message gives file, line and reason.
    """
    return read(data.path("frames", "weights.tsv"))


def read(path: Path) -> Weights:
    """Read a table of weights.

    Raises:
        DataError: it does not validate, or a question is missing.
    """
    found: dict[str, Question] = {}
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise DataError(f"{path.name}: {error}") from error
    for number, line in enumerate(lines, start=1):
        try:
            name, clue, *cells = line.split("\t")
            if clue == ANSWERS:
                found[name] = Question(tuple(cells), {})
                continue
            row = tuple(float(cell) for cell in cells)
            if len(row) != len(found[name].answers) or not all(map(math.isfinite, row)):
                raise ValueError(f"{len(row)} weights for {len(found[name].answers)} answers, or one that is no number")
            found[name].weights[clue] = row
        except (ValueError, KeyError) as error:
            raise DataError(f"{path.name}:{number}: {error}") from error
    missing = [question for question in QUESTIONS if question not in found]
    if missing:
        raise DataError(f"{path.name}: nothing about {', '.join(missing)}")
    return found


def write(path: Path, table: Weights) -> None:
    """Write a table of weights."""
    path.write_text(dump(table), encoding="utf-8")


def dump(table: Weights) -> str:
    """A table of weights as it is written, rows in order."""
    lines = []
    for name, question in table.items():
        lines.append("\t".join((name, ANSWERS, *question.answers)))
        for clue in sorted(question.weights):
            lines.append("\t".join((name, clue, *(f"{weight:g}" for weight in question.weights[clue]))))
    return "\n".join(lines) + "\n"
