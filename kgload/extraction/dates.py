"""Expressions of time in a text, and the days that each may mean, counted from the day of publication.

The words are data (``data/dates.toml``); the arithmetic is here. A weekday alone has two readings, the last such day up
to publication and the next one: which holds is decided by the tense of what happens then.
"""

from __future__ import annotations

import calendar
import datetime as dt
import functools
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass

from kgload import data
from kgload.errors import DataError

Days = tuple[dt.date, dt.date]
WEEK = 7


@dataclass(frozen=True, slots=True)
class Expression:
    """Words that speak of a date.

    ``readings`` are the spans of days (first, last) that they may mean, the past one first; none where the words are
    vague, or where they count from a day of publication that is not known.
    """

    begin: int
    end: int
    readings: tuple[Days, ...]


@dataclass(frozen=True, slots=True)
class DateWords:
    """The words of ``dates.toml``, folded; ``vague`` words say no span of days, and what
    ``open`` words stand before lasts until publication."""

    months: dict[str, int]
    weekdays: dict[str, int]
    numbers: dict[str, int]
    seasons: dict[str, tuple[int, int]]
    shifts: dict[str, int]
    days: dict[str, int]
    vague: tuple[str, ...]
    open: tuple[str, ...]


Reader = Callable[[re.Match[str], dt.date | None, DateWords], tuple[Days, ...]]


@functools.cache
def date_words() -> DateWords:
    """What ``data/dates.toml`` says.

    Raises:
        DataError: it is not of its form.
    """
    try:
        table = tomllib.loads(data.path("dates.toml").read_text("utf-8"))
        return DateWords(
            months=_numbered(table["months"], 1),
            weekdays=_numbered(table["weekdays"], 0),
            numbers={str(word): int(value) for word, value in table["numbers"].items()},
            seasons={str(word): (int(ends[0]), int(ends[1])) for word, ends in table["seasons"].items()},
            shifts={str(word): int(value) for word, value in table["shifts"].items()},
            days={str(word): int(value) for word, value in table["days"].items()},
            vague=tuple(map(str, table["vague"]["words"])),
            open=tuple(map(str, table["open"]["words"])),
        )
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise DataError(f"dates.toml: {type(error).__name__}: {error}") from error


def _numbered(table: dict[str, list[str]], first: int) -> dict[str, int]:
    return {form: first + n for n, (name, short) in enumerate(table.items()) for form in (name, *short)}


def find(text: str, published: dt.date | None) -> tuple[Expression, ...]:
    """The expressions of time in a text, in text order, not overlapping; the longer of two that overlap.

    Raises:
        DataError: the words of time do not validate.
    """
    words = date_words()
    found: list[Expression] = []
    for pattern, reader in _patterns():
        for match in pattern.finditer(text):
            if any(e.begin < match.end() and match.start() < e.end for e in found) or _is_no_date(match):
                continue
            try:
                readings = reader(match, published, words)
            except (ValueError, OverflowError):  # the 31st of June, the year 0
                readings = ()
            if published and text[max(0, match.start() - 20) : match.start()].rstrip().casefold().endswith(words.open):
                readings = tuple((first, max(first, published)) for first, _ in readings[:1])
            found.append(Expression(match.start(), match.end(), readings))
    return tuple(sorted(found, key=lambda expression: expression.begin))


def _is_no_date(match: re.Match[str]) -> bool:
    """Whether a month's name is another word: "may", "march" without a capital."""
    month: str | None = match.groupdict().get("month")
    return month is not None and not month[0].isupper()


