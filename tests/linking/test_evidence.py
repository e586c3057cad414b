"""What news texts tell of known items, and what of that is told twice."""

from __future__ import annotations

import pytest

from kgload.linking.atlas import Atlas, Region
from kgload.linking.evidence import Offices, Text, gather, initialled, sources
from kgload.linking.facts import Office
from kgload.linking.gazetteer import Gazetteer
from kgload.linking.names import Name
from kgload.linking.rows import COLUMNS
from kgload.linking.staging import Found
from kgload.linking.telling import Known, Told, shorts, tell
from kgload.records import EntityKind

ROWS: list[dict[str, str]] = [
    {"qid": "Q1", "kind": "State", "label": "Norland", "demonyms": "Norlandic", "capitals": "Nor City"},
    {"qid": "Q2", "kind": "State", "label": "Estmark", "demonyms": "Estmarkish"},
    {"qid": "Q3", "kind": "Person", "label": "Mara Dunn"},
    {"qid": "Q4", "kind": "Person", "label": "Odo Bell"},
    {"qid": "Q5", "kind": "Place", "label": "Nor City"},
    {"qid": "Q6", "kind": "Place", "label": "Ketter"},
    {"qid": "Q7", "kind": "Place", "label": "Sumpter"},
    {"qid": "Q8", "kind": "Place", "label": "Sumpter Province", "aliases": "Sumpter"},
    {"qid": "Q9", "kind": "Organization", "label": "Harbour Board"},
    {"qid": "Q10", "kind": "Organization", "label": "Bank of Norland"},
    {"qid": "Q11", "kind": "Place", "label": "Wexmoor"},
    {"qid": "Q12", "kind": "State", "label": "Gorda"},
    {"qid": "Q13", "kind": "Place", "label": "Gorda"},
]  # fmt: skip
OFFICES = Offices(frozenset({"president", "minister"}), frozenset({"foreign", "prime"}), frozenset({"former", "ex"}))


@pytest.fixture(scope="module")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    rows = [{"namesakes": "0", "checked": "a+b", **row} for row in ROWS]
    lines = ["\t".join(row.get(column, "") for column in COLUMNS) for row in rows]
    path = tmp_path_factory.mktemp("evidence") / "own.tsv"
    path.write_text("\n".join(["\t".join(COLUMNS), *lines]) + "\n", encoding="utf-8")
    return Gazetteer.read(path)


def told(
    gazetteer: Gazetteer,
    *texts: tuple[str, str, str],
    dump: tuple[Found, ...] = (),
    atlas: Atlas | None = None,
    cities: dict[str, tuple[Name, ...]] | None = None,
) -> dict[str, Told]:
    """Facts that texts (publisher, day, words) tell, by QID."""
    known = Known(
        {row["qid"]: EntityKind(row["kind"]) for row in ROWS},
        {row["qid"]: row["label"] for row in ROWS},
        {("norland",): "Q1", ("estmark",): "Q2"},
        {("nor", "city"): "Q1"},
        {},
        atlas or Atlas(),
        cities or {},
    )
    return tell(known, gather(gazetteer, [Text(*text) for text in texts], OFFICES), dump)


def countries(found: dict[str, Told], qid: str) -> list[str]:
    return [iri.rpartition("/")[2] for iri in found[qid].facts.countries] if qid in found else []


def test_two_publishers_or_two_days_make_two_sources() -> None:
    assert sources({("x", "2020-01-01"), ("y", "2020-01-01")}) == "x+y"
    assert sources({("x", "2020-01-01"), ("x", "2020-01-02")}) == "x+days"
    assert not sources({("x", "2020-01-01")})
    assert not sources({("x", "2020-01-01"), ("x", "")})


