"""What stands around a word: its sentence, the names, dates and phrases in it, and ways through the parse.

Everything is looked up by sentence and bounded, so that work grows with the text and not with its square.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter

from kgload.extraction import attribution
from kgload.extraction.analysis import Analysis, Chunk
from kgload.extraction.dates import Expression
from kgload.extraction.frames import Frames
from kgload.extraction.names import Name, Names
from kgload.records import Span

ARTICLE = 5
# Of a sentence with more names than this (a list) only the nearest are asked about.
MOST = 30
# A word this many arcs below another is taken to have nothing to do with it.
HIGHEST = 40


class Surroundings:
    """One text, by sentences. ``size`` is "article" or, for a text of few sentences, "brief"."""

    def __init__(
        self,
        analysis: Analysis,
        names: Names,
        expressions: tuple[Expression, ...],
        known: Frames,
        people: dict[int, tuple[int, ...]],
    ) -> None:
        self.analysis, self.names, self.known = analysis, names, known
        self.people = people
        self.size = "article" if len(analysis.sentences) >= ARTICLE else "brief"
        self._groups: dict[int, tuple[frozenset[int], frozenset[int]]] = {}
        self._said: dict[int, Name | None] = {}
        self.words = [masked(token.text, token.tag) for token in analysis.tokens]
        self.children: dict[int, list[int]] = {}
        for index, token in enumerate(analysis.tokens):
            if token.head != index:
                self.children.setdefault(token.head, []).append(index)
        self._sentence = [0] * len(analysis.tokens)
        number = 0
        for index, token in enumerate(analysis.tokens):
            while number + 1 < len(analysis.sentences) and analysis.sentences[number + 1].begin <= token.begin:
                number += 1
            self._sentence[index] = number
        self._names_in: dict[int, list[Name]] = {}
        for name in names.mentions:
            self._names_in.setdefault(self.sentence(analysis.token_at(name.end - 1)), []).append(name)

        self._dates_in: dict[int, list[Expression]] = {}
        for said in expressions:
            self._dates_in.setdefault(self.sentence(analysis.token_at(said.begin)), []).append(said)
        self._chunks_in: dict[int, list[Chunk]] = {}
        for chunk in analysis.chunks:
            self._chunks_in.setdefault(self.sentence(chunk.root), []).append(chunk)
        self._times = Counter(name.entity for name in names.mentions)

    def sentence(self, token: int) -> int:
        """Number of the sentence that a token stands in."""
        return self._sentence[min(token, len(self._sentence) - 1)]

    def span(self, number: int) -> Span:
        """The span of a sentence."""
        return self.analysis.sentences[number]

    def source(self, number: int) -> Name | None:
        """The named source of a sentence."""
        if number not in self._said:
            self._said[number] = attribution.source(self.analysis, self.names, self.span(number), self.known.sources)
        return self._said[number]

    def names_in(self, number: int) -> list[Name]:
        """The names of a sentence."""
        return self._names_in.get(number, [])

    def expressions_in(self, number: int) -> list[Expression]:
        """The expressions of time of a sentence."""
        return self._dates_in.get(number, [])

    def chunks_in(self, number: int) -> list[Chunk]:
        """The noun phrases of a sentence."""
        return self._chunks_in.get(number, [])

    def names_between(self, number: int, begin: int, token: int) -> list[Name]:
        """The names of a sentence that begin between a position of the text and a token, at most MOST of them."""
        near = self.names_in(number)
        end = self.analysis.tokens[token].begin if token < len(self.analysis.tokens) else begin
        left = bisect_left(near, begin, key=lambda name: name.begin)
        return near[left : min(left + MOST, bisect_left(near, end, key=lambda name: name.begin))]

    def names_near(self, index: int, number: int) -> list[Name]:
        """The names of a sentence; of one that has more than MOST, those nearest to a token."""
        near = self.names_in(number)
        if len(near) <= MOST:
            return near
        at = bisect_left(near, self.analysis.tokens[index].begin, key=lambda name: name.begin)
        left = min(max(0, at - MOST // 2), len(near) - MOST)
        return near[left : left + MOST]

    def word(self, index: int) -> str:
        """A token as clues give it; "^" and "$" beyond the text's ends."""
        return "^" if index < 0 else self.words[index] if index < len(self.words) else "$"

    def lead(self, name: Name) -> str:
        """The word before a name."""
        return self.word(self.analysis.token_at(name.begin) - 1)

    def verb(self, index: int) -> int:
        """The verb that governs a token, or the root above it."""
        tokens = self.analysis.tokens
        for _ in range(HIGHEST):
            if tokens[index].tag.startswith(("V", "MD")) or tokens[index].head == index:
                break
            index = tokens[index].head
        return index

    def path(self, left: int, right: int) -> list[int] | None:
        """Tokens from one to the other by the parse, both ends included; None where they are in no one tree."""
        above, token = [left], left
        tokens = self.analysis.tokens
        while tokens[token].head != token and len(above) < HIGHEST:
            token = tokens[token].head
            above.append(token)
        places = {token: place for place, token in enumerate(above)}
        down, token = [right], right
        while token not in places:
            if tokens[token].head == token or len(down) > HIGHEST:
                return None
            token = tokens[token].head
            down.append(token)
        return above[: places[token]] + down[::-1]


def masked(text: str, tag: str) -> str:
    """A word as clues give it: names and figures are not told apart."""
    if text.isspace():
        return "_"
    if tag in ("NNP", "NNPS"):
        return text.casefold() if text.islower() else "NAME"
    return text.casefold() if text.isalpha() else "#" if text[:1].isdigit() else text
