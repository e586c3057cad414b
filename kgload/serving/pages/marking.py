"""A sentence with its marks, cut into pieces that a template writes one by one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from kgload.views.shown import TRIGGER, Evidence


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a sentence, and what it is: ``trigger``, roles, or nothing."""

    text: str
    what: tuple[str, ...] = ()

    @property
    def is_trigger(self) -> bool:
        """Whether it is what names the event."""
        return TRIGGER in self.what

    @property
    def said(self) -> str:
        """What it is, in words."""
        return ", ".join(self.what)


def pieces(evidence: Evidence) -> Iterator[Piece]:
    """The sentence in pieces, in order and whole; where marks overlap, a piece has several."""
    text = evidence.text
    ends = {0, len(text)}
    for mark in evidence.marks:
        ends |= {mark.begin, mark.end}
    cuts = sorted(end for end in ends if 0 <= end <= len(text))
    for begin, end in itertools.pairwise(cuts):
        what = dict.fromkeys(m.what for m in evidence.marks if m.begin <= begin and end <= m.end)
        yield Piece(text[begin:end], tuple(what))
