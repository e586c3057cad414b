"""The whole way from gold texts to a model's folder: cross-validation, thresholds, network, files, card."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kgload.errors import ExtractorError
from kgload.evaluation.scores import Scores
from kgload.extraction.encoder.model import Model, Settings
from kgload.extraction.encoder.reading import read
from kgload.extraction.encoder.voting import clues_of, vote
from kgload.extraction.encoder.windows import stretches
from kgload.extraction.frames import frames
from kgload.records import Lexicon, Mode, Status
from kgload.training.base import base_weights
from kgload.training.card import write_card
from kgload.training.clues import Lesson, learn, of_examples
from kgload.training.gold import SINGLE, GoldText, load
from kgload.training.plan import Built, Plan
from kgload.training.tuning import Held, calibrate, measure, tune

if TYPE_CHECKING:
    from kgload.training.train import Recipe

SAMPLED = 40
"""Of so many stretches, one is looked at before quantisation."""

Tell = Callable[[str], None]


def build(plan: Plan, lexicon: Lexicon, tell: Tell) -> Built:
    """Train a model and write its folder.

    Raises:
        InputNotFound: a gold file, or the package with the base weights, is missing.
        BadLine: a gold file does not parse.
        DataError: the base weights are not those that they should be.
        ExtractorError: what training needs is not installed, or the model whose thresholds are wanted is none.
    """
    try:
        from kgload.training.export import export, settings_for
        from kgload.training.train import Recipe, train
    except ImportError as error:
        raise ExtractorError(f"training needs more packages ({error}): pip install 'kgload[train]'") from error

    base, vocabulary = base_weights()
    texts = load(plan.gold, lexicon, vocabulary)
    types = tuple(sorted({event.type for one in texts for event in one.gold.events}))
    settings = settings_for(types, SINGLE, tuple(map(str, Status)), tuple(map(str, Mode)), plan.name)
    recipe = Recipe(seed=plan.seed, threads=plan.threads)
    if plan.rounds:
        recipe = replace(recipe, rounds=plan.rounds)
    tell(f"{len(texts)} texts, {', '.join(types)}")
    scores: dict[str, Scores] = {}
    if plan.folds > 1:
        held = cross_validate(texts, lexicon, settings, recipe, plan.folds, base, tell)
        thresholds = tune(held, settings, tell)
        settings = replace(settings, thresholds=thresholds | calibrate(held, settings, thresholds))
        scores = measure(held, settings, settings.thresholds)
    elif plan.thresholds_of:
        settings = replace(settings, thresholds=Model(plan.thresholds_of).settings.thresholds)
    network = train(texts, settings, recipe, base, tell)
    found = (stretch for one in texts for stretch in stretches(one.text.pieces, settings.widths))
    export(network, settings, vocabulary, plan.folder, [stretch.ids for stretch in found][::SAMPLED])
    built = Built(settings, len(texts), scores)
    write_card(built, plan, recipe)
    return built


def cross_validate(
    texts: Sequence[GoldText],
    lexicon: Lexicon,
    settings: Settings,
    recipe: Recipe,
    folds: int,
    base: Path,
    tell: Tell,
) -> list[Held]:
    """What networks read, and clues say, in texts that neither learned from, each text once."""
    from kgload.training.running import Running
    from kgload.training.train import train

    known = frames()
    lessons = {one.gold.id: Lesson(one.gold, clues_of(one.analysis, one.text, known), known) for one in texts}
    examples = list(of_examples(known, lexicon))
    held = []
    for number in range(folds):
        inside = [one for one in texts if fold_of(one, folds) != number]
        tell(f"fold {number + 1} of {folds}: {len(inside)} texts to learn from")
        weights = learn([*(lessons[one.gold.id] for one in inside), *examples])
        running = Running(train(inside, settings, recipe, base, tell), settings)
        for one in texts:
            if fold_of(one, folds) == number:
                clues = lessons[one.gold.id].clues
                held.append(Held(one, vote(one.text, clues, read(one.text, running), settings, weights)))
    return held


def fold_of(one: GoldText, folds: int) -> int:
    """The fold in which a text is held back; it depends on its id alone."""
    return int(hashlib.sha256(one.gold.id.encode()).hexdigest(), 16) % folds
