"""Known names, of one gazetteer or several: what a name may stand for, and where known names stand in a text."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path

from kgload import data
from kgload.linking import rows
from kgload.linking.facts import NOTHING, Facts
from kgload.linking.index import Index, Info
from kgload.linking.names import Name, fold, key, words
from kgload.records import KnownMention, KnownName

# A line of at least so many words, all in capitals, is a headline whose capitals say nothing.
SHOUTED_WORDS = 4
# A single word in capitals of at least so many letters may be a name that a dateline shouts ("KYIV, Ukraine").
WORD_IN_CAPITALS = 4
# Words that are acronyms of known bodies and states too; in a headline in capitals they are words.
COMMON = frozenset({"us", "who", "it", "aid", "ice", "is", "am", "as", "or", "in", "no", "so"})
Word = tuple[int, int, str]
# One reading of a word, or two.
Reading = tuple[str] | tuple[str, str]
# "US$68 billion" names no state.
CURRENCIES = ("$", "€", "£", "¥")
# How a name stands for an item behind an office alone.
SURNAME = "surname"
# What may stand between the words of one name.
JOINTS = frozenset({" ", "-", "–", "'", "’", ".", ". ", ", ", " & ", "\u00a0", "-\n", "\n"})
# How many names, and how many first words, are remembered: news says the same names again and again.
REMEMBERED = 50_000


class Gazetteer:
    """Names of known items, from one index or several. Implements :class:`kgload.records.Lexicon`.

    Where several know a name, the first that knows it in a relation (as a name, as a demonym, …) answers for that
    relation; one that knows the name to mean no item answers for all.
    """

    def __init__(self, *indexes: Index) -> None:
        self.indexes = indexes
        self._senses = functools.lru_cache(REMEMBERED)(self._senses_of)
        self._lengths = functools.lru_cache(REMEMBERED)(self._lengths_of)
        self.facts = functools.lru_cache(REMEMBERED)(self._facts_of)

    @classmethod
    def core(cls) -> Gazetteer:
        """The gazetteer that ships with kgload; opened once a process.

        Raises:
            DataError: its file cannot be used.
        """
        return _core()

    @classmethod
    def read(cls, path: Path) -> Gazetteer:
        """A gazetteer from a table like that which the core is made of.

        Raises:
            DataError: a line is not of the form that the header says; the message names it.
        """
        table = rows.read(path)
        return cls(Index.held(table.items, table.entries(), path.name))

    def over(self, *indexes: Index) -> Gazetteer:
        """These gazetteers with others on top, the first of them uppermost."""
        return Gazetteer(*indexes, *self.indexes)

    @property
    def info(self) -> Info:
        """What the uppermost index holds."""
        return self.indexes[0].info()

    def lookup(self, name: str) -> Sequence[KnownName]:
        """All that a name may stand for, likeliest first; empty where it is unknown."""
        return self._senses(key(name)) or (self._senses(key(name.lower())) if name.isupper() else ())

    def decided(self, name: str) -> Sequence[KnownName]:
        """What a name means by a person's own word; empty where nobody decided."""
        spelled = " ".join(key(name))
        decided = (_named(index.senses(spelled)) for index in self.indexes if index.decides)
        return next(filter(None, decided), ())

    def surnamed(self, word: str) -> Sequence[KnownName]:
        """Office holders who are called by a word behind their office ("President Dunn"), as the uppermost gazetteer
        that has one says."""
        found = (index.senses(" ".join(key(word))) or () for index in self.indexes)
        return next(filter(None, (tuple(k for k in senses if k.relation == SURNAME) for senses in found)), ())

    def knows(self, name: str) -> bool:
        """Whether a name is held, be it as the name of no item."""
        return any(_named(index.senses(" ".join(key(name)))) is not None for index in self.indexes)

    def beginning(self, name: str, limit: int) -> list[str]:
        """Known names, as keys, that begin with a name and a further word; no more than ``limit``."""
        spelled = " ".join(key(name))
        return sorted({longer for index in self.indexes for longer in index.beginning(spelled, limit)})[:limit]

    def description(self, iri: str) -> str:
        """What tells an item from its namesakes; empty where nothing is known."""
        return next((text for index in self.indexes if (text := index.description(iri))), "")

    def holds(self, iri: str) -> bool:
        """Whether an item is known to hold places."""
        return any(index.holds(iri) for index in self.indexes)

    def _facts_of(self, iri: str) -> Facts:
        """What tells an item from its namesakes: what the uppermost index that knows anything of it says."""
        told = (index.facts(iri) for index in self.indexes)
        return next((facts for facts in told if facts and facts != NOTHING), NOTHING)

    def _senses_of(self, name: Name) -> tuple[KnownName, ...]:
        spelled = " ".join(name)
        found: list[KnownName] = []
        answered: set[str] = set()
        for index in self.indexes:
            senses = _named(index.senses(spelled))
            if senses is None:
                continue
            found += [known for known in senses if known.relation not in answered]
            if not senses:
                break
            answered |= {known.relation for known in senses}
        return tuple(found)

    def _lengths_of(self, word: str) -> tuple[int, ...]:
        return tuple(sorted({size for index in self.indexes for size in index.lengths(word)}, reverse=True))

    def find(self, text: str) -> Sequence[KnownMention]:
        """Longest known names in a text at the borders of words, in text order, not overlapping.

        A name must begin with a capital or a digit as written; "us" is no state, "US" is. In a line that is all in
        capitals words are read as words first, so that "TELL US" names nobody and "KYIV" is found.
        """
        found: list[KnownMention] = []
        tokens = words(text)
        readings = _readings(text, tokens)
        index = 0
        while index < len(tokens):
            size, name = self._longest(text, tokens, readings, index)
            begin, end = tokens[index][0], tokens[index + max(size, 1) - 1][1]
            if size and text[end : end + 1] not in CURRENCIES:
                found.append(KnownMention(begin, end, self._senses(name)))
            index += size or 1
        return found

    def _longest(self, text: str, tokens: list[Word], readings: list[Reading], index: int) -> tuple[int, Name]:
        """The longest name that begins at a word, with its number of words; 0 where none does."""
        if not tokens[index][2][0].isupper() and not tokens[index][2][0].isdigit():
            return 0, ()
        # Of a name's words the first may be an acronym where the others are words in capitals: "US NAVY".
        for first in readings[index]:
            for size in self._lengths(first):
                last = index + size
                alone = size == 1 and first.islower() and len(first) < WORD_IN_CAPITALS
                if last > len(tokens) or (alone and first != readings[index][0]):
                    continue
                for rest in (0, -1):
                    name = (first, *(reading[rest] for reading in readings[index + 1 : last]))
                    if self._senses(name) and _joined(text, tokens, index, last):
                        return size, name
        return 0, ()


