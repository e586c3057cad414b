"""Documents with links: each entity's item, and the known names that extraction left out."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from kgload.linking.disambiguation import Candidate, Decision, decide, decided, weights
from kgload.linking.gazetteer import Gazetteer
from kgload.linking.names import words
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

        Names of several words that the gazetteer knows, and extraction did not see as names, become mentions too; so do
        known names of which extraction made one ("Lukoil and Rosneft"). Where a known name is longer than the mention
        of the same item in it, the mention takes in the whole.
        """
        in_events = {argument.entity for event in document.events for argument in event.arguments}
        entities = [self._linked(entity, entity.id in in_events) for entity in document.entities]
        text = document.article.text
        left_out, longer = self._left_out(entities, text)
        entities = [_widened(entity, longer, text) for entity in entities] if longer else entities
        entities = _with_mentions(entities, left_out, text) if left_out else entities
        return replace(document, entities=tuple(entities))

    def _linked(self, entity: Entity, is_in_event: bool) -> Entity:
        if entity.link:
            return entity
        decision = self.decide(entity)
        if not decision.candidates and not is_in_event and (kind := self._other_kind(entity)):
            entity = replace(entity, kind=kind)
            decision = self.decide(entity)
        return replace(entity, link=decision.link)

    def _other_kind(self, entity: Entity) -> EntityKind | None:
        """The kind of what one word that was taken for a person's name is known as, where it is known as no person.

        Only where no event speaks of the entity: its part there was found for a person.
        """
        if entity.kind is not EntityKind.PERSON or " " in entity.name:
            return None
        known = self._lexicon.lookup(entity.name)
        if not known or known[0].prior < self._weights.sure or known[0].relation != "name":
            return None
        return None if any(other.kind is EntityKind.PERSON for other in known) else known[0].kind

    def decide(self, entity: Entity) -> Decision:
        """Which item an entity is: see :func:`kgload.linking.disambiguation.decide`."""
        if by_person := self._decided(entity):
            return by_person
        decision = decide(entity, self._lexicon, self._weights)
        if decision.candidates or not self._finder or entity.kind not in self._weights.compatible:
            return decision
        names = (entity.name, *entity.aliases)
        # A name that a gazetteer says is no item's is not asked for.
        if any(self._lexicon.knows(name) for name in names):
            return decision
        return decided(self._finder.candidates(entity.name, entity.kind), self._weights)

    def _decided(self, entity: Entity) -> Decision | None:
        """What a person decided that a name of the entity means, where it is one thing of a kind that it may be."""
        kinds = self._weights.compatible.get(entity.kind, frozenset())
        for name in (entity.name, *entity.aliases):
            fitting = [known for known in self._lexicon.decided(name) if known.kind in kinds]
            if len(fitting) == 1:
                return decided([Candidate(fitting[0], name, (("decided", 1.0),), 1.0)], self._weights)
        return None

    def _left_out(self, entities: Sequence[Entity], text: str) -> tuple[list[KnownMention], list[KnownMention]]:
        """Known names that no entity's mention keeps out; and those that take in a shorter mention of their item."""
        spans = sorted((m.begin, m.end, _item(entity) or "") for entity in entities for m in entity.mentions)
        longest = max((end - begin for begin, end, _ in spans), default=0)
        left_out, longer = [], []
        for found in self._lexicon.find(text):
            known = found.candidates[0]
            if known.relation != "name" or known.prior < self._weights.threshold:
                continue
            first = bisect_left(spans, (found.begin - longest,))
            near = [
                (begin, end, item == known.iri, bool(item))
                for begin, end, item in spans[first : bisect_left(spans, (found.end,))]
                if found.begin < end
            ]
            several = len(words(text[found.begin : found.end])) > 1
            if several and not any(_clashes(begin, end, found, same) for begin, end, same, _ in near):
                left_out.append(found)
            # A person's name grows by titles: "Ayatollah Ali Khamenei".
            elif (
                near
                and known.kind is not EntityKind.PERSON
                and all(same and found.begin <= begin and end <= found.end for begin, end, same, _ in near)
            ):
                longer.append(found)
            elif len(near) == 1 and not near[0][3] and self._stands_apart(found, *near[0][:2], text):
                left_out.append(found)
        return left_out, longer

    def _stands_apart(self, found: KnownMention, begin: int, end: int, text: str) -> bool:
        """Whether a known name is one of several that a mention, which is no known item, runs together."""
        if not (begin <= found.begin and found.end <= end) or (begin, end) == (found.begin, found.end):
            return False
        before, after = text[begin : found.begin], text[found.end : end]
        joints = self._weights.joints
        return (not before or before.endswith(joints)) and (not after or after.startswith(joints))


def _item(entity: Entity) -> str | None:
    return entity.link.iri if entity.link and entity.link.trusted else None


def _clashes(begin: int, end: int, found: KnownMention, is_item: bool) -> bool:
    """Whether an overlapping mention keeps a known name out: it is not a mere part of it ("U.S." of "U.S. Army")."""
    inside = found.begin <= begin and end <= found.end
    return is_item or not inside or (begin, end) == (found.begin, found.end)


def _widened(entity: Entity, longer: Sequence[KnownMention], text: str) -> Entity:
    """The entity with mentions as long as the known names that they are in."""
    item = _item(entity)
    of_item = [found for found in longer if found.candidates[0].iri == item]
    if not of_item:
        return entity
    mentions = {}
    for mention in entity.mentions:
        whole = next((f for f in of_item if f.begin <= mention.begin and mention.end <= f.end), None)
        wider = Mention(whole.begin, whole.end, text[whole.begin : whole.end]) if whole else mention
        mentions[wider.begin, wider.end] = wider
    ordered = tuple(mentions[place] for place in sorted(mentions))
    known = (entity.name, *entity.aliases)
    added = dict.fromkeys(mention.text for mention in ordered if mention.text not in known)
    return replace(entity, mentions=ordered, aliases=(*entity.aliases, *added))


def _with_mentions(entities: Sequence[Entity], left_out: Sequence[KnownMention], text: str) -> list[Entity]:
    """The entities with further mentions of their items, and new ones for items that none is; in text order."""
    result = list(entities)
    by_item = {iri: number for number, entity in enumerate(result) if (iri := _item(entity))}
    taken = {entity.id for entity in result}
    free = (id_ for number in range(1, len(left_out) + len(taken) + 1) if (id_ := f"k{number}") not in taken)
    for found in left_out:
        known, spelled = found.candidates[0], text[found.begin : found.end]
        mention = Mention(found.begin, found.end, spelled)
        if known.iri not in by_item:
            by_item[known.iri] = len(result)
            link = Link(known.iri, known.prior, trusted=True)
            result.append(Entity(next(free), known.kind, spelled, (mention,), link=link))
            continue
        entity = result[by_item[known.iri]]
        mentions = tuple(sorted((*entity.mentions, mention), key=lambda m: (m.begin, m.end)))
        aliases = entity.aliases if spelled in (entity.name, *entity.aliases) else (*entity.aliases, spelled)
        result[by_item[known.iri]] = replace(entity, mentions=mentions, aliases=aliases)
    return sorted(result, key=lambda e: (e.mentions[0].begin, e.mentions[0].end) if e.mentions else (0, 0))
