"""Which known item a name means: scores of candidates by prior and kind, and when the answer is none of them."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from kgload import data
from kgload.errors import DataError
from kgload.linking.names import key
from kgload.records import Entity, EntityKind, KnownName, Lexicon, Link


@dataclass(frozen=True, slots=True)
class Weights:
    """What ``data/linking.toml`` says; figures are between 0 and 1, ``joints`` what stands between two names."""

    threshold: float
    nil: float
    sure: float
    one_word_person: float
    other_kind: float
    part_of_name: float
    online_search: float
    online_match: float
    joints: tuple[str, ...]
    compatible: dict[EntityKind, frozenset[EntityKind]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that an entity may be, with the name that led to it, what was weighed, and the score (0 to 1)."""

    known: KnownName
    name: str
    features: tuple[tuple[str, float], ...]
    score: float


@dataclass(frozen=True, slots=True)
class Decision:
    """What an entity may be: candidates, best first, and the link that follows; None: none of the known items."""

    candidates: tuple[Candidate, ...]
    link: Link | None


@functools.cache
def weights() -> Weights:
    """The weights that ship with kgload.

    Raises:
        DataError: `data/linking.toml` is not of its form; the message says where.
    """
    from pydantic import BaseModel, ConfigDict, Field, ValidationError

    share = Annotated[float, Field(ge=0, le=1)]

    class Factors(BaseModel):
        model_config = ConfigDict(extra="forbid")
        one_word_person: share
        other_kind: share
        part_of_name: share

    class Online(BaseModel):
        model_config = ConfigDict(extra="forbid")
        search: share
        match: share

    class File(BaseModel):
        model_config = ConfigDict(extra="forbid")
        threshold: share
        nil: share
        sure: share
        joints: tuple[Annotated[str, Field(min_length=1)], ...]
        weights: Factors
        online: Online
        compatible: dict[EntityKind, frozenset[EntityKind]]

    try:
        file = File.model_validate(tomllib.loads(data.path("linking.toml").read_text("utf-8")))
    except (OSError, ValueError) as error:
        where = ".".join(map(str, error.errors()[0]["loc"])) if isinstance(error, ValidationError) else ""
        raise DataError(f"linking.toml: {where}: {error}") from error
    factors = file.weights
    return Weights(
        file.threshold,
        file.nil,
        file.sure,
        factors.one_word_person,
        factors.other_kind,
        factors.part_of_name,
        file.online.search,
        file.online.match,
        file.joints,
        file.compatible,
    )


def decide(entity: Entity, lexicon: Lexicon, weights: Weights) -> Decision:
    """Which item an entity is, by its names and its kind.

    A surname alone stands for whom the document names in full: where an entity has a name of several words, only those
    are looked up, so that "Obama" follows "Michelle Obama".
    """
    if entity.kind not in weights.compatible:
        return Decision((), None)
    best: dict[str, Candidate] = {}
    for name in _names(entity):
        for known in lexicon.lookup(name):
            candidate = _weighed(entity, name, known, weights)
            if candidate and (known.iri not in best or candidate.score > best[known.iri].score):
                best[known.iri] = candidate
    return decided(best.values(), weights)


def decided(candidates: Iterable[Candidate], weights: Weights) -> Decision:
    """What follows from weighed candidates: the best of them is trusted, only close, or none of them is meant."""
    ranked = tuple(sorted(candidates, key=lambda c: (-c.score, c.known.iri)))
    if not ranked or ranked[0].score < weights.nil:
        return Decision(ranked, None)
    score = ranked[0].score
    return Decision(ranked, Link(ranked[0].known.iri, round(score, 4), trusted=score >= weights.threshold))


def _names(entity: Entity) -> Iterable[str]:
    if entity.kind is EntityKind.PERSON and " " in entity.name:
        return (entity.name, *(alias for alias in entity.aliases if " " in alias))
    return (entity.name, *entity.aliases)


def _weighed(entity: Entity, name: str, known: KnownName, weights: Weights) -> Candidate | None:
    if known.kind not in weights.compatible[entity.kind]:
        return None
    if known.relation in ("capital", "government") and entity.kind is not EntityKind.STATE:
        return None
    features = [("prior", known.prior)]
    if entity.kind is EntityKind.PERSON and " " not in name:
        features.append(("one_word_person", weights.one_word_person))
    elif entity.kind is not EntityKind.STATE and name != entity.name and set(key(name)) < set(key(entity.name)):
        features.append(("part_of_name", weights.part_of_name))
    if known.kind is not entity.kind:
        features.append(("other_kind", weights.other_kind))
    score = 1.0
    for _, factor in features:
        score *= factor
    return Candidate(known, name, tuple(features), score)
