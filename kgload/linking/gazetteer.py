"""The index of known names: what a name may stand for, and where known names stand in a text."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kgload import data
from kgload.errors import DataError
from kgload.linking.names import fold, key, words
from kgload.records import EntityKind, KnownMention, KnownName

WIKIDATA = "http://www.wikidata.org/entity/"
COLUMNS = ("qid", "kind", "label", "aliases", "demonyms", "capitals", "government", "namesakes", "linked", "checked")
RELATIONS = {"aliases": "name", "demonyms": "demonym", "capitals": "capital", "government": "government"}
# A line of at least so many words, all in capitals, is a headline whose capitals say nothing.
SHOUTED_WORDS = 4
# A single word in capitals of at least so many letters may be a name that a dateline shouts ("KYIV, Ukraine").
WORD_IN_CAPITALS = 4
# Words that are acronyms of known bodies and states too; in a headline in capitals they are words.
COMMON = frozenset({"us", "who", "it", "aid", "ice", "is", "am", "as", "or", "in", "no", "so"})
Word = tuple[int, int, str]
Name = tuple[str, ...]
# A sense of a name with its weight; None stands for the known items of that name that the gazetteer does not hold.
Sense = tuple[float, KnownName | None]
NAMESAKE = 0.1
# One reading of a word, or two.
Reading = tuple[str] | tuple[str, str]
# "US$68 billion" names no state.
CURRENCIES = ("$", "€", "£", "¥")
# What may stand between the words of one name.
JOINTS = frozenset({" ", "-", "–", "'", "’", ".", ". ", ", ", " & ", "\u00a0", "-\n", "\n"})


@dataclass(frozen=True, slots=True)
class Info:
    """How many items a gazetteer holds, by kind, and how many names."""

    items: int
    names: int
    kinds: dict[str, int]


class Gazetteer:
    """Names of known items. Implements :class:`kgload.records.Lexicon`."""

    def __init__(self, names: dict[tuple[str, ...], tuple[KnownName, ...]], info: Info) -> None:
        self._names = names
        self.info = info
        lengths: dict[str, set[int]] = defaultdict(set)
        for name in names:
            lengths[name[0]].add(len(name))
        self._lengths = {first: tuple(sorted(sizes, reverse=True)) for first, sizes in lengths.items()}

    @classmethod
    def core(cls) -> Gazetteer:
        """The gazetteer that ships with kgload; read once a process.

        Raises:
            DataError: its file does not validate.
        """
        return _core()

    @classmethod
    def read(cls, path: Path) -> Gazetteer:
        """A gazetteer from its tab-separated file.

        Raises:
            DataError: a line is not of the form that the header says; the message names it.
        """
        found: dict[tuple[str, ...], list[Sense]] = defaultdict(list)
        kinds: dict[str, int] = defaultdict(int)
        try:
            lines = path.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise DataError(f"{path.name}: {error}") from error
        if not lines or tuple(lines[0].split("\t")) != COLUMNS:
            raise DataError(f"{path.name}:1: the columns must be {', '.join(COLUMNS)}")
        for number, line in enumerate(lines[1:], start=2):
            _add_row(found, kinds, line, f"{path.name}:{number}")
        return cls({name: _ranked(senses) for name, senses in found.items()},
                   Info(len(lines) - 1, len(found), dict(sorted(kinds.items()))))  # fmt: skip

    def lookup(self, name: str) -> Sequence[KnownName]:
        """All that a name may stand for, likeliest first; empty where it is unknown."""
        return self._names.get(key(name)) or (self._names.get(key(name.lower()), ()) if name.isupper() else ())

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
                found.append(KnownMention(begin, end, self._names[name]))
            index += size or 1
        return found

    def _longest(self, text: str, tokens: list[Word], readings: list[Reading], index: int) -> tuple[int, Name]:
        """The longest name that begins at a word, with its number of words; 0 where none does."""
        if not tokens[index][2][0].isupper() and not tokens[index][2][0].isdigit():
            return 0, ()
        # Of a name's words the first may be an acronym where the others are words in capitals: "US NAVY".
        for first in readings[index]:
            for size in self._lengths.get(first, ()):
                last = index + size
                alone = size == 1 and first.islower() and len(first) < WORD_IN_CAPITALS
                if last > len(tokens) or (alone and first != readings[index][0]):
                    continue
                for rest in (0, -1):
                    name = (first, *(reading[rest] for reading in readings[index + 1 : last]))
                    if name in self._names and _joined(text, tokens, index, last):
                        return size, name
        return 0, ()


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
    return Gazetteer.read(data.path("gazetteer", "core.tsv"))


def _add_row(found: dict[tuple[str, ...], list[Sense]], kinds: dict[str, int], line: str, where: str) -> None:
    cells = line.split("\t")
    if len(cells) != len(COLUMNS):
        raise DataError(f"{where}: {len(cells)} columns where the header has {len(COLUMNS)}")
    row = dict(zip(COLUMNS, cells, strict=True))
    try:
        kind, namesakes = EntityKind(row["kind"]), int(row["namesakes"])
        linked = _counts(row["linked"])
    except ValueError as error:
        raise DataError(f"{where}: {error}") from error
    if not row["qid"].removeprefix("Q").isdigit() or not row["label"] or "+" not in row["checked"]:
        raise DataError(f"{where}: an item needs a QID, a label and two sources that agree on it")
    kinds[kind.value] += 1
    known = KnownName(WIKIDATA + row["qid"], row["label"], kind)
    # Where editors linked none of the items of a name, one that they link often and that more lists hold is likelier.
    fame = 0.02 * sum(linked.values()) + 0.1 * (1 + row["checked"].count("+"))
    if namesakes and (name := key(row["label"])):
        found[name].append((NAMESAKE * namesakes, None))
    for column, relation in RELATIONS.items():
        names = {key(name) for name in row[column].split("|")} | ({key(row["label"])} if relation == "name" else set())
        for name in sorted(names - {()}):
            # A capital's or a palace's name means itself first; that it stands for the state is the reader's inference.
            strength = fame + linked.get(name, 0) if relation in ("name", "demonym") else 0.05
            found[name].append((strength, known if relation == "name" else replace(known, relation=relation)))


def _counts(cell: str) -> dict[Name, int]:
    """How often editors linked each name to the item."""
    counts: dict[Name, int] = defaultdict(int)
    for part in filter(None, cell.split("|")):
        name, _, count = part.rpartition("=")
        counts[key(name)] += int(count)
    return counts


def _ranked(senses: list[Sense]) -> tuple[KnownName, ...]:
    """Senses of one name, likeliest first; one sense an item."""
    best: dict[str, tuple[float, KnownName]] = {}
    others = 0.0
    for strength, known in senses:
        if known is None:
            others = max(others, strength)
        elif known.iri not in best or known.relation == "name":
            best[known.iri] = (strength, known)
    total = others + sum(strength for strength, _ in best.values())
    ordered = sorted(best.values(), key=lambda pair: (-pair[0], pair[1].iri))
    return tuple(replace(known, prior=round(strength / total, 4)) for strength, known in ordered)
