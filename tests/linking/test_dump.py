"""Wikidata's dump into an index: what is taken in, and that a killed run comes to the same bytes."""

from __future__ import annotations

import bz2
import gzip
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from kgload.errors import BadLine, DataError, InputNotFound, OutputError, UnknownFormat
from kgload.linking.dump import build
from kgload.linking.facts import WIKIDATA
from kgload.linking.gazetteer import Gazetteer
from kgload.linking.index import Index
from kgload.linking.staging import Staging
from kgload.records import EntityKind

SAMPLE = Path(__file__).parents[3] / "shared" / "reference" / "wikidata_dump_sample.json.gz"
HUMAN, STATE, CITY, SETTLEMENT, TEAM, ORGANIZATION = 5, 3624078, 515, 486972, 476028, 43229


def item(number: int, label: str | None, classes: list[int], links: int, **more: Any) -> dict[str, Any]:
    """An invented item as the dump has it; `above`, `capital`, `aliases`, `demonym`, `description` say more."""

    def statement(value: Any) -> dict[str, Any]:
        return {"rank": "normal", "mainsnak": {"snaktype": "value", "datavalue": {"value": value}}}

    def items(numbers: list[int]) -> list[dict[str, Any]]:
        return [statement({"entity-type": "item", "numeric-id": n}) for n in numbers]

    def texts(value: str | None) -> dict[str, Any]:
        return {"en": {"language": "en", "value": value}} if value else {}

    claims = {"P31": items(classes), "P279": items(more.get("above", [])), "P36": items(more.get("capital", []))}
    if "demonym" in more:
        claims["P1549"] = [
            statement({"text": more["demonym"], "language": "en"}),
            statement({"text": "Norländer", "language": "de"}),
        ]
    return {
        "type": "item",
        "id": f"Q{number}",
        "labels": texts(label),
        "descriptions": texts(more.get("description")),
        "aliases": {"en": [{"language": "en", "value": alias} for alias in more.get("aliases", [])]},
        "claims": {name: values for name, values in claims.items() if values},
        "sitelinks": {f"l{n}wiki": {"site": f"l{n}wiki", "title": "x"} for n in range(links)},
    }


ITEMS = [
    item(CITY, "city", [], 0, above=[SETTLEMENT]),
    item(TEAM, "association football club", [], 0, above=[TEAM + 1]),
    item(TEAM + 1, "sports club", [], 0, above=[ORGANIZATION]),
    item(101, "Norland", [STATE], 90, demonym="Norlandic", capital=[102], aliases=["Kingdom of Norland", "nl", "N"]),
    item(102, "Nor City", [CITY], 60, description="capital of Norland"),
    item(103, "Nor City", [CITY], 8, description="town in Estmark"),
    item(104, "Mara Dunn", [HUMAN], 12),
    item(105, "Nor City", [TEAM], 9),
    item(106, "Little Known", [CITY], 2),
    item(107, None, [CITY], 50),
    item(108, "Ode to Norland", [990], 70),
    {**item(109, "P", [], 0), "type": "property", "id": "P109"},
]


def write(path: Path, items: list[dict[str, Any]]) -> Path:
    lines = ["[", *(json.dumps(record) + "," for record in items[:-1]), json.dumps(items[-1]), "]"]
    content = "\n".join(lines).encode() + b"\n"
    packed = {".gz": gzip.compress, ".bz2": bz2.compress}.get(path.suffix, lambda content: content)
    path.write_bytes(packed(content))
    return path


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    return write(tmp_path / "dump.json.gz", ITEMS)


def test_items_of_known_classes_that_enough_wikipedias_tell_of_are_taken_in(dump: Path, tmp_path: Path) -> None:
    report = build(dump, tmp_path / "own.sqlite")
    assert (report.lines, report.resumed) == (len(ITEMS) + 2, 0)
    assert report.info.kinds == {"Organization": 1, "Person": 1, "Place": 2, "State": 1}
    index = Index.open(tmp_path / "own.sqlite")
    assert [found.iri.rpartition("/")[2] for found in index.items()] == ["Q101", "Q102", "Q103", "Q104", "Q105"]
    assert index.description("http://www.wikidata.org/entity/Q103") == "town in Estmark"
    assert report.info.about["made from"].endswith("dump.json.gz")


def test_names_lead_to_items_the_better_known_first(dump: Path, tmp_path: Path) -> None:
    build(dump, tmp_path / "own.sqlite")
    gazetteer = Gazetteer(Index.open(tmp_path / "own.sqlite"))
    senses = [(known.iri.rpartition("/")[2], known.relation) for known in gazetteer.lookup("Nor City")]
    assert senses[0] == ("Q102", "name")
    assert ("Q101", "capital") in senses and ("Q103", "name") in senses and ("Q105", "name") in senses
    assert gazetteer.lookup("Nor City")[0].prior > 0.8
    assert [known.relation for known in gazetteer.lookup("Norlandic")] == ["demonym"]
    assert [known.label for known in gazetteer.lookup("Kingdom of Norland")] == ["Norland"]
    assert not gazetteer.lookup("nl") and not gazetteer.lookup("N") and not gazetteer.lookup("Norländer")


