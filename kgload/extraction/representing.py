"""Whom people represent: "Russian president Vladimir Putin", "Prime Minister Ana Brand of Norland"."""

from __future__ import annotations

import functools
import itertools
import re
import tomllib

from kgload import data
from kgload.errors import DataError
from kgload.extraction.analysis import Analysis
from kgload.extraction.names import CITY, Names
from kgload.records import EntityKind

# Characters between the state's name and the person's: an office of a few words, no comma or verb.
LONGEST_OFFICE = 60
REPRESENTED = (EntityKind.STATE, EntityKind.ORGANIZATION)


@functools.cache
def _offices() -> re.Pattern[str]:
    """Words that make of "Russian … Vladimir Putin" an office.

    Raises:
        DataError: `data/names.toml` is not of its form.
    """
    try:
        words = tomllib.loads(data.path("names.toml").read_text("utf-8"))["titles"]
        return re.compile(rf"\b(?:{'|'.join(re.escape(word) for word in words if word != 'the')})\b", re.I)
    except (OSError, ValueError, KeyError) as error:
        raise DataError(f"names.toml: {error}") from error


def represented(analysis: Analysis, names: Names) -> dict[int, tuple[int, ...]]:
    """For each person (by number among the names) the states and organisations that an office ties them to."""
    text = analysis.article.text
    found: dict[int, int] = {}
    mentions = [name for name in names.mentions if name.label != CITY]
    for before, after in itertools.pairwise(mentions):
        kinds = names.entities[before.entity].kind, names.entities[after.entity].kind
        between = text[before.end : after.begin]
        if len(between) > LONGEST_OFFICE or before.end > after.begin:
            continue
        if kinds[1] is EntityKind.PERSON and kinds[0] in REPRESENTED:
            if re.fullmatch(r"(?:['’]s?)?[\w\s'’-]*", between) and _offices().search(between):
                found.setdefault(after.entity, before.entity)
        elif kinds[0] is EntityKind.PERSON and kinds[1] in REPRESENTED and re.fullmatch(r" of (?:the )?", between):
            found.setdefault(before.entity, after.entity)
    return {person: (whom,) for person, whom in found.items()}
