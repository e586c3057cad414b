"""BERT's word pieces, as the base model was trained with them: lower case, no accents, longest match first.

Devlin et al. 2019; the same pieces as the published tokenizer's, with their places in the text as it is written.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from kgload.errors import ExtractorError

UNKNOWN = "[UNK]"
LONGEST_WORD = 100
"""Letters of the longest word that is cut into pieces; a longer one is unknown."""

Piece = tuple[int, int, int]
"""Row of the vocabulary, begin and end in the text."""


class WordPieces:
    """A vocabulary, ready to cut texts.

    Raises:
        ExtractorError: the file is missing, or no vocabulary.
    """

    def __init__(self, vocabulary: Path) -> None:
        try:
            lines = vocabulary.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise ExtractorError(f"{vocabulary.name}: {error}") from error
        self._rows = {piece: row for row, piece in enumerate(lines)}
        if UNKNOWN not in self._rows:
            raise ExtractorError(f"{vocabulary.name} has no {UNKNOWN}: it is no vocabulary")
        self._known: dict[str, tuple[tuple[int, int, int], ...]] = {}

    def cut(self, text: str) -> list[Piece]:
        """The pieces of a text, in order."""
        pieces: list[Piece] = []
        word: list[str] = []
        places: list[int] = []

        def close() -> None:
            if word:
                for row, first, last in self._pieces("".join(word)):
                    pieces.append((row, places[first], places[last - 1] + 1))
                word.clear()
                places.clear()

        for place, written in enumerate(text):
            letters, stands_alone = _letters(written)
            if stands_alone:
                close()
            for letter in letters:
                word.append(letter)
                places.append(place)
            if stands_alone:
                close()
        close()
        return pieces

    def _pieces(self, word: str) -> tuple[tuple[int, int, int], ...]:
        """Rows and spans within the word."""
        known = self._known.get(word)
        if known is None:
            known = self._known[word] = self._longest_first(word)
        return known

    def _longest_first(self, word: str) -> tuple[tuple[int, int, int], ...]:
        unknown = ((self._rows[UNKNOWN], 0, len(word)),)
        if len(word) > LONGEST_WORD:
            return unknown
        found, first = [], 0
        while first < len(word):
            prefix = "##" if first else ""
            for last in range(len(word), first, -1):
                row = self._rows.get(prefix + word[first:last])
                if row is not None:
                    found.append((row, first, last))
                    first = last
                    break
            else:
                return unknown
        return tuple(found)


@cache
def opened(vocabulary: Path) -> WordPieces:
    """The word pieces of a vocabulary, read once a process."""
    return WordPieces(vocabulary)


@cache
def _letters(written: str) -> tuple[str, bool]:
    """What a character becomes, and whether words end before and after it."""
    category = unicodedata.category(written)
    if written in "\t\n\r" or category == "Zs":
        return "", True
    if written in "\0\ufffd" or category.startswith("C"):
        return "", False
    plain = "".join(c for c in unicodedata.normalize("NFD", written) if unicodedata.category(c) != "Mn").lower()
    return plain, _is_punctuation(written, category) or _is_ideograph(written)


def _is_punctuation(written: str, category: str) -> bool:
    return category.startswith("P") or (ord(written) < 127 and not written.isalnum())


def _is_ideograph(written: str) -> bool:
    code = ord(written)
    return (
        0x4E00 <= code <= 0x9FFF
        or 0x3400 <= code <= 0x4DBF
        or 0x20000 <= code <= 0x2A6DF
        or 0x2A700 <= code <= 0x2CEAF
        or 0xF900 <= code <= 0xFAFF
        or 0x2F800 <= code <= 0x2FA1F
    )
