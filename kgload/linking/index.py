"""A gazetteer as one file: an SQLite database, opened read-only, with names in the order of their keys.

Chosen by measurement (`docs/linking.md`): the standard library reads it, it opens in under a millisecond whatever its
size, and one core answers more than 50,000 look-ups a second. The same entries give the same bytes.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from kgload.errors import DataError
from kgload.linking.facts import NOTHING, Facts, long, parsed, short
from kgload.records import EntityKind, KnownName

FORMAT = "kgload gazetteer 2"
# "kgld" as the number by which SQLite files tell whose they are.
APPLICATION = 0x6B676C64
# What is told about an index whose names a person decided.
DECIDES = "decided by"
RELATIONS = ("name", "demonym", "capital", "government", "surname")
KINDS = tuple(EntityKind)
TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE items (id INTEGER PRIMARY KEY, iri TEXT NOT NULL, label TEXT NOT NULL, kind INTEGER NOT NULL,
                    description TEXT NOT NULL, countries TEXT NOT NULL, within TEXT NOT NULL, offices TEXT NOT NULL,
                    began INTEGER, ended INTEGER);
CREATE INDEX by_iri ON items (iri);
CREATE TABLE holders (iri TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE names (name TEXT, rank INTEGER, item INTEGER, relation INTEGER NOT NULL, prior INTEGER NOT NULL,
                    PRIMARY KEY (name, rank)) WITHOUT ROWID;
CREATE TABLE firsts (word TEXT PRIMARY KEY, lengths TEXT NOT NULL) WITHOUT ROWID;
"""
SENSES = """
SELECT items.iri, items.label, items.kind, names.relation, names.prior
FROM names LEFT JOIN items ON items.id = names.item WHERE names.name = ? ORDER BY names.rank
"""
# What holds places: IRIs, between which stands what no IRI has in it.
HOLDERS = """
INSERT OR IGNORE INTO holders SELECT value FROM items,
  json_each('["' || replace(countries || '|' || within, '|', '","') || '"]')
  WHERE kind = ? AND value <> '' ORDER BY value
"""
FACTS = "countries, within, offices, began, ended"
# Priors are kept as whole numbers of ten thousandths.
PRIOR_SCALE = 10_000
# The bytes of the header where SQLite notes its own version, which is no part of the content.
VERSION_BYTES = slice(92, 100)
SCHEMA = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Item:
    """A known item as an index holds it; ``description`` tells namesakes apart for a reader, ``facts`` for linking."""

    iri: str
    label: str
    kind: EntityKind
    description: str = ""
    facts: Facts = NOTHING


@dataclass(frozen=True, slots=True)
class Sense:
    """One item that a name may stand for: the item's number, how it stands for it, and its prior (0 to 1)."""

    item: int
    relation: str
    prior: float


@dataclass(frozen=True, slots=True)
class Info:
    """What a gazetteer holds: items, by kind too, and names; and what is told about it (source, date, licence, …)."""

    items: int
    names: int
    kinds: dict[str, int]
    about: dict[str, str]


# A name (its key's words) with its senses, likeliest first; no senses: the name is known to mean no item.
Entry = tuple[tuple[str, ...], tuple[Sense, ...]]


