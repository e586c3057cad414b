"""Which items a gazetteer takes in: those that two sources agree on, under the names that they have."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from kgload.errors import DataError
from kgload.linking.atlas import Atlas, Region
from kgload.linking.build import Row, build, tell_apart, write
from kgload.linking.evidence import Text
from kgload.linking.gazetteer import Gazetteer
from kgload.linking.names import Name, key
from kgload.linking.reference import read_reference
from kgload.linking.staging import Found
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
Q13\tNewsy Bay\tplace\tdr5hn
Q14\tTwin Bay\tplace\tdr5hn
Q15\tTwin Bay\tplace\tnatural_earth
Q16\tMarket\tplace\tdr5hn
Q17\tMara Dunn\tperson\teverypol
Q18\tDunn\tplace\tdr5hn
Q19\tUnheard Bay\tplace\tdr5hn
Q20\tHand Harbour\tplace\tnatural_earth
Q21\tSeen Late\tplace\ttitle_lookup_2
Q22\tI'm\torg\tnsi
Q23\tMarket Day\torg\tnsi
Q24\tNorWest\torg\tnsi
Q25\tZephyrus\torg\tnsi
Q26\tOda\tperson\televant_all|everypol
Q27\tHarbour Fair\torg\tpartyfacts
Q28\tIda Bell\tperson\teverypol
Q29\tNamed Bay\tplace\tdr5hn
Q30\tMara Odell\tperson\televant_all
Q31\tEast Ketter\torg\tnsi
Q32\tWest Ketter\tplace\tdr5hn
Q33\tUpper Ketter\tplace\tnatural_earth
Q34\tGreen Zone\tplace\tdr5hn
Q35\tKetter Gulf\tplace\televant_all
"""
CUES = {"place": frozenset({"in"}), "person": frozenset({"mayor"}), "org": frozenset({"company"})}
NEWS = [
    (
        "n1",
        "A storm in Newsy Bay went by Twin Bay. Mayor Mara Dunn was in Dunn, at the market: Market Day. In Seen Late.",
    ),
    ("n2", "I'm here for a day, says Zephyrus of the company NorWest, of the Harbour Fair, of Ida Bell, of Named Bay."),
    ("p1", "At the market of a province it rained in Market Province. In Wexmoor Province, and in Far Province, too."),
    ("p3", "Gorda Province saw storms in Other Title."),
    ("p2", "It rained in the Green Zone and in the Ketter Gulf."),
    ("held", "Unheard Bay is told of here alone."),
]
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
    paths = {
        name: tmp_path / name
        for name in ("items.tsv.gz", "links.jsonl", "dump.json.gz", "hand", "news.jsonl", "held.jsonl")
    }
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
        "places.tsv": "label\taliases\nHand Harbour\tHand Haven\nNamed Bay\tTwo List Town\n",
        "people.tsv": "label\taliases\n",
        "bodies.tsv": "label\tkind\taliases\nShore Defence Forces\tArmedGroup\tSDF\n",
        "endings.tsv": "label\tkind\nProvince\tPlace\n",
        "suffixes.tsv": "label\tkind\nProvince\tPlace\n",
        "single.tsv": "label\nsenate\n",
        "offices.tsv": "word\tuse\nmayor\thead\n",
        "generic.tsv": "label\nPolice\n",
        "withheld.tsv": "qid\treason\nQ12\ta territory as one side sees it\n",
    }
    for name, text in tables.items():
        (paths["hand"] / name).write_text(text, encoding="utf-8")
    return paths


def built(
    sources: dict[str, Path],
    *,
    links: bool = True,
    dump: bool = True,
    lookups: bool = False,
    atlas: Atlas | None = None,
) -> dict[str, Row]:
    reference = read_reference(
        sources["items.tsv.gz"],
        sources["links.jsonl"] if links else None,
        sources["dump.json.gz"] if dump else None,
        [sources["news.jsonl"]] if sources["news.jsonl"].exists() else [],
        sources["held.jsonl"] if sources["held.jsonl"].exists() else None,
        CUES,
        atlas,
    )
    reference.lookups = lookups
    return {row.qid: row for row in build(reference, sources["hand"])}


def test_an_item_of_one_list_or_withheld_does_not_ship(sources: dict[str, Path]) -> None:
    assert built(sources, links=False, dump=False).keys() == {"Q1", "Q4", "Q6", "Q11"}


@pytest.fixture
def news(sources: dict[str, Path]) -> None:
    """News texts, of which one is left out by its id."""
    lines = [json.dumps({"id": id_, "text": text}) for id_, text in NEWS]
    sources["news.jsonl"].write_text("\n".join(lines) + "\n", encoding="utf-8")
    sources["held.jsonl"].write_text(json.dumps({"id": "held", "mentions": []}) + "\n", encoding="utf-8")


def test_the_only_item_of_a_name_ships_where_news_uses_the_name(sources: dict[str, Path], news: None) -> None:
    rows = built(sources, links=False, dump=False)
    assert {qid: rows[qid].checked for qid in ("Q13", "Q17", "Q24")} == {
        "Q13": "dr5hn+said",
        "Q17": "everypol+said",
        "Q24": "nsi+said",
    }
    # News that uses a name and says nothing of it checks nothing.
    assert not rows.keys() & {"Q27", "Q28", "Q29", "Q30"}
    # Namesakes, common words, surnames, names that no text uses, and titles that were looked up.
    assert not rows.keys() & {"Q14", "Q15", "Q16", "Q18", "Q19", "Q21"}
    # Brands that are words, and persons of one word.
    assert not rows.keys() & {"Q22", "Q23", "Q25", "Q26"}
    # No town's name has an article; a gulf's has.
    assert "Q34" not in rows and rows["Q35"].checked == "elevant+said"
    assert built(sources, links=False, lookups=True)["Q21"].checked == "title_lookup+said"


