"""Wikidata's JSON dump into an index: streamed, in memory that does not grow; a killed run goes on where it stopped."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import hashlib
import json
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from kgload.errors import BadLine, InputError, InputNotFound, UnknownFormat
from kgload.linking.index import Info
from kgload.linking.staging import Found, Staging
from kgload.records import EntityKind

INSTANCE_OF, SUBCLASS_OF, CAPITAL, DEMONYM = "P31", "P279", "P36", "P1549"
COUNTRY, CITIZEN, WITHIN, OFFICE = "P17", "P27", "P131", "P39"
# First and last years: of offices (qualifiers); of bodies and places; of people's work, of their lives.
SINCE, UNTIL = "P580", "P582"
BEGINNINGS, ENDS = ("P571", "P2031", "P569"), ("P576", "P570", "P2032")
# How exact a time is: 9 is a year, less is a decade or a century.
YEAR = 9
# Where an item has no label in English, the one for all languages serves.
LANGUAGES = ("en", "mul", "en-gb", "en-us", "en-ca")
# So many lines are taken in at once.
STRIDE = 2_000
SHOWN = 200
# An item has 3 MB at most when Wikidata takes it in; a line several times as long is none.
LONGEST_LINE = 16 << 20
# Of a dump so many bytes are hashed, with its size, to know it again.
KNOWN_BY = 1 << 20


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did: lines of the dump read in all, of which this run found so many done already; and the index."""

    lines: int
    resumed: int
    info: Info


def build(
    dump: Path,
    target: Path,
    *,
    kinds: Collection[EntityKind] = tuple(EntityKind),
    min_sitelinks: int = 5,
    on_progress: Callable[[int], None] = lambda lines: None,
) -> Report:
    """Make the index ``target`` of the items of a dump (`.json`, `.json.gz`, `.json.bz2`) that are of some kinds and
    have pages in at least ``min_sitelinks`` Wikipedias. A run that was stopped goes on; the outcome is the same bytes.

    Raises:
        InputNotFound, UnknownFormat: the dump cannot be read.
        BadLine: a line is no JSON, or the dump ends in the middle.
        OutputError: the index cannot be written.
        DataError: no item was found.
    """
    staging = Staging(target, f"{_identity(dump)} min_sitelinks={min_sitelinks}")
    resumed = lines = staging.steps
    found: list[Found] = []
    above: list[tuple[int, int]] = []
    titles: list[tuple[int, str]] = []
    try:
        for lines, line in _lines(dump, skip=resumed):
            with _complaining(dump, lines):
                _take(line, min_sitelinks, found, above, titles)
            if lines % STRIDE == 0:
                staging.add(found, above, lines, titles)
                found, above, titles = [], [], []
                on_progress(lines)
        staging.add(found, above, lines, titles)
        about = {
            "name": target.stem,
            "made from": f"Wikidata's JSON dump {dump.name}",
            "items with at least": f"{min_sitelinks} Wikipedias",
            "licence": "CC0-1.0 (Wikidata's facts)",
            "checked": "not checked: Wikidata alone says so",
        }
        return Report(lines, resumed, staging.finish(kinds, about))
    finally:
        staging.close()


def items(dump: Path) -> Iterator[Found]:
    """All items of a dump that have a label, whatever their classes and fame.

    Raises:
        As :func:`build`.
    """
    for number, line in _lines(dump, skip=0):
        found: list[Found] = []
        with _complaining(dump, number):
            _take(line, 0, found, [], [])
        yield from found


def _lines(dump: Path, *, skip: int) -> Iterator[tuple[int, bytes]]:
    """The lines of a dump with their numbers, from 1; those up to ``skip`` are passed over unread."""
    number = 0
    with _opened(dump) as stream:
        try:
            while line := stream.readline(LONGEST_LINE + 1):
                number += 1
                if len(line) > LONGEST_LINE:
                    raise BadLine(f"{dump.name}:{number}: a line of more than {LONGEST_LINE >> 20} MB is no item")
                if number > skip:
                    yield number, line
        except (EOFError, OSError, zlib.error) as error:
            raise BadLine(f"{dump.name}: it ends or breaks after line {number}: {error}") from error


@contextlib.contextmanager
def _opened(dump: Path) -> Iterator[IO[bytes]]:
    openers: dict[str, Callable[[Path], Any]] = {
        ".gz": gzip.open, ".bz2": bz2.open, ".json": lambda path: path.open("rb")
    }  # fmt: skip
    opener = openers.get(dump.suffix)
    if opener is None:
        raise UnknownFormat(f"{dump.name}: a dump ends in .json, .json.gz or .json.bz2")
    try:
        stream = opener(dump)
    except OSError as error:
        raise InputNotFound(f"cannot read {dump}: {error.strerror}") from error
    with stream:
        yield cast("IO[bytes]", stream)


def _identity(dump: Path) -> str:
    try:
        with dump.open("rb") as stream:
            beginning = hashlib.sha256(stream.read(KNOWN_BY)).hexdigest()
        return f"{dump.stat().st_size} {beginning}"
    except OSError as error:
        raise InputNotFound(f"cannot read {dump}: {error.strerror}") from error


@contextlib.contextmanager
def _complaining(dump: Path, number: int) -> Iterator[None]:
    try:
        yield
    except InputError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        # An error may repeat the whole line.
        told = repr(error)[:SHOWN]
        raise BadLine(f"{dump.name}:{number}: no item in the form of Wikidata's dump: {told}") from error


