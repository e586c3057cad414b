"""Wikidata's items from a SPARQL service: page by page, each page once, into the same index."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from services import Asked, Reply, serving

from kgload.errors import DataError, EndpointRefused
from kgload.linking import sparql_pages
from kgload.linking.gazetteer import Gazetteer
from kgload.linking.index import Index
from kgload.linking.polite import Service
from kgload.linking.sparql_pages import build
from kgload.records import EntityKind

REFERENCE = Path(__file__).parents[3] / "shared" / "reference"
PERSON = {
    "item": "Q201",
    "label": "Ida Odell",
    "links": "9",
    "countries": "http://www.wikidata.org/entity/Q101",
    "offices": "Mayor=2001/2009\x1fMage=/",
    "began": "1950",
    "ended": "-13798000000",
}
STATES = [{"item": "Q101", "label": "Norland", "links": "90", "demonyms": "Norlandic", "capitals": "Q102"}]
PLACES = [
    {"item": f"Q{102 + n}", "label": f"Town {n}" if n else "Nor City", "links": "60", "aliases": "Nortown\x1fold town"}
    for n in range(5)
]
BY_CLASS = {"Q3624078": STATES, "Q486972": PLACES, "Q5": [PERSON]}


def row(record: dict[str, str]) -> dict[str, dict[str, str]]:
    entity = "http://www.wikidata.org/entity/"
    cells = dict(record)
    cells["item"] = entity + cells["item"]
    if "capitals" in cells:
        cells["capitals"] = entity + cells["capitals"]
    return {name: {"type": "uri" if name == "item" else "literal", "value": value} for name, value in cells.items()}


def wikidata(asked: Asked) -> Reply:
    """Pages of the invented items, as the query's class, LIMIT and OFFSET say."""
    query = asked.query["query"]
    numbers = {word: int(n) for word, n in re.findall(r"(LIMIT|OFFSET) (\d+)", query)}
    (class_,) = re.findall(r"wdt:P279\* wd:(Q\d+)", query)
    page = BY_CLASS.get(class_, [])[numbers["OFFSET"] :][: numbers["LIMIT"]]
    bindings = [row(record) for record in page]
    return Reply(json.dumps({"head": {"vars": []}, "results": {"bindings": bindings}}).encode())


@pytest.fixture(autouse=True)
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sparql_pages, "PAGE", 2)


def test_all_pages_come_into_the_index(tmp_path: Path) -> None:
    target = tmp_path / "own.sqlite"
    with serving(wikidata) as service:
        report = build(Service(service.address + "/sparql", cache=None), service.address, target)
    assert report.info.kinds == {"Person": 1, "Place": 5, "State": 1}
    gazetteer = Gazetteer(Index.open(target))
    told = gazetteer.facts("http://www.wikidata.org/entity/Q201")
    assert told.cells() == ("Q101", "", "Mage|Mayor=2001/2009", 2001, None)
    assert [k.relation for k in gazetteer.lookup("Nor City")] == ["name", "capital"]
    assert gazetteer.lookup("Norlandic")[0].label == "Norland"
    assert len(gazetteer.lookup("Nortown")) == 5 and not gazetteer.lookup("old town")


def test_a_run_that_was_stopped_asks_only_for_what_it_had_not_got(tmp_path: Path) -> None:
    pages = 0

    def failing(asked: Asked) -> Reply:
        nonlocal pages
        pages += 1
        return Reply(b"", 404) if pages == 4 else wikidata(asked)

    kinds = [EntityKind.PLACE]
    with serving(failing) as service:
        one = Service(service.address + "/sparql", cache=tmp_path / "kept")
        with pytest.raises(EndpointRefused):
            build(one, "s", tmp_path / "own.sqlite", kinds=kinds)
        assert not (tmp_path / "own.sqlite").exists()
        build(one, "s", tmp_path / "own.sqlite", kinds=kinds)
        asked = [a.query["query"] for a in service.asked]
    assert len(asked) == len(set(asked)) + 1
    (tmp_path / "b").mkdir()
    with serving(wikidata) as service:
        build(Service(service.address, cache=None), "s", tmp_path / "b" / "own.sqlite", kinds=kinds)
    assert (tmp_path / "own.sqlite").read_bytes() == (tmp_path / "b" / "own.sqlite").read_bytes()


@pytest.mark.parametrize("body", [b"[]", b'{"results": {}}', b'{"results": {"bindings": [{"item": {"value": "x"}}]}}'])
def test_what_is_no_table_of_items_is_refused(tmp_path: Path, body: bytes) -> None:
    with serving(lambda asked: Reply(body)) as service, pytest.raises(EndpointRefused):
        build(Service(service.address, cache=None), "s", tmp_path / "own.sqlite")
    assert not (tmp_path / "own.sqlite").exists()


@pytest.mark.parametrize("change", [{"item": "Q99999999999999999999"}, {"label": "\ud800"}, {"links": "9" * 30}])
def test_an_item_that_cannot_be_held_is_refused(tmp_path: Path, change: dict[str, str]) -> None:
    body = json.dumps({"results": {"bindings": [row({**STATES[0], **change})]}}).encode()
    with serving(lambda asked: Reply(body)) as service, pytest.raises(EndpointRefused):
        build(Service(service.address, cache=None), "s", tmp_path / "own.sqlite")


def test_a_key_in_the_address_is_neither_kept_nor_shown(tmp_path: Path) -> None:
    target = tmp_path / "own.sqlite"
    with serving(wikidata) as service:
        address = f"{service.address}/sparql?key=secret"
        build(Service(address, cache=tmp_path / "kept"), address, target)
        assert "key" in service.asked[0].query
    assert Index.open(target).info().about["made from"] == f"the SPARQL service {service.address}/sparql"
    assert b"secret" not in b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_no_items_make_no_index(tmp_path: Path) -> None:
    with serving(lambda asked: Reply(b'{"results": {"bindings": []}}')) as service, pytest.raises(DataError):
        build(Service(service.address, cache=None), "s", tmp_path / "own.sqlite")
    assert not (tmp_path / "own.sqlite").exists()


@pytest.mark.shared
@pytest.mark.skipif(not REFERENCE.exists(), reason="the recorded answers are not here")
def test_the_service_s_recorded_answer_has_the_form_that_is_read() -> None:
    answer = json.loads((REFERENCE / "wdqs_sparql_result_real_trimmed.json").read_text("utf-8"))
    with serving(lambda asked: Reply(json.dumps(answer).encode())) as service:
        rows = sparql_pages._rows(Service(service.address, cache=None), sparql_pages.rules()[0], 5, 0)
    assert rows[0]["item"] == "http://www.wikidata.org/entity/Q376896"
    assert rows[0]["itemLabel"] == "Grenelle"
