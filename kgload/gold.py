"""Texts that careful readers annotated with events: read and checked, for evaluation and for training.

A gold file is JSON Lines, a document a line: ``id``, ``sentences`` (begin and end of each), ``events``; its articles
stand in a file of their own beside it. What the fields mean is said in ``docs/events.md``.
"""

from __future__ import annotations

import calendar
import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kgload.errors import BadLine
from kgload.files import reading
from kgload.records import EventDate, Mode, Status


@dataclass(frozen=True, slots=True)
class GoldMention:
    """A trigger: where it stands, in which sentence (counted from 0)."""

    begin: int
    end: int
    sentence: int
    trigger: str = ""


@dataclass(frozen=True, slots=True)
class GoldEvent:
    """An event as the annotators saw it.

    ``accept`` and ``accept_place`` hold names that a system may give without being wrong. An ``optional`` event counts
    neither for nor against a system; where ``date_scored`` is false the annotators differed on the date.
    """

    type: str
    mentions: tuple[GoldMention, ...]
    participants: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    accept_place: tuple[str, ...] = ()
    date: EventDate | None = None
    date_scored: bool = True
    status: Status | None = None
    mode: Mode | None = None
    reported_by: str | None = None
    deployer: str | None = None
    force: str | None = None
    quantity: int | None = None
    origin: str | None = None
    destination: str | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """A text's events, with the sentences as (begin, end) in code points. ``aliases`` gives names' other forms."""

    id: str
    sentences: tuple[tuple[int, int], ...]
    events: tuple[GoldEvent, ...]
    aliases: dict[str, tuple[str, ...]]

    @property
    def is_article(self) -> bool:
        """Whether the text is a whole article: five sentences or more."""
        return len(self.sentences) >= 5

    @property
    def source(self) -> str:
        """Where the text comes from: the part of its id before the first underscore."""
        return self.id.partition("_")[0]


def parse_date(text: str | None) -> EventDate | None:
    """``2025-08-15``, ``2025-08``, ``2025`` or two of them with a slash between, as a span of days.

    Raises:
        ValueError: it is none of these.
    """
    if not text:
        return None
    days = [day for part in text.split("/") for day in _ends(part)]
    if len(days) > 4:
        raise ValueError("more than two days")
    return EventDate(min(days), max(days), None)


def _ends(part: str) -> tuple[dt.date, dt.date]:
    numbers = [int(x) for x in part.split("-")]
    if len(numbers) == 1:
        return dt.date(numbers[0], 1, 1), dt.date(numbers[0], 12, 31)
    if len(numbers) == 2:
        year, month = numbers
        # The month is looked at first: calendar's own complaint about it is no ValueError in every version.
        first = dt.date(year, month, 1)
        return first, dt.date(year, month, calendar.monthrange(year, month)[1])
    year, month, day = numbers
    return dt.date(year, month, day), dt.date(year, month, day)


def date_text(date: EventDate) -> str | None:
    """What :func:`parse_date` reads as these days; None where they are not known."""
    first, last = date.earliest or date.latest, date.latest or date.earliest
    if first is None or last is None:
        return None
    for short in (f"{first}", f"{first}"[:7], f"{first}"[:4]):
        if (found := parse_date(short)) and (found.earliest, found.latest) == (first, last):
            return short
    return f"{first}/{last}"


def read(path: Path) -> Iterator[GoldDocument]:
    """Yield the documents of a gold file.

    Raises:
        InputNotFound: the file cannot be read.
        BadLine: a line is no gold document, or its id is there already; the message names line, place and reason.
    """
    seen: set[str] = set()
    with reading(path) as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                document = parse(line)
                if document.id in seen:
                    raise ValueError(f"id: {document.id[:100]!r} is there twice")
            except ValueError as error:
                raise BadLine(f"{path}:{number} is no gold document: {error}") from error
            seen.add(document.id)
            yield document


class _Row(BaseModel):
    """Types as JSON has them; fields that are not ours are other people's, and passed over."""

    model_config = ConfigDict(strict=True, extra="ignore")


class _Mention(_Row):
    begin: Annotated[int, Field(ge=0)]
    end: int
    sentence: Annotated[int, Field(ge=0)]
    trigger: str = ""


