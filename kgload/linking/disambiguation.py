"""Which known item a name means: scores by prior, kind and context, and when the answer is none of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from kgload.linking.names import key
from kgload.linking.weights import Weights
from kgload.records import Entity, EntityKind, KnownName, Lexicon, Link

Feature = tuple[str, float]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that an entity may be, with the name that led to it, what was weighed, and the score (0 to 1)."""

    known: KnownName
    name: str
    features: tuple[Feature, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Decision:
    """What an entity may be: candidates, best first, and the link that follows; None: none of the known items."""

    candidates: tuple[Candidate, ...]
    link: Link | None


class Surroundings(Protocol):
    """What a document says for and against an item: see :class:`kgload.linking.context.Context`."""

    def supports(self, entity: Entity, known: KnownName) -> Sequence[Feature]:
        """What speaks for an item against others of its name: factors above 1."""
        ...

    def doubts(self, entity: Entity, known: KnownName) -> Sequence[Feature]:
        """What speaks against an item, be it the only one of its name: factors below 1."""
        ...


def decide(entity: Entity, lexicon: Lexicon, weights: Weights, context: Surroundings | None = None) -> Decision:
    """Which item an entity is, by its names and its kind, and by what its document says.

    A surname alone stands for whom the document names in full: where an entity has a name of several words, only those
    are looked up, so that "Obama" follows "Michelle Obama".
    """
    if entity.kind not in weights.compatible:
        return Decision((), None)
    best: dict[str, Candidate] = {}
    for name in _names(entity):
        for candidate in _weighed(entity, name, lexicon.lookup(name), weights, context):
            iri = candidate.known.iri
            if iri not in best or candidate.score > best[iri].score:
                best[iri] = candidate
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


def _weighed(
    entity: Entity, name: str, senses: Sequence[KnownName], weights: Weights, context: Surroundings | None
) -> Iterable[Candidate]:
    """The items that a name may mean. What speaks for one takes from the others of the name, whatever their kind, and
    from those that no gazetteer holds; what speaks against it leaves the others as they are."""
    fitting = [known for known in senses if _fits(entity, known, weights)]
    supports: dict[str, list[Feature]] = {}
    # Where there is one item alone, nothing is to be told apart.
    if context and fitting and (len(senses) > 1 or fitting[0].prior < weights.sure):
        supports = {known.iri: list(context.supports(entity, known)) for known in fitting}
    strengths = {known.iri: known.prior * _product(supports.get(known.iri, ())) for known in fitting}
    unknown = max(0.0, 1 - sum(known.prior for known in fitting))
    total = sum(strengths.values()) + unknown
    for known in fitting:
        share = strengths[known.iri] / total if any(supports.values()) else known.prior
        doubts = [*_doubts(entity, name, known, weights), *(context.doubts(entity, known) if context else ())]
        features = [("prior", known.prior), *supports.get(known.iri, ()), *doubts]
        yield Candidate(known, name, tuple(features), share * _product(doubts))


def _fits(entity: Entity, known: KnownName, weights: Weights) -> bool:
    if known.kind not in weights.compatible[entity.kind]:
        return False
    return known.relation in ("name", "demonym") or entity.kind is EntityKind.STATE


def _doubts(entity: Entity, name: str, known: KnownName, weights: Weights) -> list[Feature]:
    found = []
    if entity.kind is EntityKind.PERSON and " " not in name:
        found.append(("one_word_person", weights.one_word_person))
    elif entity.kind is not EntityKind.STATE and name != entity.name and set(key(name)) < set(key(entity.name)):
        found.append(("part_of_name", weights.part_of_name))
    if known.kind is not entity.kind:
        found.append(("other_kind", weights.other_kind))
    return found


def _product(features: Iterable[Feature]) -> float:
    product = 1.0
    for _, factor in features:
        product *= factor
    return product