@functools.cache
def _patterns() -> tuple[tuple[re.Pattern[str], Reader], ...]:
    """The patterns with what each means; an earlier one has the first say."""
    words = date_words()
    month = rf"(?P<month>{_any(words.months)})\.?"
    weekday = rf"(?P<weekday>{_any(words.weekdays)})"
    day, upto = (
        r"(?P<day>\d{1,2})(?:st|nd|rd|th)?",
        r"(?:\s*(?:-|–|to|and|through|until)\s*(?P<to>\d{1,2})(?:st|nd|rd|th)?)?",
    )
    year, part = (
        r"(?P<year>(?:19|20)\d\d)",
        r"(?:(?P<part>early|mid|late|the end of|the start of|the beginning of)[ -])?",
    )
    shift = rf"(?P<shift>{_any(words.shifts)})"
    within = r"(?:(?P<within>earlier|later) )?"
    number, unit = rf"(?P<number>{_any(words.numbers)}|\d{{1,3}})", r"(?P<unit>day|week|month|year)"
    table: tuple[tuple[str, Reader], ...] = (
        (r"(?P<year>(?:19|20)\d\d)-(?P<number>\d\d)-(?P<day>\d\d)", _iso),
        (rf"{month} {day}{upto}(?:,? {year})?(?!\d|:)", _day),
        (rf"(?:the )?{day}{upto}(?: of)? {month}(?:,? {year})?", _day),
        (rf"{part}(?:(?:of )?{shift} )?{month}(?:,? (?:of )?{year})?(?! \d)", _month),
        (_any(words.vague), _vague),
        (rf"(?P<word>{_any(words.days)})", _relative_day),
        (rf"(?:{shift} )?{weekday}(?: (?P<night>night|morning|evening|afternoon))?(?!s)", _weekday),
        (rf"{within}(?:{shift}|the) weekend", _weekend),
        (rf"{within}{shift} (?:night|{unit}|(?P<season>{_any(words.seasons)}))(?!s)", _shifted),
        (rf"(?:the )?(?P<season>{_any(words.seasons)}) (?:of )?{year}", _season_of_year),
        (rf"(?:about |around |some |nearly |over )?{number} {unit}s? (?P<way>ago|from now)", _counted),
        (rf"{part}{year}(?![\d-])", _year),
    )
    return tuple((re.compile(rf"(?<![\w-])(?:{pattern})(?!\w)", re.I), reader) for pattern, reader in table)


def _any(words: dict[str, int] | dict[str, tuple[int, int]] | tuple[str, ...]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))


def _iso(match: re.Match[str], published: dt.date | None, words: DateWords) -> tuple[Days, ...]:
    day = dt.date(int(match["year"]), int(match["number"]), int(match["day"]))
    return ((day, day),)


def _day(match: re.Match[str], published: dt.date | None, words: DateWords) -> tuple[Days, ...]:
    month, first = words.months[match["month"].lower()], int(match["day"])
    last = int(match["to"] or first)
    if match["year"]:
        return ((dt.date(int(match["year"]), month, first), dt.date(int(match["year"]), month, last)),)
    if published is None:
        return ()
    spans = []
    for year in (published.year - 1, published.year, published.year + 1):
        try:
            spans.append((dt.date(year, month, first), dt.date(year, month, last)))
        except ValueError:  # 29 February in another year
            continue
    return _nearest(spans, published)


def _month(match: re.Match[str], published: dt.date | None, words: DateWords) -> tuple[Days, ...]:
    month = words.months[match["month"].lower()]
    if match["year"]:
        spans: list[Days] = [_month_days(int(match["year"]), month)]
    elif published is None:
        return ()
    else:
        spans = list(_nearest([_month_days(published.year + n, month) for n in (-1, 0, 1)], published))
        if match["shift"] and len(spans) == 2:
            spans = [spans[1] if words.shifts[match["shift"].lower()] > 0 else spans[0]]
    return tuple(_part(span, match["part"]) for span in spans)


def _nearest(spans: list[Days], published: dt.date) -> tuple[Days, ...]:
    """The last span that has begun by publication, and the first that has not."""
    past = [span for span in spans if span[0] <= published][-1:]
    return (*past, *[span for span in spans if span[0] > published][:1])


def _part(span: Days, part: str | None) -> Days:
    """A third of a span: its beginning, middle or end."""
    if not part:
        return span
    first, last = span
    if (last - first).days > 300:
        ends = {"mid": (5, 8), "late": (9, 12), "the end of": (12, 12)}.get(part.lower(), (1, 4))
        return dt.date(first.year, ends[0], 1), _month_days(first.year, ends[1])[1]
    tenth = {"mid": (11, 20), "late": (21, 31), "the end of": (21, 31)}.get(part.lower(), (1, 10))
    return first.replace(day=tenth[0]), first.replace(day=min(tenth[1], last.day))


def _vague(match: re.Match[str], published: dt.date | None, words: DateWords) -> tuple[Days, ...]:
    return ()