def test_what_tells_namesakes_apart_comes_from_the_items(tmp_path: Path) -> None:
    def value(content: Any, *, rank: str = "normal", **qualifiers: str) -> dict[str, Any]:
        snaks = {name: [{"datavalue": {"value": moment(when)}}] for name, when in qualifiers.items()}
        return {"rank": rank, "mainsnak": {"datavalue": {"value": content}}, "qualifiers": snaks}

    def moment(when: str) -> dict[str, Any]:
        return {"time": f"+{when}-00-00T00:00:00Z" if when[0] not in "+-" else when, "precision": 9 if when else 0}

    def claims(record: dict[str, Any], **more: list[dict[str, Any]]) -> dict[str, Any]:
        return {**record, "claims": {**record["claims"], **more}}

    items = [
        *ITEMS[:4],
        claims(
            item(201, "Ketter", [CITY], 30),
            P17=[value({"id": "Q101"}), value({"id": "Q999"}, P582="1920")],
            P131=[value({"id": "Q202"}, P582="1999"), value({"id": "Q203"})],
            P571=[value(moment("1204"))],
        ),
        claims(item(203, "Ketter Vale", [CITY], 20), P131=[value({"id": "Q204"})]),
        claims(item(204, "Wexmoor", [CITY], 20), P131=[value({"id": "Q203"})]),
        claims(
            item(205, "Ida Odell", [HUMAN], 9),
            P27=[value({"id": "Q101"})],
            P39=[value({"id": "Q300"}, P580="2001", P582="2009"), value({"id": "Q301"}), value({"id": "Q300"})],
            P569=[value(moment("1950"))],
            P570=[value(moment("2020"), rank="deprecated"), value(moment("2021"))],
        ),
        claims(
            item(206, "Una Odell", [HUMAN], 9), P569=[value({"time": "+1900-00-00T00:00:00Z", "precision": 7})],
            P570=[value(moment("-0044-03-15T00:00:00Z"))],
        ),
        item(300, "Mayor of Ketter", [], 0, above=[990]),
    ]  # fmt: skip
    build(write(tmp_path / "dump.json", items), tmp_path / "own.sqlite")
    gazetteer = Gazetteer(Index.open(tmp_path / "own.sqlite"))
    facts = {number: gazetteer.facts(f"{WIKIDATA}Q{number}") for number in (201, 203, 205, 206)}
    assert facts[201].cells() == ("Q101", "Q203|Q204", "", 1204, None)
    # Places that are in one another by mistake end nothing.
    assert facts[203].cells() == ("", "Q204", "", None, None)
    assert facts[205].cells() == ("Q101", "", "Mayor of Ketter=2001/2009|Mayor of Ketter", 2001, 2021)
    assert facts[206].cells() == ("", "", "", None, -44)
    assert gazetteer.holds(WIKIDATA + "Q203") and not gazetteer.holds(WIKIDATA + "Q201")


def test_only_kinds_and_fame_that_were_asked_for(dump: Path, tmp_path: Path) -> None:
    report = build(dump, tmp_path / "a.sqlite", kinds=[EntityKind.PERSON])
    assert report.info.kinds == {"Person": 1}
    report = build(dump, tmp_path / "b.sqlite", min_sitelinks=2)
    assert report.info.kinds["Place"] == 3
    with pytest.raises(DataError, match="would be empty"):
        build(dump, tmp_path / "c.sqlite", kinds=[EntityKind.ARMED_GROUP])
    assert not (tmp_path / "c.sqlite").exists()


@pytest.mark.parametrize("suffix", [".json", ".json.bz2"])
def test_every_packing_gives_the_same_names(dump: Path, tmp_path: Path, suffix: str) -> None:
    build(dump, tmp_path / "a.sqlite")
    build(write(tmp_path / f"other{suffix}", ITEMS), tmp_path / "b.sqlite")
    a, b = Index.open(tmp_path / "a.sqlite"), Index.open(tmp_path / "b.sqlite")
    assert list(a.items()) == list(b.items()) and list(a.entries()) == list(b.entries())


def many(path: Path) -> Path:
    return write(path, [*ITEMS, *(item(1000 + n, f"Town {n} {n % 97}", [CITY], 6) for n in range(12_000))])


def test_a_killed_run_goes_on_and_comes_to_the_same_bytes(tmp_path: Path) -> None:
    dump = many(tmp_path / "dump.json.gz")
    (tmp_path / "whole").mkdir()
    build(dump, tmp_path / "whole" / "own.sqlite")
    target = tmp_path / "own.sqlite"
    unfinished = tmp_path / ".own.sqlite.unfinished"
    command = [sys.executable, "-m", "kgload.cli.main", "gazetteer", "build", str(dump), "-o", str(target)]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        while process.poll() is None and not _steps(unfinished):
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGKILL)
    assert not target.exists() and _steps(unfinished)
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["resumed"] > 0
    assert target.read_bytes() == (tmp_path / "whole" / "own.sqlite").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dump.json.gz", "own.sqlite", "whole"]


