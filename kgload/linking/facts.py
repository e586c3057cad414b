"""What tells namesakes apart: an item's countries, the places that hold it, offices and years."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from kgload.linking.names import fold, words
from kgload.record_checks import is_link

WIKIDATA = "http://www.wikidata.org/entity/"
QID = re.compile(r"Q[1-9][0-9]{0,15}", re.ASCII)
# What stands between values in a cell, and between an office and its years.
BETWEEN, YEARS = "|", re.compile(r"(.*)=(-?[0-9]{1,4})?/(-?[0-9]{1,4})?", re.ASCII)
# Words of an office's name that say nothing of it.
SMALL = frozenset({"of", "the", "for", "and", "to", "in", "on", "a"})


@dataclass(frozen=True, slots=True)
class Office:
    """An office with the first and last year in it; None: not known, or in it still."""

    title: str
    began: int | None = None
    ended: int | None = None

    def words(self) -> frozenset[str]:
        """The words that name it, folded, without small ones."""
        return frozenset(fold(word.lower()) for _, _, word in words(self.title)) - SMALL

    def held_in(self, year: int) -> bool | None:
        """Whether it was held in a year; None where its years are not known."""
        if self.began is None and self.ended is None:
            return None
        return (self.began is None or self.began <= year) and (self.ended is None or year <= self.ended)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an item; ``countries`` and ``within`` are IRIs.

    ``countries``: the states that a place or body is in, or a person a citizen of; ``within``: regions that hold a
    place. ``began`` and ``ended`` are the first and last year of what a person is known for, of a body or a place;
    None: not known, or not yet.
    """

    countries: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    offices: tuple[Office, ...] = ()
    began: int | None = None
    ended: int | None = None

    def around(self) -> frozenset[str]:
        """All that hold the item."""
        return frozenset((*self.countries, *self.within))

    def told(self) -> str:
        """In a line, for people: "Q30; president 2001-2009"."""
        years = _span(self.began, self.ended)
        parts = [", ".join(map(short, group)) for group in (self.countries, self.within)]
        held = [f"{office.title} {_span(office.began, office.ended)}".strip() for office in self.offices]
        return "; ".join(part for part in (*parts, *held, "" if held else years) if part)

    def cells(self) -> tuple[str, str, str, int | None, int | None]:
        """As cells of a table, QIDs in place of Wikidata's IRIs; :func:`parsed` reads them."""
        countries, within = (BETWEEN.join(map(short, group)) for group in (self.countries, self.within))
        return countries, within, BETWEEN.join(map(_office, self.offices)), self.began, self.ended


NOTHING = Facts()


def parsed(countries: str, within: str, offices: str, began: int | str | None, ended: int | str | None) -> Facts:
    """Facts from cells: values with ``|`` between, an office as ``title=first year/last year``, years as numbers.

    Raises:
        ValueError: a cell is not of that form.
    """
    held = tuple(map(_read_office, _values(offices)))
    return Facts(
        tuple(map(long, _values(countries))), tuple(map(long, _values(within))), held, year(began), year(ended)
    )


def short(iri: str) -> str:
    """A QID in place of Wikidata's IRI; another IRI as it is."""
    rest = iri.removeprefix(WIKIDATA)
    return rest if QID.fullmatch(rest) else iri


def long(value: str) -> str:
    """The IRI of a QID; another IRI as it is.

    Raises:
        ValueError: it is neither.
    """
    if QID.fullmatch(value):
        return WIKIDATA + value
    if not is_link(value):
        raise ValueError(f"{value[:80]!r} is no QID, and no http, https or urn IRI")
    return value


def year(value: int | str | None) -> int | None:
    """A year; of a date (ISO 8601) its year. None for an empty cell.

    Raises:
        ValueError: it is no year.
    """
    if value is None or value == "":
        return None
    found = re.fullmatch(r"(-?[0-9]{1,4})(-[0-9]{2}){0,2}", str(value), re.ASCII)
    if isinstance(value, bool) or not found:
        raise ValueError(f"{str(value)[:80]!r} is no year")
    return int(found[1])


def year_of(date: dt.date | None) -> int | None:
    """The year of a day, where there is one."""
    return date.year if date else None


def _span(began: int | None, ended: int | None) -> str:
    if began is None and ended is None:
        return ""
    return f"{'' if began is None else began}-{'' if ended is None else ended}"


def _values(cell: str) -> list[str]:
    return [value.strip() for value in cell.split(BETWEEN) if value.strip()]


def _office(office: Office) -> str:
    title = " ".join(office.title.replace(BETWEEN, " ").replace("=", " ").split())
    if office.began is None and office.ended is None:
        return title
    began, ended = ("" if value is None else str(value) for value in (office.began, office.ended))
    return f"{title}={began}/{ended}"


def _read_office(value: str) -> Office:
    found = YEARS.fullmatch(value)
    if not found and "=" in value:
        raise ValueError(f"{value[:80]!r} is no office with its years, like president=2001/2009")
    title, began, ended = found.groups() if found else (value, None, None)
    if not title.strip():
        raise ValueError(f"{value[:80]!r} names no office")
    return Office(title.strip(), year(began), year(ended))
