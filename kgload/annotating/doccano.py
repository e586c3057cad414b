"""Doccano's JSON Lines with entities and relations: a text a line.

A trigger is an entity whose label is the event's type, with its status, mode and a question mark where it is optional
(``Meeting:Planned:Phone?``); a name is an entity ``Name``. Relations lead from an event's first trigger to its names,
and tie further triggers to it (``same``). Doccano numbers entities anew and keeps fields that it does not know: what no
stretch of the text says stands in the field ``kgload``, by its place in the text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated as Typed
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kgload.annotating.layout import ROLES, VALUES, Annotated, Marked, Name
from kgload.annotating.layout import lay_out as marks_of
from kgload.records import Mode, Status

NAME, SAME = "Name", "same"
REST = (*ROLES, *VALUES)


def label(marked: Marked) -> str:
    """An event as a label: ``Meeting:Planned:Phone?``."""
    return ":".join(part for part in (marked.type, marked.status, marked.mode) if part) + "?" * marked.optional


def write(one: Annotated) -> str:
    """A text as a line of JSON."""
    entities: list[dict[str, Any]] = []
    relations: list[dict[str, Any]] = []
    rest: list[dict[str, Any]] = []
    numbers: dict[Name, int] = {}

    def entity(begin: int, end: int, said: str) -> int:
        entities.append({"id": len(entities) + 1, "label": said, "start_offset": begin, "end_offset": end})
        return len(entities)

    def relate(left: int, right: int, said: str) -> None:
        relations.append({"id": len(relations) + 1, "from_id": left, "to_id": right, "type": said})

    named = []
    for marked in marks_of(one):
        first, *others = (entity(begin, end, label(marked)) for begin, end in marked.triggers)
        for other in others:
            relate(first, other, SAME)
        for role, name in marked.parts:
            if name not in numbers:
                numbers[name] = entity(name.begin, name.end, NAME)
                named.append({"begin": name.begin, "end": name.end, "name": name.name})
            relate(first, numbers[name], role)
        if marked.rest:
            begin, end = marked.triggers[0]
            rest.append({"begin": begin, "end": end, "type": marked.type, **marked.rest})
    article = one.article
    kept = {"id": article.id, "title": article.title, "date": article.date, "url": article.url, "events": rest,
            "names": named, "sentences": one.gold.sentences, "aliases": one.gold.aliases}  # fmt: skip
    row = {"text": article.text, "entities": entities, "relations": relations, "kgload": kept}
    return json.dumps(row, ensure_ascii=False, default=str)


class _Entity(BaseModel):
    id: int
    label: str
    start_offset: Typed[int, Field(ge=0)]
    end_offset: int


class _Relation(BaseModel):
    from_id: int
    to_id: int
    type: str


class _Stood(BaseModel):
    """What was said at a place of the text."""

    model_config = ConfigDict(extra="allow")
    begin: int
    end: int
    type: str = ""
    name: str = ""


class Kept(BaseModel):
    """What Doccano has no place for."""

    id: str | None = None
    title: str | None = None
    date: str | None = None
    url: str | None = None
    events: list[_Stood] = []
    names: list[_Stood] = []
    sentences: list[tuple[int, int]] | None = None
    aliases: dict[str, list[str]] = {}


class Row(BaseModel):
    """A line: Doccano's own fields, and ours where the line went out from here."""

    id: int | str | None = None
    text: Typed[str, Field(min_length=1)]
    entities: list[_Entity] = []
    relations: list[_Relation] = []
    kgload: Kept = Kept()


def read(line: str | bytes) -> tuple[Row, list[Marked]]:
    """A line and the marks that it makes on its text.

    Raises:
        ValueError: it is no such line; the message is ``place: reason``.
    """
    try:
        row = Row.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise ValueError(f"{'.'.join(map(str, first['loc'])) or 'the line'}: {first['msg']}") from error
    return row, list(_marks(row))


def _marks(row: Row) -> Iterator[Marked]:
    entities = {entity.id: entity for entity in row.entities}
    parts: dict[int, list[tuple[str, _Entity]]] = {}
    first: dict[int, int] = {id_: id_ for id_, entity in entities.items() if entity.label != NAME}
    for relation in row.relations:
        if relation.from_id not in entities or relation.to_id not in entities:
            raise ValueError(f"relations: {relation.from_id} to {relation.to_id} ties what is not there")
        if relation.type == SAME:
            old, new = first.get(relation.to_id), first.get(relation.from_id)
            if old is not None and new is not None:
                first |= {id_: new for id_, whose in first.items() if whose == old}
        elif relation.type in ROLES:
            parts.setdefault(relation.from_id, []).append((relation.type, entities[relation.to_id]))
        else:
            raise ValueError(f"relations: {relation.type[:40]!r} is no part; there are {SAME}, {', '.join(ROLES)}")
    names, rest = _names(row), list(row.kgload.events)
    for lead in dict.fromkeys(first.values()):
        group = [entities[id_] for id_, whose in first.items() if whose == lead]
        group.sort(key=lambda entity: entity.id != lead)
        type_, status, mode, optional = _label(entities[lead].label)
        found = []
        for entity in group:
            for role, other in parts.get(entity.id, ()):
                found.append((role, Name(other.start_offset, other.end_offset, names[other.id])))
        yield Marked(
            type=type_,
            triggers=tuple(dict.fromkeys((entity.start_offset, entity.end_offset) for entity in group)),
            status=status,
            mode=mode,
            optional=optional,
            parts=tuple(dict.fromkeys(found)),
            rest=_rest(rest, entities[lead], type_),
        )


def _names(row: Row) -> dict[int, str]:
    """What each entity names: what we know of its place, each saying once, or its words."""
    known, names = list(row.kgload.names), {}
    for entity in row.entities:
        here = [name for name in known if (name.begin, name.end) == (entity.start_offset, entity.end_offset)]
        if here and entity.label == NAME:
            known.remove(here[0])
            names[entity.id] = here[0].name
        else:
            names[entity.id] = " ".join(row.text[entity.start_offset : entity.end_offset].split())
    return names


def _label(said: str) -> tuple[str, str | None, str | None, bool]:
    type_, *more = said.removesuffix("?").split(":")
    unknown = [part for part in more if part not in set(Status) | set(Mode)]
    if unknown or not type_:
        raise ValueError(f"entities: the label {said[:60]!r} is no type, status and mode")
    status = next((part for part in more if part in set(Status)), None)
    mode = next((part for part in more if part in set(Mode)), None)
    return type_, status, mode, said.endswith("?")


def _rest(rest: list[_Stood], trigger: _Entity, type_: str) -> dict[str, Any]:
    """What was said of the event of a trigger; each such saying serves one event."""
    for number, one in enumerate(rest):
        if (one.begin, one.end, one.type) == (trigger.start_offset, trigger.end_offset, type_):
            del rest[number]
            return {name: value for name, value in (one.model_extra or {}).items() if name in REST}
    return {}