class Index:
    """An open gazetteer file; safe to share between threads, as it is never written to.

    ``decides`` says that a person decided what its names mean, so that nothing more is weighed.
    """

    def __init__(self, connection: sqlite3.Connection, source: str, *, decides: bool = False) -> None:
        self._connection, self.source, self.decides = connection, source, decides

    @classmethod
    def open(cls, path: Path) -> Index:
        """Open a gazetteer file.

        Raises:
            DataError: it is missing, or no gazetteer of this version.
        """
        if not path.is_file():
            raise DataError(f"{path}: no such gazetteer")
        uri = path.resolve().as_uri() + "?mode=ro&immutable=1"
        try:
            connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA query_only = ON")
            # A file from elsewhere could hold views in the tables' place, which run what they like when they are read.
            is_ours = set(connection.execute(SCHEMA)) == _schema()
            found = is_ours and dict(connection.execute("SELECT name, value FROM about"))
        except sqlite3.Error as error:
            raise DataError(f"{path.name}: no gazetteer: {error}") from error
        if not found or found.get("format") != FORMAT:
            raise DataError(f"{path.name}: no gazetteer of this version of kgload; build it anew")
        return cls(connection, path.name, decides=DECIDES in found)

    @classmethod
    def held(cls, items: Iterable[Item], entries: Iterable[Entry], source: str, *, decides: bool = False) -> Index:
        """An index in memory, for small lists; items and entries as for :func:`write`."""
        connection = sqlite3.connect(":memory:", check_same_thread=False)
        _fill(connection, items, entries, {})
        return cls(connection, source, decides=decides)

    def senses(self, name: str) -> tuple[KnownName, ...] | None:
        """What a name (words of its key, joined by spaces) may stand for; None where it is not known.

        Raises:
            DataError: the file is damaged.
        """
        rows = self._rows(SENSES, (name,))
        if not rows:
            return None
        with self._trusting_nothing():
            return tuple(_known(*row) for row in rows if row[0] is not None)

    def lengths(self, word: str) -> tuple[int, ...]:
        """How many words the names have that begin with a word, the most first."""
        rows = self._rows("SELECT lengths FROM firsts WHERE word = ?", (word,))
        with self._trusting_nothing():
            return tuple(map(int, rows[0][0].split())) if rows else ()

    def beginning(self, name: str, limit: int) -> list[str]:
        """Known names that begin with a name and a further word, in order."""
        query = "SELECT DISTINCT name FROM names WHERE name > ? AND name < ? ORDER BY name LIMIT ?"
        # The exclamation mark is the character after the space.
        rows = self._rows(query, (f"{name} ", f"{name}!", limit))
        with self._trusting_nothing():
            return [_text(row[0]) for row in rows]

    def description(self, iri: str) -> str:
        """What tells an item from its namesakes; empty where nothing is known."""
        rows = self._rows("SELECT description FROM items WHERE iri = ? LIMIT 1", (short(iri),))
        with self._trusting_nothing():
            return _text(rows[0][0]) if rows else ""

    def facts(self, iri: str) -> Facts | None:
        """What is known of an item; None where the item is not held.

        Raises:
            DataError: the file is damaged.
        """
        rows = self._rows(f"SELECT {FACTS} FROM items WHERE iri = ? LIMIT 1", (short(iri),))  # noqa: S608 - our own
        with self._trusting_nothing():
            return _facts(*rows[0]) if rows else None

    def holds(self, iri: str) -> bool:
        """Whether an item is known to hold places.

        Raises:
            DataError: the file is damaged.
        """
        return bool(self._rows("SELECT 1 FROM holders WHERE iri = ?", (short(iri),)))

    def items(self) -> Iterator[Item]:
        """All items, in order of their numbers, which count from 0."""
        query = f"SELECT iri, label, kind, description, {FACTS} FROM items ORDER BY id"  # noqa: S608
        with self._trusting_nothing():
            for iri, label, kind, description, *facts in self._connection.execute(query):
                kind = KINDS[_number(kind, len(KINDS))]
                yield Item(long(_text(iri)), _text(label), kind, _text(description), _facts(*facts))

    def entries(self) -> Iterator[Entry]:
        """All names with their senses, in order."""
        query = "SELECT name, item, relation, prior FROM names ORDER BY name, rank"
        items = int(self._rows("SELECT count(*) FROM items")[0][0])
        with self._trusting_nothing():
            for name, group in itertools.groupby(self._connection.execute(query), key=lambda row: row[0]):
                senses = tuple(
                    Sense(
                        _number(item, items),
                        RELATIONS[_number(relation, len(RELATIONS))],
                        _number(prior, PRIOR_SCALE + 1) / PRIOR_SCALE,
                    )
                    for _, item, relation, prior in group
                    if item is not None
                )
                yield tuple(_text(name).split(" ")), senses

    def info(self) -> Info:
        """What the file holds."""
        (items,) = self._rows("SELECT count(*) FROM items")[0]
        (names,) = self._rows("SELECT count(DISTINCT name) FROM names")[0]
        by_kind = self._rows("SELECT kind, count(*) FROM items GROUP BY kind")
        told = self._rows("SELECT name, value FROM about ORDER BY name")
        with self._trusting_nothing():
            kinds = {KINDS[_number(kind, len(KINDS))].value: n for kind, n in by_kind}
            about = {_text(name): _text(value) for name, value in told}
        return Info(items, names, dict(sorted(kinds.items())), about)

    @contextlib.contextmanager
    def _trusting_nothing(self) -> Iterator[None]:
        """What a file from elsewhere holds need not be of the form that its tables say."""
        try:
            yield
        except (ValueError, TypeError, AttributeError, IndexError, sqlite3.Error) as error:
            raise DataError(f"{self.source}: the gazetteer holds what is none of its own: {error}") from error

    def _rows(self, query: str, values: tuple[object, ...] = ()) -> list[tuple]:  # type: ignore[type-arg] # of any columns
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise DataError(f"{self.source}: the gazetteer is damaged: {error}") from error


