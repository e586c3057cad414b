"""Which kinds of entities the items of Wikidata are, by their classes."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass

from kgload import data
from kgload.errors import DataError
from kgload.records import EntityKind


@dataclass(frozen=True, slots=True)
class ClassRule:
    """Instances of a class, and of the classes below it, are of a kind."""

    qid: str
    label: str
    kind: EntityKind


@functools.cache
def rules() -> tuple[ClassRule, ...]:
    """The rules that ship with kgload; the first that fits an item decides.

    Raises:
        DataError: `data/gazetteer/classes.toml` is not of its form; the message says where.
    """
    from pydantic import BaseModel, ConfigDict, Field, ValidationError

    class Rule(BaseModel):
        model_config = ConfigDict(extra="forbid")
        qid: str = Field(pattern=r"^Q[1-9][0-9]*$")
        label: str = Field(min_length=1)
        kind: EntityKind

    class File(BaseModel):
        model_config = ConfigDict(extra="forbid")
        class_: list[Rule] = Field(alias="class", min_length=1)

    try:
        file = File.model_validate(tomllib.loads(data.path("gazetteer", "classes.toml").read_text("utf-8")))
    except (OSError, ValueError) as error:
        where = ".".join(map(str, error.errors()[0]["loc"])) if isinstance(error, ValidationError) else ""
        raise DataError(f"classes.toml: {where}: {error}") from error
    return tuple(ClassRule(rule.qid, rule.label, rule.kind) for rule in file.class_)
