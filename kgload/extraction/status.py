"""Whether an event took place, and how its parties met, by cue words in the trigger's sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kgload.extraction.analysis import Analysis
from kgload.extraction.frames import Cue, Frame
from kgload.records import Mode, Span, Status

# How many words before and after a trigger its cues stand within.
BEFORE, AFTER = 6, 4


def status(analysis: Analysis, trigger: int, sentence: Span, cues: Sequence[Cue]) -> Status:
    """The status that the strongest cue speaks for; an event without cues occurred."""
    tokens = analysis.tokens
    near = [t for t in tokens[max(0, trigger - BEFORE) : trigger] if t.begin >= sentence.begin]
    before = _folded(t.text for t in near)
    after = _folded(t.text for t in tokens[trigger : trigger + 1 + AFTER] if t.end <= sentence.end)
    whole = analysis.article.text[sentence.begin : sentence.end].casefold()
    found: list[tuple[int, int, Status]] = []
    for rank, cue in enumerate(cues):
        # The nearer a cue stands, the likelier it speaks of this trigger.
        found += [(len(before) - at, rank, cue.status) for word in cue.before if (at := _last(before, word)) >= 0]
        if any(_last(after, word) >= 0 for word in cue.after):
            found.append((0, rank, cue.status))
        if any(f" {word}" in f" {whole}" for word in cue.anywhere):
            found.append((len(before) + 1, rank, cue.status))
    return min(found)[2] if found else Status.OCCURRED


def mode(analysis: Analysis, sentence: Span, frame: Frame) -> Mode | None:
    """How the parties met, by the first mode of which a word stands in the sentence."""
    words = set(re.findall(r"[\w-]+", analysis.article.text[sentence.begin : sentence.end].casefold()))
    return next((mode for mode, cues in frame.modes.items() if words & set(cues)), None)


def _folded(words: object) -> str:
    return " " + " ".join(str(word).casefold() for word in words) + " "  # type: ignore[attr-defined]


def _last(text: str, phrase: str) -> int:
    return text.rfind(f" {phrase} ")
