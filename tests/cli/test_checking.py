"""kgload validate, verify, ontology and schema, as a user runs them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import rdflib
from record_samples import TEXT, invented

from kgload import records_json
from kgload.files import replacing
from kgload.mapping.writers import format_of, write


def kgload(*arguments: object, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kgload.cli.main", *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    path = tmp_path / "news.nq.gz"
    with replacing(path) as stream:
        write([invented()], stream, format_of(path.name))
    return path


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "broken.ttl"
    with path.open("wb") as stream:
        write([invented()], stream, format_of(path.name))
    path.write_text(path.read_text("utf-8").replace("kgl:Planned", "kgl:Hoped"), encoding="utf-8")
    return path


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "articles.jsonl"
    path.write_text(json.dumps({"id": "wire/2025-08-13", "text": TEXT}) + "\n", encoding="utf-8")
    return path


def test_a_graph_that_conforms_exits_with_0_and_prints_nothing_on_stdout(graph: Path) -> None:
    done = kgload("validate", graph)
    assert (done.returncode, done.stdout) == (0, "")
    assert "conforms (1 documents" in done.stderr
    assert kgload("validate", "--quiet", graph).stderr == ""


def test_a_graph_that_does_not_conform_exits_with_1_and_a_line_for_each_violation(broken: Path) -> None:
    done = kgload("validate", broken)
    assert done.returncode == 1
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert [(path, message) for _, path, message in lines] == [
        ("kgl:status", "an event has one status, one of the five (found https://w3id.org/kgload/ontology#Hoped)")
    ]
    assert lines[0][0].endswith("/deployment-111-115")


def test_validate_answers_a_program_in_json(broken: Path) -> None:
    answer = json.loads(kgload("validate", "--json", broken).stdout)
    assert answer["conforms"] is False
    assert [violation["path"] for violation in answer["violations"]] == ["kgl:status"]


def test_validate_says_loudly_that_there_was_nothing_to_check(tmp_path: Path) -> None:
    path = tmp_path / "empty.nq"
    path.touch()
    done = kgload("validate", "--quiet", path)
    assert done.returncode == 0
    assert "there was nothing to check" in done.stderr


@pytest.mark.parametrize("command", ["validate", "verify"])
@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("bad.nq", "this is no graph\n", "KGL-110"),
        ("bad.nq.gz", "plain", "KGL-110"),
        ("bad.xyz", "", "KGL-104"),
        ("none.nq", None, "KGL-101"),
    ],
)
def test_what_cannot_be_read_exits_with_2_and_one_line(
    tmp_path: Path, source: Path, command: str, name: str, content: str | None, code: str
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content, encoding="utf-8")
    done = kgload(command, tmp_path / name, *(["--source", source] if command == "verify" else []))
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1 and f"[{code}]" in done.stderr


def test_a_graph_that_matches_its_source_exits_with_0(graph: Path, source: Path) -> None:
    done = kgload("verify", graph, "--source", source)
    assert (done.returncode, done.stdout) == (0, "")
    assert "matches its sources (1 documents, 16 spans checked)" in done.stderr


def test_a_graph_matches_the_records_that_it_was_made_from(graph: Path, tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text(records_json.dump(invented()) + "\n", encoding="utf-8")
    assert kgload("verify", graph, "--source", path).returncode == 0


def test_a_graph_matches_a_bare_text_under_its_identifier(graph: Path, tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_text(TEXT, encoding="utf-8")
    assert kgload("verify", graph, "--source", path, "--id", "wire/2025-08-13").returncode == 0
    done = kgload("verify", graph, "--source", path)
    assert done.returncode == 1
    assert done.stdout == "wire/2025-08-13\t-\tis not among the sources\n"


def test_a_text_that_changed_exits_with_1_and_a_line_for_each_difference(graph: Path, source: Path) -> None:
    source.write_text(source.read_text("utf-8").replace("Estmark", "Westmar"), encoding="utf-8")
    done = kgload("verify", graph, "--source", source)
    assert done.returncode == 1
    assert "the text has 'Westmar' there, the graph 'Estmark'" in done.stdout
    answer = json.loads(kgload("verify", graph, "--source", source, "--json").stdout)
    assert answer["matches"] is False
    assert len(answer["mismatches"]) == len(done.stdout.splitlines())


def test_a_source_that_is_missing_exits_with_2(graph: Path, tmp_path: Path) -> None:
    done = kgload("verify", graph, "--source", tmp_path / "none.jsonl")
    assert done.returncode == 2
    assert "[KGL-101]" in done.stderr


def test_a_source_line_that_cannot_be_read_is_told(graph: Path, source: Path) -> None:
    source.write_text("{\n" + source.read_text("utf-8"), encoding="utf-8")
    done = kgload("verify", graph, "--source", source)
    assert done.returncode == 0
    assert "skipped: " in done.stderr


@pytest.mark.parametrize("part", [(), ("ontology",), ("shapes",)])
def test_ontology_and_shapes_are_printed_as_turtle(part: tuple[str, ...]) -> None:
    done = kgload("ontology", *part)
    assert done.returncode == 0
    assert len(rdflib.Graph().parse(data=done.stdout, format="turtle")) > 100


def test_the_context_is_printed_as_json() -> None:
    assert json.loads(kgload("ontology", "context").stdout)["@context"]["kgl"] == "https://w3id.org/kgload/ontology#"


def test_the_schema_is_printed_as_json_and_the_same_each_time() -> None:
    first, second = kgload("schema").stdout, kgload("schema").stdout
    assert first == second
    schema = json.loads(first)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(json.loads(records_json.dump(invented())))