def write(target: Path, items: Iterable[Item], entries: Iterable[Entry], about: Mapping[str, str]) -> None:
    """Write a gazetteer file, into a file that is empty or does not exist yet; nothing is held but what SQLite buffers.

    Items are numbered from 0 as they come; ``entries`` come sorted by name, each name once.

    Raises:
        DataError: it cannot be written, or names come twice.
    """
    try:
        connection = sqlite3.connect(target)
        try:
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            _fill(connection, items, entries, about)
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise DataError(f"{target.name}: {error}") from error
    with target.open("r+b") as stream:
        stream.seek(VERSION_BYTES.start)
        stream.write(bytes(VERSION_BYTES.stop - VERSION_BYTES.start))


@functools.cache
def _schema() -> frozenset[tuple[str, str, str]]:
    """What a gazetteer's file holds, as SQLite tells it."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(TABLES)
    return frozenset(connection.execute(SCHEMA))


def _fill(
    connection: sqlite3.Connection, items: Iterable[Item], entries: Iterable[Entry], about: Mapping[str, str]
) -> None:
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.executescript(TABLES)
    rows = (
        (n, short(i.iri), i.label, KINDS.index(i.kind), i.description, *i.facts.cells()) for n, i in enumerate(items)
    )
    connection.executemany("INSERT INTO items VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    connection.execute(HOLDERS, (KINDS.index(EntityKind.PLACE),))
    connection.executemany("INSERT INTO names VALUES (?, ?, ?, ?, ?)", _name_rows(entries))
    names = connection.execute("SELECT name FROM names WHERE rank = 0 ORDER BY name")
    connection.executemany("INSERT INTO firsts VALUES (?, ?)", _first_words(row[0].split(" ") for row in names))
    connection.executemany("INSERT INTO about VALUES (?, ?)", sorted({**about, "format": FORMAT}.items()))
    connection.commit()


def _name_rows(entries: Iterable[Entry]) -> Iterator[tuple[str, int, int | None, int, int]]:
    for words, senses in entries:
        name = " ".join(words)
        if not senses:
            yield name, 0, None, 0, 0
        for rank, sense in enumerate(senses):
            yield name, rank, sense.item, RELATIONS.index(sense.relation), round(sense.prior * PRIOR_SCALE)


def _first_words(names: Iterable[list[str]]) -> Iterator[tuple[str, str]]:
    """First words of sorted names, which stand together, with the numbers of words that follow on them."""
    for word, group in itertools.groupby(names, key=lambda words: words[0]):
        yield word, " ".join(map(str, sorted({len(words) for words in group}, reverse=True)))


def _known(iri: str, label: str, kind: int, relation: int, prior: int) -> KnownName:
    number = _number(kind, len(KINDS))
    share = _number(prior, PRIOR_SCALE + 1) / PRIOR_SCALE
    return KnownName(long(_text(iri)), _text(label), KINDS[number], RELATIONS[_number(relation, len(RELATIONS))], share)


def _number(value: object, below: int) -> int:
    if not isinstance(value, int) or not 0 <= value < below:
        raise ValueError(f"{str(value)[:80]!r} is no number below {below}")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{str(value)[:80]!r} is no text")
    return value


def _facts(countries: str, within: str, offices: str, began: int | None, ended: int | None) -> Facts:
    return parsed(_text(countries), _text(within), _text(offices), began, ended)
