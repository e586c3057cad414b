"""Documents with links: each entity's item, and the known names that extraction left out."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from kgload.linking.disambiguation import Candidate, Decision, decide, decided, weights
from kgload.linking.gazetteer import Gazetteer
from kgload.records import Document, Entity, EntityKind, KnownMention, Link, Mention


class Finder(Protocol):
    """What is asked for names that the gazetteer does not know: see :class:`kgload.linking.online.Online`."""

    def candidates(self, name: str, kind: EntityKind) -> Sequence[Candidate]:
        """Items that a name of an entity of a kind may mean, best first; empty where none is found or it fails."""
        ...


class Linker:
    """Links the entities of documents to the items of a gazetteer, and, if given, of what ``finder`` finds.

    Raises:
        DataError: the weights do not validate.
    """

    def __init__(self, lexicon: Gazetteer, finder: Finder | None = None) -> None:
        self._lexicon, self._finder, self._weights = lexicon, finder, weights()

    def link(self, document: Document) -> Document:
        """The document with a link for each entity that is a known item; links that are there already are kept.

        Names of several words that the gazetteer knows, and extraction did not see as names, become mentions too.
        """
        entities = [
            entity if entity.link else replace(entity, link=self.decide(entity).link) for entity in document.entities
        ]
        left_out = self._left_out(entities, document.article.text)
        if left_out:
            entities = _with_mentions(entities, left_out, document.article.text)
        return replace(document, entities=tuple(entities))

    def decide(self, entity: Entity) -> Decision:
        """Which item an entity is: see :func:`kgload.linking.disambiguation.decide`."""
        decision = decide(entity, self._lexicon, self._weights)
        if decision.candidates or not self._finder or entity.kind not in self._weights.compatible:
            return decision
        names = (entity.name, *entity.aliases)
        # A name that a gazetteer says is no item's is not asked for.
        if any(self._lexicon.knows(name) for name in names):
            return decision
        return decided(self._finder.candidates(entity.name, entity.kind), self._weights)

    def _left_out(self, entities: Sequence[Entity], text: str) -> list[KnownMention]:
        """Known names of several words that clash with no mention of an entity."""
        spans = sorted((m.begin, m.end, _item(entity) or "") for entity in entities for m in entity.mentions)
        longest = max((end - begin for begin, end, _ in spans), default=0)
        left_out = []
        for found in self._lexicon.find(text):
            known = found.candidates[0]
            several = len(text[found.begin : found.end].split()) > 1
            if several and known.relation == "name" and known.prior >= self._weights.threshold:
                first = bisect_left(spans, (found.begin - longest,))
                near = spans[first : bisect_left(spans, (found.end,))]
                if not any(_clashes(begin, end, found, item == known.iri) for begin, end, item in near):
                    left_out.append(found)
        return left_out


def _item(entity: Entity) -> str | None:
    return entity.link.iri if entity.link and entity.link.trusted else None


def _clashes(begin: int, end: int, found: KnownMention, is_item: bool) -> bool:
    """Whether a mention keeps a known name out: it overlaps, and is not a mere part of it ("U.S." of "U.S. Army")."""
    if end <= found.begin or found.end <= begin:
        return False
    inside = found.begin <= begin and end <= found.end
    return is_item or not inside or (begin, end) == (found.begin, found.end)


def _with_mentions(entities: Sequence[Entity], left_out: Sequence[KnownMention], text: str) -> list[Entity]:
    """The entities with further mentions of their items, and new ones for items that none is; in text order."""
    result = list(entities)
    by_item = {iri: number for number, entity in enumerate(result) if (iri := _item(entity))}
    taken = {entity.id for entity in result}
    free = (id_ for number in range(1, len(left_out) + len(taken) + 1) if (id_ := f"k{number}") not in taken)
    for found in left_out:
        known, words = found.candidates[0], text[found.begin : found.end]
        mention = Mention(found.begin, found.end, words)
        if known.iri not in by_item:
            by_item[known.iri] = len(result)
            link = Link(known.iri, known.prior, trusted=True)
            result.append(Entity(next(free), known.kind, words, (mention,), link=link))
            continue
        entity = result[by_item[known.iri]]
        mentions = tuple(sorted((*entity.mentions, mention), key=lambda m: (m.begin, m.end)))
        aliases = entity.aliases if words in (entity.name, *entity.aliases) else (*entity.aliases, words)
        result[by_item[known.iri]] = replace(entity, mentions=mentions, aliases=aliases)
    return sorted(result, key=lambda e: (e.mentions[0].begin, e.mentions[0].end) if e.mentions else (0, 0))
