"""When two names are taken for one, in measuring: ``kgload/data/evaluation.toml`` holds titles and equal forms."""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata

from kgload import data
from kgload.errors import DataError


@functools.cache
def _forms() -> tuple[re.Pattern[str], dict[str, str]]:
    path = data.path("evaluation.toml")
    try:
        table = tomllib.loads(path.read_text("utf-8"))
        titles = re.compile(rf"^(?:{'|'.join(map(re.escape, table['titles']))})\.? ", re.I)
        return titles, {form: group[0] for group in table["same"] for form in group}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path.name}: {error}") from error


@functools.lru_cache(maxsize=65536)
def normal(name: str) -> str:
    """The form under which a name is compared: no accents, case, punctuation, possessive or leading titles."""
    titles, equal = _forms()
    text = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    text = text.replace("’", "'").casefold()
    text = re.sub(r"'s\b|s'(?=\s|$)", "", text)
    text = " ".join(re.sub(r"[^\w ]+", " ", text).split())
    while (rest := titles.sub("", text + " ").strip()) and rest != text:
        text = rest
    return equal.get(text, text)


def same(a: str, b: str) -> bool:
    """Whether two normal forms are equal, or one is a part of the other that keeps its first or last word."""
    if a == b:
        return True
    short, long = sorted((a.split(), b.split()), key=len)
    if not short or not set(short) <= set(long) or len(" ".join(short)) <= 2:
        return False
    return short[-1] == long[-1] or short[0] == long[0]


def any_same(names: frozenset[str], others: frozenset[str]) -> bool:
    """Whether two entities, each given by the normal forms of its names, share one."""
    return any(same(a, b) for a in names for b in others)
