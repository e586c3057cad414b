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
from typing import Any

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
    return EventDate(min(days), max(days), None)


def _ends(part: str) -> tuple[dt.date, dt.date]:
    numbers = [int(x) for x in part.split("-")]
    if len(numbers) == 1:
        return dt.date(numbers[0], 1, 1), dt.date(numbers[0], 12, 31)
    if len(numbers) == 2:
        year, month = numbers
        return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])
    year, month, day = numbers
    return dt.date(year, month, day), dt.date(year, month, day)


def read(path: Path) -> Iterator[GoldDocument]:
    """Yield the documents of a gold file.

    Raises:
        InputNotFound: the file cannot be read.
        BadLine: a line is no gold document; the message names line and reason.
    """
    with reading(path) as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                yield _document(json.loads(line))
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise BadLine(f"{path}:{number} is no gold document: {type(error).__name__}: {error}") from error


def _document(row: dict[str, Any]) -> GoldDocument:
    return GoldDocument(
        id=row["id"],
        sentences=tuple((int(begin), int(end)) for begin, end in row["sentences"]),
        events=tuple(_event(event) for event in row["events"]),
        aliases={name: tuple(forms) for name, forms in row.get("aliases", {}).items()},
    )


def _event(row: dict[str, Any]) -> GoldEvent:
    place = row.get("place") or ()
    return GoldEvent(
        type=row["type"],
        mentions=tuple(
            GoldMention(int(m["begin"]), int(m["end"]), int(m["sentence"]), m.get("trigger", ""))
            for m in row["mentions"]
        ),
        participants=tuple(row.get("participants") or ()),
        accept=tuple(row.get("accept") or ()),
        place=(place,) if isinstance(place, str) else tuple(place),
        accept_place=tuple(row.get("accept_place") or ()),
        date=parse_date(row.get("date")),
        date_scored=row.get("date_scored", True),
        status=Status(row["status"]) if row.get("status") else None,
        mode=Mode(row["mode"]) if row.get("mode") else None,
        reported_by=row.get("reported_by"),
        deployer=row.get("deployer"),
        force=row.get("force"),
        quantity=row.get("quantity"),
        origin=row.get("origin"),
        destination=row.get("destination"),
        optional=row.get("optional", False),
    )
