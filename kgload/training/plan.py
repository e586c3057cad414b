"""What is to be trained, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kgload.evaluation.scores import Scores
from kgload.extraction.encoder.model import Settings

if TYPE_CHECKING:
    from kgload.training.train import Round


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be built. ``folds`` is how many networks are trained for cross-validation; 0 measures nothing and
    keeps the thresholds of the model in the folder ``thresholds_of``, or the usual ones.

    A model in the folder ``start`` learns further from ``gold``, and hears again of ``before``, the gold that it was
    made from. Where there are texts ``held`` back, thresholds are chosen and figures given on these.
    """

    gold: tuple[Path, ...]
    folder: Path
    name: str = "kgload-encoder"
    folds: int = 2
    seed: int = 0
    threads: int = 2
    rounds: tuple[Round, ...] = ()
    thresholds_of: Path | None = None
    start: Path | None = None
    before: tuple[Path, ...] = ()
    held: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Built:
    """What came of it: the settings with their thresholds, and the scores of briefs and of articles, on texts that were
    not learned from."""

    settings: Settings
    texts: int
    scores: dict[str, Scores] = field(default_factory=dict)
