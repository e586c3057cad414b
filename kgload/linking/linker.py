"""Documents with links: each entity's item, and the known names that extraction left out."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from kgload.linking.context import Context
from kgload.linking.disambiguation import Candidate, Decision, decide, decided
from kgload.linking.gazetteer import Gazetteer
from kgload.linking.inside import standing_apart
from kgload.linking.names import key, words
from kgload.linking.surnames import surnamed
from kgload.linking.together import bracketed, plurals, relinked
from kgload.linking.weights import weights
from kgload.records import Document, Entity, EntityKind, KnownMention, Link, Mention

# A word that is read as a place's name, though nothing else took it for one, has so many letters.
SHORTEST_ALONE = 4
# So near, in characters, stands the word that tells so.
NEAR = 12
# States' names have so many words at most.
LONGEST_STATE = 4


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
        context = Context(document, self._lexicon, self._weights)
        entities = [self._linked(entity, entity.id in in_events, context) for entity in document.entities]
        text = document.article.text
        listed = plurals(text, self._lexicon, self._weights)
        entities = bracketed(relinked(entities, listed, in_events) if listed else entities, text)
        left_out, longer = self._left_out(entities, text)
        places = {(found.begin, found.end) for found in listed}
        left_out = [*(f for f in left_out if (f.begin, f.end) not in places), *self._free(listed, entities)]
        entities = [_widened(entity, longer, text) for entity in entities] if longer else entities
        entities = _with_mentions(entities, left_out, text) if left_out else entities
        return replace(document, entities=tuple(entities))

    def _linked(self, entity: Entity, is_in_event: bool, context: Context) -> Entity:
        if entity.link:
            return entity
        decision = self._weigh(entity, context)
        if not decision.candidates and not is_in_event and (kind := self._other_kind(entity)):
            # Only a person acts for others.
            entity = replace(entity, kind=kind, represents=())
            decision = self._weigh(entity, context)
        link = decision.link
        if link and entity.kind is EntityKind.STATE and decision.candidates[0].known.kind is EntityKind.PLACE:
            # A part of a state that bears a state's name. What takes part in an event stays what it was found to be.
            if is_in_event:
                link = replace(link, trusted=False)
            elif link.trusted:
                entity = replace(entity, kind=EntityKind.PLACE)
        return replace(entity, link=link)

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

    def decide(self, entity: Entity, document: Document | None = None) -> Decision:
        """Which item an entity is, by its names, its kind, and what else its document says: see
        :func:`kgload.linking.disambiguation.decide`.
        """
        return self._weigh(entity, Context(document, self._lexicon, self._weights) if document else None)

    def _weigh(self, entity: Entity, context: Context | None) -> Decision:
        if by_person := self._decided(entity):
            return by_person
        decision = decide(entity, self._lexicon, self._weights, context)
        if not decision.candidates and context:
            called = surnamed(entity, context.document, self._lexicon, self._weights, context.named())
            decision = decided(called, self._weights) if called else decision
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
        left_out: dict[tuple[int, int], KnownMention] = {}
        longer = []
        every = self._lexicon.find(text)
        for found in every:
            if not self._is_sure(found):
                continue
            known = found.candidates[0]
            first = bisect_left(spans, (found.begin - longest,))
            near = [
                (begin, end, item == known.iri, bool(item))
                for begin, end, item in spans[first : bisect_left(spans, (found.end,))]
                if found.begin < end
            ]
            several = len(words(text[found.begin : found.end])) > 1
            if (several or self._is_located(found, text)) and not any(
                _clashes(begin, end, found, same) for begin, end, same, _ in near
            ):
                left_out[found.begin, found.end] = found
            elif (
                near
                and _may_grow(found, text)
                and all(same and found.begin <= begin and end <= found.end for begin, end, same, _ in near)
            ):
                longer.append(found)
            if several and known.kind is EntityKind.ORGANIZATION and (state := self._nested(found, text)):
                left_out.setdefault((state.begin, state.end), state)
        begins = [found.begin for found in every]
        for begin, end, item in spans:
            inside = every[bisect_left(begins, begin) : bisect_left(begins, end)] if not item else ()
            apart = standing_apart(begin, end, inside, text, self._lexicon, self._weights) if inside else ()
            left_out.update({(found.begin, found.end): found for found in apart if self._is_sure(found)})
        taken = {(begin, end) for begin, end, item in spans if item}
        return [found for span, found in sorted(left_out.items()) if span not in taken], longer

    def _free(self, found: Sequence[KnownMention], entities: Sequence[Entity]) -> list[KnownMention]:
        """Those that no entity has a mention of."""
        taken = {(m.begin, m.end) for entity in entities for m in entity.mentions}
        return [mention for mention in found if (mention.begin, mention.end) not in taken]

    def _nested(self, found: KnownMention, text: str) -> KnownMention | None:
        """The state whose name a body's begins with: "Norland Senate"."""
        countries = self._lexicon.facts(found.candidates[0].iri).countries
        if not countries:
            return None
        for _, end, _ in words(text[found.begin : found.end])[:LONGEST_STATE]:
            known = self._lexicon.lookup(text[found.begin : found.begin + end])[:1]
            if known and known[0].relation == "name" and known[0].iri in countries:
                return KnownMention(found.begin, found.begin + end, tuple(known))
        return None

    def _is_located(self, found: KnownMention, text: str) -> bool:
        """Whether one word alone, that extraction took for no name, stands as places do: "in Sumpter"."""
        known, word = found.candidates[0], text[found.begin : found.end]
        if known.kind is not EntityKind.PLACE or known.prior < self._weights.sure or len(word) < SHORTEST_ALONE:
            return False
        before, behind = text[max(0, found.begin - NEAR) : found.begin], text[found.end : found.end + 2]
        is_part = behind[:1] in ("-", "–", "’", "'") or (behind[:1] == " " and behind[1:].isupper())
        last = before[:-1].rpartition(" ")[2].lower()
        return before.endswith(" ") and last in self._weights.before_places and not is_part

    def _is_sure(self, found: KnownMention) -> bool:
        known = found.candidates[0]
        return known.relation == "name" and known.prior >= self._weights.threshold


def _item(entity: Entity) -> str | None:
    return entity.link.iri if entity.link and entity.link.trusted else None


def _may_grow(found: KnownMention, text: str) -> bool:
    """Whether a longer known name is the item's own: a person's grows by titles too ("Ayatollah Ali Khamenei")."""
    known = found.candidates[0]
    return known.kind is not EntityKind.PERSON or key(known.label) == key(text[found.begin : found.end])


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