def _take(
    line: bytes,
    min_sitelinks: int,
    found: list[Found],
    above: list[tuple[int, int]],
    titles: list[tuple[int, str]],
) -> None:
    # Parsing is what takes time, and most items have too few pages; keys in strings are escaped and don't look so.
    is_class = b'"P279":' in line or b'"P279" :' in line
    if not is_class and line.count(b'"site"') < min_sitelinks:
        return
    text = line.strip().rstrip(b",")
    if text in (b"[", b"]", b""):
        return
    record = json.loads(text)
    if record["type"] != "item":
        return
    qid = int(record["id"].removeprefix("Q"))
    claims = record["claims"] or {}
    parents = list(_items(claims, SUBCLASS_OF))
    # Numbers are looked at here, of classes that are no items of the index too.
    Found(qid, "", capitals=tuple(parents))
    above += [(qid, parent) for parent in parents]
    links = sum(site.endswith("wiki") and site != "commonswiki" for site in record["sitelinks"] or ())
    labels = [label for language in LANGUAGES if (label := _text(record["labels"], language))]
    # Offices are classes too, of those who hold them.
    if parents and labels:
        Found(qid, labels[0])
        titles.append((qid, labels[0]))
    if links < min_sitelinks or not labels:
        return
    offices = tuple(_offices(claims))
    aliases = [a["value"] for language in ("en", "mul") for a in (record.get("aliases") or {}).get(language, ())]
    found.append(
        Found(
            qid,
            labels[0],
            _text(record["descriptions"], "en"),
            as_names([*labels[1:], *aliases], labels[0]),
            as_names(_demonyms(claims), ""),
            tuple(_items(claims, CAPITAL)),
            tuple(_items(claims, INSTANCE_OF)),
            links,
            tuple(dict.fromkeys((*_items(claims, COUNTRY), *_items(claims, CITIZEN)))),
            tuple(dict.fromkeys(_items(claims, WITHIN))),
            offices,
            min((began for _, began, _ in offices if began is not None), default=_first(claims, BEGINNINGS)),
            _first(claims, ENDS),
        )
    )


def _text(values: dict[str, dict[str, str]] | list[object], language: str) -> str:
    # An item without any label has an empty list in place of the table.
    value = values.get(language) if isinstance(values, dict) else None
    return " ".join(value["value"].split()) if value else ""


def as_names(values: Iterable[str], label: str) -> tuple[str, ...]:
    """Names as people write them: those that begin with a small letter are words, and one letter is none."""
    kept = (" ".join(value.split()) for value in values)
    return tuple(dict.fromkeys(v for v in kept if len(v) > 1 and v != label and (v[0].isupper() or v[0].isdigit())))


def _statements(claims: dict[str, Any], property_: str) -> Iterator[tuple[Any, dict[str, Any]]]:
    """The values of a property with their qualifiers; never those that are deprecated. Of places, which had other
    capitals and stood in other states, those of today: the preferred ones where there are such, and none that ended.
    """
    statements = [s for s in claims.get(property_, ()) if s["rank"] != "deprecated"]
    preferred = [s for s in statements if s["rank"] == "preferred"]
    of_today = property_ in (CAPITAL, COUNTRY, WITHIN)
    for statement in preferred if preferred and of_today else statements:
        qualifiers = statement.get("qualifiers") or {}
        is_past = UNTIL in qualifiers and property_ in (COUNTRY, WITHIN)
        if (value := statement["mainsnak"].get("datavalue")) and not is_past:
            yield value["value"], qualifiers


def _values(claims: dict[str, Any], property_: str) -> Iterator[Any]:
    return (value for value, _ in _statements(claims, property_))


def _offices(claims: dict[str, Any]) -> Iterator[tuple[int, int | None, int | None]]:
    """Offices that a person held, each with its first and last year."""
    for value, qualifiers in _statements(claims, OFFICE):
        yield _number(value), _year_of(qualifiers, SINCE), _year_of(qualifiers, UNTIL)


def _year_of(qualifiers: dict[str, Any], property_: str) -> int | None:
    snaks = (snak["datavalue"]["value"] for snak in qualifiers.get(property_, ()) if snak.get("datavalue"))
    return next(filter(None, map(_year, snaks)), None)


def _first(claims: dict[str, Any], properties: Iterable[str]) -> int | None:
    """The year of the first of some properties that has one."""
    return next(filter(None, (_year(v) for property_ in properties for v in _values(claims, property_))), None)


def _year(value: dict[str, Any]) -> int | None:
    """The year of a time ("+2001-01-20T00:00:00Z"); None where it is less exact, or of another age of the world."""
    if int(value["precision"]) < YEAR:
        return None
    sign, digits = value["time"][0], value["time"][1:].partition("-")[0].lstrip("0") or "0"
    return int(sign + digits) if len(digits) <= 4 else None


def _items(claims: dict[str, Any], property_: str) -> Iterator[int]:
    return map(_number, _values(claims, property_))


def _number(value: dict[str, Any]) -> int:
    # Old dumps give the number alone.
    return cast("int", value["numeric-id"]) if "numeric-id" in value else int(value["id"].removeprefix("Q"))


def _demonyms(claims: dict[str, Any]) -> list[str]:
    return [value["text"] for value in _values(claims, DEMONYM) if value["language"] == "en"]
