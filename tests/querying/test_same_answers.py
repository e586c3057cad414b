"""Every canned query gives the same rows, in the same order, from memory, a folder, a server and a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from canned import CASES, ELSEWHERE, IDS
from wire import wire

from kgload import library
from kgload.asking import Answer, ask, bound


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory, oxigraph_server: str) -> Iterator[dict[str, dict[str, object]]]:
    folder = tmp_path_factory.mktemp("same")
    graph = folder / "wire.trig"
    library.write(wire(), graph)
    library.load([graph], store=folder / "store")
    library.load([graph], endpoint=oxigraph_server)
    yield {"folder": {"store": folder / "store"}, "server": {"endpoint": oxigraph_server}, "file": {"file": graph}}


def answer(name: str, values: dict[str, str], place: dict[str, object]) -> Answer:
    return ask(bound(name, values), name=name, **place)  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "values"), CASES, ids=IDS)
def test_rows_are_the_same_everywhere(name: str, values: dict[str, str], places: dict[str, dict[str, object]]) -> None:
    found = {place: answer(name, values, where) for place, where in places.items()}
    assert found["folder"].variables == found["server"].variables == found["file"].variables
    assert found["folder"].rows == found["server"].rows == found["file"].rows
    assert set(found["folder"].triples) == set(found["server"].triples)
    assert found["folder"].is_empty == (values == ELSEWHERE), "each query has an answer here"


def test_who_met_whom_counts_only_meetings_that_took_place(places: dict[str, dict[str, object]]) -> None:
    rows = [[term.value if term else None for term in row] for row in answer("who-met-whom", {}, places["folder"]).rows]
    assert ["Estmark", "Norland", "1", "1"] in rows


def test_contradictions_name_both_documents(places: dict[str, dict[str, object]]) -> None:
    [row] = answer("contradictions", {}, places["folder"]).rows
    said = [term.value if term else None for term in row]
    assert said == ["Meeting", "Norland", "Estmark", "2025-08-12", "Cancelled", "wire/off", "Occurred", "wire/met"]


def test_a_graph_without_documents_names_is_found_too(tmp_path: Path) -> None:
    library.write(wire(), tmp_path / "wire.ttl")
    found = ask(bound("meetings-of", {"name": "dunn"}), name="meetings-of", file=tmp_path / "wire.ttl")
    assert len(found.rows) == 3
