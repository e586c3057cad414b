"""Words that name events, for the light extractor: by a table of how often they did so in annotated texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kgload.extraction.analysis import Analysis
from kgload.extraction.frames import Frames

# Counts of a rare pair of words are mixed with those of the word alone, as if that had been seen so many times.
WEIGHT_OF_WORD = 3.0


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


def find(analysis: Analysis, frames: Frames) -> Iterator[Trigger]:
    """Triggers of at least their frame's probability, in text order; one type a word."""
    for index in range(len(analysis.tokens)):
        if analysis.tokens[index].tag[:1] not in ("V", "N"):
            continue
        word, after, before = keys(analysis, index)
        best: Trigger | None = None
        for type_, counts in frames.triggers.get(word, {}).items():
            prior = counts[0] / counts[1]
            shares = [prior]
            for pair in (after, before):
                hits = frames.triggers.get(pair, {}).get(type_, (0, 0))[0]
                seen = frames.seen.get(pair, 0)
                shares.append((hits + WEIGHT_OF_WORD * prior) / (seen + WEIGHT_OF_WORD))
            probability = sum(shares) / len(shares)
            if probability >= frames.frames[type_].least and (best is None or probability > best.probability):
                best = Trigger(index, type_, probability)
        if best:
            yield best
