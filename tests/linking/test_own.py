"""Names of a user's own: read from CSV, put into a gazetteer file, decided in a review."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgload.errors import BadLine, DataError, InputNotFound
from kgload.linking import own, review
from kgload.linking.gazetteer import Gazetteer
from kgload.linking.index import Index
from kgload.records import EntityKind

CSV = """name,iri,kind,label,relation,description
Norland,https://names.example/n?x=1#y,State,Norland,,a state
Norlandic,https://names.example/n?x=1#y,State,Norland,demonym,a state
"Dunn, Mara",Q12,Person,Mara Dunn,,
Pine House,none,,,,
Undecided,,,,,
"""


@pytest.fixture
def names(tmp_path: Path) -> Path:
    path = tmp_path / "ours.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


def senses(gazetteer: Gazetteer, name: str) -> list[tuple[str, str, str]]:
    return [(k.iri, k.kind.value, k.relation) for k in gazetteer.lookup(name)]


def test_names_mean_what_the_rows_say(names: Path) -> None:
    gazetteer = Gazetteer(own.opened(names))
    assert senses(gazetteer, "Norland") == [("https://names.example/n?x=1#y", "State", "name")]
    assert senses(gazetteer, "Norlandic") == [("https://names.example/n?x=1#y", "State", "demonym")]
    assert senses(gazetteer, "Dunn Mara") == [("http://www.wikidata.org/entity/Q12", "Person", "name")]
    assert gazetteer.knows("Pine House") and not gazetteer.lookup("Pine House")
    assert not gazetteer.knows("Undecided")


def test_rows_may_tell_what_tells_namesakes_apart(tmp_path: Path) -> None:
    path = tmp_path / "ours.csv"
    header = "name,iri,kind,country,within,office,from,until\n"
    row = "Ketter,urn:ours:k,Person,Q1|urn:ours:n,urn:ours:w,mayor=2001/2009|mage,1999,2010-05-01\n"
    path.write_text(header + row + "Ketter the Elder,urn:ours:k,Person,,,,,\n", encoding="utf-8")
    cells = ("Q1|urn:ours:n", "urn:ours:w", "mayor=2001/2009|mage", 1999, 2010)
    assert Gazetteer(own.opened(path)).facts("urn:ours:k").cells() == cells
    own.add(own.read(path), tmp_path / "ours.sqlite")
    # Rows that are added later keep what they tell nothing of.
    path.write_text("name,iri,kind\nOld Ketter,urn:ours:k,Person\n", encoding="utf-8")
    own.add(own.read(path), tmp_path / "ours.sqlite")
    gazetteer = Gazetteer(own.opened(tmp_path / "ours.sqlite"))
    assert gazetteer.facts("urn:ours:k").cells() == cells
    assert gazetteer.lookup("Old Ketter")


@pytest.mark.parametrize(
    "cells", ["Norland,,,,", "file:///x,,,,", ",nowhere,,,", ",,=2001/,,", ",,,soon,", ",,,,20011", ",,,,'=1+1"]
)
def test_rows_that_tell_no_facts_are_named(tmp_path: Path, cells: str) -> None:
    path = tmp_path / "ours.csv"
    path.write_text(f"name,iri,country,within,office,from,until\nKetter,Q1,{cells}\n", encoding="utf-8")
    with pytest.raises(BadLine, match=r"ours\.csv:2"):
        own.read(path)


def test_over_the_core_they_come_first_and_may_say_none(names: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text("name,iri,kind\nRussia,urn:mine:r,State\nChina,none,\n", encoding="utf-8")
    gazetteer = Gazetteer.core().over(own.opened(mine), own.opened(names))
    assert [k.iri for k in gazetteer.lookup("Russia")] == ["urn:mine:r"]
    assert not gazetteer.lookup("China")
    assert gazetteer.lookup("France")[0].iri.endswith("/Q142")


def test_adding_makes_a_file_and_adds_to_it(names: Path, tmp_path: Path) -> None:
    target = tmp_path / "ours.sqlite"
    first = own.add(own.read(names), target)
    assert (first.items, first.names) == (2, 4)
    more = tmp_path / "more.csv"
    more.write_text("name,iri,kind\nNorland,urn:other,State\nSudland,urn:s,State\nNorlandic,none,\n", encoding="utf-8")
    own.add(own.read(more), target)
    gazetteer = Gazetteer(own.opened(target))
    assert senses(gazetteer, "Norland") == [("urn:other", "State", "name")]
    assert not gazetteer.lookup("Norlandic") and gazetteer.knows("Norlandic")
    assert senses(gazetteer, "Sudland") and senses(gazetteer, "Dunn Mara") and gazetteer.knows("Pine House")
    before = target.read_bytes()
    own.add(own.read(more), target)
    assert target.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("name\nNorland\n", ":1: there must be columns"),
        ("name,iri\nNorland,not an iri\n", ":2: 'not an iri'"),
        ("name,iri\nNorland,http://a b\n", ":2: "),
        ("name,iri\nNorland,javascript\n", ":2: "),
        ("name,iri\nNorland,Q1\nSudland,http://[x\n", "ours.csv:3: 'http://[x'"),
        ("name,iri\nNorland,a:b%zz\n", ":2: "),
        ("name,iri\nNorland,http://x.example/%zz\n", ":2: "),
        ("name,iri\nNorland,http://x.example/\x7f\n", ":2: "),
        ('name,iri\nNorland,"urn:x<y>"\n', ":2: "),
        ("name,iri,kind\nNorland,Q1,Planet\n", ":2: 'Planet'"),
        ("name,iri,relation\nNorland,Q1,friend\n", ":2: 'friend'"),
        ("name,iri\n...,Q1\n", ":2: '...'"),
        ('name,iri\n"Norland,Q1\n', "ours.csv:"),
    ],
)
def test_a_row_that_cannot_be_used_is_told_of(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "ours.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError if reason.startswith(":1:") else BadLine) as told:
        own.read(path)
    assert reason in str(told.value)


def test_what_is_no_text_or_not_there_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "latin.csv").write_bytes(b"name,iri\nZo\xeb,Q1\n")
    with pytest.raises(DataError, match=r"latin\.csv"):
        own.read(tmp_path / "latin.csv")
    with pytest.raises(InputNotFound):
        own.read(tmp_path / "missing.csv")


cells = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20).map(
    lambda cell: " ".join(cell.split()).lstrip("'")
)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> pytest.TempPathFactory:
    return tmp_path_factory


@given(rows=st.lists(st.builds(review.Row, cells, cells, cells, cells, cells, cells), max_size=5))
def test_a_review_comes_back_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[review.Row]
) -> None:
    path = tmp_path_factory.mktemp("review") / "review.csv"
    review.write(path, rows)
    kept = {(row.name, row.kind): row for row in reversed(rows)}
    assert sorted(map(repr, review.read(path))) == sorted(map(repr, kept.values()))


def test_no_cell_of_a_review_is_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "review.csv"
    review.write(path, [review.Row("=1+1", "Person", "", "@x", "-2 degrees", "+3")])
    line = path.read_text("utf-8").splitlines()[1]
    assert line == "'=1+1,Person,,'@x,'-2 degrees,'+3"
    assert review.read(path)[0].name == "=1+1"
    path.write_text(path.read_text("utf-8").replace("Person,,", "Person,Q7,"), encoding="utf-8")
    (name,) = own.read(path)
    assert (name.name, name.item and name.item.kind) == ("=1+1", EntityKind.PERSON)


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.sqlite"
    path.write_text("name,iri\n", encoding="utf-8")
    with pytest.raises(DataError, match="no gazetteer"):
        own.add([], path)
    assert path.read_text("utf-8") == "name,iri\n"
    with pytest.raises(DataError):
        Index.open(tmp_path)


def test_names_that_runs_add_at_once_are_all_kept(tmp_path: Path) -> None:
    target = tmp_path / "ours.sqlite"
    runs = []
    for number in range(6):
        given = tmp_path / f"{number}.csv"
        given.write_text(f"name,iri\nTown {number},urn:town:{number}\n", encoding="utf-8")
        code = "import sys, pathlib; from kgload.linking import own; a, b = map(pathlib.Path, sys.argv[1:]); "
        code += "[own.add(own.read(a), b) for _ in range(5)]"
        runs.append(subprocess.Popen([sys.executable, "-c", code, str(given), str(target)]))
    assert [run.wait(60) for run in runs] == [0] * 6
    assert Index.open(target).info().names == 6
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".csv"] * 6 + [".sqlite"]


def test_a_link_that_somebody_put_where_a_run_writes_is_not_followed(names: Path, tmp_path: Path) -> None:
    other = tmp_path / "precious.txt"
    other.write_text("precious", encoding="utf-8")
    (tmp_path / ".ours.sqlite.part").symlink_to(other)
    own.add(own.read(names), tmp_path / "ours.sqlite")
    assert other.read_text("utf-8") == "precious" and (tmp_path / ".ours.sqlite.part").is_symlink()
