"""Gold as marks on a text, which is how annotation tools see it: stretches that name, triggers, and ties between them.

A name that the text does not hold (a state of which it has the nationality only), a date and a figure are no stretch of
the text; they go along as values (``rest``).
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from kgload.gold import GoldDocument, GoldEvent, date_text, parse
from kgload.records import Article

LISTS = {"participant": "participants", "accept": "accept", "place": "place", "accept_place": "accept_place"}
"""Parts that any number of names have, with their fields in gold."""
SINGLE = ("reported_by", "deployer", "force", "origin", "destination")
"""Parts that one name has, or none."""
ROLES = (*LISTS, *SINGLE)
VALUES = ("date", "date_scored", "quantity")
"""What is said of an event and is no name."""

Ends = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Annotated:
    """A text with its gold."""

    article: Article
    gold: GoldDocument


@dataclass(frozen=True, slots=True)
class Name:
    """A stretch of the text, and the name that it stands for ("North Korean": "North Korea")."""

    begin: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class Marked:
    """An event: its triggers, and its parts as (role, name); ``rest`` holds what no stretch of the text says."""

    type: str
    triggers: tuple[Ends, ...]
    status: str | None = None
    mode: str | None = None
    optional: bool = False
    parts: tuple[tuple[str, Name], ...] = ()
    rest: dict[str, Any] = field(default_factory=dict)


def lay_out(one: Annotated) -> list[Marked]:
    """The marks of a text's events."""
    return [_marked(one, event) for event in one.gold.events]


def _marked(one: Annotated, event: GoldEvent) -> Marked:
    parts: list[tuple[str, Name]] = []
    rest: dict[str, Any] = {}
    for role in ROLES:
        value = getattr(event, LISTS.get(role, role))
        for name in value if role in LISTS else [value] if value else []:
            if found := _find(one, name, event.mentions[0].begin):
                parts.append((role, Name(*found, name)))
            else:
                rest.setdefault(role, []).append(name)
    if event.date and (date := date_text(event.date)):
        rest["date"] = date
    if not event.date_scored:
        rest["date_scored"] = False
    if event.quantity is not None:
        rest["quantity"] = event.quantity
    triggers = tuple(dict.fromkeys((m.begin, m.end) for m in event.mentions))
    return Marked(event.type, triggers, event.status, event.mode, event.optional, tuple(parts), rest)


def _find(one: Annotated, name: str, near: int) -> Ends | None:
    """Where the text has a name, or another form of it, nearest to a place; None where nowhere."""
    for form in (name, *one.gold.aliases.get(name, ())):
        if form.strip():
            pattern = rf"(?<!\w){re.escape(form)}(?!\w)"
            found = [match.span() for match in re.finditer(pattern, one.article.text)]
            if found:
                return min(found, key=lambda ends: (abs(ends[0] - near), ends))
    return None


def gather(
    article: Article, marks: Sequence[Marked], sentences: Sequence[Ends], aliases: dict[str, list[str]]
) -> Annotated:
    """The gold that marks on a text say.

    Raises:
        ValueError: they lie outside the text, or are no gold; the message is ``place: reason``.
    """
    begins = [begin for begin, _ in sentences]
    events = []
    for number, marked in enumerate(marks):
        mentions = []
        for begin, end in marked.triggers:
            if not 0 <= begin < end <= len(article.text):
                raise ValueError(f"events[{number}]: {begin} to {end} is no span of the text")
            sentence = max(0, bisect_right(begins, begin) - 1)
            trigger = article.text[begin:end]
            mentions.append({"begin": begin, "end": end, "sentence": sentence, "trigger": trigger})
        row: dict[str, Any] = {"type": marked.type, "mentions": mentions}
        row |= {"status": marked.status, "mode": marked.mode, "optional": marked.optional}
        row |= {name: marked.rest[name] for name in VALUES if name in marked.rest}
        for role in ROLES:
            names = [name.name for other, name in marked.parts if other == role]
            more = marked.rest.get(role, [])
            names += more if isinstance(more, list) else [more]
            if role in LISTS:
                row[LISTS[role]] = list(dict.fromkeys(names)) if all(isinstance(n, str) for n in names) else names
            elif names:
                row[role] = names[0]
        events.append(row)
    made = {"id": article.id, "sentences": list(sentences), "events": events, "aliases": aliases}
    return Annotated(article, parse(json.dumps(made)))
