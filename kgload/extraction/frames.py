"""The light extractor's knowledge: frames of the event types, their triggers, cues of status, words of attribution.

Everything is read and checked at once; a wrong word in a file is an error with file and place, never a silent nothing.
"""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from kgload import data
from kgload.errors import DataError
from kgload.records import Mode, Status

Word = Annotated[str, Field(pattern=r"^[^\sA-Z][^A-Z]*$")]
Words = list[Word]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Example(_Strict):
    """A sentence, and what the frame must find in it."""

    text: str
    trigger: str
    participants: list[str] = []
    place: str | None = None
    force: str | None = None


Share = Annotated[float, Field(ge=0, le=1)]


class Least(_Strict):
    """The least shares (0 to 1) at which the light extractor says something.

    ``event``: of an event's likeliest trigger; ``mention``: of each trigger; ``same``: that two triggers speak of one
    event; ``participant``, ``place``, ``attributedTo``, ``date``: of each of these.
    """

    event: Share
    mention: Share
    participant: Share
    place: Share
    attributedTo: Share  # noqa: N815 - the name of the ontology's property
    date: Share
    same: Share


class Frame(_Strict):
    """How events of one type are read."""

    type: Annotated[str, Field(pattern=r"^[A-Z]\w+$")]
    least: Least
    least_participants: int = 1
    origin: Words = []
    force: Words = []
    signing: Words = []
    modes: dict[Mode, Words] = {}
    examples: Annotated[list[Example], Field(min_length=1)]


class Cue(_Strict):
    """Phrases that speak for a status."""

    status: Status
    before: Words = []
    anywhere: Words = []
    after: Words = []
    example: str


class Hint(_Strict):
    """Phrases of one meaning, some of which stands in the example."""

    means: str
    words: tuple[str, ...]
    example: str

    @model_validator(mode="after")
    def _example_holds(self) -> Hint:
        said = f" {self.example.casefold().rstrip('.')} "
        if not any(f" {phrase} " in said for phrase in self.words):
            raise ValueError(f"no phrase that means {self.means!r} stands in its example")
        return self


class Cues(_Strict):
    """The cues, strongest first, and further phrases that hint at a status."""

    cues: Annotated[list[Cue], Field(min_length=1)]
    hints: list[Hint] = []


class Sources(_Strict):
    """Words of attribution."""

    verbs: Words
    before: Words


Model = TypeVar("Model", bound=_Strict)


@dataclass(frozen=True, slots=True)
class Frames:
    """All that the light extractor knows.

    ``triggers``: for each key (see :func:`kgload.extraction.triggers.keys`) and type how often it triggered, and was
    seen; ``seen``: how often each key was seen.
    """

    frames: dict[str, Frame]
    triggers: dict[str, dict[str, tuple[int, int]]]
    seen: dict[str, int]
    cues: tuple[Cue, ...]
    hints: tuple[Hint, ...]
    sources: Sources


@functools.cache
def frames() -> Frames:
    """The frames that ship with kgload.

    Raises:
        DataError: a file does not validate; the message gives file, place and reason.
    """
    return read(data.path("frames"))


def read(folder: Path) -> Frames:
    """Read a folder of frames (``*.toml`` and ``triggers.tsv``).

    Raises:
        DataError: a file does not validate.
    """
    found: dict[str, Frame] = {}
    for path in sorted(folder.glob("*.toml")):
        frame = _toml(path, Frame)
        found[frame.type] = frame
    triggers: dict[str, dict[str, tuple[int, int]]] = {}
    seen: dict[str, int] = {}
    try:
        lines = (folder / "triggers.tsv").read_text("utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise DataError(f"triggers.tsv of {folder.name}: {error}") from error
    for number, line in enumerate(lines[1:], start=2):
        try:
            type_, key, hits, times = line.split("\t")
            if type_ not in found or not 0 <= int(hits) <= int(times):
                raise ValueError(f"no frame for {type_!r}, or more triggers than uses")
        except ValueError as error:
            raise DataError(f"triggers.tsv:{number}: {error}") from error
        triggers.setdefault(key, {})[type_] = (int(hits), int(times))
        seen[key] = int(times)
    status = _toml(data.path("status.toml"), Cues)
    return Frames(
        found,
        triggers,
        seen,
        tuple(status.cues),
        tuple(status.hints),
        _toml(data.path("sources.toml"), Sources),
    )


def _toml(path: Path, model: type[Model]) -> Model:
    try:
        table: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
        return model.model_validate(table)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise DataError(f"{path.name}: {where}: {first['msg']}") from error
    except (OSError, ValueError) as error:
        raise DataError(f"{path.name}: {error}") from error
