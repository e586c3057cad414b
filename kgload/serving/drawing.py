"""Pictures as numbers that a template writes as SVG: bars by time, a network, a map. They need no script.

The same data gives the same picture, so that a page that is loaded again looks as before.
"""

from __future__ import annotations

import calendar
import datetime as dt
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kgload.views.data import Tie
from kgload.views.shown import Party, Shown

WIDTH = 960.0
_BARS = 120
_NODES = 60
_STEPS = 220


@dataclass(frozen=True, slots=True)
class Bar:
    """Events of a time: its first and last day, how many, and the bar's place."""

    label: str
    since: str
    until: str
    events: int
    x: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars by time, the height that the highest has, and the ticks of their axis (text and place)."""

    bars: tuple[Bar, ...] = ()
    height: float = 150.0
    ticks: tuple[tuple[str, float], ...] = ()


def bars(months: Mapping[str, int], height: float = 150.0) -> Bars:
    """Bars by month, or by year where months would be more than fit; those without events are left out."""
    known = {month: n for month, n in months.items() if n and len(month) == 7}
    if not known:
        return Bars()
    first, last = min(known), max(known)
    by_year = _months(first, last) > _BARS
    sums: Counter[str] = Counter()
    for month, n in known.items():
        sums[month[:4] if by_year else month] += n
    slots = int(last[:4]) - int(first[:4]) + 1 if by_year else _months(first, last)
    step, most = (WIDTH - 10) / slots, max(sums.values())
    found = []
    for label, n in sorted(sums.items()):
        place = int(label[:4]) - int(first[:4]) if by_year else _months(first, label) - 1
        x, width = round(5 + place * step, 2), round(max(1.0, step - 1), 2)
        found.append(Bar(label, *_days(label), n, x, width, round(max(2.0, height * n / most), 2)))
    ticks = tuple((text, round(5 + place * step, 2)) for place, text in _labels(first, slots, by_year=by_year))
    return Bars(tuple(found), height, ticks)


def _labels(first: str, slots: int, *, by_year: bool) -> Iterator[tuple[int, str]]:
    """The labels of an axis, by the number of their bar: so few that they do not run into each other."""
    year, month = int(first[:4]), 0 if by_year else int(first[5:]) - 1
    months = 12 if by_year else 1
    room = next(n for n in (1, 2, 3, 6, 12, 24, 60, 120, 600, 6000, 10**6) if slots * months / n <= 13)
    start = year * 12 + (month if room < 12 else 0)
    for place in range(slots):
        then = year * 12 + month + place * months
        if (then - start) % room == 0:
            yield place, f"{then // 12:04}" if room >= 12 else f"{then // 12:04}-{then % 12 + 1:02}"


def _months(first: str, last: str) -> int:
    return (int(last[:4]) - int(first[:4])) * 12 + int(last[5:7]) - int(first[5:7]) + 1


def _days(label: str) -> tuple[str, str]:
    if len(label) == 4:
        return f"{label}-01-01", f"{label}-12-31"
    year, month = int(label[:4]), int(label[5:7])
    return f"{label}-01", dt.date(year, month, calendar.monthrange(year, month)[1]).isoformat()


@dataclass(frozen=True, slots=True)
class Node:
    """A party in a network, with the number of its ties' events."""

    party: Party
    events: int
    x: float
    y: float
    r: float
    is_left: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A tie between two nodes, as wide as it is strong."""

    tie: Tie
    x1: float
    y1: float
    x2: float
    y2: float
    width: float


def network(ties: Sequence[Tie], width: float = WIDTH, height: float = 640.0) -> tuple[list[Node], list[Line]]:
    """The strongest ties, laid out by forces: all nodes push each other away, ties pull."""
    kept: list[Tie] = []
    order: dict[str, Party] = {}
    for tie in ties:
        if len({*order, tie.one.iri, tie.other.iri}) > _NODES:
            continue
        order.setdefault(tie.one.iri, tie.one)
        order.setdefault(tie.other.iri, tie.other)
        kept.append(tie)
    if not kept:
        return [], []
    index = {iri: i for i, iri in enumerate(order)}
    weights = Counter(dict.fromkeys(range(len(order)), 0))
    for tie in kept:
        weights[index[tie.one.iri]] += tie.events
        weights[index[tie.other.iri]] += tie.events
    places = _settled([(index[t.one.iri], index[t.other.iri], t.events) for t in kept], len(order), width, height)
    strongest, biggest = max(t.events for t in kept), max(weights.values())
    nodes = [
        Node(
            party,
            weights[i],
            round(float(places[i, 0]), 1),
            round(float(places[i, 1]), 1),
            round(5 + 13 * math.sqrt(weights[i] / biggest), 1),
            bool(places[i, 0] > width * 0.72),
        )
        for party, i in ((order[iri], i) for iri, i in index.items())
    ]
    lines = []
    for tie in kept:
        (x1, y1), (x2, y2) = (places[index[party.iri]].round(1).tolist() for party in (tie.one, tie.other))
        lines.append(Line(tie, x1, y1, x2, y2, round(1 + 7 * tie.events / strongest, 1)))
    return nodes, lines


def _settled(ties: Sequence[tuple[int, int, int]], count: int, width: float, height: float) -> np.ndarray:
    # From a spiral, so that it is the same each time; the busiest are in the middle.
    turn = np.arange(count) * 2.399963
    radius = np.sqrt((np.arange(count) + 0.5) / count)
    places = np.stack([np.cos(turn) * radius, np.sin(turn) * radius], axis=1)
    ideal = 1.6 / math.sqrt(max(count, 2))
    ones, others = (np.array([t[k] for t in ties]) for k in (0, 1))
    pull = np.log1p(np.array([t[2] for t in ties], dtype=float))
    pull = pull / pull.max()
    for step in range(_STEPS):
        apart = places[:, None, :] - places[None, :, :]
        distance = np.maximum(np.sqrt((apart**2).sum(-1)), 1e-3)
        force = (apart / distance[..., None] ** 2 * ideal**2).sum(1)
        along = places[others] - places[ones]
        length = np.maximum(np.sqrt((along**2).sum(-1)), 1e-3)
        drawn = along * (length / ideal * (0.3 + 0.7 * pull))[:, None] * 0.35
        np.add.at(force, ones, drawn)
        np.add.at(force, others, -drawn)
        force -= places * 0.25
        size = np.maximum(np.sqrt((force**2).sum(-1, keepdims=True)), 1e-9)
        places = places + force / size * np.minimum(size, 0.12 * (1 - step / _STEPS) + 0.002)
    low, high = places.min(0), places.max(0)
    margin = np.array([70.0, 30.0])
    room = np.maximum(high - low, 1e-6)
    fitted: np.ndarray = margin + (places - low) / room * (np.array([width, height]) - 2 * margin)
    return fitted


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the map, with the number of its events."""

    party: Party
    events: int
    x: float
    y: float
    r: float
    is_labelled: bool


