"""Phrases that hint at an event's status, grouped by what they mean: what is learnt of one holds for the others.

A single word is seen too rarely in annotated texts to be weighed ("shelved"); what it means, often ("called off").
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from kgload.extraction.frames import Hint
from kgload.extraction.surroundings import Surroundings

BEFORE, AFTER = 30, 20
"""Words before and after a trigger, in its sentence, among which phrases are looked for."""
NEAR = (2, 5, 10)
"""A phrase is near, by, far or farther, in words between it and the trigger."""
HEADS = 8
"""How far up the parse a phrase may stand above the trigger."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A phrase in the words ``first`` to ``end``, and what it means."""

    first: int
    end: int
    means: str


@functools.lru_cache(maxsize=4)
def _index(hints: tuple[Hint, ...]) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Phrases and their meanings by first word."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
    for hint in hints:
        for phrase in hint.words:
            words = tuple(phrase.split())
            found[words[0]].append((words, hint.means))
    return found


def seen(around: Surroundings, index: int) -> list[Seen]:
    """The phrases around a trigger, in text order."""
    tokens, span = around.analysis.tokens, around.span(around.sentence(index))
    begin, end = index, index + 1
    while begin > 0 and tokens[begin - 1].begin >= span.begin and index - begin < BEFORE:
        begin -= 1
    while end < len(tokens) and tokens[end].begin < span.end and end - index < AFTER:
        end += 1
    words = [token.text.casefold().replace("’", "'") for token in tokens[begin:end]]
    phrases = _index(around.known.hints)
    return [
        Seen(begin + place, begin + place + len(phrase), means)
        for place, word in enumerate(words)
        for phrase, means in phrases.get(word, ())
        if tuple(words[place : place + len(phrase)]) == phrase
    ]


def clues(around: Surroundings, index: int, type_: str) -> Iterator[str]:
    """What the phrases around a trigger say: where each stands, in the text and in the parse."""
    found = seen(around, index)
    above, verb = _above(around, index), around.verb(index)
    children = set(around.children.get(index, ()))
    clause = {verb, *around.children.get(verb, ())}
    for one in found:
        left = one.end <= index
        side = "left" if left else "right" if one.first > index else "in"
        apart = index - one.end + 1 if left else one.first - index
        near = sum(apart > limit for limit in NEAR)
        yield f"hint {one.means}"
        yield f"hint {one.means} {side} {near}"
        yield f"{type_} hint {one.means} {side} {near}"
        inside = set(range(one.first, one.end))
        if inside & above:
            yield f"hint above {one.means}"
            yield f"{type_} hint above {one.means}"
        if inside & children:
            yield f"hint child {one.means}"
            yield f"{type_} hint child {one.means}"
        if inside & clause:
            yield f"hint verb {one.means}"
    if not found:
        yield "hint none"
    before = [(one.first, one.means) for one in found if one.end <= index]
    if before:
        nearest = max(before)[1]
        yield f"nearest {nearest}"
        yield f"{type_} nearest {nearest}"
    for means in sorted({one.means for one in found}):
        yield f"{around.words[index][:5]} hint {means}"


def _above(around: Surroundings, index: int) -> set[int]:
    """The heads of a word, up the parse."""
    found: set[int] = set()
    for _ in range(HEADS):
        head = around.analysis.tokens[index].head
        if head == index:
            break
        index = head
        found.add(index)
    return found
