"""Events by time, in as many bars as can be drawn: days, months, years, or tens of years."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from kgload.views.shown import Shown

MOST_BARS = 100


@dataclass(frozen=True, slots=True)
class Period:
    """A bar: its name (``2025-08-13``, ``2025-08``, ``2025``, ``2020s``), and its events by type and status."""

    name: str
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)


def periods(events: Iterable[Shown], most: int = MOST_BARS) -> tuple[list[Period], int]:
    """Bars from the first day of any event to the last, empty ones too, and how many events have no date.

    An event stands in the bar of its first day.
    """
    undated, found = 0, Counter[tuple[dt.date, str, str]]()
    for event in events:
        day = event.when.earliest or event.when.latest
        if day is None:
            undated += 1
        else:
            found[day, event.type, event.status] += 1
    if not found:
        return [], undated
    days = [day for day, _, _ in found]
    first, last = min(days), max(days)
    number, name = next((step for step in _STEPS if step[0](last) - step[0](first) < most), _STEPS[-1])
    bars = {each: Period(name(each)) for each in range(number(first), number(last) + 1)}
    for (day, type_, status), count in found.items():
        bars[number(day)].counts[type_, status] += count
    return list(bars.values()), undated


_STEPS: tuple[tuple[Callable[[dt.date], int], Callable[[int], str]], ...] = (
    (dt.date.toordinal, lambda n: dt.date.fromordinal(n).isoformat()),
    (lambda day: day.year * 12 + day.month - 1, lambda n: f"{n // 12:04}-{n % 12 + 1:02}"),
    (lambda day: day.year, lambda n: f"{n:04}"),
    (lambda day: day.year // 10, lambda n: f"{n * 10:04}s"),
    (lambda day: day.year // 100, lambda n: f"{n * 100:04} to {n * 100 + 99:04}"),
)
