"""The gate: which sentences can hold an event, told from their words before anything expensive reads them.

What it knows is data: weights of words and of pairs of words (``data/gate.tsv``, made by ``scripts/learn_gate.py``),
and the words that name events of types that a user added. A sentence is cut out and judged by itself, so that nothing
else has a say; weights are whole numbers, so that their sum does not depend on the order.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kgload import data
from kgload.errors import DataError
from kgload.extraction.frames import Frames
from kgload.records import Span

# A sentence ends at a line's end, and at a stop before a capital or a figure. Where one is not cut, a longer stretch is
# judged as one, which does no harm.
END = re.compile(r"\n+|(?<=[.!?])[\"”’')\]]*\s+(?=[\"“‘'(\[]?[A-Z0-9])")
# Stops that end no sentence: of initials ("U.S.", "J.") and of titles.
INITIALS = re.compile(r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Gen|Lt|Col|Maj|Sgt|Sen|Rep|Gov|St|Jr|Sr|No|vs|Prof))\.$")
LONGEST_INITIALS = 8
WORD = re.compile(r"[^\W\d_]+|\d+")
LONGEST = 2_000
"""Characters of the longest stretch that is judged as one: a text without stops is cut."""
FIGURE = "#"
LEAST = "="
STEM = 5
"""Letters at a word's beginning by which it is weighed too: "purch*" of "purchase" and "purchased"."""
CLUE = re.compile(r"(?:#|[^\W\d_]+)(?: (?:#|[^\W\d_]+)|\*)?")


@dataclass(frozen=True, slots=True)
class Gate:
    """``weights`` of words ("meet"), of their beginnings ("summi*") and of pairs ("will meet"), each counted once a
    sentence: one passes where they add up to ``least``, or where it holds one of ``words``."""

    weights: dict[str, int]
    least: int
    words: frozenset[str] = frozenset()

    def open(self, text: str) -> tuple[Span, ...]:
        """The sentences of a text that can hold an event, in text order."""
        return tuple(one for one in sentences(text) if self.passes(text[one.begin : one.end]))

    def passes(self, sentence: str) -> bool:
        """Whether a sentence can hold an event."""
        said = words(sentence)
        return self.score(said) >= self.least or not self.words.isdisjoint(said)

    def score(self, said: Sequence[str]) -> int:
        """What the words of a sentence weigh together."""
        known = self.weights
        return sum(known[clue] for clue in clues(said) if clue in known)

    def also(self, known: Iterable[Frames]) -> Gate:
        """A gate that lets pass what holds a word that has named an event of some frames, too."""
        keys = (key for frames in known for key in frames.triggers if " " not in key)
        # A word with a hyphen is two here, of which one suffices.
        named = frozenset(max(words(key.rpartition("/")[0]), key=len, default="") for key in keys) - {""}
        return replace(self, words=self.words | named)


def sentences(text: str) -> Iterator[Span]:
    """A text's sentences as the gate cuts them, without space at their edges; they cover all words."""
    begin = 0
    ends = (m for m in END.finditer(text) if m[0][0] == "\n" or not _is_abbreviated(text, m.start()))
    for start, end in itertools.chain(((m.start(), m.end()) for m in ends), ((len(text), len(text)),)):
        while start - begin > LONGEST:
            cut = text.rfind(" ", begin + 1, begin + LONGEST)
            cut = cut if cut > 0 else begin + LONGEST
            yield from _stripped(text, begin, cut)
            begin = cut
        yield from _stripped(text, begin, start)
        begin = end


def _is_abbreviated(text: str, end: int) -> bool:
    return bool(INITIALS.search(text, max(0, end - LONGEST_INITIALS), end))


def _stripped(text: str, begin: int, end: int) -> Iterator[Span]:
    part = text[begin:end]
    if words := part.strip():
        first = begin + len(part) - len(part.lstrip())
        yield Span(first, first + len(words))


def words(sentence: str) -> list[str]:
    """The words of a sentence as they are weighed: without case, one sign for every figure."""
    return [FIGURE if word[0].isdigit() else word for word in WORD.findall(sentence.casefold())]


def clues(said: Sequence[str]) -> set[str]:
    """What is weighed: each word, beginning of a word and pair of neighbours once."""
    found = set(said)
    found.update([f"{word[:STEM]}*" for word in found if len(word) > STEM])
    found.update(map(" ".join, itertools.pairwise(said)))
    return found


@functools.cache
def gate() -> Gate:
    """The gate that ships with kgload.

    Raises:
        DataError: its table does not validate.
    """
    return read(data.path("gate.tsv"))


def read(path: Path) -> Gate:
    """Read a table: a row ``=  least``, then a row ``clue  weight`` each, tab-separated, weights whole numbers.

    Raises:
        DataError: it does not validate; the message gives file, line and reason.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise DataError(f"{path.name}: {error}") from error
    least: int | None = None
    weights: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        clue, _, weight = line.partition("\t")
        try:
            if clue == LEAST and least is None:
                least = int(weight)
            elif not CLUE.fullmatch(clue) or clue != clue.casefold() or clue in weights:
                raise ValueError(f"{clue[:80]!r} is no clue, or comes twice")
            else:
                weights[clue] = int(weight)
        except ValueError as error:
            raise DataError(f"{path.name}:{number}: {error}") from error
    if least is None or not weights:
        raise DataError(f"{path.name}: says nothing of {'the least weight' if least is None else 'any word'}")
    return Gate(weights, least)


def dump(gate: Gate) -> str:
    """A gate's table as it is written, rows in order."""
    return (
        "\n".join([f"{LEAST}\t{gate.least}", *(f"{clue}\t{gate.weights[clue]}" for clue in sorted(gate.weights))])
        + "\n"
    )
