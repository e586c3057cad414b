"""What `data/linking.toml` says: how candidates are weighed, and when a link is trusted."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from typing import Annotated

from kgload import data
from kgload.errors import DataError
from kgload.records import EntityKind


@dataclass(frozen=True, slots=True)
class Weights:
    """What ``data/linking.toml`` says, where each is explained. Doubts are factors between 0 and 1, what supports one
    candidate against others a factor above 1; years are whole numbers, words are folded.
    """

    threshold: float
    nil: float
    sure: float
    one_word_person: float
    other_kind: float
    part_of_name: float
    elsewhere: float
    foreign: float
    other_time: float
    named_around: float
    office: float
    within: float
    region: float
    years_before: int
    years_after: int
    surname_beside: float
    surname_named: float
    online_search: float
    online_match: float
    joints: tuple[str, ...]
    lists: tuple[str, ...]
    before_places: frozenset[str]
    binding: frozenset[str]
    region_words: frozenset[str]
    titles: frozenset[str]
    compatible: dict[EntityKind, frozenset[EntityKind]]
    plurals: dict[str, str]


@functools.cache
def weights() -> Weights:
    """The weights that ship with kgload.

    Raises:
        DataError: `data/linking.toml` is not of its form; the message says where.
    """
    from pydantic import BaseModel, ConfigDict, Field, ValidationError

    share = Annotated[float, Field(ge=0, le=1)]
    times = Annotated[float, Field(ge=1)]
    years = Annotated[int, Field(ge=0)]
    texts = tuple[Annotated[str, Field(min_length=1)], ...]
    folded = frozenset[Annotated[str, Field(pattern=r"^[a-z]+$")]]

    class Doubts(BaseModel):
        model_config = ConfigDict(extra="forbid")
        one_word_person: share
        other_kind: share
        part_of_name: share
        elsewhere: share
        foreign: share
        other_time: share

    class Support(BaseModel):
        model_config = ConfigDict(extra="forbid")
        named_around: times
        office: times
        within: times
        region: times

    class Surname(BaseModel):
        model_config = ConfigDict(extra="forbid")
        beside: share
        named: share

    class Online(BaseModel):
        model_config = ConfigDict(extra="forbid")
        search: share
        match: share

    class File(BaseModel):
        model_config = ConfigDict(extra="forbid")
        threshold: share
        nil: share
        sure: share
        joints: texts
        lists: texts
        before_places: folded
        binding: folded
        region_words: folded
        titles: folded
        years_before: years
        years_after: years
        weights: Doubts
        support: Support
        surname: Surname
        online: Online
        compatible: dict[EntityKind, frozenset[EntityKind]]
        plurals: dict[Annotated[str, Field(pattern=r"^[a-z]+$")], Annotated[str, Field(min_length=1)]]

    try:
        file = File.model_validate(tomllib.loads(data.path("linking.toml").read_text("utf-8")))
    except (OSError, ValueError) as error:
        where = ".".join(map(str, error.errors()[0]["loc"])) if isinstance(error, ValidationError) else ""
        raise DataError(f"linking.toml: {where}: {error}") from error
    plain = file.model_dump(exclude={"weights", "support", "surname", "online"})
    surname = {f"surname_{name}": value for name, value in file.surname.model_dump().items()}
    online = {f"online_{name}": value for name, value in file.online.model_dump().items()}
    return Weights(**plain, **file.weights.model_dump(), **file.support.model_dump(), **surname, **online)