def _relative_day(match: re.Match[str], published: dt.date | None, words: DateWords) -> tuple[Days, ...]:
    if published is None:
        return ()
    day = published + dt.timedelta(days=words.days[match["word"].lower()])
    return ((day, day),)


def _weekday(match: re.Match[str], published: dt.date | None, words: DateWords) -> tuple[Days, ...]:
    if published is None:
        return ()
    back = (published.weekday() - words.weekdays[match["weekday"].lower()]) % WEEK
    past = published - dt.timedelta(days=back)
    future = past + dt.timedelta(days=WEEK)
    shift = words.shifts[match["shift"].lower()] if match["shift"] else None
    if shift is not None and shift < 0:
        past = past if back else past - dt.timedelta(days=WEEK)
        return ((past, past),)
    return ((future, future),) if shift is not None and shift > 0 else ((past, past), (future, future))


def _weekend(match: re.Match[str], published: dt.date | None, words: DateWords) -> tuple[Days, ...]:
    if published is None:
        return ()
    past = published - dt.timedelta(days=(published.weekday() - 5) % WEEK)
    spans = [(day, day + dt.timedelta(days=1)) for day in (past, past + dt.timedelta(days=WEEK))]
    shift = words.shifts[match["shift"].lower()] if match["shift"] else 0
    return tuple(spans) if shift == 0 else (spans[0 if shift < 0 else 1],)


def _shifted(match: re.Match[str], published: dt.date | None, words: DateWords) -> tuple[Days, ...]:
    """Last week, this month, next year, last autumn; "earlier" and "later" are the parts before and after today."""
    if published is None:
        return ()
    shift = words.shifts[match["shift"].lower()]
    if match["season"]:
        return _season(words.seasons[match["season"].lower()], shift, published)
    span = _unit_days(match["unit"].lower() if match["unit"] else "day", shift, published)
    if match["within"] and span[0] <= published <= span[1]:
        span = (span[0], published) if match["within"].lower() == "earlier" else (published, span[1])
    return (span,)


def _unit_days(unit: str, shift: int, published: dt.date) -> Days:
    if unit == "day":
        day = published + dt.timedelta(days=shift)
        return day, day
    if unit == "week":
        monday = published + dt.timedelta(days=WEEK * shift - published.weekday())
        return monday, monday + dt.timedelta(days=WEEK - 1)
    if unit == "month":
        months = published.year * 12 + published.month - 1 + shift
        return _month_days(months // 12, months % 12 + 1)
    return dt.date(published.year + shift, 1, 1), dt.date(published.year + shift, 12, 31)


def _season(months: tuple[int, int], shift: int, published: dt.date) -> tuple[Days, ...]:
    spans = [_season_days(published.year + n, months) for n in (-2, -1, 0, 1, 2)]
    if shift < 0:
        return tuple(span for span in spans if span[1] < published)[-1:]
    if shift > 0:
        return tuple(span for span in spans if span[0] > published)[:1]
    return tuple(span for span in spans if span[0].year == published.year)[:1]


def _season_of_year(match: re.Match[str], published: dt.date | None, words: DateWords) -> tuple[Days, ...]:
    return (_season_days(int(match["year"]), words.seasons[match["season"].lower()]),)


def _season_days(year: int, months: tuple[int, int]) -> Days:
    first, last = months
    return dt.date(year, first, 1), _month_days(year + (last < first), last)[1]


def _counted(match: re.Match[str], published: dt.date | None, words: DateWords) -> tuple[Days, ...]:
    """Two weeks ago is a day; three months ago is a month, since nobody counts its days."""
    if published is None:
        return ()
    said, unit = match["number"].lower(), match["unit"].lower()
    count = words.numbers[said] if said in words.numbers else int(said)
    count = -count if match["way"].lower() == "ago" else count
    if unit == "week":
        unit, count = "day", WEEK * count
    return (_unit_days(unit, count, published),)


def _year(match: re.Match[str], published: dt.date | None, words: DateWords) -> tuple[Days, ...]:
    year = int(match["year"])
    return (_part((dt.date(year, 1, 1), dt.date(year, 12, 31)), match["part"]),)


def _month_days(year: int, month: int) -> Days:
    return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])
