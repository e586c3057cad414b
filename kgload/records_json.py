"""Documents as JSON Lines: one record a line, described by a JSON Schema, checked when read.

The shape is that of :class:`kgload.records.Document`; fields at their default are left out when written.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from kgload.errors import RecordError
from kgload.records import Argument, Article, Document, Entity, Event, EventDate, Link, Mention, Run, Span

if TYPE_CHECKING:
    from pydantic import TypeAdapter


def dump(document: Document) -> str:
    """A document as one line of JSON, without the line's end."""
    return json.dumps(_plain(document), ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        kept = {}
        for field in fields(value):
            item = getattr(value, field.name)
            if item != field.default:
                kept[field.name] = _plain(item)
        return kept
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


def load(row: dict[str, Any], where: str) -> Document:
    """A document from a parsed line; ``where`` (file and line) begins the message of an error.

    Raises:
        RecordError: the record breaks the schema, or contradicts itself: offsets outside the text, a mention that is
            not the text at its offsets, ids that are doubled or lead nowhere.
    """
    from pydantic import ValidationError

    try:
        document = _adapter().validate_python(row)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        path = ".".join(str(part) for part in first["loc"]) or "record"
        raise RecordError(f"{where}: {path}: {first['msg']}") from error
    problem = _contradiction(document)
    if problem:
        raise RecordError(f"{where}: {problem}")
    return document


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a record."""
    made = _adapter().json_schema(mode="validation")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://w3id.org/kgload/schema/record.json",
        "title": "kgload record: an article with its entities and events",
        **{key: value for key, value in made.items() if key != "title"},
    }


@functools.cache
def _adapter() -> TypeAdapter[Document]:
    from pydantic import ConfigDict, TypeAdapter

    # Records are plain dataclasses, so that making one costs no check; what comes from outside is checked here, and a
    # field that is not ours is refused: it is a typing error more often than an extension.
    for record in (Article, Span, Mention, Link, Entity, Argument, EventDate, Event, Run, Document):
        setattr(record, "__pydantic_config__", ConfigDict(extra="forbid"))  # noqa: B010 - no field of the record
    return TypeAdapter(Document)


def _contradiction(document: Document) -> str | None:
    """What in the record contradicts the rest of it, with its path; None where nothing does."""
    text = document.article.text
    try:
        f"{document.article.id}{text}{document.article.title}{document.article.url}".encode()
    except UnicodeEncodeError:
        return "article: a lone surrogate is no character"
    if not document.article.id:
        return "article.id: is empty"
    for index, sentence in enumerate(document.sentences):
        if not 0 <= sentence.begin < sentence.end <= len(text):
            return f"sentences.{index}: {sentence.begin} to {sentence.end} is no span of the text"
    parts: dict[str, Sequence[Entity | Event]] = {"entities": document.entities, "events": document.events}
    for kind, things in parts.items():
        ids: set[str] = set()
        for index, thing in enumerate(things):
            path = f"{kind}.{index}"
            if thing.id in ids:
                return f"{path}.id: {thing.id!r} is there twice"
            ids.add(thing.id)
            if not thing.mentions:
                return f"{path}.mentions: there is none"
            for number, mention in enumerate(thing.mentions):
                if not 0 <= mention.begin < mention.end <= len(text):
                    return f"{path}.mentions.{number}: {mention.begin} to {mention.end} is no span of the text"
                if text[mention.begin : mention.end] != mention.text:
                    there = text[mention.begin : mention.end]
                    return f"{path}.mentions.{number}.text: is {mention.text!r}, but the text has {there!r} there"
    return _dangling(document, {entity.id for entity in document.entities})


def _dangling(document: Document, known: set[str]) -> str | None:
    for index, entity in enumerate(document.entities):
        if not entity.name.strip():
            return f"entities.{index}.name: is empty"
        if entity.quantity is not None and entity.quantity < 0:
            return f"entities.{index}.quantity: is below 0"
        for reference in entity.represents:
            if reference not in known:
                return f"entities.{index}.represents: no entity has the id {reference!r}"
        if entity.link and not 0 <= entity.link.confidence <= 1:
            return f"entities.{index}.link.confidence: lies outside 0 to 1"
        if entity.link and not entity.link.iri.startswith(("http://", "https://", "urn:")):
            return f"entities.{index}.link.iri: is no http, https or urn IRI"
    for index, event in enumerate(document.events):
        if not 0 <= event.confidence <= 1:
            return f"events.{index}.confidence: lies outside 0 to 1"
        for number, argument in enumerate(event.arguments):
            if argument.entity not in known:
                return f"events.{index}.arguments.{number}.entity: no entity has the id {argument.entity!r}"
        date = event.date
        if date and date.earliest and date.latest and date.earliest > date.latest:
            return f"events.{index}.date: the earliest day is after the latest"
    return None
