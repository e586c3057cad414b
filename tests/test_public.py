"""What `import kgload` gives: the names that other people's programs may rely on."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import rdflib
from record_samples import invented

import kgload
from kgload import records_json


@pytest.fixture
def records(tmp_path: Path) -> Path:
    path = tmp_path / "records.jsonl"
    path.write_text(records_json.dump(invented()) + "\n", encoding="utf-8")
    return path


def test_the_public_names_are_these() -> None:
    assert sorted(kgload.__all__) == [
        "Answer",
        "Article",
        "Document",
        "Entity",
        "Event",
        "KgloadError",
        "Settings",
        "__version__",
        "convert",
        "extract",
        "load",
        "query",
        "read",
        "to_dataset",
    ]
    for name in kgload.__all__:
        assert getattr(kgload, name) is not None
        assert name in dir(kgload)
    with pytest.raises(AttributeError, match="dinner"):
        kgload.dinner  # noqa: B018


def test_importing_it_costs_nothing() -> None:
    program = "import sys, kgload; print(json.dumps([n for n in sys.modules if n.startswith('kgload')]))"
    done = subprocess.run([sys.executable, "-c", f"import json; {program}"], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == ["kgload"]


def test_convert_gives_the_same_bytes_twice(records: Path, tmp_path: Path) -> None:
    assert [kgload.convert([records], tmp_path / name) for name in ("a.nq", "b.nq")] == [1, 1]
    assert (tmp_path / "a.nq").read_bytes() == (tmp_path / "b.nq").read_bytes()


def test_to_dataset_has_a_graph_for_each_document(records: Path) -> None:
    dataset = kgload.to_dataset(kgload.extract(kgload.read([records])))
    names = [str(graph.identifier) for graph in dataset.graphs() if len(graph)]
    assert len(names) == 1
    assert names[0].startswith("https://w3id.org/kgload/document/")
    assert "Mara Dunn" in {str(value) for value in dataset.graph(rdflib.URIRef(names[0])).objects()}


def test_load_and_query_answer_and_loading_again_changes_nothing(records: Path, tmp_path: Path) -> None:
    store = tmp_path / "s"
    first = kgload.load([records], store=store)
    assert (first.added, first.replaced, first.unchanged) == (1, 0, 0)
    again = kgload.load([records], store=store)
    assert (again.added, again.replaced, again.unchanged) == (0, 0, 1)
    answer = kgload.query("meetings-of", name="Dunn", store=store)
    assert len(answer.rows) == 1
    assert kgload.query("SELECT*{GRAPH?g{?s?p?o}}", store=store).rows
    assert kgload.query("ASK{}", store=store).boolean is True
    with pytest.raises(kgload.KgloadError, match="takes no name"):
        kgload.query("ASK{}", store=store, name="Dunn")


def test_what_cannot_be_read_is_raised_or_handed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": ""}\n' + records_json.dump(invented()) + "\n", encoding="utf-8")
    with pytest.raises(kgload.KgloadError) as raised:
        list(kgload.extract(kgload.read([path])))
    assert (raised.value.code, raised.value.exit_code) == ("KGL-106", 2)
    bad: list[kgload.KgloadError] = []
    assert list(kgload.extract(kgload.read([path]), on_bad=bad.append)) == [invented()]
    assert [error.code for error in bad] == ["KGL-106"]
