"""A text made ready for the encoder: its sentences, word pieces, names and expressions of dates."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kgload.extraction import dates, names
from kgload.extraction.analysis import Analysis
from kgload.extraction.dates import Expression
from kgload.extraction.encoder.merging import Stand
from kgload.extraction.encoder.pieces import Pieces, split
from kgload.extraction.encoder.windows import Widths, Window, around
from kgload.extraction.names import CAPITAL, CITY, DEMONYM, NAMING, PROPER, STATE, Names
from kgload.records import Article, Lexicon, Span

KINDS = (*NAMING, STATE, DEMONYM, CAPITAL, CITY, PROPER)
"""Kinds of names, as the network is told them."""

SIDES = ("after", "before", "inside")
"""Where a name stands from the trigger, as the network is told it."""


@dataclass(frozen=True, slots=True)
class Text:
    """An article with all that is known of it before the encoder reads it.

    ``phrases`` are noun phrases. ``name_pieces`` and ``date_pieces`` say where the names and the expressions stand
    among the pieces. ``asked`` says which sentences are searched for triggers; None: all are.
    """

    article: Article
    sentences: tuple[Span, ...]
    pieces: Pieces
    names: Names
    expressions: tuple[Expression, ...]
    phrases: tuple[Span, ...]
    name_pieces: tuple[tuple[int, int], ...]
    date_pieces: tuple[tuple[int, int], ...]
    asked: tuple[bool, ...] | None = None

    def forms(self, entity: int) -> tuple[str, ...]:
        """All forms of an entity's name, the fullest first."""
        named = self.names.entities[entity]
        return (named.name, *sorted(named.aliases - {named.name}))

    def stand(self, around: Surroundings) -> Stand:
        """Where the trigger of some surroundings stands."""
        first, last = self.pieces.begins[around.window.first], self.pieces.ends[around.window.last - 1]
        words = self.article.text[first:last].split()
        return Stand(around.window.sentence, words[-1] if words else "", frozenset(around.owners))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A trigger's window with what stands in it.

    ``names`` are (begin, end, kind, side) of each name, places in the sequence and numbers of ``KINDS`` and ``SIDES``;
    ``owners`` their entities. ``dates`` are (begin, end) of the expressions and ``said`` their numbers in the text.
    """

    window: Window
    names: tuple[tuple[int, int, int, int], ...]
    owners: tuple[int, ...]
    dates: tuple[tuple[int, int], ...]
    said: tuple[int, ...]

    @property
    def entities(self) -> tuple[int, ...]:
        """The entities that have a name in the window, in order of appearance."""
        return tuple(dict.fromkeys(self.owners))


def prepare(analysis: Analysis, lexicon: Lexicon, vocabulary: Path) -> Text:
    """Make an analysed article ready."""
    article = analysis.article
    pieces = split(article.text, analysis.sentences, vocabulary)
    found = names.find(analysis, lexicon)
    said = dates.find(article.text, article.date)
    return Text(
        article=article,
        sentences=analysis.sentences,
        pieces=pieces,
        names=found,
        expressions=said,
        phrases=tuple(Span(chunk.begin, chunk.end) for chunk in analysis.chunks),
        name_pieces=tuple(pieces.locate(name.begin, name.end) for name in found.mentions),
        date_pieces=tuple(pieces.locate(one.begin, one.end) for one in said),
        asked=analysis.asked,
    )


def surroundings(text: Text, first: int, last: int, kind: int, widths: Widths) -> Surroundings:
    """What stands around the trigger in pieces ``first`` to ``last``, an event of type number ``kind``."""
    window = around(text.pieces, first, last, kind, widths)
    found, owners = [], []
    for name, (begin, end) in zip(text.names.mentions, text.name_pieces, strict=True):
        if span := window.span(begin, end):
            side = "after" if begin >= window.last else "before" if end <= window.first else "inside"
            found.append((*span, KINDS.index(name.label), SIDES.index(side)))
            owners.append(name.entity)
    said = [(span, number) for number, ends in enumerate(text.date_pieces) if (span := window.span(*ends))]
    return Surroundings(
        window, tuple(found), tuple(owners), tuple(span for span, _ in said), tuple(number for _, number in said)
    )