def test_a_name_that_was_written_down_is_no_check_of_a_number(sources: dict[str, Path]) -> None:
    assert "Q20" not in built(sources, links=False)


def test_a_region_of_an_atlas_checks_the_only_item_of_its_name(sources: dict[str, Path]) -> None:
    regions = {
        "Q20": "Hand Harbour",
        "Q31": "East Ketter",
        "Q32": "Elsewhere",
        "Q33": "Upper Ketter",
        "Q14": "Twin Bay",
    }
    atlas = Atlas({qid: Region(frozenset({key(name)}), (key("Norland"),)) for qid, name in regions.items()})
    rows = built(sources, links=False, atlas=atlas)
    assert (rows["Q31"].checked, rows["Q31"].kind) == ("nsi+natural_earth", EntityKind.PLACE)
    # Another name, a list that is the atlas, a namesake.
    assert not rows.keys() & {"Q32", "Q20", "Q33", "Q14"}


def test_an_atlas_is_a_list_of_regions_that_no_other_has(sources: dict[str, Path], news: None) -> None:
    named = {
        "Q40": "Wexmoor Province",
        "Q43": "Market Province",
        "Q41": "Unheard Province",
        "Q8": "Far Province",
        "Q42": "Gorda Province",
    }
    regions = {qid: Region(frozenset({key(name)}), (), name) for qid, name in named.items()}
    rows = built(sources, links=False, atlas=Atlas(regions))
    assert (rows["Q40"].checked, rows["Q40"].label) == ("natural_earth+said", "Wexmoor Province")
    # A title that was looked up for links is no label without them.
    assert rows["Q8"].label == "Far Province"
    # Not said, said of nothing that it is, and of common words.
    assert not rows.keys() & {"Q41", "Q42", "Q43"}
    assert built(sources, atlas=Atlas(regions))["Q8"].label == "Other Title"


def test_an_alias_does_not_stand_in_for_an_item_that_is_not_checked(sources: dict[str, Path]) -> None:
    assert built(sources)["Q4"].aliases == set()


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


def test_texts_and_records_tell_apart_what_was_built(sources: dict[str, Path], tmp_path: Path) -> None:
    said = "Norlandic Mayor Mara J. Dunn and the NorWest (NWX) went to Linked Town, Norland. Mara Dunn spoke, so Dunn."
    texts = [Text("x", f"2020-05-0{day}", said) for day in range(1, 5)]
    links = {"Q17", "Q24"}
    reference = read_reference(sources["items.tsv.gz"], sources["links.jsonl"])
    for qid in links:
        reference.linked[qid]["x"] += 1
    rows = build(reference, sources["hand"])
    tell_apart(rows, reference, sources["hand"], texts, [Found(5, "Linked Town", countries=(1,))])
    write(rows, tmp_path / "core.tsv")
    gazetteer = Gazetteer.read(tmp_path / "core.tsv")
    entity = "http://www.wikidata.org/entity/"
    assert gazetteer.facts(entity + "Q17").offices[0].title == "mayor"
    assert gazetteer.facts(entity + "Q17").countries == (entity + "Q1",) == gazetteer.facts(entity + "Q5").countries
    assert gazetteer.holds(entity + "Q1") and not gazetteer.holds(entity + "Q5")
    for name, qid in (("Mara J. Dunn", "Q17"), ("Dunn", "Q17"), ("NWX", "Q24")):
        assert [known.iri for known in gazetteer.lookup(name)] == [entity + qid]
    assert next(row for row in rows if row.qid == "Q5").told.sources == {"within=dump+x": 1}


def test_a_city_is_in_a_state_where_all_its_names_say_so_and_the_lists_have_no_other(sources: dict[str, Path]) -> None:
    text = Text("x", "2020-05-01", "In Linked Town, Norland, in Two List Town, Norland, and in Lake Province, Norland.")
    norland, elsewhere = (("norland",),), (("elsewhere",),)
    cities: dict[Name, tuple[Name, ...]] = {
        ("linked", "town"): norland,
        ("two", "list", "town"): norland,
        ("twin", "bay"): norland,
    }
    far: dict[Name, tuple[Name, ...]] = {("linked",): elsewhere}
    for further, expected in (({}, {"Q4", "Q5"}), (far, {"Q4"})):
        reference = read_reference(
            sources["items.tsv.gz"], sources["links.jsonl"], atlas=Atlas(cities={**cities, **further})
        )
        rows = build(reference, sources["hand"])
        tell_apart(rows, reference, sources["hand"], [text], [])
        assert {row.qid for row in rows if row.told.facts.countries} == expected


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


@pytest.mark.parametrize("option", ["--regions", "--cities"])
def test_the_script_refuses_an_atlas_that_is_not_the_pinned_one(
    sources: dict[str, Path], tmp_path: Path, option: str
) -> None:
    script = Path(__file__).parents[2] / "scripts" / "build_gazetteer.py"
    other = tmp_path / "admin1.json"
    other.write_text('{"features": []}', encoding="utf-8")
    command = [sys.executable, str(script), str(sources["items.tsv.gz"]), option, str(other)]
    done = subprocess.run([*command, "-o", str(tmp_path / "core.tsv")], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "admin1.json" in done.stderr
    assert not (tmp_path / "core.tsv").exists()
