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
COLUMNS = ("qid", "kind", "label", "aliases", "demonyms", "capitals", "government", "weight", "checked")
RELATIONS = {"aliases": "name", "demonyms": "demonym", "capitals": "capital", "government": "government"}
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
        found: dict[tuple[str, ...], list[tuple[float, KnownName]]] = defaultdict(list)
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
        return self._names.get(key(name), ())

    def find(self, text: str) -> Sequence[KnownMention]:
        """Longest known names in a text at the borders of words, in text order, not overlapping.

        A name must begin with a capital or a digit as written; "us" is no state, "US" is.
        """
        found: list[KnownMention] = []
        tokens = words(text)
        folded = [fold(word) for _, _, word in tokens]
        index = 0
        while index < len(tokens):
            size = self._longest(text, tokens, folded, index)
            if size:
                begin, end = tokens[index][0], tokens[index + size - 1][1]
                found.append(KnownMention(begin, end, self._names[tuple(folded[index : index + size])]))
            index += size or 1
        return found

    def _longest(self, text: str, tokens: list[tuple[int, int, str]], folded: list[str], index: int) -> int:
        """Number of words of the longest name that begins at a word; 0 where none does."""
        if not tokens[index][2][0].isupper() and not tokens[index][2][0].isdigit():
            return 0
        for size in self._lengths.get(folded[index], ()):
            last = index + size
            if last > len(tokens) or tuple(folded[index:last]) not in self._names:
                continue
            gaps = (text[tokens[i][1] : tokens[i + 1][0]] for i in range(index, last - 1))
            if all(gap in JOINTS for gap in gaps):
                return size
        return 0


@functools.cache
def _core() -> Gazetteer:
    return Gazetteer.read(data.path("gazetteer", "core.tsv"))


def _add_row(
    found: dict[tuple[str, ...], list[tuple[float, KnownName]]], kinds: dict[str, int], line: str, where: str
) -> None:
    cells = line.split("\t")
    if len(cells) != len(COLUMNS):
        raise DataError(f"{where}: {len(cells)} columns where the header has {len(COLUMNS)}")
    row = dict(zip(COLUMNS, cells, strict=True))
    try:
        kind, weight = EntityKind(row["kind"]), int(row["weight"])
    except ValueError as error:
        raise DataError(f"{where}: {error}") from error
    if not row["qid"].removeprefix("Q").isdigit() or not row["label"] or "+" not in row["checked"]:
        raise DataError(f"{where}: an item needs a QID, a label and two sources that agree on it")
    kinds[kind.value] += 1
    known = KnownName(WIKIDATA + row["qid"], row["label"], kind)
    # Editors' links weigh most; where there are none, an item in more lists is the better known one.
    strength = weight + 0.1 * (1 + row["checked"].count("+"))
    for column, relation in RELATIONS.items():
        names = {name for name in row[column].split("|") if name}
        # A capital's or a palace's name means itself first; that it stands for the state is the reader's inference.
        for_name = strength if relation in ("name", "demonym") else 0.05
        for name in names | {row["label"]} if relation == "name" else names:
            if words(name):
                found[key(name)].append((for_name, replace(known, relation=relation)))


def _ranked(senses: list[tuple[float, KnownName]]) -> tuple[KnownName, ...]:
    """Senses of one name, likeliest first; one sense an item."""
    best: dict[str, tuple[float, KnownName]] = {}
    for strength, known in senses:
        if known.iri not in best or known.relation == "name":
            best[known.iri] = (strength, known)
    total = sum(strength for strength, _ in best.values())
    ordered = sorted(best.values(), key=lambda pair: (-pair[0], pair[1].iri))
    return tuple(replace(known, prior=round(strength / total, 4)) for strength, known in ordered)
