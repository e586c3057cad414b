"""Words that name events, for the light extractor: by a table of how often they did so in annotated texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kgload.extraction.analysis import Analysis
from kgload.extraction.clues import Clues
from kgload.extraction.frames import Frames
from kgload.extraction.weights import Weights


@dataclass(frozen=True, slots=True)
class Trigger:
    """A word that is taken to name an event of a type, with the share of its uses that did."""

    token: int
    type: str
    probability: float


def keys(analysis: Analysis, index: int) -> tuple[str, str, str]:
    """What a token is counted under: the word, the word with the next one, and with the one before."""
    token, tokens = analysis.tokens[index], analysis.tokens
    word = f"{token.text.casefold()}/{token.tag[:1]}"
    after = _plain(tokens[index + 1].text) if index + 1 < len(tokens) else "$"
    before = _plain(tokens[index - 1].text) if index else "^"
    return word, f"{word} {after}", f"{before} {word}"


def _plain(word: str) -> str:
    """A neighbour as it is counted: a word, or one sign for all that is none."""
    return word.casefold() if word.isalpha() else "#"


def candidates(analysis: Analysis, frames: Frames) -> Iterator[int]:
    """The words that have been seen to name an event, in text order: verbs and nouns only."""
    for index, token in enumerate(analysis.tokens):
        if token.tag[:1] in ("V", "N") and keys(analysis, index)[0] in frames.triggers:
            yield index


def find(clues: Clues, frames: Frames, weights: Weights) -> Iterator[Trigger]:
    """Triggers that are at least as likely as their frame asks of a mention, in text order; one type a word."""
    for index in candidates(clues.analysis, frames):
        shares = weights["trigger"].shares(clues.trigger(index))
        known = [type_ for type_ in frames.frames if type_ in shares]
        best = max(known, key=lambda type_: (shares[type_], type_), default=None)
        if best and shares[best] >= frames.frames[best].least.mention:
            yield Trigger(index, best, shares[best])