@pytest.mark.parametrize(
    "said",
    [
        "Norlandic President Mara Dunn spoke.",
        "Norland's president Mara Dunn spoke.",
        "The president of Norland, Mara Dunn, spoke.",
        "President of Norland Mara Dunn spoke.",
    ],
)
def test_a_person_s_office_country_and_years_are_what_texts_say(gazetteer: Gazetteer, said: str) -> None:
    found = told(gazetteer, ("x", "2010-05-01", said), ("y", "2012-05-01", said), ("y", "2020-05-01", "Odo Bell left."))
    assert countries(found, "Q3") == ["Q1"]
    (office,) = found["Q3"].facts.offices
    assert (office.title, office.began) == ("president", 2010)
    assert found["Q3"].sources["country=x+y"] and "Q4" not in found


def test_one_text_tells_nothing_and_a_former_office_no_years(gazetteer: Gazetteer) -> None:
    said = "Former Norlandic president Mara Dunn spoke."
    assert not told(gazetteer, ("x", "2010-05-01", "Norlandic President Mara Dunn spoke."))
    found = told(gazetteer, ("x", "2010-05-01", said), ("y", "2012-05-01", said))
    assert found["Q3"].facts.offices == (Office("president"),)


def test_sources_that_do_not_agree_tell_nothing(gazetteer: Gazetteer) -> None:
    one, other = "Norlandic President Mara Dunn spoke.", "Estmarkish President Mara Dunn spoke."
    found = told(gazetteer, *(("x", f"2010-05-0{n}", said) for n, said in enumerate((one, one, other, other), start=1)))
    assert not countries(found, "Q3")


def test_who_is_called_so_in_passing_did_not_hold_the_office(gazetteer: Gazetteer) -> None:
    holder = [("x", f"2010-0{n}-01", "Norlandic President Mara Dunn spoke.") for n in range(1, 8)]
    passing = [("y", f"20{n}-03-01", "Norlandic President Odo Bell is remembered.") for n in (10, 11)]
    offices = {qid: found.facts.offices for qid, found in told(gazetteer, *holder, *passing).items()}
    assert offices["Q3"][0].began == 2010
    assert offices["Q4"][0].began == 2011


def test_places_are_in_what_texts_and_tables_say(gazetteer: Gazetteer) -> None:
    found = told(
        gazetteer,
        ("x", "2010-05-01", "Rain fell on Ketter, Wexmoor, Norland, and Nor City, Norland."),
        ("y", "2010-05-02", "Snow fell on Ketter, Wexmoor, Norland, and Sumpter, Norland."),
        ("y", "2010-05-03", "Hail fell on Sumpter, Norland."),
    )
    assert countries(found, "Q11") == ["Q1"]
    assert countries(found, "Q6") == ["Q1"]
    assert [iri.rpartition("/")[2] for iri in found["Q6"].facts.within] == ["Q11"]
    # The table of capitals is the second source.
    assert countries(found, "Q5") == ["Q1"]
    # A name is its own item's, be it another one's alias.
    assert countries(found, "Q7") == ["Q1"] and "Q8" not in found


def test_a_place_of_a_state_s_name_is_meant_where_it_is_in_a_state(gazetteer: Gazetteer) -> None:
    said = "Rain fell on Wexmoor, Gorda, Estmark."
    found = told(gazetteer, ("x", "2010-05-01", said), ("y", "2010-05-01", said))
    assert countries(found, "Q13") == ["Q2"]
    assert [iri.rpartition("/")[2] for iri in found["Q11"].facts.within] == ["Q13"]


def test_a_body_s_country_is_told_by_its_name_by_texts_and_by_wikidata(gazetteer: Gazetteer) -> None:
    said = "The Norlandic Harbour Board met."
    found = told(gazetteer, ("x", "2010-05-01", said), ("x", "2010-05-02", said))
    assert countries(found, "Q9") == ["Q1"] and "Q10" not in found
    record = Found(10, "Bank of Norland", countries=(1,))
    assert told(gazetteer, dump=(record,))["Q10"].sources == {"country=dump+label": 1}


