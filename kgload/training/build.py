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
from kgload.extraction.weights import Weights, weights
from kgload.records import Lexicon, Mode, Status
from kgload.training.base import base_weights
from kgload.training.card import write_card
from kgload.training.clues import Lesson, learn, of_examples
from kgload.training.gold import SINGLE, GoldText, load
from kgload.training.plan import Built, Plan
from kgload.training.tuning import Held, calibrate, measure, tune

if TYPE_CHECKING:
    from kgload.training.running import Running
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
        ExtractorError: what training needs is not installed, a model that is to be learned from further, or whose
            thresholds are wanted, is none, or it does not know the types of the texts.
    """
    try:
        from kgload.training.export import export, settings_for
        from kgload.training.reopening import reopened
        from kgload.training.running import Running
        from kgload.training.train import FROZEN, FURTHER, Recipe, shape_of, train
    except ImportError as error:
        raise ExtractorError(f"training needs more packages ({error}): pip install 'kgload[train]'") from error

    base, vocabulary = base_weights()
    texts = load(plan.gold, lexicon, vocabulary)
    before, held_back = load(plan.before, lexicon, vocabulary), load(plan.held, lexicon, vocabulary)
    types = tuple(sorted({event.type for one in texts for event in one.gold.events}))
    settings = settings_for(types, SINGLE, tuple(map(str, Status)), tuple(map(str, Mode)), plan.name)
    recipe, start = Recipe(seed=plan.seed, threads=plan.threads), None
    if plan.start:
        settings = replace(Model(plan.start).settings, name=plan.name)
        if unknown := set(types) - set(settings.types):
            raise ExtractorError(f"the model in {plan.start} knows no {', '.join(sorted(unknown))}")
        start = reopened(plan.start, shape_of(settings))
        recipe = replace(recipe, rounds=FURTHER, frozen=FROZEN)
    if plan.rounds:
        recipe = replace(recipe, rounds=plan.rounds)
    tell(f"{len(texts)} texts, {', '.join(types)}")
    scores: dict[str, Scores] = {}
    if plan.folds > 1:
        settings, scores = _settled(
            cross_validate(texts, lexicon, settings, recipe, plan.folds, base, tell), settings, tell
        )
    elif plan.thresholds_of:
        settings = replace(settings, thresholds=Model(plan.thresholds_of).settings.thresholds)
    network = train(texts, settings, recipe, base, tell, start, before)
    if held_back:
        settings, scores = _settled(judged(held_back, Running(network, settings), weights()), settings, tell)
    found = (stretch for one in texts for stretch in stretches(one.text.pieces, settings.widths))
    export(network, settings, vocabulary, plan.folder, [stretch.ids for stretch in found][::SAMPLED])
    built = Built(settings, len(texts), scores)
    write_card(built, plan, recipe)
    return built


def _settled(held: Sequence[Held], settings: Settings, tell: Tell) -> tuple[Settings, dict[str, Scores]]:
    """Settings with the thresholds that do best on texts that were not learned from, and their scores. Where a model
    has some already, which were chosen on other texts, those half way between."""
    thresholds = tune(held, settings, tell)
    if old := settings.thresholds:
        thresholds = {name: round((old.get(name, value) + value) / 2, 4) for name, value in thresholds.items()}
    settings = replace(settings, thresholds=thresholds | calibrate(held, settings, thresholds))
    return settings, measure(held, settings, settings.thresholds)


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
    held: list[Held] = []
    for number in range(folds):
        inside = [one for one in texts if fold_of(one, folds) != number]
        tell(f"fold {number + 1} of {folds}: {len(inside)} texts to learn from")
        learned = learn([*(lessons[one.gold.id] for one in inside), *examples])
        running = Running(train(inside, settings, recipe, base, tell), settings)
        held += judged([one for one in texts if fold_of(one, folds) == number], running, learned)
    return held


def judged(texts: Sequence[GoldText], network: Running, learned: Weights) -> list[Held]:
    """What a network reads, and clues of these weights say, in texts that neither learned from."""
    known, held = frames(), []
    for one in texts:
        voted = vote(
            one.text, clues_of(one.analysis, one.text, known), read(one.text, network), network.settings, learned
        )
        held.append(Held(one, voted))
    return held


def fold_of(one: GoldText, folds: int) -> int:
    """The fold in which a text is held back; it depends on its id alone."""
    return int(hashlib.sha256(one.gold.id.encode()).hexdigest(), 16) % folds
