"""Records: what is written can be read, what is wrong is refused with line, path and reason."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from record_samples import documents, invented

from kgload import records_json
from kgload.errors import RecordError
from kgload.records import Document

WHERE = "records.jsonl:7"
SCHEMA = records_json.schema()


@settings(deadline=None)
@given(documents())
def test_a_record_reads_as_it_was_written(document: Document) -> None:
    line = records_json.dump(document)
    assert "\n" not in line
    assert records_json.load(json.loads(line), WHERE) == document


@settings(deadline=None)
@given(documents())
def test_every_record_keeps_to_the_schema(document: Document) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(records_json.dump(document)))


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert records_json.schema() == SCHEMA


def record() -> dict[str, Any]:
    return copy.deepcopy(json.loads(records_json.dump(invented())))


def changed(path: str, value: Any) -> dict[str, Any]:
    """The sample record with something else at a path (``events.0.type``)."""
    row = record()
    place: Any = row
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    for part in way:
        place = place[part]
    place[last] = value
    return row


WRONG = [
    ("article", 3, "article: "),
    ("article.id", "", "article.id: is empty"),
    ("article.id", 7, "article.id: Input should be a valid string"),
    ("article.text", None, "article.text: "),
    ("article.date", "13 August 2025", "article.date: "),
    ("article.date", "1735689600", "article.date: '1735689600' is no date as 2025-08-13"),
    ("article.date", 20250813, "article.date: "),
    ("article.author", "x", "article.author: Unexpected"),
    ("sentences.0", {"begin": 5, "end": 5}, "sentences[0]: 5 to 5 is no span of the text"),
    ("sentences.1.begin", 3, "sentences[1]: begins at 3, before the last one ends"),
    ("sentences.0.begin", "0", "sentences[0].begin: Input should be a valid integer"),
    ("entities.0.kind", "Robot", "entities[0].kind: Input should be 'Person'"),
    ("entities.0.name", " ", "entities[0].name: is empty"),
    ("entities.1.id", "mara", "entities[1].id: 'mara' is there twice"),
    ("entities.0.mentions", [], "entities[0].mentions: there is none"),
    ("entities.0.mentions.0.end", 10_000, "entities[0].mentions[0]: 10 to 10000 is no span of the text"),
    ("entities.0.mentions.0.begin", -1, "entities[0].mentions[0]: -1 to 19 is no span of the text"),
    (
        "entities.0.mentions.0.text",
        "Mara Done",
        "entities[0].mentions[0].text: is 'Mara Done', but the text has 'Mara Dunn'",
    ),
    ("entities.0.represents.0", "nobody", "entities[0].represents[0]: no entity has the id 'nobody'"),
    ("entities.8.represents", ["mara"], "entities[8].represents: is said of persons only"),
    ("entities.0.quantity", 4, "entities[0].quantity: is said of forces only"),
    ("entities.5.quantity", -4, "entities[5].quantity: is below 0"),
    ("entities.1.link.confidence", 1.5, "entities[1].link.confidence: lies outside 0 to 1"),
    ("entities.1.link.iri", "Q159", "entities[1].link.iri: 'Q159' is no http, https or urn IRI"),
    ("entities.1.link.iri", "http://x.example/a b", "entities[1].link.iri: "),
    ("events.0.type", "Election", "events[0].type: 'Election' is none of the ontology's: Agreement"),
    ("events.0.status", "Done", "events[0].status: Input should be 'Occurred'"),
    ("events.1.mode", "Phone", "events[1].mode: is not said of the type Deployment"),
    ("events.0.confidence", -0.1, "events[0].confidence: lies outside 0 to 1"),
    ("events.0.confidence", float("nan"), "events[0].confidence: "),
    ("events.0.date.earliest", "2026-01-01", "events[0].date: the earliest day is after the latest"),
    ("events.0.date.earliest", "2025-02-30", "events[0].date.earliest: "),
    ("events.0.arguments.0.role", "winner", "events[0].arguments[0].role: 'winner' is none of the ontology's"),
    ("events.0.arguments.0.role", "deployer", "events[0].arguments[0].role: deployer is not said of the type Meeting"),
    ("events.0.arguments.0.entity", "nobody", "events[0].arguments[0].entity: no entity has the id 'nobody'"),
    ("events.0.arguments.0.confidence", 2, "events[0].arguments[0].confidence: lies outside 0 to 1"),
    ("events.0.topic", "\ud800", "record: "),
    ("run.settings.0", ["link"], "run.settings[0]"),
    ("extra", 1, "extra: Unexpected"),
]


@pytest.mark.parametrize(("path", "value", "reason"), WRONG, ids=[f"{path}={value!r}" for path, value, _ in WRONG])
def test_a_wrong_record_is_refused_with_line_path_and_reason(path: str, value: Any, reason: str) -> None:
    with pytest.raises(RecordError, match=re.escape(f"{WHERE}: {reason}")) as caught:
        records_json.load(changed(path, value), WHERE)
    assert "\n" not in str(caught.value)


# What a schema cannot say is left to `load`.
BEYOND_A_SCHEMA = ("is no span", "before the last", "is there twice", "but the text has", "no entity has", "is said of")
BEYOND_A_SCHEMA += (
    "is not said of",
    "after the latest",
    "is no http",
    "is no date",
    "article.date",
    "date.earliest",
    "record: ",
)


@pytest.mark.parametrize(("path", "value", "reason"), WRONG, ids=[f"{path}={value!r}" for path, value, _ in WRONG])
def test_the_schema_refuses_what_it_can(path: str, value: Any, reason: str) -> None:
    said_by_schema = not any(part in reason for part in BEYOND_A_SCHEMA)
    if said_by_schema and value == value and value != " " and " " not in str(value):
        assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(changed(path, value))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
paths = st.sampled_from([path for path, _, _ in WRONG])


@settings(max_examples=200, deadline=None)
@given(paths, json_values)
def test_any_value_anywhere_is_taken_or_refused_and_never_crashes(path: str, value: Any) -> None:
    try:
        document = records_json.load(changed(path, value), WHERE)
    except RecordError:
        return
    records_json.dump(document).encode()


def test_a_link_that_no_rdf_library_takes_is_refused_with_its_path() -> None:
    row = {
        "article": {"id": "a", "text": "Ana"},
        "entities": [
            {
                "id": "e",
                "kind": "Person",
                "name": "Ana",
                "mentions": [{"begin": 0, "end": 3, "text": "Ana"}],
                "link": {"iri": "http://items.example/%zz", "confidence": 0.5},
            }
        ],
    }
    with pytest.raises(RecordError, match=r"f:1: entities\[0\]\.link\.iri"):
        records_json.load(row, "f:1")
