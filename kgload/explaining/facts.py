"""An explanation as tables of words: what both the terminal and the page show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from kgload.explaining.sentences import event_of
from kgload.explanations import Candidate, DateOption, Days, EventExplanation, Explanation, Shares

FAINT = 0.01
"""Candidates below this share are left out, unless they were taken: there is one for each name around, and role."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of words; ``note`` says what decided. Rows that were ``taken`` are marked."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    taken: tuple[bool, ...]
    note: str = ""


def heading(explanation: Explanation, why: EventExplanation) -> str:
    """An event in a line: its id, type, status and date."""
    event = event_of(explanation, why)
    said = f"{event.id}: {event.type}, {event.status}"
    if event.mode:
        said += f", {event.mode}"
    if event.date and event.date.earliest and event.date.latest:
        said += f", {days((event.date.earliest, event.date.latest))}"
    return f"{said} (confidence {event.confidence:.2f})"


def tables(explanation: Explanation, why: EventExplanation) -> Iterator[Table]:
    """All that is said of an event, a table a question."""
    yield _triggers(why)
    yield from _merging(why)
    yield _parts(why)
    yield _dates(explanation, why)
    yield _answers("Status", why.statuses)
    if why.cues:
        rows = tuple((cue.text, f"{cue.weight:+.2f}") for cue in why.cues)
        status = event_of(explanation, why).status
        note = f"what spoke for {status} (against it, where below 0), in log-odds, at the surest trigger"
        yield Table("Cues to the status", ("clue", "weight"), rows, (False,) * len(rows), note)
    if why.modes:
        yield _answers("Mode", why.modes)


def rejected(explanation: Explanation) -> Table | None:
    """What was nearly an event; None where nothing was."""
    rows = tuple(
        (one.type, "; ".join(f"{t.text} (sentence {t.sentence + 1})" for t in one.triggers), one.why)
        for one in explanation.rejected
    )
    return Table("No events", ("type", "words", "why not"), rows, (False,) * len(rows)) if rows else None


def _triggers(why: EventExplanation) -> Table:
    judges = tuple(dict.fromkeys(name for t in why.triggers for name, _ in t.parts))
    rows = tuple(
        (
            str(number),
            t.text,
            str(t.sentence + 1),
            share(t.share),
            *(share(dict(t.parts)[judge]) for judge in judges),
        )
        for number, t in enumerate(why.triggers, start=1)
    )
    taken = tuple(t.share == why.score for t in why.triggers)
    note = f"an event needs one trigger of {why.least:g} or more; the surest has {share(why.score)}"
    return Table("Triggers", ("", "words", "sentence", "share", *judges), rows, taken, note)


def _merging(why: EventExplanation) -> Iterator[Table]:
    if why.pairs:
        rows = tuple((f"{p.left + 1} and {p.right + 1}", share(p.share), "; ".join(p.clues)) for p in why.pairs)
        note = f"groups of triggers are one event where the average share between them is {why.link_least:g} or more"
        yield Table("Why one event", ("triggers", "share", "clues"), rows, (False,) * len(rows), note)
    if why.apart:
        others = tuple((a.event, share(a.share)) for a in why.apart)
        note = "the likeliest other event of this type, and the average share between its triggers and these"
        yield Table("Kept apart from", ("event", "share"), others, (False,) * len(others), note)


def _parts(why: EventExplanation) -> Table:
    kept = [c for c in why.candidates if c.taken or (c.share is not None and c.share >= FAINT)]
    rows = tuple(
        (
            c.role,
            c.name,
            share(c.share),
            f"{c.least:g}" if c.share is not None else "",
            ", ".join(c.taken),
            _by_trigger(c) if len(why.triggers) > 1 else "",
        )
        for c in kept
    )
    columns = ("asked", "name", "share", "least", "taken as", "by trigger" if len(why.triggers) > 1 else "")
    left = len(why.candidates) - len(kept)
    note = f"{left} more below {FAINT:g}" if left else ""
    return Table("Who and where", columns, rows, tuple(bool(c.taken) for c in kept), note)


def _by_trigger(candidate: Candidate) -> str:
    return " ".join(share(s) if s is not None else "–" for s in candidate.by_trigger)


def _dates(explanation: Explanation, why: EventExplanation) -> Table:
    published = explanation.document.article.date
    rows = tuple((_what(d), "; ".join(map(days, d.readings)), days(d.days), share(d.share)) for d in why.dates)
    note = f"counted from the day of publication, {published}" if published else "the day of publication is not known"
    columns = ("what may tell it", "may mean", "means here", "share")
    return Table("Date", columns, rows, tuple(d.taken for d in why.dates), note)


def _what(option: DateOption) -> str:
    if option.words is not None:
        return f"“{option.words}”"
    return "day of publication" if option.days else "no date"


def _answers(title: str, shares: Shares) -> Table:
    rows = tuple((name, share(value)) for name, value in shares)
    return Table(title, ("answer", "share"), rows, tuple(i == 0 for i in range(len(rows))))


def days(span: Days | None) -> str:
    """A span of days: one day as such, else with "to"."""
    if span is None:
        return ""
    first, last = map(dt.date.isoformat, span)
    return first if first == last else f"{first} to {last}"


def share(value: float | None) -> str:
    """A share with three digits behind the point, never rounded up to a certainty that it is not."""
    if value is None:
        return ""
    return f"{min(value, 0.999):.3f}" if value < 1 else "1.000"
