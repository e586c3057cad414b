"""What is read of atlases: regions by QID, and the state of the city that a name means."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kgload.errors import DataError
from kgload.linking.atlas import read_atlas
from kgload.linking.names import key


def region(qid: str, name: str, code: str, state: str, **further: str) -> dict[str, object]:
    told = {"wikidataid": qid, "name": name, "name_en": None, "iso_a2": code, "admin": state, **further}
    return {"type": "Feature", "geometry": None, "properties": told}


def city(name: str, code: str, people: int) -> bytes:
    """A record in Protocol Buffers' form, behind its length."""

    def number(value: int) -> bytes:
        more = value >> 7
        return bytes([value & 0x7F | 0x80]) + number(more) if more else bytes([value])

    texts = b"".join(
        bytes([field << 3 | 2, len(text)]) + text for field, text in ((2, name.encode()), (3, code.encode()))
    )
    body = bytes([1 << 3]) + number(7) + texts + bytes([9 << 3]) + number(people)
    return number(len(body)) + body


@pytest.fixture
def regions(tmp_path: Path) -> Path:
    found = [
        region("Q1", "Ketter", "NN", "Republic of Norland", name_alt="Kettershire|Old Ketter"),
        region("Q2", "Odell", "NN", "Republic of Norland", geonunit="Norland"),
        region("Q3", "Sumpter", "SS", "Southland"),
        region("", "No Number", "SS", "Southland"),
    ]
    path = tmp_path / "admin1.json"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": found}), encoding="utf-8")
    return path


def test_a_region_has_its_names_and_its_states(regions: Path) -> None:
    atlas = read_atlas(regions, None)
    assert atlas.regions.keys() == {"Q1", "Q2", "Q3"}
    assert atlas.regions["Q1"].states == (("norland",), ("norland",))
    assert atlas.has("Q1", key("Ketter Oblast")) and atlas.has("Q1", key("Kettershire"))
    assert not atlas.has("Q1", key("Odell")) and not atlas.has("Q4", key("Ketter"))


@pytest.mark.parametrize(
    ("names", "label"),
    [
        ({"type": "Oblast'", "type_en": "Region"}, "Ketter Oblast"),
        ({"type": "Il", "type_en": "Province"}, "Ketter Province"),
        ({"name_en": "Ketter State", "type_en": "Province"}, "Ketter State"),
        ({"type_en": "Commune|Municipality"}, ""),
    ],
)
def test_a_region_is_labelled_as_news_writes_it(tmp_path: Path, names: dict[str, str], label: str) -> None:
    path = tmp_path / "admin1.json"
    path.write_text(json.dumps({"features": [region("Q1", "Ketter", "NN", "Norland", **names)]}), encoding="utf-8")
    assert read_atlas(path, None).regions["Q1"].label == label


def test_a_name_means_a_city_where_its_namesakes_abroad_are_small(regions: Path, tmp_path: Path) -> None:
    cities = tmp_path / "cities.pbf"
    told = [
        ("Nor City", "NN", 400_000),
        ("Nor City", "SS", 30_000),
        ("Twin City", "NN", 90_000),
        ("Twin City", "SS", 20_000),
        ("Village", "NN", 900),
        ("Far City", "XX", 90_000),
    ]
    cities.write_bytes(b"".join(city(*each) for each in told))
    assert read_atlas(regions, cities).cities == {("nor", "city"): (("norland",),)}


@pytest.mark.parametrize("broken", [b"\x05\x08", b"\x02\x0d\x00", b"\xff", b"\x02\x10\x01"])
def test_cities_that_are_cut_short_or_of_another_form_are_refused(regions: Path, tmp_path: Path, broken: bytes) -> None:
    cities = tmp_path / "cities.pbf"
    cities.write_bytes(broken)
    with pytest.raises(DataError, match=r"cities\.pbf"):
        read_atlas(regions, cities)


@pytest.mark.parametrize(
    "broken", ["[]", "{", '{"features": [{"properties": {}}]}', '{"features": [{"properties": 1}]}']
)
def test_regions_of_another_form_are_refused(tmp_path: Path, broken: str) -> None:
    path = tmp_path / "admin1.json"
    path.write_text(broken, encoding="utf-8")
    with pytest.raises(DataError, match=r"admin1\.json"):
        read_atlas(path, None)