def spots(places: Sequence[tuple[Party, int]]) -> tuple[list[Spot], list[tuple[Party, int]]]:
    """The places that lie on the map, the most frequent first, and those whose position is not known.

    Raises:
        ViewsNotBuilt: the table of coordinates is not there.
    """
    from kgload.views.assets import located

    most = max((n for _, n in places), default=1)
    found: list[Spot] = []
    unknown: list[tuple[Party, int]] = []
    for party, n in places:
        at = located(party.item) if party.is_trusted else None
        if at is None:
            unknown.append((party, n))
            continue
        r = round(3 + 14 * math.sqrt(n / most), 1)
        free = all(abs(s.y - at.y) > 11 or abs(s.x - at.x) > 70 for s in found if s.is_labelled)
        found.append(Spot(party, n, at.x, at.y, r, free and len(found) < 60))
    return found, unknown


@dataclass(frozen=True, slots=True)
class Mark:
    """An event on a timeline: a dot for a day, a bar for a longer span."""

    event: Shown
    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True)
class Lane:
    """The events of one type, beneath each other where they would overlap."""

    type: str
    top: float
    height: float
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Lanes:
    """A timeline of few events: its lanes, the ticks of its axis (text and place), and its height."""

    lanes: tuple[Lane, ...]
    ticks: tuple[tuple[str, float], ...]
    height: float


_ROW, _DOT = 20.0, 12.0


def lanes(events: Sequence[Shown]) -> Lanes:
    """Each event by its first and last day; what is known less well is longer."""
    spans = [(e, e.when.earliest or e.when.latest, e.when.latest or e.when.earliest) for e in events]
    known = [(e, first, last) for e, first, last in spans if first and last]
    if not known:
        return Lanes((), (), 0)
    low, high = min(first for _, first, _ in known), max(last for _, _, last in known)
    days = max(1, (high - low).days + 1)
    left, scale = 12.0, (WIDTH - 40) / days
    found, top = [], 4.0
    for kind in sorted({e.type for e, _, _ in known}):
        ends: list[float] = []
        marks = []
        for event, first, last in sorted((k for k in known if k[0].type == kind), key=lambda k: (k[1], k[2], k[0].iri)):
            x = left + (first - low).days * scale
            width = 0.0 if first == last else max(_DOT + 6, ((last - first).days + 1) * scale)
            row = next((i for i, end in enumerate(ends) if end < x - 3), len(ends))
            ends[row : row + 1] = [x + max(width, _DOT)]
            marks.append(Mark(event, round(x, 1), round(top + 26 + row * _ROW, 1), round(width, 1)))
        height = 26 + len(ends) * _ROW + 6
        found.append(Lane(kind, top, height - 4, tuple(marks)))
        top += height
    return Lanes(tuple(found), tuple(_ticks(low, high, left, scale)), top + 24)


def _ticks(low: dt.date, high: dt.date, left: float, scale: float) -> Iterator[tuple[str, float]]:
    months = _months(low.isoformat()[:7], high.isoformat()[:7])
    step = next(n for n in (1, 2, 3, 6, 12, 24, 60, 120, 600, 6000, 10**6) if months / n <= 12)
    for number in range(0, months, step):
        year, month = divmod(low.year * 12 + low.month - 1 + number, 12)
        day = max(low, dt.date(year, month + 1, 1))
        yield f"{year:04}" if step >= 12 else f"{year:04}-{month + 1:02}", round(left + (day - low).days * scale, 1)