def _named(senses: tuple[KnownName, ...] | None) -> tuple[KnownName, ...] | None:
    """Senses of a name but those that it has behind an office alone; None where there are no others."""
    if not senses or all(known.relation != SURNAME for known in senses):
        return senses
    return tuple(known for known in senses if known.relation != SURNAME) or None


def _joined(text: str, tokens: list[Word], first: int, last: int) -> bool:
    return all(text[tokens[i][1] : tokens[i + 1][0]] in JOINTS for i in range(first, last - 1))


def _readings(text: str, tokens: list[Word]) -> list[Reading]:
    """The ways to read each word, the preferred one first: as an acronym or, in capitals, as a word."""
    readings: list[Reading] = []
    line_end, shouted = -1, False
    for begin, _, word in tokens:
        if begin >= line_end:
            line_end = text.find("\n", begin) + 1 or len(text) + 1
            shouted = _is_shouted(text[begin : line_end - 1])
        as_acronym = fold(word)
        if as_acronym.islower() or not as_acronym.isupper():
            readings.append((as_acronym,))
        elif shouted:
            as_word = fold(word.lower())
            readings.append((as_word,) if as_word in COMMON else (as_word, as_acronym))
        else:
            readings.append((as_acronym, fold(word.lower())))
    return readings


def _is_shouted(line: str) -> bool:
    """Whether a line is a headline all in capitals."""
    spelled = [word for _, _, word in words(line) if word.isalpha()]
    return len(spelled) >= SHOUTED_WORDS and all(word.isupper() for word in spelled)


@functools.cache
def _core() -> Gazetteer:
    return Gazetteer(Index.open(data.path("gazetteer", "core.sqlite")))
