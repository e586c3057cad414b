"""Near-duplicate articles: one that an agency sold to many papers, or that was sent again with a word changed.

Of each text a signature is made by whoever converts it (MinHash over its runs of three words), and whoever puts the
graph together compares them in the order of the input, so that the answer is the same for any number of workers. A
copy is told from the first article that it resembles; copies are not compared with, so that all of a kind point at one.
"""

from __future__ import annotations

import functools
import operator
import re
import zlib
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kgload.conversion.outcomes import Converted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from kgload.conversion.batches import Form

# A signature has so many bytes, each the least of a hash over all runs of words, in a byte.
LENGTH = 64
RUN = 3
# Texts are compared where they agree in the four bytes of one of the bands. Of two that share 80 % of their runs of
# words 98 % do so, of two that share 50 % 41 %.
BANDS, ROWS = 8, 4
# One is a copy where so many bytes agree: those that share 70 % of their runs.
ENOUGH = 46
WORD = re.compile(r"\w+")
WORDS_AT_ONCE = 10_000
NOBODY = 0xFFFFFFFF
M64 = (1 << 64) - 1


def signature(text: str) -> bytes:
    """What a text is compared by: LENGTH bytes, or none where it has no word."""
    import numpy as np

    words = WORD.findall(text.casefold())
    if not words:
        return b""
    while len(words) < RUN:
        words.append("")
    hashes = np.fromiter((zlib.crc32(word.encode("utf-8", "surrogatepass")) for word in words), np.uint64, len(words))
    factors, summands, run = _constants()
    least = np.full(LENGTH, M64, np.uint64)
    for begin in range(0, len(words) - RUN + 1, WORDS_AT_ONCE):
        part = hashes[begin : begin + WORDS_AT_ONCE + RUN - 1]
        runs = part[:-2] * run[0] + part[1:-1] * run[1] + part[2:] * run[2]
        runs ^= runs >> np.uint64(29)
        runs *= run[3]
        runs ^= runs >> np.uint64(32)
        np.minimum(least, (runs[:, None] * factors + summands).min(axis=0), out=least)
    return bytes((least >> np.uint64(24)).astype(np.uint8))


@functools.cache
def _constants() -> tuple[NDArray[np.uint64], NDArray[np.uint64], NDArray[np.uint64]]:
    """Factors, summands, and the factors of a run's words: the numbers of SplitMix64, those that are factors odd."""
    import numpy as np

    state, numbers = 0, []
    for _ in range(2 * LENGTH + RUN + 1):
        state = (state + 0x9E3779B97F4A7C15) & M64
        mixed = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & M64
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & M64
        numbers.append(mixed ^ (mixed >> 31))
    made: Any = np.array(numbers, np.uint64)
    odd = np.uint64(1)
    return made[:LENGTH] | odd, made[LENGTH : 2 * LENGTH], made[2 * LENGTH :] | odd


class Copies:
    """The articles so far that are no copies of another.

    Memory holds the id of each, its signature (64 bytes) and 64 to 128 bytes of tables.
    """

    def __init__(self) -> None:
        self._signatures = bytearray()
        self._ids = bytearray()
        self._ends = array("Q")
        self._tables = [_Table(self._signatures, ROWS * band) for band in range(BANDS)]

    def first(self, id_: str, signature: bytes) -> str | None:
        """The id of the first article that this one is a copy of; None where it is the first of its kind."""
        if not signature:
            return None
        found = sorted({number for table in self._tables if (number := table.find(signature)) != NOBODY})
        for number in found:
            begin = number * LENGTH
            if sum(map(operator.eq, self._signatures[begin : begin + LENGTH], signature)) >= ENOUGH:
                return self._id(number)
        self._signatures += signature
        self._ids += id_.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._ids))
        for table in self._tables:
            table.add(len(self._ends) - 1)
        return None

    def _id(self, number: int) -> str:
        begin = self._ends[number - 1] if number else 0
        return self._ids[begin : self._ends[number]].decode("utf-8", "surrogatepass")


class _Table:
    """Numbers of articles by four bytes of their signatures, the first of those that agree in them."""

    def __init__(self, signatures: bytearray, at: int) -> None:
        self._signatures, self._at = signatures, at
        self._numbers = array("I", [NOBODY]) * (1 << 10)
        self._count = 0

    def _key(self, number: int) -> bytes | bytearray:
        begin = number * LENGTH + self._at
        return self._signatures[begin : begin + ROWS]

    def _place(self, key: bytes | bytearray) -> int:
        places = len(self._numbers)
        place = int.from_bytes(key, "little") * 0x9E3779B1 % (1 << 32) * places >> 32
        while self._numbers[place] != NOBODY and self._key(self._numbers[place]) != key:
            place = (place + 1) % places
        return place

    def find(self, signature: bytes) -> int:
        return self._numbers[self._place(signature[self._at : self._at + ROWS])]

    def add(self, number: int) -> None:
        place = self._place(self._key(number))
        if self._numbers[place] != NOBODY:
            return
        self._numbers[place] = number
        self._count += 1
        if 3 * self._count > 2 * len(self._numbers):
            old = self._numbers
            self._numbers = array("I", [NOBODY]) * (2 * len(old))
            for held in old:
                if held != NOBODY:
                    self._numbers[self._place(self._key(held))] = held


def marked(converted: Iterable[Converted], form: Form, copies: Copies | None = None) -> Iterator[Converted]:
    """Pass on what was converted, a copy with a statement of what it is a copy of."""
    copies = copies or Copies()
    for document in converted:
        yield mark(document, form, copies.first(document.id, document.signature))


def mark(document: Converted, form: Form, of: str | None) -> Converted:
    """A document's piece with the statement that it is a copy of another one, where it is."""
    if of is None:
        return document
    return replace(document, piece=form.with_copy(document.piece, document.id, of), copy_of=of)