def _steps(path: Path) -> int:
    if not path.exists():
        return 0
    try:
        with sqlite3.connect(path) as connection:
            rows = connection.execute("SELECT steps FROM done").fetchall()
    except sqlite3.Error:
        return 0
    return int(rows[0][0]) if rows else 0


def test_what_another_dump_left_is_not_gone_on_with(dump: Path, tmp_path: Path) -> None:
    broken = write(tmp_path / "broken.json", [*ITEMS[:4], {**item(110, "Odd", [CITY], 7), "id": "Qx"}])
    with pytest.raises(BadLine, match=r"broken\.json:6: "):
        build(broken, tmp_path / "own.sqlite")
    assert not (tmp_path / "own.sqlite").exists()
    assert build(dump, tmp_path / "own.sqlite").info.items == 5


@pytest.mark.parametrize(
    "line",
    [
        json.dumps({**item(1, "Odd", [CITY], 7), "id": "Q99999999999999999999"}),
        json.dumps(item(110, "Odd \ud800", [CITY], 7)),
        json.dumps(item(110, "Odd", [10**20], 7)),
        json.dumps(item(110, "Odd", [CITY], 7, capital=[-5])),
        json.dumps(item(110, "Odd", [CITY], 0, above=[10**20])),
        '"site"' * 9 + "[" * 200_000,
        '[{"site":' * 100_000,
    ],
)
def test_a_line_that_is_no_item_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "dump.json"
    path.write_text(f"[\n{json.dumps(ITEMS[3])},\n{line},\n]\n", encoding="utf-8")
    with pytest.raises(BadLine, match=r"dump\.json:3: ") as told:
        build(path, tmp_path / "own.sqlite")
    assert len(str(told.value)) < 500 and not (tmp_path / "own.sqlite").exists()


def test_a_line_without_end_is_not_held(tmp_path: Path) -> None:
    path = tmp_path / "dump.json.gz"
    with gzip.open(path, "wb", compresslevel=1) as stream:
        for _ in range(400):
            stream.write(b" " * (1 << 20))
    tracemalloc.start()
    with pytest.raises(BadLine, match=r"dump\.json\.gz:1: a line of more than 16 MB"):
        build(path, tmp_path / "own.sqlite")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 80 << 20


def test_a_dump_that_ends_in_the_middle_is_told_of(dump: Path, tmp_path: Path) -> None:
    dump.write_bytes(dump.read_bytes()[:-60])
    with pytest.raises(BadLine, match="ends or breaks"):
        build(dump, tmp_path / "own.sqlite")


def test_what_cannot_be_read_or_written_is_told_of(dump: Path, tmp_path: Path) -> None:
    with pytest.raises(InputNotFound):
        build(tmp_path / "missing.json.gz", tmp_path / "own.sqlite")
    with pytest.raises(UnknownFormat):
        build(dump.rename(tmp_path / "dump.zip"), tmp_path / "own.sqlite")
    with pytest.raises(OutputError):
        build(write(tmp_path / "again.json", ITEMS), tmp_path / "missing" / "own.sqlite")


def test_two_runs_never_build_one_target_at_once(dump: Path, tmp_path: Path) -> None:
    target = tmp_path / "own.sqlite"
    first = Staging(target, "another run")
    with pytest.raises(OutputError, match="another run is building it"):
        build(dump, target)
    first.close()
    assert build(dump, target).info.items == 5
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dump.json.gz", "own.sqlite"]


def test_where_a_link_or_another_s_file_stands_in_the_way_it_is_named_and_kept(dump: Path, tmp_path: Path) -> None:
    target, unfinished = tmp_path / "own.sqlite", tmp_path / ".own.sqlite.unfinished"
    other = tmp_path / "precious.txt"
    other.write_bytes(b"precious" * 200)
    unfinished.symlink_to(other)
    with pytest.raises(OutputError, match=r"\.own\.sqlite\.unfinished in its folder is a link"):
        build(dump, target)
    unfinished.unlink()
    other.rename(unfinished)
    with pytest.raises(OutputError, match=r"\.own\.sqlite\.unfinished in its folder is no file of a stopped run"):
        build(dump, target)
    assert unfinished.read_bytes() == b"precious" * 200 and not target.exists()


@pytest.mark.shared
@pytest.mark.skipif(not SAMPLE.exists(), reason="the sample of the dump is not here")
def test_the_sample_of_the_real_dump_builds_to_the_same_bytes_twice(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        report = build(SAMPLE, tmp_path / name / "sample.sqlite")
    assert (tmp_path / "a" / "sample.sqlite").read_bytes() == (tmp_path / "b" / "sample.sqlite").read_bytes()
    assert report.info.items > 200
    gazetteer = Gazetteer(Index.open(tmp_path / "a" / "sample.sqlite"))
    (belgium,) = gazetteer.lookup("Belgian")
    assert (belgium.label, belgium.kind, belgium.relation) == ("Belgium", EntityKind.STATE, "demonym")
    assert gazetteer.lookup("Oxford")[0].iri.endswith("/Q34217")
