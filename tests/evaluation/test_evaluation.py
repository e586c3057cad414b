"""`kgload evaluate` gives the figures that its definitions say, down to the single error."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from kgload.errors import BadLine
from kgload.evaluation.graph import read_graph
from kgload.evaluation.groups import KINDS, groups
from kgload.evaluation.names import normal, same
from kgload.evaluation.report import figures, levels
from kgload.evaluation.scores import Scores, score
from kgload.gold import parse_date, read
from kgload.ontology import vocabulary

KGL = "https://w3id.org/kgload/ontology#"
TEXT = "Ana Brand met Boris Klee in Oslo on Friday. They signed a pact. Norland sent 200 troops to Bergen."


def event(number: int, kind: str, begin: int, end: int, status: str, *facts: str) -> str:
    return f"""
    <urn:e{number}> a kgl:{kind}, kgl:Event ; kgl:reportedIn <urn:d> ; kgl:status kgl:{status} ;
      kgl:confidence {0.9 if number < 3 else 0.4} ; kgl:mention <urn:d#char={begin},{end}>
      {"".join("; " + fact for fact in facts)} .
    <urn:d#char={begin},{end}> nif:beginIndex {begin} ; nif:endIndex {end} ; nif:anchorOf "x" .
    """


def graph(folder: Path, *events: str) -> Path:
    path = folder / "graph.ttl"
    path.write_text(
        f"""@prefix kgl: <{KGL}> . @prefix nif: <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix dcterms: <http://purl.org/dc/terms/> .
    @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    <urn:d> a kgl:Document ; dcterms:identifier "d" .
    <urn:ana> rdfs:label "Ana Brand"@en . <urn:boris> rdfs:label "Boris Klee"@en . <urn:oslo> rdfs:label "Oslo"@en .
    <urn:norland> rdfs:label "Norland"@en . <urn:bergen> rdfs:label "Bergen"@en .
    <urn:force> rdfs:label "200 troops"@en ; kgl:quantity 200 .
    """
        + "".join(events),
        encoding="utf-8",
    )
    return path


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    row = {
        "id": "d",
        "sentences": [[0, 43], [44, 63], [64, 99]],
        "events": [
            {"type": "Meeting", "mentions": [{"begin": 10, "end": 13, "sentence": 0, "trigger": "met"}],
             "participants": ["Ana Brand", "Boris Klee"], "place": "Oslo", "date": "2025-05-02", "status": "Occurred",
             "mode": "InPerson"},
            {"type": "Agreement", "mentions": [{"begin": 49, "end": 55, "sentence": 1, "trigger": "signed"}],
             "participants": ["Ana Brand", "Boris Klee"], "status": "Occurred"},
            {"type": "Deployment", "mentions": [{"begin": 72, "end": 76, "sentence": 2, "trigger": "sent"}],
             "participants": ["Norland"], "deployer": "Norland", "force": "200 troops", "quantity": 200,
             "destination": "Bergen", "place": "Bergen", "status": "Occurred", "optional": True},
        ],
    }  # fmt: skip
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    return path


MEETING = event(
    1, "Meeting", 10, 13, "Occurred",
    "kgl:participant <urn:ana>, <urn:boris>", "kgl:place <urn:oslo>", "kgl:mode kgl:InPerson",
    'kgl:earliestDate "2025-05-02"^^xsd:date', 'kgl:latestDate "2025-05-02"^^xsd:date',
)  # fmt: skip


def test_an_event_that_is_all_right_counts_as_strict(gold: Path, tmp_path: Path) -> None:
    scores = score(read(gold), read_graph(graph(tmp_path, MEETING)))
    assert (scores.strict.right, scores.strict.spurious, scores.strict.missed) == (1, 0, 1)
    assert figures(scores)["event"]["f1"] == pytest.approx(2 / 3, abs=1e-4)
    assert scores.attributes["mode"] == [1, 1]


def test_wrong_status_and_an_extra_participant_break_strict_but_not_the_event(gold: Path, tmp_path: Path) -> None:
    signed = event(2, "Agreement", 49, 55, "Planned", "kgl:participant <urn:ana>, <urn:boris>, <urn:norland>")
    scores = score(read(gold), read_graph(graph(tmp_path, MEETING, signed)))
    assert scores.events["Agreement"].right == 1
    assert scores.arguments["participant"].spurious == 1
    assert scores.status == 0.5
    assert scores.strict.right == 1
    assert scores.errors["status Planned for Occurred"] == 1


def test_optional_events_count_neither_way_and_a_double_report_costs_precision(gold: Path, tmp_path: Path) -> None:
    sent = event(3, "Deployment", 72, 76, "Occurred", "kgl:participant <urn:norland>", "kgl:deployer <urn:norland>")
    again = event(4, "Meeting", 10, 13, "Occurred", "kgl:participant <urn:ana>")
    scores = score(read(gold), read_graph(graph(tmp_path, MEETING, sent, again)))
    assert "Deployment" not in {name for name, t in scores.events.items() if t.right + t.spurious + t.missed}
    assert scores.events["Meeting"].spurious == 1


def test_levels_of_confidence_trade_recall_for_precision(gold: Path, tmp_path: Path) -> None:
    doubtful = event(4, "Meeting", 64, 71, "Occurred", "kgl:participant <urn:ana>")
    scores = score(read(gold), read_graph(graph(tmp_path, MEETING, doubtful)))
    by_level = {level["min_confidence"]: level["precision"] for level in levels(scores)}
    assert by_level[0.0] == 0.5
    assert by_level[0.5] == 1.0


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("2024-02", ("2024-02-01", "2024-02-29")),
        ("2023", ("2023-01-01", "2023-12-31")),
        ("2024-09-01/2024-11", ("2024-09-01", "2024-11-30")),
    ],
)
def test_gold_dates_are_spans_of_days(text: str, ends: tuple[str, str]) -> None:
    date = parse_date(text)
    assert date is not None
    assert (str(date.earliest), str(date.latest)) == ends


def test_names_are_compared_without_titles_accents_and_possessives() -> None:
    assert normal("the U.S.") == normal("United States of America")
    assert normal("President Türkiye's") == normal("Turkey")
    assert same(normal("Mr Putin"), normal("Vladimir Putin"))
    assert not same(normal("South Korea"), normal("North Korea"))


def test_a_line_that_is_no_gold_is_refused_with_its_number(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text('{"id": "a", "sentences": [], "events": []}\n{"id": "b"}\n', encoding="utf-8")
    with pytest.raises(BadLine, match=r"gold\.jsonl:2"):
        list(read(path))


def test_the_command_prints_the_same_figures_as_the_library(gold: Path, tmp_path: Path) -> None:
    path = graph(tmp_path, MEETING)
    command = [sys.executable, "-m", "kgload.cli.main", "evaluate", str(path), str(gold)]
    told = subprocess.run([*command, "--json"], capture_output=True, text=True, check=True, env={**os.environ})
    said = json.loads(told.stdout)
    by = said.pop("by")
    assert said == figures(score(read(gold), read_graph(path)))
    assert by["type"]["Meeting"] == {"gold": 1, "event": 1.0, "argument": 1.0, "status": 1.0, "strict": 1.0}
    assert by["source"]["d"]["gold"] == sum(part["gold"] for part in by["type"].values())
    table = subprocess.run([*command, "--errors", "5"], capture_output=True, text=True, check=True)
    assert "missed Agreement" in table.stdout


def test_groups_add_up_to_the_whole(gold: Path, tmp_path: Path) -> None:
    sent = event(3, "Deployment", 72, 76, "Planned", "kgl:participant <urn:norland>", "kgl:deployer <urn:norland>")
    again = event(4, "Meeting", 10, 13, "Occurred", "kgl:participant <urn:ana>")
    documents, events = list(read(gold)), read_graph(graph(tmp_path, MEETING, sent, again))
    whole = score(documents, events)
    parts: dict[str, list[Scores]] = {}
    for kind, _, scores in groups(documents, events):
        parts.setdefault(kind, []).append(scores)
    assert set(parts) == set(KINDS)
    for scores in parts.values():
        assert sum(s.total(s.events).spurious for s in scores) == whole.total(whole.events).spurious
        assert sum(s.strict.right for s in scores) == whole.strict.right
        assert sum((s.errors for s in scores), Counter()) == whole.errors


def test_each_error_is_told_with_what_is_wrong(gold: Path, tmp_path: Path) -> None:
    scores = score(read(gold), read_graph(graph(tmp_path, MEETING.replace("<urn:boris>", "<urn:norland>"))))
    assert scores.errors["participant missing"] == 1
    assert scores.examples["participant missing"] == ["d: participant missing (boris klee) in Meeting «met»"]
    assert scores.examples["participant wrong"] == ["d: participant wrong (norland) in Meeting «met»"]
    assert {kind: len(lines) for kind, lines in scores.examples.items()} == scores.errors


def test_an_event_of_a_subclass_counts_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "own.ttl"
    own.write_text(
        f"<{KGL}Summit> a <http://www.w3.org/2002/07/owl#Class> ; "
        f"<http://www.w3.org/2000/01/rdf-schema#subClassOf> <{KGL}Meeting> ."
    )
    monkeypatch.setenv("KGLOAD_ONTOLOGY", str(own))
    vocabulary.cache_clear()
    try:
        [found] = read_graph(graph(tmp_path, MEETING.replace("a kgl:Meeting", "a kgl:Summit, kgl:Meeting")))["d"]
        assert found.type == "Summit"
        assert "Summit" in vocabulary().modal
    finally:
        monkeypatch.undo()
        vocabulary.cache_clear()
