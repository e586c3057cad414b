"""The graph as others read it: gold events and links, put through the mapping, score in full."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kgload import gold
from kgload.mapping.writers import GraphFormat, write
from kgload.records import Argument, Article, Document, Entity, EntityKind, Event, Link, Mention, Span, Status

SHARED = Path(__file__).parents[3] / "shared"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not (SHARED / "gold").is_dir(), reason="the shared gold is not here"),
]


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SHARED / name).read_text("utf-8").splitlines()]


def score(script: str, documents: list[Document], against: Path, folder: Path) -> dict[str, Any]:
    graph = folder / "graph.nq"
    with graph.open("wb") as stream:
        write(documents, stream, GraphFormat.NQUADS)
    command = [sys.executable, str(SHARED / "gold" / script), str(graph), str(against), "--json"]
    answer: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return answer


def as_document(annotated: gold.GoldDocument, article: dict[str, Any]) -> Document:
    """Gold events as records; a name that the text does not hold is left out, as an extractor could not give it."""
    text = article["text"]
    entities: list[Entity] = []

    def named(name: str, kind: EntityKind, role: str) -> list[Argument]:
        begin = text.find(name)
        if begin < 0:
            return []
        id_ = f"e{len(entities)}"
        entities.append(Entity(id_, kind, name, (Mention(begin, begin + len(name), name),)))
        return [Argument(role, id_)]

    events = []
    for number, event in enumerate(annotated.events):
        arguments = [a for name in event.participants for a in named(name, EntityKind.STATE, "participant")]
        arguments += [a for name in event.place for a in named(name, EntityKind.PLACE, "place")]
        mentions = tuple(Mention(m.begin, m.end, text[m.begin : m.end]) for m in event.mentions)
        status = event.status or Status.OCCURRED
        events.append(Event(f"v{number}", event.type, mentions, tuple(arguments), event.date, status))
    spans = tuple(Span(*sentence) for sentence in annotated.sentences)
    return Document(Article(article["id"], text), spans, tuple(entities), tuple(events))


def test_gold_events_score_in_full(tmp_path: Path) -> None:
    path = SHARED / "gold" / "dev.jsonl"
    articles = {row["id"]: row for row in rows("gold/dev.articles.jsonl")}
    documents = [as_document(document, articles[document.id]) for document in gold.read(path)]
    found = score("score.py", documents, path, tmp_path)
    assert found["event"] == [1.0, 1.0, 1.0]
    assert found["status"] == 1.0
    assert found["arguments"]["date"][2] == 1.0
    # Some gold names stand in no text as they are given.
    assert found["argument"][0] == 1.0
    assert found["argument"][1] > 0.9


def test_gold_links_score_in_full(tmp_path: Path) -> None:
    texts = {row["id"]: row["text"] for row in rows("corpus/bullets.jsonl")}
    documents = []
    for row in rows("gold/links_dev.jsonl")[:300]:
        entities = [
            Entity(
                f"e{number}",
                EntityKind.ORGANIZATION,
                m["surface"],
                (Mention(m["start"], m["end"], texts[row["id"]][m["start"] : m["end"]]),),
                link=Link(f"http://www.wikidata.org/entity/{m['qid']}", 0.9),
            )
            for number, m in enumerate(row["mentions"])
        ]
        documents.append(Document(Article(row["id"], texts[row["id"]]), (), tuple(entities)))
    part = tmp_path / "links.jsonl"
    part.write_text("".join(json.dumps(row) + "\n" for row in rows("gold/links_dev.jsonl")[:300]), encoding="utf-8")
    found = score("score_links.py", documents, part, tmp_path)
    assert (found["precision"], found["recall"]) == (1.0, 1.0)
