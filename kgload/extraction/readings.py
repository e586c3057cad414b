"""What the light extractor reads around one trigger: parts, status, mode and date, with their shares."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from kgload.extraction.clues import Clues, Stand
from kgload.extraction.dates import Days, Expression
from kgload.extraction.frames import Frame
from kgload.extraction.names import CAPITAL, CITY, DEMONYM, Name
from kgload.extraction.triggers import Trigger
from kgload.extraction.weights import Weights
from kgload.records import EntityKind, Status

ACTORS = (EntityKind.PERSON, EntityKind.ORGANIZATION, EntityKind.STATE, EntityKind.ARMED_GROUP)
PLACES = (EntityKind.PLACE, EntityKind.STATE)
FUTURE = (Status.PLANNED, Status.PROPOSED)
# How many sentences away from its trigger an event's parties and date may be named.
AROUND = 1


@dataclass(frozen=True, slots=True)
class Reading:
    """A trigger with the shares of all answers.

    ``parts`` maps a role to the share of each entity (by number); ``dates`` maps an expression, or None for the day of
    publication, to the share that it tells the date.
    """

    trigger: Trigger
    sentence: int
    parts: dict[str, dict[int, float]]
    statuses: dict[str, float]
    modes: dict[str, float]
    dates: dict[Expression | None, float]
    stand: Stand


def names_around(clues: Clues, token: int) -> Iterator[Name]:
    """The names that may have a part in the event of a trigger."""
    here = clues.sentence(token)
    for number in range(here - AROUND, here + AROUND + 1):
        yield from clues.names_near(token, number)


def dates_around(clues: Clues, token: int) -> Iterator[Expression | None]:
    """What may tell the date of a trigger's event; None is the day of publication."""
    if clues.analysis.article.date:
        yield None
    here = clues.sentence(token)
    for number in range(here - AROUND, here + AROUND + 1):
        yield from clues.expressions_in(number)


def read(clues: Clues, trigger: Trigger, frame: Frame, weights: Weights) -> Reading:
    """Read the surroundings of a trigger."""
    parts: dict[str, dict[int, float]] = {role: {} for role in weights["part"].answers}
    for name in names_around(clues, trigger.token):
        kind = clues.names.entities[name.entity].kind
        for role, share in weights["part"].shares(clues.part(trigger.token, trigger.type, name)).items():
            fits = _fits(role, kind, name.label)
            if fits and share > parts[role].get(name.entity, 0):
                parts[role][name.entity] = share
    statuses = weights["status"].shares(clues.status(trigger.token, trigger.type))
    modes = weights["mode"].shares(clues.mode(trigger.token)) if frame.modes else {}
    dates = {
        said: weights["date"].shares(clues.date(trigger.token, trigger.type, said))["yes"]
        for said in dates_around(clues, trigger.token)
    }
    status = max(statuses, key=lambda answer: (statuses[answer], answer))
    return Reading(
        trigger,
        clues.sentence(trigger.token),
        parts,
        statuses,
        modes,
        dates,
        _stand(clues, trigger, frame, parts, status, dates),
    )


def _fits(role: str, kind: EntityKind | None, label: str) -> bool:
    if role == "place":
        return kind in PLACES and label not in (DEMONYM, CAPITAL)
    return kind in ACTORS and label != CITY


def days_of(said: Expression | None, status: str, published: dt.date | None) -> Days | None:
    """The days that an expression means for an event of a status; None where they are not known."""
    if said is None:
        return (published, published) if published else None
    if not said.readings:
        return None
    return said.readings[-1] if status in FUTURE else said.readings[0]


def _stand(
    clues: Clues,
    trigger: Trigger,
    frame: Frame,
    parts: dict[str, dict[int, float]],
    status: str,
    dates: dict[Expression | None, float],
) -> Stand:
    least = frame.least
    actors = frozenset(e for e, share in parts["participant"].items() if share >= least.participant)
    place = max(parts["place"], key=lambda e: (parts["place"][e], -e), default=None)
    if place is not None and parts["place"][place] < least.place:
        place = None
    said = max(dates, key=lambda e: (dates[e], -(e.begin if e else -1)), default=None)
    days = None
    if dates and dates[said] >= least.date:
        days = days_of(said, status, clues.analysis.article.date)
    return Stand(trigger.token, trigger.type, actors, place, status, days)
