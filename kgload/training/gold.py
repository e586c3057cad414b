"""Gold texts as the network learns from them: for each trigger, what it should say of every candidate.

A label of a candidate is 1, 0, or -1 where it teaches nothing. Where several answers are right (a date that two
expressions give), the label holds all of them.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kgload.errors import BadLine
from kgload.evaluation.names import normal, same
from kgload.extraction.analysis import Analysis, analyse
from kgload.extraction.encoder.pieces import Pieces
from kgload.extraction.encoder.text import Surroundings, Text, prepare, surroundings
from kgload.extraction.encoder.windows import Widths
from kgload.files import reading
from kgload.gold import GoldDocument, GoldEvent, read
from kgload.ontology import vocabulary
from kgload.records import Article, Lexicon

SINGLE = ("place", "attributedTo", "deployer", "origin")
"""Roles that one candidate fills or none; ``participant`` is any number's."""

PUBLISHED, UNDATED = 0, 1
"""The first two choices of a date; an expression in the window is two more than its number."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which of several is right: numbers of candidates, their count standing for "none". ``open`` teach nothing."""

    right: tuple[int, ...]
    open: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Labels:
    """What the network should say of a trigger.

    ``event`` is the event's number in the document. ``participants`` has a label for each entity of the surroundings;
    ``roles`` a choice among them for each role that applies. ``dates`` are the right choices, none where nothing in the
    window gives the date. ``force`` is the span in the text of the words for what is sent.
    """

    event: int
    optional: bool
    participants: tuple[int, ...]
    roles: dict[str, Choice]
    status: str | None
    mode: str | None
    dates: tuple[int, ...]
    force: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Example:
    """A trigger in its surroundings: with labels where it is one, without where it looks like one and is none."""

    text: Text
    kind: int
    surroundings: Surroundings
    labels: Labels | None


@dataclass(frozen=True, slots=True)
class GoldText:
    """A text, its analysis, and its gold."""

    text: Text
    analysis: Analysis
    gold: GoldDocument


def load(paths: Sequence[Path], lexicon: Lexicon, vocabulary: Path) -> list[GoldText]:
    """Read gold files, each with its articles beside it (``train.jsonl``, ``train.articles.jsonl``), and analyse them.

    Raises:
        InputNotFound: a file is missing.
        BadLine: a line does not parse, or a gold document has no article.
    """
    result = []
    for path in paths:
        articles = {article.id: article for article in _articles(path.with_suffix(".articles.jsonl"))}
        documents = list(read(path))
        for document in documents:
            if document.id not in articles:
                raise BadLine(f"{path}: {document.id} has no article beside it")
        analyses = analyse(articles[document.id] for document in documents)
        for document, analysis in zip(documents, analyses, strict=True):
            result.append(GoldText(prepare(analysis, lexicon, vocabulary), analysis, document))
    return result


def _articles(path: Path) -> Iterator[Article]:
    with reading(path) as lines:
        for number, line in enumerate(lines, start=1):
            try:
                row = json.loads(line)
                date = dt.date.fromisoformat(row["date"][:10]) if row.get("date") else None
                yield Article(row["id"], row["text"], row.get("title"), date)
            except (ValueError, KeyError, TypeError) as error:
                raise BadLine(f"{path}:{number} is no article: {error}") from error


def examples(one: GoldText, types: Sequence[str], widths: Widths) -> Iterator[Example]:
    """An example for each mention of an event in a text."""
    for number, event in enumerate(one.gold.events):
        kind = types.index(event.type)
        for mention in event.mentions:
            first, last = one.text.pieces.locate(mention.begin, mention.end)
            around = surroundings(one.text, first, last, kind, widths)
            yield Example(one.text, kind, around, _labels(one.text, around, event, number))


def tags(one: GoldText, types: Sequence[str]) -> list[int]:
    """A tag for each piece of a text: 0, or 1 + the number of the type whose trigger it is in; -1 where the gold leaves
    open whether it is one."""
    pieces: Pieces = one.text.pieces
    result = [0] * len(pieces.ids)
    for event in sorted(one.gold.events, key=lambda event: not event.optional):
        tag = -1 if event.optional else 1 + types.index(event.type)
        for mention in event.mentions:
            first, last = pieces.locate(mention.begin, mention.end)
            result[first:last] = [tag] * len(result[first:last])
    return result


def _labels(text: Text, around: Surroundings, event: GoldEvent, number: int) -> Labels:
    forms = [frozenset(filter(None, map(normal, text.forms(entity)))) for entity in around.entities]
    participants = tuple(1 if _named(event.participants, f) else -1 if _named(event.accept, f) else 0 for f in forms)
    wanted = {
        "place": event.place,
        "attributedTo": _tuple(event.reported_by),
        "deployer": _tuple(event.deployer),
        "origin": _tuple(event.origin),
    }
    if event.type not in vocabulary().sending:
        del wanted["deployer"], wanted["origin"]
    roles = {role: choice for role, names in wanted.items() if (choice := _choice(names, forms))}
    return Labels(
        event=number,
        optional=event.optional,
        participants=participants,
        roles=roles,
        status=event.status.value if event.status else None,
        mode=(event.mode.value if event.mode else "") if event.type in vocabulary().modal else None,
        dates=_dates(text, around, event),
        force=_nearest(text.article.text, event.force, event.mentions[0].begin) if event.force else None,
    )


def _tuple(name: str | None) -> tuple[str, ...]:
    return (name,) if name else ()


def _named(names: Sequence[str], forms: frozenset[str]) -> bool:
    return any(same(normal(name), form) for name in names for form in forms)


def _choice(names: Sequence[str], forms: Sequence[frozenset[str]]) -> Choice | None:
    """Of "Riyadh, Saudi Arabia", Riyadh is right and the rest is neither right nor wrong."""
    if not names:
        return Choice((len(forms),))
    first = [name.partition(",")[0] for name in names]
    right = tuple(i for i, form in enumerate(forms) if _named(first, form))
    spare = tuple(i for i, form in enumerate(forms) if i not in right and _named(names, form))
    if right:
        return Choice(right, spare)
    return Choice(spare) if spare else None


def _dates(text: Text, around: Surroundings, event: GoldEvent) -> tuple[int, ...]:
    if not event.date_scored:
        return ()
    if event.date is None or event.date.earliest is None or event.date.latest is None:
        return (UNDATED,)
    wanted = (event.date.earliest, event.date.latest)
    published = text.article.date
    options = [(PUBLISHED, (published, published))] if published else []
    for place, number in enumerate(around.said):
        options += [(UNDATED + 1 + place, reading) for reading in text.expressions[number].readings]
    exact = {option for option, ends in options if ends == wanted}
    near = {option for option, ends in options if close_dates(wanted, ends)}
    return tuple(sorted(exact or near))


def _nearest(text: str, words: str, position: int) -> tuple[int, int] | None:
    lowered, words = text.lower(), words.lower()
    found = [i for i in range(len(lowered)) if lowered.startswith(words, i)]
    begin = min(found, key=lambda i: abs(i - position), default=None)
    return None if begin is None else (begin, begin + len(words))


def close_dates(wanted: tuple[dt.date, dt.date], given: tuple[dt.date, dt.date]) -> bool:
    """Whether two spans share half of their union, or both ends lie within a day of each other: so dates are scored."""
    (a, b), (c, d) = wanted, given
    if abs((a - c).days) <= 1 and abs((b - d).days) <= 1:
        return True
    shared, union = (min(b, d) - max(a, c)).days + 1, (max(b, d) - min(a, c)).days + 1
    return shared > 0 and shared / union >= 0.5
