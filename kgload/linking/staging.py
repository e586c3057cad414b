"""Items on their way into an index: kept in a file beside it, so that memory stays small and a killed run goes on."""

from __future__ import annotations

import contextlib
import errno
import itertools
import json
import os
import sqlite3
import stat
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kgload.errors import DataError, OutputError
from kgload.linking.classes import rules
from kgload.linking.facts import WIKIDATA, Facts, Office
from kgload.linking.index import KINDS, Entry, Index, Info, Item, Sense, write
from kgload.linking.making import making
from kgload.linking.names import key
from kgload.records import EntityKind

TABLES = """
CREATE TABLE IF NOT EXISTS done (source TEXT PRIMARY KEY, steps INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS found (qid INTEGER PRIMARY KEY, label TEXT NOT NULL, description TEXT NOT NULL,
    aliases TEXT NOT NULL, demonyms TEXT NOT NULL, capitals TEXT NOT NULL, classes TEXT NOT NULL,
    links INTEGER NOT NULL, countries TEXT NOT NULL, offices TEXT NOT NULL, began INTEGER, ended INTEGER);
CREATE TABLE IF NOT EXISTS above (class INTEGER, parent INTEGER, PRIMARY KEY (class, parent)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS inside (place INTEGER, parent INTEGER, PRIMARY KEY (place, parent)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS titles (qid INTEGER PRIMARY KEY, label TEXT NOT NULL);
"""
BELOW = """
WITH RECURSIVE below(class) AS (
  SELECT ? UNION SELECT above.class FROM above JOIN below ON above.parent = below.class
) INSERT OR IGNORE INTO kinds SELECT class, ? FROM below
"""
AROUND = """
WITH RECURSIVE around(place) AS (
  SELECT parent FROM inside WHERE place = ? UNION SELECT parent FROM inside JOIN around ON inside.place = around.place
) SELECT place FROM around WHERE place <> ? ORDER BY place LIMIT 50
"""
CITY = "SELECT label, links FROM found WHERE qid = ?"
# How much more often news means the item that more Wikipedias tell of: of two towns, one in 100 and one in 10 of them,
# the first is meant nearly always. Set so that the greatest of a name's places in the dump's sample is above .6.
FAME = 3
# A name that is an alias means its item less surely than one that is a label.
ALIAS = 0.5
# That a capital's name stands for the state is the reader's inference: a share of the strength of the city itself.
CAPITAL = 0.1
# No item has so large a number by far, and SQLite's go further.
LARGEST = 1 << 53
# Years lie before and after Christ, of four digits at most.
YEARS = 10_000


@dataclass(frozen=True, slots=True)
class Found:
    """What is taken of one item: its number, English names, classes (P31), capitals (P36), number of Wikipedias, and
    what tells it from namesakes: countries (P17, P27), what it stands in (P131), offices (P39: the office's number, or
    its name, first and last year), and the years that it began and ended.
    """

    qid: int
    label: str
    description: str = ""
    aliases: tuple[str, ...] = ()
    demonyms: tuple[str, ...] = ()
    capitals: tuple[int, ...] = ()
    classes: tuple[int, ...] = ()
    links: int = 0
    countries: tuple[int, ...] = ()
    within: tuple[int, ...] = ()
    offices: tuple[tuple[int | str, int | None, int | None], ...] = ()
    began: int | None = None
    ended: int | None = None

    def __post_init__(self) -> None:
        """Nothing comes in that the file cannot hold.

        Raises:
            ValueError, TypeError: a number is too large, or a text holds a lone surrogate, which is no character.
        """
        positions = [office for office, _, _ in self.offices if not isinstance(office, str)]
        places = (*self.capitals, *self.classes, *self.countries, *self.within)
        for number in (self.qid, self.links, *places, *positions):
            if not isinstance(number, int) or not 0 <= number <= LARGEST:
                raise ValueError(f"{str(number)[:30]} is the number of no item")
        for year in (self.began, self.ended, *(year for _, *years in self.offices for year in years)):
            if year is not None and not -YEARS < year < YEARS:
                raise ValueError(f"{str(year)[:30]} is no year")
        named = [office for office, _, _ in self.offices if isinstance(office, str)]
        "".join((self.label, self.description, *self.aliases, *self.demonyms, *named)).encode()


