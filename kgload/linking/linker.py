"""Entities to items: which known item an entity is, how sure that is, and when it is none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kgload.linking.gazetteer import Gazetteer
from kgload.records import Document, Entity, EntityKind, KnownName, Link

# A link at or above this confidence is written as owl:sameAs, one below as skos:closeMatch.
THRESHOLD = 0.6
# Below this one there is no link at all: the entity is taken to be none of the known ones.
NIL = 0.2
ACTORS = {EntityKind.ORGANIZATION, EntityKind.ARMED_GROUP}
# Which kinds the extractor and the gazetteer may give to one thing.
COMPATIBLE = {
    EntityKind.STATE: {EntityKind.STATE},
    EntityKind.PLACE: {EntityKind.PLACE, EntityKind.STATE},
    EntityKind.PERSON: {EntityKind.PERSON},
    EntityKind.ORGANIZATION: ACTORS | {EntityKind.PLACE},
    EntityKind.ARMED_GROUP: ACTORS,
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What an entity may be: candidates with their scores (0 to 1), best first, and the link that follows."""

    candidates: tuple[tuple[KnownName, float], ...]
    link: Link | None


class Linker:
    """Links the entities of documents to the items of a gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    def link(self, document: Document) -> Document:
        """The document with a link for each entity that is a known item; links that are there already are kept."""
        entities = tuple(
            entity if entity.link else replace(entity, link=self.decide(entity).link) for entity in document.entities
        )
        return replace(document, entities=entities)

    def decide(self, entity: Entity) -> Decision:
        """Which item an entity is, by its names and its kind.

        A surname alone stands for whom the document names in full: only an entity's fullest name is looked up where it
        has one of several words, so that "Obama" follows "Michelle Obama".
        """
        if entity.kind not in COMPATIBLE:
            return Decision((), None)
        scores: dict[str, tuple[KnownName, float]] = {}
        for name in self._names(entity):
            for known in self._gazetteer.lookup(name):
                score = self._score(entity, name, known)
                if score > scores.get(known.iri, (known, 0.0))[1]:
                    scores[known.iri] = (known, score)
        ranked = tuple(sorted(scores.values(), key=lambda pair: (-pair[1], pair[0].iri)))
        if not ranked or ranked[0][1] < NIL:
            return Decision(ranked, None)
        known, score = ranked[0]
        return Decision(ranked, Link(known.iri, round(score, 4), trusted=score >= THRESHOLD))

    def _names(self, entity: Entity) -> Iterable[str]:
        if entity.kind is EntityKind.PERSON and " " in entity.name:
            return (entity.name, *(alias for alias in entity.aliases if " " in alias))
        return (entity.name, *entity.aliases)

    def _score(self, entity: Entity, name: str, known: KnownName) -> float:
        if known.kind not in COMPATIBLE[entity.kind]:
            return 0.0
        if known.relation in ("capital", "government") and entity.kind is not EntityKind.STATE:
            return 0.0
        # A person known by one word is a guess among all who bear it.
        alone = entity.kind is EntityKind.PERSON and " " not in name
        exact = known.kind is entity.kind
        return known.prior * (0.5 if alone else 1.0) * (1.0 if exact else 0.8)
