"""The one-file index: what is written is read again, the same bytes each time, and several can be stacked."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgload.errors import DataError, OutputError
from kgload.linking.facts import WIKIDATA
from kgload.linking.gazetteer import Gazetteer
from kgload.linking.index import Entry, Index, Item, Sense, write
from kgload.linking.making import making
from kgload.linking.names import key
from kgload.records import EntityKind

ITEMS = [
    Item(WIKIDATA + "Q1", "Norland", EntityKind.STATE, "a state in the north"),
    Item(WIKIDATA + "Q2", "Nor City", EntityKind.PLACE),
    Item("https://names.example/ours?id=7", "Norland", EntityKind.ORGANIZATION, "our own"),
]
ENTRIES: list[Entry] = [
    (("nor", "city"), (Sense(1, "name", 0.9), Sense(0, "capital", 0.1))),
    (("norland",), (Sense(0, "name", 0.75), Sense(2, "name", 0.25))),
    (("norland", "square"), ()),
]
ABOUT = {"name": "own", "licence": "CC0-1.0"}

words = st.text(st.characters(categories=["Ll", "Lu", "Nd"]), min_size=1, max_size=6)


def written(path: Path) -> Path:
    write(path, ITEMS, iter(ENTRIES), ABOUT)
    return path


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    index = Index.open(written(tmp_path / "own.sqlite"))
    assert list(index.items()) == ITEMS
    assert list(index.entries()) == ENTRIES
    assert [(k.iri, k.prior) for k in index.senses("norland") or ()] == [(ITEMS[0].iri, 0.75), (ITEMS[2].iri, 0.25)]
    assert index.description(ITEMS[2].iri) == "our own"
    assert index.lengths("norland") == (2, 1) and index.lengths("city") == ()
    assert index.beginning("norland", 9) == ["norland square"]
    info = index.info()
    assert (info.items, info.names, info.kinds) == (3, 3, {"Organization": 1, "Place": 1, "State": 1})
    assert info.about["licence"] == "CC0-1.0"


def test_the_same_entries_give_the_same_bytes(tmp_path: Path) -> None:
    assert written(tmp_path / "a.sqlite").read_bytes() == written(tmp_path / "b.sqlite").read_bytes()


@given(
    names=st.dictionaries(
        st.lists(words, min_size=1, max_size=3).map(tuple), st.lists(st.integers(0, 2), max_size=3, unique=True)
    )
)
def test_any_names_come_back(names: dict[tuple[str, ...], list[int]]) -> None:
    entries = [(name, tuple(Sense(item, "name", 0.5) for item in names[name])) for name in sorted(names, key=" ".join)]
    index = Index.held(ITEMS, entries, "held")
    assert list(index.entries()) == entries
    for name in names:
        assert len(name) in index.lengths(name[0])


@pytest.mark.parametrize("content", [b"", b"no database at all", b"SQLite format 3\0" + bytes(400)])
def test_what_is_no_gazetteer_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.sqlite"
    path.write_bytes(content)
    with pytest.raises(DataError, match="no gazetteer"):
        Index.open(path)
    with pytest.raises(DataError, match="no such gazetteer"):
        Index.open(tmp_path / "missing.sqlite")


@pytest.mark.parametrize(
    "change",
    [
        "DROP TABLE names; CREATE VIEW names AS WITH RECURSIVE n(name) AS (SELECT 'a' UNION ALL SELECT 'a' FROM n) "
        "SELECT name, 0 AS rank, 0 AS item, 0 AS relation, 0 AS prior FROM n",
        "DROP TABLE about; CREATE VIEW about AS WITH RECURSIVE n(name) AS (SELECT 'a' UNION ALL SELECT 'a' FROM n) "
        "SELECT name, 'b' AS value FROM n",
        "CREATE TRIGGER t AFTER INSERT ON items BEGIN DELETE FROM names; END",
        "DROP TABLE firsts",
        "ALTER TABLE items ADD COLUMN more TEXT",
    ],
)
def test_a_file_with_anything_but_the_tables_is_refused_unread(tmp_path: Path, change: str) -> None:
    path = written(tmp_path / "own.sqlite")
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(change)
    with pytest.raises(DataError, match="no gazetteer"):
        Index.open(path)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE items SET kind = 99",
        "UPDATE items SET kind = -1",
        "UPDATE items SET iri = 'no iri'",
        "UPDATE items SET iri = 'urn:x> <urn:y'",
        "UPDATE items SET label = x'ff00'",
        "UPDATE names SET relation = 40",
        "UPDATE names SET prior = 20000",
        "UPDATE names SET prior = 'much'",
        "UPDATE firsts SET lengths = 'many'",
    ],
)
def test_what_no_gazetteer_holds_is_told_of_in_one_line(tmp_path: Path, change: str) -> None:
    path = written(tmp_path / "own.sqlite")
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(change)
    index = Index.open(path)
    with pytest.raises(DataError, match=r"own\.sqlite: "):
        index.lengths("norland")
        index.senses("norland")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE items SET kind = 99",
        "UPDATE items SET label = x'ff00'",
        "UPDATE items SET description = x'ff00'",
        "UPDATE names SET relation = 77",
        "UPDATE names SET item = 1000",
        "UPDATE names SET item = -1",
        "UPDATE names SET name = x'ff' || rank WHERE name = 'norland' AND rank = 0",
        "UPDATE about SET value = x'ff' WHERE name = 'licence'",
    ],
)
def test_nothing_that_no_gazetteer_holds_is_read_out(tmp_path: Path, change: str) -> None:
    path = written(tmp_path / "own.sqlite")
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(change)
    index = Index.open(path)
    with pytest.raises(DataError, match=r"own\.sqlite: ") as told:
        list(index.items())
        list(index.entries())
        index.info()
    assert "\n" not in str(told.value)


def test_a_damaged_file_is_told_of(tmp_path: Path) -> None:
    path = written(tmp_path / "own.sqlite")
    content = bytearray(path.read_bytes())
    content[len(content) // 2 :] = b"\xff" * (len(content) - len(content) // 2)
    path.write_bytes(content)
    with pytest.raises(DataError):
        index = Index.open(path)
        for name in ("norland", "nor city"):
            index.senses(name)


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "own.sqlite"
    target.write_bytes(b"the old one")
    with pytest.raises(ZeroDivisionError), making(target) as part:
        written(part)
        _ = 1 / 0
    assert target.read_bytes() == b"the old one"
    assert [path.name for path in tmp_path.iterdir()] == ["own.sqlite"]
    with pytest.raises(OutputError), making(tmp_path / "missing" / "own.sqlite") as part:
        part.write_bytes(b"")


def stacked(*lists: dict[str, list[tuple[str, str]]]) -> Gazetteer:
    """A gazetteer of lists, uppermost first: name → (item, relation)."""
    indexes = []
    for number, names in enumerate(lists):
        iris = sorted({iri for senses in names.values() for iri, _ in senses})
        items = [Item(iri, iri.rpartition("/")[2], EntityKind.PLACE) for iri in iris]
        entries = [
            (key(name), tuple(Sense(iris.index(iri), relation, 0.5) for iri, relation in names[name]))
            for name in sorted(names, key=lambda name: " ".join(key(name)))
        ]
        indexes.append(Index.held(items, entries, str(number)))
    return Gazetteer(*indexes)


def test_the_uppermost_that_knows_a_name_answers_relation_by_relation() -> None:
    gazetteer = stacked(
        {"Nor City": [("urn:mine", "name")]},
        {"Nor City": [("urn:theirs", "name"), ("urn:state", "capital")], "Elsewhere": [("urn:other", "name")]},
    )
    assert [known.iri for known in gazetteer.lookup("Nor City")] == ["urn:mine", "urn:state"]
    assert [known.iri for known in gazetteer.lookup("Elsewhere")] == ["urn:other"]


def test_a_name_said_to_be_no_item_hides_what_lies_below() -> None:
    gazetteer = stacked({"Nor City": []}, {"Nor City": [("urn:theirs", "name")], "Nor": [("urn:nor", "name")]})
    assert not gazetteer.lookup("Nor City")
    assert gazetteer.knows("Nor City") and not gazetteer.knows("Sud City")
    assert [gazetteer.lookup("NOR")[0].iri, len(gazetteer.find("Nor City"))] == ["urn:nor", 1]
