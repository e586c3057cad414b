"""Why an extractor found what it found: records beside those of :mod:`kgload.records`, made only where somebody asks.

All figures are those that the extraction itself used. Shares lie between 0 and 1; a ``least`` is the threshold that a
share was held against.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from kgload.records import Article, Document, Event

Days = tuple[dt.date, dt.date]
Shares = tuple[tuple[str, float], ...]
"""(answer, share) pairs, greatest share first."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """Words that were taken to name an event: where they stand, in which sentence (counted from 0), how sure that was.

    ``parts`` says what ``share`` was made of (``tagger``, ``reader``); it is empty where there was one judge only.
    """

    begin: int
    end: int
    text: str
    sentence: int
    share: float
    parts: Shares = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name that was considered for a part in an event.

    ``role`` is the part that was asked about (``participant``, ``place``, …); ``taken`` holds the roles of the event
    that came of it (a participant may be taken as ``deployer``), none where it was passed over. ``by_trigger`` has the
    share that each trigger of the event gave, None where the name did not stand around it. ``share`` is None where a
    rule chose without weighing.
    """

    role: str
    name: str
    entity: str | None
    share: float | None
    least: float
    taken: tuple[str, ...]
    by_trigger: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """How likely two triggers of an event, by their numbers among its triggers, speak of one event; and the clues."""

    left: int
    right: int
    share: float
    clues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Apart:
    """Another event of the document that was kept apart from this one, with the share that was too small."""

    event: str
    share: float


@dataclass(frozen=True, slots=True)
class DateOption:
    """Something that may tell the date: an expression (``begin`` and ``end`` in the text), the day of publication
    (``words`` is None, ``days`` is that day), or nothing (``words`` and ``days`` are None).

    ``readings`` are all that the expression may mean, the past one first; ``days`` is the one that fits the status.
    """

    words: str | None
    begin: int | None
    end: int | None
    readings: tuple[Days, ...]
    days: Days | None
    share: float
    taken: bool


@dataclass(frozen=True, slots=True)
class Cue:
    """A clue to the status: words of the text, or a clue's name where it is no stretch of the text (``begin`` None).

    ``weight`` is how much it spoke for the status that was chosen, in log-odds; below 0 it spoke against it.
    """

    text: str
    begin: int | None
    end: int | None
    weight: float


@dataclass(frozen=True, slots=True)
class EventExplanation:
    """How one event came about. ``event`` is its id in the document.

    ``score`` is what ``least`` was held against; the event's confidence follows from it. ``undated_least`` and the
    shares of ``dates`` decide the date, ``link_least`` the merging of triggers.
    """

    event: str
    triggers: tuple[Trigger, ...]
    score: float
    least: float
    candidates: tuple[Candidate, ...]
    pairs: tuple[Pair, ...]
    apart: tuple[Apart, ...]
    link_least: float
    dates: tuple[DateOption, ...]
    statuses: Shares
    cues: tuple[Cue, ...]
    modes: Shares = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A trigger, or a group of them, of which no event came, and why."""

    type: str
    triggers: tuple[Trigger, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A document with the reasons for its events, in the same order, and what was nearly an event."""

    document: Document
    events: tuple[EventExplanation, ...]
    rejected: tuple[Rejected, ...] = ()


@runtime_checkable
class Explaining(Protocol):
    """What an :class:`kgload.records.Extractor` has besides, where it can explain itself."""

    def explain(self, articles: Iterable[Article]) -> Iterator[Explanation]:
        """Yield for each article, in order, the document that ``extract`` would give, with its reasons."""
        ...


def ranked(shares: Iterable[tuple[str, float]]) -> Shares:
    """Answers with their shares, the greatest first; equal ones by name."""
    return tuple(sorted(((name, float(share)) for name, share in shares), key=lambda pair: (-pair[1], pair[0])))


RESULTS = {
    "participant": ("participant", "signatory", "host", "deployer"),
    "place": ("place", "destination"),
}
"""The roles that an event may have of a part that is weighed under another name; any other part keeps its own."""


def candidates(
    document: Document,
    event: Event,
    asked: Iterable[tuple[str, str, str | None, float, float, tuple[float | None, ...]]],
) -> Iterator[Candidate]:
    """The candidates of an event, with the roles that came of them: first those that were weighed, given as (role,
    name, entity, share, least, share by trigger), then those that the words alone name: a force, a host."""
    names = {entity.id: entity.name for entity in document.entities}
    arguments = {(argument.entity, argument.role) for argument in event.arguments}
    explained: set[tuple[str, str]] = set()
    for role, name, entity, share, least, by_trigger in asked:
        taken = tuple(r for r in RESULTS.get(role, (role,)) if entity and (entity, r) in arguments)
        explained |= {(entity or "", r) for r in taken}
        yield Candidate(role, name, entity, share, least, taken, by_trigger)
    for argument in event.arguments:
        if (argument.entity, argument.role) not in explained:
            role, entity = argument.role, argument.entity
            yield Candidate(role, names[entity], entity, None, 0.0, (role,))
