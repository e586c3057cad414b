"""What the words around a mention say of an event: what it is about, and who receives the others."""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass

from kgload import data
from kgload.errors import DataError
from kgload.extraction.names import CITY, Names
from kgload.records import Span

# Characters of the longest topic, and between the words for a host and the name.
LONGEST, NEAR = 90, 30


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of ``data/wording.toml`` as patterns."""

    topic: re.Pattern[str]
    end: re.Pattern[str]
    host: re.Pattern[str]


@functools.cache
def wording() -> Wording:
    """The words that ship with kgload.

    Raises:
        DataError: their file is not of its form.
    """
    try:
        table = tomllib.loads(data.path("wording.toml").read_text("utf-8"))
        topic, ends, host = (_any(table[name]) for name in ("topic", "ends", "host"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"wording.toml: {type(error).__name__}: {error}") from error
    return Wording(
        re.compile(rf"\b(?:{topic})\s+", re.I),
        re.compile(rf"(?-i:(?<![A-Z]))\.|[,;:!?()\"“”\n]|\s(?:{ends})\b", re.I),
        re.compile(rf"\b(?:{host})\s+", re.I),
    )


def _any(words: list[str]) -> str:
    return "|".join(re.escape(word.strip()) for word in sorted(words, key=len, reverse=True))


def topic(text: str, sentence: Span, mention: Span) -> str | None:
    """What an event is about, in the words of the mention's sentence from the mention on; None where none say so."""
    found = wording().topic.search(text, mention.begin, sentence.end)
    if not found:
        return None
    end = wording().end.search(text, found.end(), sentence.end)
    words = " ".join(text[found.end() : end.start() if end else sentence.end].split())
    return words if 3 <= len(words) <= LONGEST else None


def host(text: str, sentence: Span, names: Names) -> int | None:
    """The entity (by number among the names) that a sentence calls the host; None where it calls none so."""
    found = wording().host.search(text, sentence.begin, sentence.end)
    if not found:
        return None
    behind = [n for n in names.mentions if found.end() <= n.begin <= found.end() + NEAR and n.label != CITY]
    return behind[0].entity if behind else None
