"""How names are compared: as sequences of folded words, each of which knows whether it is an acronym."""

from __future__ import annotations

import functools
import re
import unicodedata

# What a name is looked up by: its words, folded.
Name = tuple[str, ...]

# "U.S." and "D.C." are one word; an apostrophe or a hyphen parts words ("Russia's", "Guinea-Bissau", "d'Ivoire").
WORD = re.compile(r"(?:[^\W\d_]\.){2,}|\w+")

# Letters that Unicode does not take apart into a letter and a mark, as they are written without the mark.
LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "ħ": "h", "ə": "e", "æ": "ae", "œ": "oe", "þ": "th", "ʻ": "'"}
)


def words(text: str) -> list[tuple[int, int, str]]:
    """The words of a text with begin and end; dots of initials are left out of the word ("U.S." → "US")."""
    return [(m.start(), m.end(), m.group().replace(".", "")) for m in WORD.finditer(text)]


@functools.lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """A word without case and accents. A short word in capitals is an acronym and keeps its case: "US" is not "us"."""
    if word.isupper() and 2 <= len(word) <= 5:
        return word
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold().translate(LETTERS)


def key(name: str) -> Name:
    """What a name is looked up by."""
    return tuple(fold(word) for _, _, word in words(name))
