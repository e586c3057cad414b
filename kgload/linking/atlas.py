"""What atlases say of places: Natural Earth's regions of states, by QID, and GeoNames' cities, by name.

Both are read from packages as they are published; `scripts/pins/atlas.sha256` says which.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kgload.errors import DataError
from kgload.linking.facts import QID
from kgload.linking.names import Name, key

# The properties of a region that name it.
NAMES = ("name", "name_en", "name_alt", "woe_name", "gn_name")
# Those that name its state, and what stands before a state's name in atlases.
STATES = ("geonunit", "admin")
OFFICIAL = re.compile(r"^(United )?Republic of (the )?")
# What regions are called behind their names.
SORTS = frozenset({
    "County", "Department", "District", "Governorate", "Oblast", "Prefecture", "Province", "Region", "State",
    "Territory",
})  # fmt: skip
# A name means a city where those of its name in other states have a tenth of its people together, or fewer.
DOMINATES = 10
# Smaller ones have namesakes that nobody counts.
LEAST = 15_000
# Fields of a city's record, by their numbers, and how a number (0) and a text (2) are stored.
CITY_NAME, CITY_STATE, CITY_PEOPLE = 2, 3, 9
NUMBER, TEXT = 0, 2


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a state: its names, folded, and the state's, the likeliest first; and a label of its name and what it
    is, as news writes it ("Ketter Oblast"), empty where that is not told."""

    names: frozenset[Name]
    states: tuple[Name, ...]
    label: str = ""


@dataclass(slots=True)
class Atlas:
    """Regions by QID, and of the city that each name means the names of its state."""

    regions: dict[str, Region] = field(default_factory=dict)
    cities: dict[Name, tuple[Name, ...]] = field(default_factory=dict)

    def has(self, qid: str, name: Name) -> bool:
        """Whether the region of a QID is there under a name, or one that says what it is besides ("Ketter Oblast")."""
        region = self.regions.get(qid)
        return region is not None and any(set(other) <= set(name) or set(name) <= set(other) for other in region.names)


def read_atlas(regions: Path | None, cities: Path | None) -> Atlas:
    """Read the regions (GeoJSON) and the cities (a stream of records in Protocol Buffers' form), where given.

    Raises:
        DataError: a file is not of that form.
    """
    found, states = _regions(regions) if regions else ({}, {})
    return Atlas(found, _cities(cities, states) if cities else {})


def _regions(path: Path) -> tuple[dict[str, Region], dict[str, tuple[Name, ...]]]:
    """Regions by QID; and states' names by their code of two letters (ISO 3166-1)."""
    found: dict[str, Region] = {}
    codes: dict[str, Counter[Name]] = defaultdict(Counter)
    try:
        for shape in json.loads(path.read_text("utf-8"))["features"]:
            told = shape["properties"]
            states = tuple(key(OFFICIAL.sub("", told.get(name) or told["admin"])) for name in STATES)
            codes[told.get("iso_a2") or ""].update(states)
            names = frozenset(filter(None, (key(part) for name in NAMES for part in (told.get(name) or "").split("|"))))
            if QID.fullmatch(qid := told.get("wikidataid") or "") and names:
                found[qid] = Region(names, states, _label(told))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{path.name}: {error!r}") from error
    return found, {code: tuple(name for name, _ in names.most_common()) for code, names in codes.items()}


def _label(told: Mapping[str, str | None]) -> str:
    name = told.get("name_en") or told.get("name") or ""
    if name.rpartition(" ")[2] in SORTS:
        return name
    sorts = [sort for each in ("type", "type_en") if (sort := (told.get(each) or "").rstrip("'")) in SORTS]
    return f"{name} {sorts[0]}" if name and sorts else ""


def _cities(path: Path, states: dict[str, tuple[Name, ...]]) -> dict[Name, tuple[Name, ...]]:
    people: dict[Name, Counter[str]] = defaultdict(Counter)
    largest: Counter[Name] = Counter()
    try:
        for city in _records(path.read_bytes()):
            name, number = key(bytes(city[CITY_NAME]).decode("utf-8")), city.get(CITY_PEOPLE, 0)
            if isinstance(number, bytes):
                raise ValueError("a city whose people are no number")
            people[name][bytes(city[CITY_STATE]).decode("ascii")] += number
            largest[name] = max(largest[name], number)
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise DataError(f"{path.name}: {error!r}") from error
    found = {}
    for name, by_state in people.items():
        code, most = max(by_state.items(), key=lambda pair: (pair[1], pair[0]))
        if largest[name] >= LEAST and DOMINATES * (by_state.total() - most) <= most and code in states:
            found[name] = states[code]
    return found


def _records(stream: bytes) -> Iterator[dict[int, bytes | int]]:
    """Messages, each behind its length, as their fields: numbers, and texts as bytes."""
    place = 0
    while place < len(stream):
        size, place = _number(stream, place)
        end = place + size
        if end > len(stream):
            raise ValueError("a record is cut short")
        fields: dict[int, bytes | int] = {}
        while place < end:
            tag, place = _number(stream, place)
            if tag & 7 == NUMBER:
                fields[tag >> 3], place = _number(stream, place)
            elif tag & 7 == TEXT:
                size, place = _number(stream, place)
                fields[tag >> 3], place = stream[place : place + size], place + size
            else:
                raise ValueError(f"a field of form {tag & 7}")
        yield fields


def _number(stream: bytes, place: int) -> tuple[int, int]:
    """A number in groups of seven bits, the lowest first, and the place behind it."""
    value = shift = 0
    while True:
        byte = stream[place]
        value |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            return value, place