class Staging:
    """The file beside ``target`` where items wait; :meth:`finish` makes the index of them.

    ``source`` names what is read, so that a run never goes on where one of another source stopped; ``afresh`` begins
    anew in any case.

    Raises:
        OutputError: the folder is missing or not writable.
    """

    def __init__(self, target: Path, source: str, *, afresh: bool = False) -> None:
        self._target, self._source = target, source
        self._path = target.with_name(f".{target.name}.unfinished")
        self._handle = self._held()
        try:
            self._connection = self._opened()
            if afresh or self._steps() is None:
                # Left by a run of another source.
                self._connection.close()
                self._clear()
                self._connection = self._opened()
            self.steps = self._steps() or 0
        except BaseException:
            os.close(self._handle)
            raise

    def _held(self) -> int:
        """The file, open and locked for as long as this run lasts; made where there is none."""
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        try:
            handle = os.open(self._path, flags, 0o666)
        except OSError as error:
            what = f"{self._path.name} in its folder is a link" if error.errno == errno.ELOOP else error.strerror
            raise OutputError(f"cannot write {self._target}: {what}") from error
        try:
            self._lock(handle)
        except BaseException:
            os.close(handle)
            raise
        return handle

    def _lock(self, handle: int) -> None:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OutputError(f"cannot write {self._target}: {self._path.name} in its folder is no file")
        try:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (ImportError, OSError) as error:
            # Some systems and file systems have no locks.
            if isinstance(error, BlockingIOError):
                raise OutputError(f"cannot write {self._target}: another run is building it") from error
        # The run that held it before may have finished and put it away in the meantime.
        if not self._path.exists() or not os.path.samestat(os.fstat(handle), self._path.lstat()):
            raise OutputError(f"cannot write {self._target}: another run has built it at this moment")

    def _clear(self) -> None:
        # Emptied and not removed, as the lock is on this very file.
        os.ftruncate(self._handle, 0)
        for end in ("-wal", "-shm"):
            self._path.with_name(self._path.name + end).unlink(missing_ok=True)

    def _opened(self) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(self._path)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA temp_store = FILE")
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.executescript(TABLES)
        except sqlite3.OperationalError as error:
            raise OutputError(f"cannot write {self._target}: {error}") from error
        except sqlite3.DatabaseError as error:
            raise self._foreign(error) from error
        return connection

    def _foreign(self, error: Exception) -> OutputError:
        return OutputError(
            f"cannot write {self._target}: {self._path.name} in its folder is no file of a stopped run ({error}); "
            "remove it, or name another target"
        )

    def _steps(self) -> int | None:
        """How many steps of this source are done; None where the file is of another one."""
        try:
            rows = self._connection.execute("SELECT source, steps FROM done").fetchall()
            if rows and rows[0][0] != self._source:
                return None
            return int(rows[0][1]) if rows else 0
        except (sqlite3.Error, ValueError, TypeError) as error:
            raise self._foreign(error) from error

    def add(
        self,
        found: Collection[Found],
        above: Iterable[tuple[int, int]],
        steps: int,
        titles: Iterable[tuple[int, str]] = (),
    ) -> None:
        """Take in items, pairs of (class, parent class), and names of what may be offices; ``steps`` is how far the
        source was read. All or nothing.

        Raises:
            OutputError: the disk is full.
        """
        rows = (
            (
                f.qid, f.label, f.description, *map(json.dumps, (f.aliases, f.demonyms, f.capitals, f.classes)),
                f.links, json.dumps(f.countries), json.dumps(f.offices), f.began, f.ended,
            )
            for f in found
        )  # fmt: skip
        inside = ((f.qid, parent) for f in found for parent in f.within)
        try:
            with self._connection as connection:
                connection.executemany("INSERT OR IGNORE INTO found VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
                connection.executemany("INSERT OR IGNORE INTO above VALUES (?, ?)", above)
                connection.executemany("INSERT OR IGNORE INTO inside VALUES (?, ?)", inside)
                connection.executemany("INSERT OR IGNORE INTO titles VALUES (?, ?)", titles)
                connection.execute("INSERT OR REPLACE INTO done VALUES (?, ?)", (self._source, steps))
        except sqlite3.Error as error:
            raise OutputError(f"cannot write {self._target}: {error}") from error
        self.steps = steps

    def finish(self, kinds: Collection[EntityKind], about: dict[str, str]) -> Info:
        """Write the index of the items of some kinds, and clear the file away.

        Raises:
            DataError: there is nothing to write.
            OutputError: it cannot be written.
        """
        connection = self._connection
        try:
            self._sort_out(kinds)
            (count,) = connection.execute("SELECT count(*) FROM chosen").fetchone()
            if not count:
                raise DataError("no item of the wanted kinds was found: the index would be empty")
            with making(self._target) as part:
                write(part, self._items(), self._entries(), about)
        except sqlite3.Error as error:
            raise OutputError(f"cannot write {self._target}: {error}") from error
        finally:
            connection.rollback()
        # Put away while it is still locked, so that no other run goes on with it.
        connection.close()
        for end in ("-wal", "-shm", ""):
            self._path.with_name(self._path.name + end).unlink(missing_ok=True)
        self.close()
        return Index.open(self._target).info()

    def close(self) -> None:
        """Let go of the file, which keeps what is done."""
        with contextlib.suppress(sqlite3.Error):
            self._connection.close()
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def _sort_out(self, kinds: Collection[EntityKind]) -> None:
        """Kinds of items by their classes, and the names of the chosen ones, in tables of this run only."""
        run = self._connection.execute
        for table in ("kinds", "chosen", "spelled"):
            run(f"DROP TABLE IF EXISTS temp.{table}")
        run("CREATE TEMP TABLE kinds (class INTEGER PRIMARY KEY, rule INTEGER)")
        for number, rule in enumerate(rules()):
            run(BELOW, (int(rule.qid[1:]), number))
        run("CREATE TEMP TABLE chosen (id INTEGER PRIMARY KEY, qid INTEGER UNIQUE, kind INTEGER)")
        query = """SELECT found.qid, min(kinds.rule) FROM found, json_each(found.classes) AS c
                   JOIN kinds ON kinds.class = c.value GROUP BY found.qid ORDER BY found.qid"""
        wanted = [KINDS.index(rule.kind) if rule.kind in kinds else None for rule in rules()]
        chosen = ((qid, kind) for qid, rule in self._connection.execute(query) if (kind := wanted[rule]) is not None)
        self._connection.executemany(
            "INSERT INTO chosen VALUES (?, ?, ?)", ((number, *pair) for number, pair in enumerate(chosen))
        )
        run("CREATE TEMP TABLE spelled (name TEXT, item INTEGER, relation TEXT, strength REAL)")
        self._connection.executemany("INSERT INTO spelled VALUES (?, ?, ?, ?)", self._spellings())

    def _spellings(self) -> Iterator[tuple[str, int, str, float]]:
        query = """SELECT chosen.id, chosen.kind, label, aliases, demonyms, capitals, links
                   FROM chosen JOIN found ON found.qid = chosen.qid ORDER BY chosen.id"""
        for item, kind, label, aliases, demonyms, capitals, links in self._connection.execute(query):
            strength = float(links + 1) ** FAME
            for name in {key(label)} - {()}:
                yield " ".join(name), item, "name", strength
            for name in {key(alias) for alias in json.loads(aliases)} - {key(label), ()}:
                yield " ".join(name), item, "name", ALIAS * strength
            for name in {key(demonym) for demonym in json.loads(demonyms)} - {()}:
                yield " ".join(name), item, "demonym", strength
            if KINDS[kind] is EntityKind.STATE:
                for capital in json.loads(capitals):
                    row = self._connection.execute(CITY, (capital,)).fetchone()
                    if row and key(row[0]):
                        yield " ".join(key(row[0])), item, "capital", CAPITAL * float(row[1] + 1) ** FAME

    def _items(self) -> Iterator[Item]:
        query = """SELECT found.qid, found.label, chosen.kind, found.description, countries, offices, began, ended
                   FROM chosen JOIN found ON found.qid = chosen.qid ORDER BY chosen.id"""
        for qid, label, kind, description, *told in self._connection.execute(query):
            yield Item(f"{WIKIDATA}Q{qid}", label, KINDS[kind], description, self._facts(qid, *told))

    def _facts(self, qid: int, countries: str, offices: str, began: int | None, ended: int | None) -> Facts:
        within = [place for (place,) in self._connection.execute(AROUND, (qid, qid))]
        held = (Office(title, *years) for office, *years in json.loads(offices) if (title := self._title(office)))
        states = tuple(f"{WIKIDATA}Q{number}" for number in json.loads(countries))
        return Facts(states, tuple(f"{WIKIDATA}Q{number}" for number in within), tuple(held), began, ended)

    def _title(self, office: int | str) -> str:
        """An office's name; empty where the source gave none."""
        if isinstance(office, str):
            return office
        query = "SELECT label FROM titles WHERE qid = ? UNION ALL SELECT label FROM found WHERE qid = ?"
        row = self._connection.execute(query, (office, office)).fetchone()
        return str(row[0]) if row else ""

    def _entries(self) -> Iterator[Entry]:
        query = "SELECT name, item, relation, strength FROM spelled ORDER BY name, strength DESC, item, relation"
        for name, group in itertools.groupby(self._connection.execute(query), key=lambda row: row[0]):
            best: dict[int, tuple[str, float]] = {}
            for _, item, relation, strength in group:
                best.setdefault(item, (relation, strength))
            total = sum(strength for _, strength in best.values())
            senses = tuple(Sense(item, relation, strength / total) for item, (relation, strength) in best.items())
            yield tuple(name.split(" ")), senses
