"""A text as the encoder sees it: word pieces with their places in the text, and the sentences among them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kgload.extraction.encoder.wordpieces import opened
from kgload.records import Span


@dataclass(frozen=True, slots=True)
class Pieces:
    """The word pieces of a text.

    ``ids`` are rows of the vocabulary; ``begins`` and ``ends`` are code points of the text, one each a piece;
    ``sentences`` are (first, last + 1) of the pieces of each sentence, without gaps.
    """

    ids: tuple[int, ...]
    begins: tuple[int, ...]
    ends: tuple[int, ...]
    sentences: tuple[tuple[int, int], ...]

    def locate(self, begin: int, end: int) -> tuple[int, int]:
        """First piece and last piece + 1 of a span of the text; at least one piece."""
        first = bisect_right(self.ends, begin)
        last = first
        while last < len(self.begins) and self.begins[last] < end:
            last += 1
        return first, max(last, first + 1)

    def sentence_of(self, piece: int) -> int:
        """Number of the sentence that holds a piece."""
        found = bisect_right([last for _, last in self.sentences], piece)
        return min(found, len(self.sentences) - 1)


def split(text: str, sentences: Sequence[Span], vocabulary: Path) -> Pieces:
    """Cut a text into word pieces, with the vocabulary of the model (``vocab.txt``).

    Raises:
        ExtractorError: the vocabulary cannot be read.
    """
    pieces = opened(vocabulary).cut(text)
    ranges, first = [], 0
    for number in range(len(sentences)):
        limit = sentences[number + 1].begin if number + 1 < len(sentences) else len(text) + 1
        last = first
        while last < len(pieces) and pieces[last][1] < limit:
            last += 1
        ranges.append((first, last))
        first = last
    rows, begins, ends = zip(*pieces, strict=True) if pieces else ((), (), ())
    return Pieces(tuple(rows), tuple(begins), tuple(ends), tuple(ranges))
