"""spaCy's tokenizer, in bounded time whatever stands in a text.

It takes signs off the edges of a word one at a time and reads the rest of the word anew for each, so that ten thousand
quotation marks in a row take it minutes. Here such a row, and a word beyond any length, is cut before it is read; a
text without one is read as ever.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc

# Signs in a row, and characters of a word, beyond which it is cut. Of 31,750 news texts the longest row has less than
# 20 signs, the longest word less than 200 characters.
LONGEST_ROW = 100
LONGEST_WORD = 1_000
CUTS = re.compile(rf"[^\w\s]{{{LONGEST_ROW}}}|\S{{{LONGEST_WORD}}}")


class BoundedTokenizer:
    """A tokenizer that gives what ``tokenizer`` gives, and cuts what would take it time beyond measure."""

    def __init__(self, tokenizer: Callable[[str], Doc]) -> None:
        self._tokenizer = tokenizer

    def __call__(self, text: str) -> Doc:
        """The tokens of a text."""
        if not CUTS.search(text):
            return self._tokenizer(text)
        from spacy.tokens import Doc

        # Joined as they are: tokens keep their places in the text, and what the tokenizer says of them.
        return Doc.from_docs([self._tokenizer(part) for part in _parts(text)], ensure_whitespace=False)


def _parts(text: str) -> Iterator[str]:
    begin = 0
    for cut in CUTS.finditer(text):
        yield text[begin : cut.end()]
        begin = cut.end()
    if begin < len(text):
        yield text[begin:]