Names = list[str] | None


class _Event(_Row):
    type: Annotated[str, Field(min_length=1)]
    mentions: Annotated[list[_Mention], Field(min_length=1)]
    participants: Names = None
    accept: Names = None
    place: str | list[str] | None = None
    accept_place: Names = None
    date: str | None = None
    date_scored: bool = True
    status: Status | None = None
    mode: Mode | None = None
    reported_by: str | None = None
    deployer: str | None = None
    force: str | None = None
    quantity: int | None = None
    origin: str | None = None
    destination: str | None = None
    optional: bool = False


class _Document(_Row):
    id: Annotated[str, Field(min_length=1)]
    sentences: list[tuple[int, int]]
    events: list[_Event]
    aliases: dict[str, list[str]] = {}


def parse(line: str | bytes) -> GoldDocument:
    """The gold document that a line of JSON holds.

    Raises:
        ValueError: it holds none; the message is ``place: reason``.
    """
    try:
        row = _Document.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"]).lstrip(".")
        raise ValueError(f"{place or 'the line'}: {first['msg']}") from error
    for number, (begin, end) in enumerate(row.sentences):
        if not 0 <= begin < end:
            raise ValueError(f"sentences[{number}]: {begin} to {end} is no span")
    return GoldDocument(
        id=row.id,
        sentences=tuple(row.sentences),
        events=tuple(_event(event, f"events[{n}]", len(row.sentences)) for n, event in enumerate(row.events)),
        aliases={name: tuple(forms) for name, forms in row.aliases.items()},
    )


def _event(row: _Event, path: str, sentences: int) -> GoldEvent:
    for number, mention in enumerate(row.mentions):
        if mention.begin >= mention.end:
            raise ValueError(f"{path}.mentions[{number}]: {mention.begin} to {mention.end} is no span")
        if mention.sentence >= sentences:
            raise ValueError(f"{path}.mentions[{number}].sentence: there is no sentence {mention.sentence}")
    try:
        date = parse_date(row.date)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{path}.date: {row.date!r} is no date: {error}") from error
    place = row.place or ()
    return GoldEvent(
        type=row.type,
        mentions=tuple(GoldMention(m.begin, m.end, m.sentence, m.trigger) for m in row.mentions),
        participants=tuple(row.participants or ()),
        accept=tuple(row.accept or ()),
        place=(place,) if isinstance(place, str) else tuple(place),
        accept_place=tuple(row.accept_place or ()),
        date=date,
        date_scored=row.date_scored,
        status=row.status,
        mode=row.mode,
        reported_by=row.reported_by or None,
        deployer=row.deployer or None,
        force=row.force or None,
        quantity=row.quantity,
        origin=row.origin or None,
        destination=row.destination or None,
        optional=row.optional,
    )


def dump(document: GoldDocument) -> str:
    """A gold document as a line of JSON that :func:`read` takes; what is not said is left out."""
    row: dict[str, Any] = {"id": document.id, "sentences": document.sentences}
    row["events"] = [_dumped(event) for event in document.events]
    if document.aliases:
        row["aliases"] = document.aliases
    return json.dumps(row, ensure_ascii=False)


def _dumped(event: GoldEvent) -> dict[str, Any]:
    mentions = [{"begin": m.begin, "end": m.end, "sentence": m.sentence, "trigger": m.trigger} for m in event.mentions]
    row: dict[str, Any] = {"type": event.type, "mentions": mentions, "participants": event.participants}
    said: dict[str, Any] = {
        "accept": event.accept,
        "place": event.place[0] if len(event.place) == 1 else event.place,
        "accept_place": event.accept_place,
        "date": date_text(event.date) if event.date else None,
        "status": event.status,
        "mode": event.mode,
        "reported_by": event.reported_by,
        "deployer": event.deployer,
        "force": event.force,
        "quantity": event.quantity,
        "origin": event.origin,
        "destination": event.destination,
    }
    row |= {name: value for name, value in said.items() if value not in (None, ())}
    return row | ({} if event.date_scored else {"date_scored": False}) | ({"optional": True} if event.optional else {})
