"""Known names inside longer mentions, which extraction ran together: which of them stand for themselves there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kgload.linking.gazetteer import Gazetteer
from kgload.linking.names import words
from kgload.linking.weights import Weights
from kgload.records import EntityKind, KnownMention

# A body's known name of so many words is no other state's body, though nobody told whose it is.
LONG = 3
WORD = re.compile(r"[^\W\d_]+")


def standing_apart(
    begin: int, end: int, inside: Sequence[KnownMention], text: str, gazetteer: Gazetteer, weights: Weights
) -> list[KnownMention]:
    """Which of the known names inside a mention, that as a whole is no known item, are names of their own there.

    All, where little else stands in the mention ("the Ketter Fund and Sumpter", "Norlandic Harbour Board members"); one
    that is joined to the rest ("Goma, North Kivu"); and a person's full name at the end ("Culture Ida Odell").
    """
    within = [found for found in inside if begin <= found.begin and found.end <= end]
    within = [found for found in within if (found.begin, found.end) != (begin, end)]
    rests = _rests(begin, end, within, text)
    if within and all(_is_filling(rest, weights) for rest in rests):
        return [found for found in within if _is_of_state(found, within, text, gazetteer)]
    return [
        found
        for found in within
        if _is_joined(text[begin : found.begin], text[found.end : end], weights)
        or (_is_person(found, text) and found.end == end and _may_precede(text[begin : found.begin], weights))
    ]


def _rests(begin: int, end: int, within: Sequence[KnownMention], text: str) -> list[str]:
    borders = [begin, *(border for found in within for border in (found.begin, found.end)), end]
    return [text[first:last] for first, last in zip(borders[::2], borders[1::2], strict=True)]


def _is_filling(rest: str, weights: Weights) -> bool:
    """Whether what stands between names is no part of any: words in small letters, but none that bind a name."""
    return all(word.islower() and word not in weights.binding for word in WORD.findall(rest)) and "-" not in rest


def _is_joined(before: str, after: str, weights: Weights) -> bool:
    return (not before or before.endswith(weights.joints)) and (not after or after.startswith(weights.joints))


def _is_person(found: KnownMention, text: str) -> bool:
    return found.candidates[0].kind is EntityKind.PERSON and len(words(text[found.begin : found.end])) > 1


def _may_precede(before: str, weights: Weights) -> bool:
    """Whether a person's name may follow: not in "University of Ida Odell", "HMS Ida Odell"."""
    last = words(before)[-1:]
    return bool(last) and before.endswith(" ") and last[0][2] not in weights.binding and not last[0][2].isupper()


def _is_of_state(found: KnownMention, within: Sequence[KnownMention], text: str, gazetteer: Gazetteer) -> bool:
    """Whether a body's name goes with the state's that stands before it: "Indian Premier League" is not England's."""
    known = found.candidates[0]
    before = next((other for other in within if text[other.end : found.begin] in (" ", "'s ", "’s ")), None)
    if before is None or known.kind is not EntityKind.ORGANIZATION:
        return True
    states = {k.iri for k in before.candidates if k.kind is EntityKind.STATE}
    countries = set(gazetteer.facts(known.iri).countries)
    if not states:
        return True
    return bool(states & countries) or (not countries and len(words(text[found.begin : found.end])) >= LONG)
