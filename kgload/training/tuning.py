"""Thresholds are chosen, and figures given, on texts that the network which read them did not learn from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from kgload.evaluation.graph import GraphEvent
from kgload.evaluation.names import normal
from kgload.evaluation.scores import Scores, score
from kgload.extraction.encoder.events import DEFAULTS, Found, combine, log_odds
from kgload.extraction.encoder.model import Settings
from kgload.extraction.encoder.reading import Readings
from kgload.extraction.encoder.text import Text
from kgload.extraction.quantities import quantity
from kgload.gold import GoldDocument
from kgload.ontology import vocabulary
from kgload.training.gold import GoldText

GRIDS = {
    "tagger": (0.3, 0.4, 0.5, 0.6, 0.7),
    "mention": (0.1, 0.2, 0.3, 0.4, 0.5, 0.6),
    "event": (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.97),
    "event_long": (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.96, 0.97),
    "link": (0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7),
    "best": (0.0, 0.25, 0.5, 0.75, 1.0),
    "participant": (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65),
    "best_single": (0.0, 0.35, 0.7, 1.0),
    "place": (0.3, 0.4, 0.5, 0.6, 0.7),
    "attributedTo": (0.3, 0.4, 0.5, 0.6),
    "deployer": (0.2, 0.3, 0.4, 0.5),
    "undated": (0.7, 0.85, 1.0, 1.2, 1.5),
}
"""What is tried of each threshold."""


@dataclass(frozen=True, slots=True)
class Held:
    """A gold text and what a network that never saw it read in it."""

    one: GoldText
    readings: Readings


def measure(held: Sequence[Held], settings: Settings, thresholds: dict[str, float]) -> dict[str, Scores]:
    """Scores of ``briefs`` and of ``articles``."""
    graph = {
        h.one.gold.id: [
            graph_event(h.one.text, settings, found) for found in combine(h.one.text, h.readings, settings, thresholds)
        ]
        for h in held
    }
    gold: list[GoldDocument] = [h.one.gold for h in held]
    return {
        "briefs": score([g for g in gold if not g.is_article], graph),
        "articles": score([g for g in gold if g.is_article], graph),
    }


def worth(scores: Scores) -> float:
    """The one number that thresholds are chosen by: events, arguments, whole events and statuses."""
    events = scores.total(scores.events).f1
    return events + scores.total(scores.arguments).f1 + scores.strict.f1 + 0.5 * scores.status * events


def tune(held: Sequence[Held], settings: Settings, tell: Callable[[str], None]) -> dict[str, float]:
    """Thresholds that do best on briefs and articles together, one after the other, twice around."""
    chosen = dict(DEFAULTS)

    def value(thresholds: dict[str, float]) -> float:
        return sum(worth(scores) for scores in measure(held, settings, thresholds).values())

    best = value(chosen)
    for _ in range(2):
        before = best
        for name, grid in GRIDS.items():
            for option in grid:
                if option != chosen[name] and (tried := value(chosen | {name: option})) > best + 1e-4:
                    best, chosen[name] = tried, option
        tell(f"thresholds: {before:.3f} to {best:.3f}")
        if best - before < 1e-3:
            break
    return chosen


def calibrate(held: Sequence[Held], settings: Settings, thresholds: dict[str, float]) -> dict[str, float]:
    """Slope and offset that turn an event's score into the share of such events that are right: logistic regression
    over the events that are reported (Platt 1999), by Newton's method, held near the scores as they are."""
    scored = [pair for one in measure(held, settings, thresholds).values() for pair in one.confidences]
    if not scored:
        return {}
    odds = np.array([log_odds(score) for score, _ in scored])
    right = np.array([float(hit) for _, hit in scored])
    inputs = np.stack([odds, np.ones_like(odds)], 1)
    start = np.array([1.0, 0.0])
    line = start.copy()
    for _ in range(100):
        shares = 1 / (1 + np.exp(-np.clip(inputs @ line, -30, 30)))
        slope = inputs.T @ (right - shares) - (line - start)
        bend = (inputs * (shares * (1 - shares))[:, None]).T @ inputs + np.eye(2)
        line = line + np.clip(np.linalg.solve(bend, slope), -0.5, 0.5)
    return {"slope": round(float(line[0]), 4), "offset": round(float(line[1]), 4)}


def graph_event(text: Text, settings: Settings, found: Found) -> GraphEvent:
    """An event as evaluation compares it, without writing a graph."""

    def names(entity: int) -> frozenset[str]:
        return frozenset(filter(None, map(normal, text.forms(entity))))

    type_ = settings.types[found.kind]
    roles: dict[str, tuple[frozenset[str], ...]] = {role: (names(entity),) for role, (entity, _) in found.roles.items()}
    sends = type_ in vocabulary().sending
    if sends and "place" in roles:
        roles["destination"] = roles["place"]
    words = text.article.text[slice(*found.force)] if found.force and sends else ""
    if words:
        roles["deployedForce"] = (frozenset([normal(words)]),)
    roles["participant"] = tuple(names(entity) for entity in found.participants)
    return GraphEvent(
        type=type_,
        mentions=tuple((mention.begin, mention.end) for mention in found.mentions),
        label="; ".join(text.article.text[mention.begin : mention.end] for mention in found.mentions),
        roles=roles,
        dates=found.date[1] if found.date else None,
        status=found.status,
        mode=found.mode or None,
        quantity=quantity(words) if words else None,
        confidence=found.score,
    )
