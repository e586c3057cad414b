"""What the light extractor knows: the frames and weights that ship, and those of the user's own.

A folder of the user's own holds what ``kgload train --light`` writes. Each folder is asked by itself, with its own
weights; a type that a later folder has, an earlier one is not asked about.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kgload.errors import DataError
from kgload.extraction import frames, weights
from kgload.extraction.frames import Frames
from kgload.extraction.weights import Weights
from kgload.ontology import vocabulary

OWN = "KGLOAD_FRAMES"
"""Environment variable that names folders of the user's own, with the system's separator of paths between them."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Frames, and the weights that were learned with them. Of the types ``left_out`` somebody else knows more;
    ``digest`` tells one folder of the user's own from another."""

    frames: Frames
    weights: Weights
    left_out: frozenset[str] = frozenset()
    digest: str = ""


def knowledge() -> tuple[Knowledge, ...]:
    """The shipped knowledge, then the user's own.

    Raises:
        DataError: a file is missing or does not validate, or a frame is of a type that the ontology does not have.
    """
    shipped = Knowledge(frames.frames(), weights.weights())
    return combined([shipped, *map(read, own())])


def own() -> list[Path]:
    """The folders that the environment names."""
    return [Path(name) for name in os.environ.get(OWN, "").split(os.pathsep) if name]


def added() -> tuple[Knowledge, ...]:
    """The user's own knowledge alone.

    Raises:
        DataError: as :func:`knowledge`.
    """
    return combined(list(map(read, own())))


def settings(known: Iterable[Knowledge]) -> tuple[tuple[str, str], ...]:
    """What a run's metadata say of the user's own folders."""
    digests = ",".join(one.digest for one in known if one.digest)
    return (("frames", digests),) if digests else ()


def read(folder: Path) -> Knowledge:
    """A folder of frames and weights.

    Raises:
        DataError: a file is missing or does not validate, or a frame is of a type that the ontology does not have.
    """
    found = Knowledge(frames.read(folder), weights.read(folder / "weights.tsv"), digest=_digest(folder))
    if not found.frames.frames:
        raise DataError(f"{folder}: holds no frame")
    for type_ in found.frames.frames:
        if type_ not in vocabulary().event_types:
            known = ", ".join(vocabulary().event_types)
            raise DataError(f"{folder.name}: {type_} is no event type; the ontology has {known} (--ontology adds more)")
    return found


def _digest(folder: Path) -> str:
    """The beginning of the SHA-256 of a folder's files, by which a run's metadata name it."""
    found = hashlib.sha256()
    for path in sorted([*folder.glob("*.toml"), *folder.glob("*.tsv")]):
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def combined(every: Sequence[Knowledge]) -> tuple[Knowledge, ...]:
    """Several bodies of knowledge, each leaving out the types that a later one has."""
    later = [frozenset(type_ for other in every[n + 1 :] for type_ in other.frames.frames) for n in range(len(every))]
    return tuple(replace(one, left_out=types) for one, types in zip(every, later, strict=True))
