"""An evaluation as figures: nested dictionaries for programs, rows for a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kgload.evaluation.scores import ARGUMENTS, Scores, Tally

BINS = 10


def figures(scores: Scores) -> dict[str, Any]:
    """All measures of an evaluation, as JSON would hold them."""
    return {
        "documents": scores.documents,
        "event": _prf(scores.total(scores.events)),
        "argument": _prf(scores.total(scores.arguments)),
        "strict": _prf(scores.strict),
        "status": round(scores.status, 4),
        "events": {name: _prf(tally) for name, tally in sorted(scores.events.items())},
        "arguments": {name: _prf(scores.arguments[name]) for name in ARGUMENTS},
        "roles": {name: _prf(tally) for name, tally in sorted(scores.roles.items())},
        "attributes": {name: round(right / max(1, n), 4) for name, (right, n) in sorted(scores.attributes.items())},
        "errors": dict(sorted(scores.errors.items(), key=lambda item: (-item[1], item[0]))),
        "calibration": {"expected_error": round(calibration_error(scores), 4), "bins": list(_bins(scores))},
        "levels": list(levels(scores)),
    }


def summary(scores: Scores) -> dict[str, Any]:
    """The four measures of a group of texts or events, and how many gold events it has."""
    events = scores.total(scores.events)
    return {
        "gold": events.right + events.missed,
        "event": round(events.f1, 4),
        "argument": round(scores.total(scores.arguments).f1, 4),
        "status": round(scores.status, 4),
        "strict": round(scores.strict.f1, 4),
    }


def rows(scores: Scores) -> Iterator[tuple[str, Tally]]:
    """The measures that are counts, in the order of a report."""
    for name in sorted(scores.events):
        yield name, scores.events[name]
    yield "all events", scores.total(scores.events)
    for name in ARGUMENTS:
        yield name, scores.arguments[name]
    yield "all arguments", scores.total(scores.arguments)
    yield "strict", scores.strict
    for name in sorted(scores.roles):
        yield name, scores.roles[name]


def calibration_error(scores: Scores) -> float:
    """Expected calibration error over ten bins of equal width: the mean distance between confidence and precision.

    Guo et al. 2017, "On Calibration of Modern Neural Networks".
    """
    every = max(1, len(scores.confidences))
    return sum(int(b["events"]) / every * abs(float(b["confidence"]) - float(b["precision"])) for b in _bins(scores))


def _bins(scores: Scores) -> Iterator[dict[str, Any]]:
    for low in range(BINS):
        inside = [(c, right) for c, right in scores.confidences if min(int(c * BINS), BINS - 1) == low]
        if inside:
            yield {
                "from": low / BINS,
                "to": (low + 1) / BINS,
                "events": len(inside),
                "confidence": round(sum(c for c, _ in inside) / len(inside), 4),
                "precision": round(sum(right for _, right in inside) / len(inside), 4),
            }


def levels(scores: Scores) -> Iterator[dict[str, Any]]:
    """Precision and recall of the events at or above each level of confidence."""
    gold = scores.total(scores.events)
    every = gold.right + gold.missed
    for level in range(BINS):
        kept = [right for confidence, right in scores.confidences if confidence >= level / BINS]
        if kept:
            yield {
                "min_confidence": level / BINS,
                "events": len(kept),
                "precision": round(sum(kept) / len(kept), 4),
                "recall": round(sum(kept) / max(1, every), 4),
            }


def _prf(tally: Tally) -> dict[str, Any]:
    return {
        "precision": round(tally.precision, 4),
        "recall": round(tally.recall, 4),
        "f1": round(tally.f1, 4),
        "right": tally.right,
        "spurious": tally.spurious,
        "missed": tally.missed,
    }