def test_short_names_are_those_that_nearly_all_texts_use_of_one_person(gazetteer: Gazetteer) -> None:
    texts = [
        ("x", "2010-05-01", "Mara Dunn spoke. President Dunn left. Odo Bell and Ida Bell came; Bell sang."),
        ("y", "2010-05-02", "Mara Dunn spoke, and Dunn left. The Harbour Board (NHB) met. Odo Bell came; Bell sang."),
        ("y", "2010-05-03", "The Harbour Board (NHB) met. Ida Bell came; Bell sang."),
    ]
    found = shorts(gather(gazetteer, [Text(*text) for text in texts], OFFICES))
    assert found == {"Q3": {"Dunn"}, "Q9": {"NHB"}}


def test_a_surname_that_nearly_all_who_bear_it_share_with_one_is_his(gazetteer: Gazetteer) -> None:
    texts = [Text("x", f"2010-05-{day:02}", "Mara Dunn spoke to them.") for day in range(1, 12)]
    assert shorts(gather(gazetteer, texts, OFFICES)) == {"Q3": {"Dunn"}}
    assert not shorts(gather(gazetteer, [*texts, Text("x", "2011-01-01", "Ida Dunn spoke.")] * 2, OFFICES)).get("Q4")


def test_names_with_initials_are_counted() -> None:
    found = initialled([Text("x", "2010-05-01", "Mara J. Dunn met Odo K. L. Bell and Ida Odell.")])
    assert found == {"Mara J. Dunn": {("x", "2010-05-01")}, "Odo K. L. Bell": {("x", "2010-05-01")}}


def test_a_text_and_an_atlas_tell_the_state_of_a_place(gazetteer: Gazetteer) -> None:
    norland = (("elsewhere",), ("norland",))
    atlas = Atlas({"Q8": Region(frozenset(), norland)})
    text = ("x", "2020-01-01", "In Ketter, Norland, in Sumpter Province, Norland, and Wexmoor, Norland.")
    found = told(gazetteer, text, atlas=atlas, cities={"Q6": norland})
    assert countries(found, "Q6") == countries(found, "Q8") == ["Q1"]
    assert found["Q6"].sources == {"within=geonames+x": 1} and found["Q8"].sources == {"within=natural_earth+x": 1}
    # A text alone tells no fact, and no atlas does.
    assert not countries(found, "Q11")
    assert not told(gazetteer, atlas=atlas, cities={"Q6": norland})


def test_who_says_that_a_place_is_in_a_region_says_its_state(gazetteer: Gazetteer) -> None:
    atlas = Atlas({"Q8": Region(frozenset(), (("norland",),))})
    text = ("x", "2020-01-01", "In Ketter, Sumpter Province. In Sumpter Province, Norland.")
    found = told(gazetteer, text, atlas=atlas, cities={"Q6": (("norland",),)})
    assert countries(found, "Q6") == ["Q1"] and not [iri for iri in found["Q6"].facts.within if iri.endswith("Q8")]


@pytest.mark.parametrize(
    "said",
    [
        "Ketter in northern Norland",
        "Ketter, in the south of it: in the Norlandic port city of Ketter",
        "Norland's province of Ketter",
        "the Norlandic town of Ketter",
    ],
)
def test_what_stands_around_a_place_tells_its_state(gazetteer: Gazetteer, said: str) -> None:
    assert countries(told(gazetteer, *(("x", day, said) for day in ("2020-01-01", "2020-01-02"))), "Q6") == ["Q1"]


@pytest.mark.parametrize(
    "said",
    [
        "Ketter and Norland",
        "the Norlandic Ketter envoy",
        "Norland's Ketter coast",
        "Norlandic troops in Ketter",
        "Ketter: in Norland all is well",
    ],
)
def test_a_state_that_is_merely_near_tells_nothing(gazetteer: Gazetteer, said: str) -> None:
    assert not countries(told(gazetteer, *(("x", day, said) for day in ("2020-01-01", "2020-01-02"))), "Q6")
