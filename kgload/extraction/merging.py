"""One event for all its mentions: triggers that speak of one event are put together."""

from __future__ import annotations

from collections.abc import Sequence

from kgload.extraction.clues import Clues
from kgload.extraction.frames import Frames
from kgload.extraction.readings import Reading
from kgload.extraction.weights import Weights

# A mention is compared with the last few mentions of the events that were begun last, in the last sentences only: work
# grows with the text, not with its square.
COMPARED = 6
WITHIN = 60
MOST = 30


def groups(clues: Clues, readings: Sequence[Reading], frames: Frames, weights: Weights) -> list[list[Reading]]:
    """The readings, in text order, as groups that each tell one event."""
    found: list[list[Reading]] = []
    open_: list[list[Reading]] = []
    for reading in readings:
        open_ = [group for group in open_[-MOST:] if reading.sentence - group[-1].sentence <= WITHIN]
        least = frames.frames[reading.trigger.type].least.same
        best: tuple[float, list[Reading]] | None = None
        for group in open_:
            if group[0].trigger.type == reading.trigger.type:
                share = _share(clues, group, reading, weights)
                if share >= least and (best is None or share > best[0]):
                    best = share, group
        if best:
            best[1].append(reading)
        else:
            group = [reading]
            found.append(group)
            open_.append(group)
    return found


def _share(clues: Clues, group: list[Reading], reading: Reading, weights: Weights) -> float:
    """How likely a trigger speaks of the event of a group, on average over the group's last mentions."""
    last = group[-COMPARED:]
    question = weights["same"]
    return sum(question.shares(clues.same(other.stand, reading.stand))["yes"] for other in last) / len(last)
