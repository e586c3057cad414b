"""Which items a gazetteer takes in: those that two sources agree on, under the names that they have."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from kgload.errors import DataError
from kgload.linking.build import Row, build, read_reference, write
from kgload.linking.gazetteer import Gazetteer
from kgload.records import EntityKind

ITEMS = """qid\tlabel\ttype\tsources
Q1\tNorland\tplace\tcountry_coder|rigour
Q2\tNorland national football team\torg\televant_all|elevant_gold
Q3\tOne List Town\tplace\tdr5hn_cities|dr5hn_states
Q4\tTwo List Town\tplace\tdr5hn|natural_earth
Q5\tLinked Town\tplace\tdr5hn
Q6\tSocial Democratic Front\torg\teverypol|partyfacts
Q6\tSDF\torg\tpartyfacts
Q7\tLooked Up Sea\tplace\ttitle_lookup_1
Q8\tOther Title\tplace\ttitle_lookup_1
Q9\tDumped City\tplace\tnatural_earth
Q10\tMislabelled City\tplace\tnatural_earth
Q12\tDisputed Land\tplace\trigour|everypol
Q11\tLake Province\t\tdr5hn|everypol
"""
LINKS = [
    ("Norland", "Q1"),
    ("Norland", "Q2"),
    ("Norland", "Q2"),
    ("Linked", "Q5"),
    ("Police", "Q5"),
    ("Looked Up Sea", "Q7"),
    ("Elsewhere", "Q8"),
]


@pytest.fixture
def sources(tmp_path: Path) -> dict[str, Path]:
    paths = {name: tmp_path / name for name in ("items.tsv.gz", "links.jsonl", "dump.json.gz", "hand")}
    paths["items.tsv.gz"].write_bytes(gzip.compress(ITEMS.encode()))
    mentions = [{"start": 0, "end": len(words), "surface": words, "qid": qid} for words, qid in LINKS]
    paths["links.jsonl"].write_text(json.dumps({"id": "a", "mentions": mentions}) + "\n", encoding="utf-8")
    records = [
        {"id": qid, "labels": {"en": {"language": "en", "value": label}}, "aliases": {}}
        for qid, label in (("Q9", "dumped city"), ("Q10", "Something else"))
    ]
    lines = "[\n" + ",\n".join(map(json.dumps, records)) + "\n]\n"
    paths["dump.json.gz"].write_bytes(gzip.compress(lines.encode()))
    paths["hand"].mkdir()
    tables = {
        "states.tsv": "label\taliases\tdemonyms\tcapitals\tgovernment\nNorland\t\tNorlandic\tNor City\t\n",
        "bodies.tsv": "label\tkind\taliases\nShore Defence Forces\tArmedGroup\tSDF\n",
        "endings.tsv": "label\tkind\nProvince\tPlace\n",
        "generic.tsv": "label\nPolice\n",
        "withheld.tsv": "qid\treason\nQ12\ta territory as one side sees it\n",
    }
    for name, text in tables.items():
        (paths["hand"] / name).write_text(text, encoding="utf-8")
    return paths


def built(sources: dict[str, Path], *, links: bool = True, dump: bool = True) -> dict[str, Row]:
    reference = read_reference(
        sources["items.tsv.gz"], sources["links.jsonl"] if links else None, sources["dump.json.gz"] if dump else None
    )
    return {row.qid: row for row in build(reference, sources["hand"])}


def test_an_item_of_one_list_or_withheld_does_not_ship(sources: dict[str, Path]) -> None:
    assert built(sources, links=False, dump=False).keys() == {"Q1", "Q4", "Q6", "Q11"}


def test_a_link_or_a_record_of_the_same_name_checks_an_item(sources: dict[str, Path]) -> None:
    rows = built(sources)
    assert rows["Q5"].checked == "dr5hn+editors"
    assert rows["Q9"].checked == "dump+natural_earth"
    assert "Q10" not in rows and "Q3" not in rows


def test_a_title_checks_an_item_only_under_its_own_words(sources: dict[str, Path]) -> None:
    rows = built(sources)
    assert rows["Q7"].checked == "title_lookup+editors"
    assert "Q8" not in rows


def test_a_state_is_no_team_whatever_editors_link_most(sources: dict[str, Path]) -> None:
    rows = built(sources)
    assert (rows["Q1"].kind, rows["Q1"].demonyms) == (EntityKind.STATE, {"Norlandic"})
    assert rows["Q2"].kind is EntityKind.ORGANIZATION
    assert not rows["Q2"].aliases and not rows["Q2"].linked


def test_an_acronym_alone_tells_no_item(sources: dict[str, Path]) -> None:
    assert built(sources)["Q6"].label == "Social Democratic Front"
    assert built(sources)["Q6"].kind is EntityKind.ORGANIZATION


def test_words_that_any_of_a_kind_may_bear_are_no_names(sources: dict[str, Path]) -> None:
    assert built(sources)["Q5"].aliases == {"Linked"}


def test_a_label_tells_the_kind_where_the_lists_do_not(sources: dict[str, Path]) -> None:
    assert built(sources)["Q11"].kind is EntityKind.PLACE


def test_what_is_built_can_be_read_and_is_the_same_twice(sources: dict[str, Path], tmp_path: Path) -> None:
    for name in ("one.tsv", "two.tsv"):
        write(built(sources).values(), tmp_path / name)
    assert (tmp_path / "one.tsv").read_bytes() == (tmp_path / "two.tsv").read_bytes()
    gazetteer = Gazetteer.read(tmp_path / "one.tsv")
    assert gazetteer.info.items == len(built(sources))
    assert [known.label for known in gazetteer.lookup("Norlandic")] == ["Norland"]


def test_a_broken_list_is_refused(sources: dict[str, Path]) -> None:
    sources["items.tsv.gz"].write_bytes(gzip.compress(b"qid\tlabel\ttype\tsources\nQ1\tNorland\n"))
    with pytest.raises(DataError, match=r"items\.tsv\.gz"):
        built(sources)


def test_the_script_builds_from_its_arguments(sources: dict[str, Path], tmp_path: Path) -> None:
    script = Path(__file__).parents[2] / "scripts" / "build_gazetteer.py"
    target = tmp_path / "core.tsv"
    done = subprocess.run(
        [sys.executable, str(script), str(sources["items.tsv.gz"]), "-o", str(target)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("5 items: ")
    assert Gazetteer.read(target).info.items == 5
