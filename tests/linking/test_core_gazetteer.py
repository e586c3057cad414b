"""The gazetteer that ships: every item checked, the names that news uses known."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from kgload import data
from kgload.linking.gazetteer import Gazetteer
from kgload.linking.index import Index
from kgload.linking.rows import write_index
from kgload.records import EntityKind

MEGABYTES_ALLOWED = 5


def rows() -> list[dict[str, str]]:
    with data.path("gazetteer", "core.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_each_item_stands_once_and_two_sources_agree_on_it() -> None:
    items = [row["qid"] for row in rows()]
    assert len(items) == len(set(items)) > 7000
    assert items == sorted(items, key=lambda qid: int(qid[1:]))
    assert all(len(set(row["checked"].split("+"))) >= 2 for row in rows())


def test_it_is_small() -> None:
    files = data.path("gazetteer").iterdir()
    assert sum(file.stat().st_size for file in files) < MEGABYTES_ALLOWED * 1_000_000


@pytest.mark.parametrize(
    ("name", "qid", "relation"),
    [
        ("Russia", "Q159", "name"),
        ("North Korean", "Q423", "demonym"),
        ("U.S.", "Q30", "name"),
        ("UK", "Q145", "name"),
        ("DPRK", "Q423", "name"),
        ("Kremlin", "Q159", "government"),
        ("Downing Street", "Q145", "government"),
        ("UN", "Q1065", "name"),
        ("Nato", "Q7184", "name"),
        ("Putin", "Q7747", "name"),
        ("Volodymyr Zelensky", "Q3874799", "name"),
        ("Volodymyr Zelenskyy", "Q3874799", "name"),
        ("Antonio Guterres", "Q311440", "name"),
        ("Hamas", "Q38799", "name"),
    ],
)
def test_names_of_the_news_are_known(name: str, qid: str, relation: str) -> None:
    senses = Gazetteer.core().lookup(name)
    assert (qid, relation) in [(known.iri.rpartition("/")[2], known.relation) for known in senses]


def test_pyongyang_may_be_the_state() -> None:
    relations = {known.relation: known for known in Gazetteer.core().lookup("Pyongyang")}
    assert relations["capital"].kind is EntityKind.STATE
    assert relations["capital"].label == "North Korea"


def test_common_words_are_no_names() -> None:
    assert not Gazetteer.core().find("They told us who it is, and may visit the police and the senate.")


def test_the_index_that_ships_is_the_table_s(tmp_path: Path) -> None:
    write_index(data.path("gazetteer", "core.tsv"), tmp_path / "core.sqlite", as_of="2026-11-24")
    made, ships = Index.open(tmp_path / "core.sqlite"), Index.open(data.path("gazetteer", "core.sqlite"))
    assert list(made.items()) == list(ships.items())
    assert list(made.entries()) == list(ships.entries())
    assert made.info() == ships.info()
