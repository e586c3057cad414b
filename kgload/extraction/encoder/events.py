"""From readings to events: mentions are weighed, brought together, and vote on who, where, when and whether."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from kgload.extraction.encoder.merging import cluster
from kgload.extraction.encoder.model import Settings
from kgload.extraction.encoder.reading import Reading, Readings
from kgload.extraction.encoder.text import Text
from kgload.ontology import vocabulary

DEFAULTS = {
    # How much the tagger counts against the reader in weighing a mention.
    "tagger": 0.5,
    # The least weight of a mention, of an event's best mention (in a text of a few sentences, and in a longer one,
    # where more is said that is no event), and of a link between mentions.
    "mention": 0.3,
    "event": 0.5,
    "event_long": 0.5,
    "link": 0.5,
    # An entity's part: how much its likeliest mention counts against the average, and the least that makes it one.
    "best": 0.5,
    "participant": 0.5,
    "best_single": 0.7,
    "place": 0.5,
    "attributedTo": 0.5,
    "deployer": 0.3,
    "origin": 0.5,
    # How much likelier "undated" must be made to seem.
    "undated": 1.0,
    # From an event's score to how sure it is: log-odds times slope plus offset.
    "slope": 1.0,
    "offset": 0.0,
}

LONG = 5
"""Sentences of a long text: an article, not a brief."""

FUTURE = frozenset(["Planned", "Proposed"])
PUBLISHED, UNDATED = 0, 1

Days = tuple[dt.date, dt.date]


@dataclass(frozen=True, slots=True)
class Votes:
    """What the mentions of an event said together, before thresholds: ``weights`` of the mentions; for each role the
    share of each entity; sums of statuses and modes in the order of the settings; sums of days (None: no date)."""

    weights: tuple[float, ...]
    parts: dict[str, dict[int, float]]
    statuses: tuple[float, ...]
    modes: tuple[float, ...]
    dates: dict[Days | None, float]


@dataclass(frozen=True, slots=True)
class Found:
    """An event as its mentions say. Numbers are of the text's entities; ``participants`` maps them to how sure each is,
    ``roles`` each further role to (entity, how sure). ``date`` is a number of the text's expressions with the reading
    that was chosen, or the publication date with no number. ``score`` is how sure the event itself is; ``votes`` is
    what all this was chosen from."""

    kind: int
    mentions: tuple[Reading, ...]
    score: float
    participants: dict[int, float]
    roles: dict[str, tuple[int, float]]
    status: str
    mode: str
    date: tuple[int | None, Days] | None
    force: tuple[int, int] | None
    votes: Votes


def combine(text: Text, readings: Readings, settings: Settings, thresholds: dict[str, float]) -> list[Found]:
    """The events of a text, in order of their first mentions."""
    limits = DEFAULTS | thresholds
    weights = [weigh(trigger, limits["tagger"]) for trigger in readings.triggers]
    kept = [i for i, weight in enumerate(weights) if weight >= limits["mention"]]
    groups = cluster(
        [readings.triggers[i].kind for i in kept],
        lambda i, j: readings.same.get((kept[i], kept[j]), 0.0),
        limits["link"],
    )
    least = limits["event_long" if len(text.sentences) >= LONG else "event"]
    found = []
    for group in groups:
        numbers = [kept[i] for i in group]
        if max(weights[i] for i in numbers) >= least:
            voters = [(readings.triggers[i], weights[i]) for i in numbers]
            found.append(_event(text, voters, settings, limits))
    return sorted(found, key=lambda event: (event.mentions[0].begin, event.mentions[0].end))


def weigh(trigger: Reading, share: float) -> float:
    """How sure a mention is, from what tagger and reader say of it."""
    odds = share * log_odds(trigger.trigger) + (1 - share) * log_odds(trigger.event)
    return 1 / (1 + math.exp(-odds))


def log_odds(probability: float) -> float:
    """The logarithm of the odds of a probability, kept within bounds."""
    inside = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(inside / (1 - inside))


def confidence(score: float, thresholds: dict[str, float]) -> float:
    """The share of events of such a score that are right, as calibrated when the thresholds were chosen."""
    limits = DEFAULTS | thresholds
    return 1 / (1 + math.exp(-(limits["slope"] * log_odds(score) + limits["offset"])))


Voters = Sequence[tuple[Reading, float]]


def _event(text: Text, voters: Voters, settings: Settings, limits: dict[str, float]) -> Found:
    parts = {"participant": _votes([(reading.participants, weight) for reading, weight in voters], limits["best"])}
    participants = {entity: part for entity, part in parts["participant"].items() if part >= limits["participant"]}
    roles: dict[str, tuple[int, float]] = {}
    for role in settings.roles[1:]:
        votes = _votes([(reading.roles[role], weight) for reading, weight in voters], limits["best_single"])
        parts[role] = votes
        entity = max(votes, key=lambda entity: (votes[entity], -entity), default=None)
        if entity is not None and votes[entity] >= limits[role]:
            roles[role] = entity, votes[entity]
    type_ = settings.types[voters[0][0].kind]
    if type_ not in vocabulary().sending:
        roles = {role: filler for role, filler in roles.items() if role not in ("deployer", "origin")}
    elif "deployer" in roles:
        participants.setdefault(*roles["deployer"])
    statuses = _sums([(reading.status, weight) for reading, weight in voters])
    modes = _sums([(reading.mode, weight) for reading, weight in voters])
    status, mode = settings.statuses[_largest(statuses)], settings.modes[_largest(modes)]
    totals, said = _dates(text, voters, status in FUTURE)
    surest = sorted(voters, key=lambda voter: (-voter[1], voter[0].begin))
    return Found(
        kind=voters[0][0].kind,
        mentions=tuple(reading for reading, _ in voters),
        score=max(weight for _, weight in voters),
        participants=participants,
        roles=roles,
        status=status,
        mode=mode if type_ in vocabulary().modal else "",
        date=_date(totals, said, limits["undated"]),
        force=next((reading.force for reading, _ in surest if reading.force), None),
        votes=Votes(tuple(weight for _, weight in voters), parts, statuses, modes, totals),
    )


def _votes(shares: Sequence[tuple[dict[int, float], float]], best: float) -> dict[int, float]:
    """For each entity, a mean of its best share and of the weighted average over the mentions that it stands around."""
    given: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for table, weight in shares:
        for entity, share in table.items():
            given[entity].append((share, weight))
    return {
        entity: best * max(share for share, _ in votes)
        + (1 - best) * sum(share * weight for share, weight in votes) / sum(weight for _, weight in votes)
        for entity, votes in given.items()
    }


def _sums(votes: Sequence[tuple[Sequence[float], float]]) -> tuple[float, ...]:
    return tuple(sum(shares[i] * weight for shares, weight in votes) for i in range(len(votes[0][0])))


def _largest(sums: Sequence[float]) -> int:
    return max(range(len(sums)), key=sums.__getitem__)


def _dates(text: Text, voters: Voters, future: bool) -> tuple[dict[Days | None, float], dict[Days, int | None]]:
    """How likely each date is, and which expression says so; expressions that give the same days add up."""
    totals: dict[Days | None, float] = defaultdict(float)
    said: dict[Days, int | None] = {}
    published = text.article.date
    for reading, weight in voters:
        options: list[tuple[int | None, Days | None]] = [
            (None, (published, published) if published else None),
            (None, None),
        ]
        options += [(number, reading_of(text, number, future)) for number in reading.said]
        for (number, days), share in zip(options, reading.dates, strict=True):
            totals[days] += share * weight
            if days is not None and (number is not None or days not in said):
                said[days] = number
    return totals, said


def _date(
    totals: dict[Days | None, float], said: dict[Days, int | None], undated: float
) -> tuple[int | None, Days] | None:
    best = max((days for days in totals if days), key=lambda days: totals[days], default=None)
    if best is None or totals[best] < totals.get(None, 0.0) * undated:
        return None
    return said[best], best


def reading_of(text: Text, number: int, future: bool) -> Days | None:
    """An expression's days: of "Friday", the next one where the event is still to come, otherwise the last."""
    readings: tuple[Days, ...] = text.expressions[number].readings
    if not readings:
        return None
    return readings[-1] if future else readings[0]
