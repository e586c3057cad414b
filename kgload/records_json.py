"""Documents as JSON Lines: one record a line, described by a JSON Schema, checked when read.

The shape is that of :class:`kgload.records.Document`; fields at their default are left out when written.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from kgload.errors import RecordError
from kgload.records import Argument, Article, Document, Entity, Event, EventDate, Link, Mention, Run, Span

if TYPE_CHECKING:
    from pydantic import TypeAdapter

RECORDS = (Article, Span, Mention, Link, Entity, Argument, EventDate, Event, Run, Document)


def dump(document: Document) -> str:
    """A document as one line of JSON, without the line's end."""
    return json.dumps(_plain(document), ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        kept = {}
        for name, default in _fields(value.__class__):
            item = getattr(value, name)
            if item != default:
                kept[name] = _plain(item)
        return kept
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


@functools.cache
def _fields(record: type[Any]) -> tuple[tuple[str, Any], ...]:
    return tuple((field.name, field.default) for field in fields(record))


def load(row: dict[str, Any], where: str) -> Document:
    """A document from a parsed line; ``where`` (file and line) begins the message of an error.

    Raises:
        RecordError: the record breaks the schema, or contradicts itself or the ontology: offsets outside the text, a
            mention that is not the text at its offsets, ids that are doubled or lead nowhere, an event type or role
            that is not known. The message gives ``where``, the path in the record and the reason.
    """
    from pydantic import ValidationError

    from kgload.record_checks import problem

    try:
        # As JSON and strictly: a number is no date then, and "1" no number.
        document = _adapter().validate_json(json.dumps(row), strict=True)
    except (ValidationError, ValueError) as error:
        raise RecordError(f"{where}: {_reason(error)}") from error
    found = _date_problem(row) or problem(document)
    if found:
        raise RecordError(f"{where}: {found}")
    return document


def _date_problem(row: dict[str, Any]) -> str | None:
    """A date that pydantic takes but that is not ISO 8601: it reads digits as seconds since 1970."""
    days = {"article.date": row["article"].get("date")}
    for index, event in enumerate(row.get("events", ())):
        date = event.get("date") or {}
        days |= {f"events[{index}].date.{end}": date.get(end) for end in ("earliest", "latest")}
    return next(
        (f"{path}: {day!r} is no date as 2025-08-13" for path, day in days.items() if day and "-" not in day), None
    )


def _reason(error: ValueError) -> str:
    from pydantic import ValidationError

    if not isinstance(error, ValidationError):
        return f"record: {error}"
    first = error.errors(include_url=False)[0]
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"])
    return f"{path.removeprefix('.') or 'record'}: {first['msg']}"


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a record: its shape and the limits of its numbers.

    What a schema cannot say (that a mention is the text at its offsets, that ids lead somewhere) ``load`` checks.

    Raises:
        DataError: the ontology cannot be read.
    """
    from kgload.ontology import vocabulary

    made = _adapter().json_schema(mode="validation")
    definitions = made["$defs"]
    for part in (made, *definitions.values()):
        _tidy(part)
    terms = vocabulary()
    _limit(definitions, "Event", "type", enum=list(terms.event_types))
    _limit(definitions, "Argument", "role", enum=list(terms.roles))
    for record, field in (("Event", "confidence"), ("Link", "confidence"), ("Argument", "confidence")):
        _limit(definitions, record, field, minimum=0, maximum=1)
    for record in ("Mention", "Span"):
        _limit(definitions, record, "begin", minimum=0)
        _limit(definitions, record, "end", minimum=1)
    for record in ("Entity", "Event"):
        _limit(definitions, record, "mentions", minItems=1)
    for record, field in (("Article", "id"), ("Entity", "name")):
        _limit(definitions, record, field, minLength=1)
    _limit(definitions, "Entity", "quantity", minimum=0)
    _limit(definitions, "Link", "iri", pattern="^(https?://|urn:)")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://w3id.org/kgload/schema/record.json",
        "title": "kgload record: an article with its entities and events",
        **made,
    }


def _tidy(part: dict[str, Any]) -> None:
    """Leave out the titles that repeat the fields' names; descriptions as plain prose."""
    part.pop("title", None)
    if "description" in part:
        part["description"] = " ".join(part["description"].replace("``", "`").split())
    for field in part.get("properties", {}).values():
        field.pop("title", None)


def _limit(definitions: dict[str, Any], record: str, field: str, **limits: object) -> None:
    schema = definitions[record]["properties"][field]
    # A field that may be null is a choice of two; the limits are those of the other choice.
    choices = schema.get("anyOf", [schema])
    next(choice for choice in choices if choice.get("type") != "null").update(limits)


@functools.cache
def _adapter() -> TypeAdapter[Document]:
    from pydantic import ConfigDict, TypeAdapter

    # Records are plain dataclasses, so that making one costs no check; what comes from outside is checked here, and a
    # field that is not ours is refused: it is a typing error more often than an extension.
    for record in RECORDS:
        setattr(record, "__pydantic_config__", ConfigDict(extra="forbid"))  # noqa: B010 - no field of the record
    return TypeAdapter(Document)
