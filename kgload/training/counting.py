"""How often words trigger events in gold texts: the light extractor's table of triggers.

For each word (with the first letter of its tag: V, N or another) and each pair of a word and the next one, the table
holds how often it was seen and how often it stood in a trigger of each type. Only words that triggered often enough are
kept, and frequent pairs with them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from kgload.extraction.analysis import Analysis
from kgload.extraction.triggers import keys
from kgload.gold import GoldEvent

LEAST, OFTEN = 2, 6
"""Times that a word must have triggered, and times that a pair must have been seen: no text can be read back."""

Row = tuple[str, str, int, int]
"""Type, key, times it triggered, times it was seen."""


def count(texts: Iterable[tuple[Analysis, Iterable[GoldEvent]]], least: int = LEAST) -> list[Row]:
    """The rows of the table, in order."""
    seen: Counter[str] = Counter()
    hits: Counter[tuple[str, str]] = Counter()
    for analysis, events in texts:
        spans = [(m.begin, m.end, e.type, e.optional) for e in events for m in e.mentions]
        for index in range(len(analysis.tokens)):
            token = analysis.tokens[index]
            over = [(t, optional) for b, e, t, optional in spans if b < token.end and token.begin < e]
            if over and all(optional for _, optional in over):
                continue
            if token.tag[:1] not in ("V", "N") or not token.text.replace("-", "").isalpha():
                continue
            for key in keys(analysis, index):
                seen[key] += 1
                for type_ in {t for t, optional in over if not optional}:
                    hits[key, type_] += 1
    kept = {(key, type_) for (key, type_), n in hits.items() if n >= least}
    words = {key: type_ for key, type_ in kept if " " not in key}
    # A frequent pair that never triggered tells as much as one that did.
    kept |= {
        (pair, words[w]) for pair, n in seen.items() if n >= OFTEN for w in pair.split() if w in words and w != pair
    }
    return sorted((type_, key, hits[key, type_], seen[key]) for key, type_ in kept)


def table(rows: Iterable[Row]) -> str:
    """The rows as ``triggers.tsv`` holds them."""
    lines = ["type\tkey\ttriggers\tseen", *("\t".join(map(str, row)) for row in rows)]
    return "\n".join(lines) + "\n"
