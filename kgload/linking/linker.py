"""Documents with links: each entity's item, and the known names that extraction left out."""

from __future__ import annotations

from dataclasses import replace

from kgload.linking.disambiguation import Decision, decide, weights
from kgload.records import Document, Entity, KnownMention, KnownName, Lexicon, Link, Mention


class Linker:
    """Links the entities of documents to the items of a gazetteer.

    Raises:
        DataError: the weights do not validate.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon, self._weights = lexicon, weights()

    def link(self, document: Document) -> Document:
        """The document with a link for each entity that is a known item; links that are there already are kept.

        Names of several words that the gazetteer knows, and extraction did not see as names, become mentions too.
        """
        entities = [
            entity if entity.link else replace(entity, link=self.decide(entity).link) for entity in document.entities
        ]
        for mention in self._lexicon.find(document.article.text):
            self._add(entities, document, mention)
        entities.sort(
            key=lambda entity: (entity.mentions[0].begin, entity.mentions[0].end) if entity.mentions else (0, 0)
        )
        return replace(document, entities=tuple(entities))

    def decide(self, entity: Entity) -> Decision:
        """Which item an entity is: see :func:`kgload.linking.disambiguation.decide`."""
        return decide(entity, self._lexicon, self._weights)

    def _add(self, entities: list[Entity], document: Document, found: KnownMention) -> None:
        known = found.candidates[0]
        text = document.article.text[found.begin : found.end]
        if len(text.split()) < 2 or known.relation != "name" or known.prior < self._weights.threshold:
            return
        same = None
        for number, entity in enumerate(entities):
            is_item = entity.link is not None and entity.link.trusted and entity.link.iri == known.iri
            if any(_clashes(mention, found, is_item) for mention in entity.mentions):
                return
            same = number if is_item else same
        mention = Mention(found.begin, found.end, text)
        if same is None:
            entities.append(self._new(entities, known, mention))
            return
        entity = entities[same]
        mentions = tuple(sorted((*entity.mentions, mention), key=lambda m: (m.begin, m.end)))
        aliases = entity.aliases if text in (entity.name, *entity.aliases) else (*entity.aliases, text)
        entities[same] = replace(entity, mentions=mentions, aliases=aliases)

    def _new(self, entities: list[Entity], known: KnownName, mention: Mention) -> Entity:
        taken = {entity.id for entity in entities}
        number = 1
        while f"k{number}" in taken:
            number += 1
        link = Link(known.iri, known.prior, trusted=True)
        return Entity(f"k{number}", known.kind, mention.text, (mention,), link=link)


def _clashes(mention: Mention, found: KnownMention, is_item: bool) -> bool:
    """Whether a mention keeps a known name out: it overlaps, and is not a mere part of it ("U.S." of "U.S. Army")."""
    if mention.end <= found.begin or found.end <= mention.begin:
        return False
    inside = found.begin <= mention.begin and mention.end <= found.end
    same_span = (mention.begin, mention.end) == (found.begin, found.end)
    return is_item or same_span or not inside
