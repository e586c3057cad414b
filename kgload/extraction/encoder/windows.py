"""The sequences that the encoder reads: stretches of a text for finding triggers, and the surroundings of one trigger.

A sequence never depends on another one, and each is run by itself: what is found in a text depends on that text alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kgload.extraction.encoder.pieces import Pieces

CLS, SEP = 101, 102
FIRST_MARKER = 1
"""Row of the vocabulary of the first of BERT's unused pieces; two of them, before and after, mark a type's trigger."""


@dataclass(frozen=True, slots=True)
class Widths:
    """How far the sequences reach, in word pieces.

    ``stretch`` is what a stretch of sentences holds at most and ``overlap`` what it shows of those before it. Around a
    trigger, whole sentences up to ``left`` and ``right``; ``lead`` is what is shown of the text's first sentence where
    it stands farther off. A single sentence is cut at ``longest``.
    """

    stretch: int = 200
    overlap: int = 40
    left: int = 96
    right: int = 56
    lead: int = 40
    longest: int = 300


@dataclass(frozen=True, slots=True)
class Stretch:
    """Sentences to be searched for triggers: the text's pieces ``first`` to ``end`` as ``ids``, of which those from
    ``wanted`` on are asked for and those before it are context."""

    ids: tuple[int, ...]
    first: int
    wanted: int
    end: int


@dataclass(frozen=True, slots=True)
class Window:
    """A trigger between its two markers, in its surroundings.

    ``segments`` is 1 for the text's first sentence where it stands apart. ``opening`` and ``closing`` are the markers'
    positions in the sequence, ``positions`` maps pieces of the text to theirs, ``sentence`` is the trigger's.
    """

    ids: tuple[int, ...]
    segments: tuple[int, ...]
    opening: int
    closing: int
    positions: dict[int, int]
    first: int
    last: int
    sentence: int
    kind: int

    def span(self, first: int, last: int) -> tuple[int, int] | None:
        """Begin and end in the sequence of a span of the text's pieces; None where it lies outside."""
        inside = [self.positions[piece] for piece in range(first, last) if piece in self.positions]
        return (inside[0], inside[-1] + 1) if inside else None


def stretches(pieces: Pieces, widths: Widths, asked: Sequence[bool] | None = None) -> Iterator[Stretch]:
    """Cut a text into stretches of whole sentences, each with some of the sentences before it.

    ``asked`` says of each sentence whether it has to be searched (None: all have to be). Stretches are cut in the same
    way whatever is asked, so that a trigger is the same with and without a gate; those in which no sentence is asked
    for are left out.
    """
    sentences, number = pieces.sentences, 0
    while number < len(sentences):
        after, size = number, 0
        while after < len(sentences):
            length = sentences[after][1] - sentences[after][0]
            if after > number and size + length > widths.stretch:
                break
            size, after = size + length, after + 1
        if asked is None or any(asked[number:after]):
            begin = sentences[number][0]
            end = min(sentences[after - 1][1], begin + widths.longest)
            before = number
            while before > 0 and begin - sentences[before - 1][0] <= widths.overlap:
                before -= 1
            first = sentences[before][0] if before < number else begin
            if before == number > 0:
                first = max(sentences[number - 1][0], begin - widths.overlap)
            yield Stretch((CLS, *pieces.ids[first:end], SEP), first, begin, end)
        number = after


def around(pieces: Pieces, first: int, last: int, kind: int, widths: Widths) -> Window:
    """The surroundings of the trigger in pieces ``first`` to ``last`` of an event of type number ``kind``."""
    sentences = pieces.sentences
    number = pieces.sentence_of(first)
    last = max(first + 1, min(last, sentences[number][1]))
    before = number
    while before > 0 and first - sentences[before - 1][0] <= widths.left:
        before -= 1
    begin = max(sentences[before][0], first - widths.left - 40)
    if before == number > 0 and begin == sentences[number][0]:
        begin = max(sentences[number - 1][0], first - widths.left)
    after = number
    while after + 1 < len(sentences) and sentences[after + 1][1] - last <= widths.right:
        after += 1
    end = min(sentences[after][1], last + widths.right + 60)
    ids, segments, positions = [CLS], [0], {}
    if begin >= sentences[0][1]:
        for piece in range(min(sentences[0][1], widths.lead)):
            positions[piece] = len(ids)
            ids.append(pieces.ids[piece])
        ids.append(SEP)
        segments += [1] * (len(ids) - 1)
    opening = closing = 0
    for piece in range(begin, end):
        if piece == first:
            opening = len(ids)
            ids.append(FIRST_MARKER + 2 * kind)
        positions[piece] = len(ids)
        ids.append(pieces.ids[piece])
        if piece == last - 1:
            closing = len(ids)
            ids.append(FIRST_MARKER + 2 * kind + 1)
    ids.append(SEP)
    segments += [0] * (len(ids) - len(segments))
    return Window(tuple(ids), tuple(segments), opening, closing, positions, first, last, number, kind)
