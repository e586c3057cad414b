"""What a document says of its names: where it was written, what else it names, and what stands around each mention."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Sequence, Set

from kgload.linking.facts import SMALL, Facts, year_of
from kgload.linking.gazetteer import Gazetteer
from kgload.linking.names import fold, key, words
from kgload.linking.weights import Weights
from kgload.records import Document, Entity, EntityKind, KnownName, Mention

# So far before a mention, and behind it, in characters, is looked for what is said of it.
BEFORE, BEHIND = 60, 60
# What stands around so many mentions of one entity is looked at; in the longest texts some have thousands.
LOOKED_AT = 20
# A body's name of so many words is no other state's.
DISTINCT = 3
# So many words around a place may say that it is a region.
NEAR = 3
STATES = (EntityKind.STATE,)
PLACES = (EntityKind.PLACE, EntityKind.STATE)
Feature = tuple[str, float]


class Context:
    """A document as the linker weighs candidates by it."""

    def __init__(self, document: Document, gazetteer: Gazetteer, weights: Weights) -> None:
        self._document, self._gazetteer, self._weights = document, gazetteer, weights
        self._text = document.article.text
        self._year = year_of(document.article.date)

    @property
    def document(self) -> Document:
        """What is weighed."""
        return self._document

    def named(self) -> Set[str]:
        """The items that the document surely names, and those that hold them: IRIs."""
        return self._by_item.keys()

    def supports(self, entity: Entity, known: KnownName) -> list[Feature]:
        """What speaks for an item against others of its name: factors above 1."""
        facts, weights, found = self._gazetteer.facts(known.iri), self._weights, []
        around = facts.around()
        # Where a place is, if nobody told, speaks neither for it nor for those of which it is known.
        is_unknown = known.kind is EntityKind.PLACE and not around
        if any(self._by_item.get(iri, frozenset()) - {entity.id} for iri in around | {known.iri}):
            found.append(("named_around", weights.named_around))
        if known.kind is EntityKind.PERSON and any(self._holds_office(facts, m) for m in entity.mentions[:LOOKED_AT]):
            found.append(("office", weights.office))
        if known.kind in PLACES:
            behind = [senses for m in entity.mentions[:LOOKED_AT] if (senses := self._senses(m, behind=True))]
            if behind and (is_unknown or any(senses & around for senses in behind)):
                found.append(("place_unknown" if is_unknown else "within", weights.within))
            inside = (
                self._gazetteer.facts(iri).around() for m in entity.mentions[:LOOKED_AT] for iri in self._senses(m)
            )
            if any(known.iri in holders for holders in inside):
                found.append(("holds", weights.within))
            if known.kind is EntityKind.PLACE and any(map(self._is_region, entity.mentions[:LOOKED_AT])):
                found.append(("region", weights.region))
        return found

    def doubts(self, entity: Entity, known: KnownName) -> list[Feature]:
        """What speaks against an item, be it the only one of its name: factors below 1."""
        facts, weights, found = self._gazetteer.facts(known.iri), self._weights, []
        if known.kind is EntityKind.PLACE and any(
            self._is_elsewhere(known, facts, mention) for mention in entity.mentions[:LOOKED_AT]
        ):
            found.append(("elsewhere", weights.elsewhere))
        if known.kind not in PLACES and self._is_foreign(known, facts, entity.mentions[:LOOKED_AT]):
            found.append(("foreign", weights.foreign))
        if self._year is not None:
            if facts.began is not None and self._year < facts.began - weights.years_before:
                found.append(("too_early", weights.other_time))
            elif facts.ended is not None and self._year > facts.ended + weights.years_after:
                found.append(("too_late", weights.other_time))
        return found

    @functools.cached_property
    def _by_item(self) -> dict[str, set[str]]:
        """Which entities' names surely mean each item, or one that the item holds."""
        found: dict[str, set[str]] = defaultdict(set)
        for entity in self._document.entities:
            for known in self._gazetteer.lookup(entity.name)[:1]:
                if known.prior >= self._weights.sure and known.relation in ("name", "demonym"):
                    for iri in (known.iri, *self._gazetteer.facts(known.iri).around()):
                        found[iri].add(entity.id)
        return found

    def _holds_office(self, facts: Facts, mention: Mention) -> bool:
        """Whether the words before a name are those of an office that the person held on the day of publication."""
        if not facts.offices:
            return False
        before = [fold(w.lower()) for _, _, w in words(self._text[max(0, mention.begin - BEFORE) : mention.begin])]
        for office in facts.offices:
            held = office.held_in(self._year) if self._year is not None else None
            # "Secretary of State": small words stand between, and none before.
            if held is not False and before and before[-1] in office.words() - SMALL:
                return True
        return False

    def _senses(self, mention: Mention, *, behind: bool = False) -> frozenset[str]:
        """The items that the place's name may mean which stands before a name and a comma, or behind them."""
        return frozenset(known.iri for known in self._beside(mention, behind=behind))

    def _beside(self, mention: Mention, *, behind: bool) -> Sequence[KnownName]:
        if behind:
            if not self._text.startswith(", ", mention.end):
                return ()
            start = mention.end + 2
            found = self._gazetteer.find(self._text[start : start + BEHIND])[:1]
            is_next = bool(found) and found[0].begin == 0
            if is_next and self._is_list(start + found[0].end):
                return ()
        else:
            if not self._text.endswith(", ", 0, mention.begin):
                return ()
            start = max(0, mention.begin - 2 - BEFORE)
            found = self._gazetteer.find(self._text[start : mention.begin - 2])[-1:]
            is_next = bool(found) and start + found[0].end == mention.begin - 2
        return [k for k in found[0].candidates if k.kind in PLACES and k.relation == "name"] if is_next else ()

    def _is_list(self, end: int) -> bool:
        """Whether what stands behind a name goes on with a list: "Ketter, Sumpter and Dunn", "Ketter, Sumpter, and"."""
        rest = self._text[end : end + BEHIND]
        return rest.startswith(self._weights.lists)

    def _is_elsewhere(self, known: KnownName, facts: Facts, mention: Mention) -> bool:
        """ "Paris, Texas": the text says that the place is in one that does not hold the item."""
        beside = self._beside(mention, behind=True)
        around = facts.around()
        if not beside or any(other.iri in around or other.iri == known.iri for other in beside):
            return False
        if around:
            return all(self._is_apart(facts, other) for other in beside)
        # Of one that nothing is known of, only where others have its name too.
        others = (other for other in self._gazetteer.lookup(mention.text) if other.iri != known.iri)
        shared = any(other.kind is EntityKind.PLACE and key(other.label) == key(known.label) for other in others)
        return shared and any(other.kind is EntityKind.STATE or self._gazetteer.holds(other.iri) for other in beside)

    def _is_apart(self, facts: Facts, other: KnownName) -> bool:
        """Whether what is known of a place tells that it is not in another one, which does not hold it by these facts:
        a state; a region, where the place's own is known; or a region of other states.
        """
        if other.kind is EntityKind.STATE:
            return bool(facts.countries)
        if not self._gazetteer.holds(other.iri):
            return False
        theirs = self._gazetteer.facts(other.iri).countries
        return bool(facts.within) or (bool(theirs) and not set(theirs) & set(facts.countries))

    def _is_foreign(self, known: KnownName, facts: Facts, mentions: Iterable[Mention]) -> bool:
        """ "Norlandic President Mara Dunn", "the Norlandic Harbour Board", of whom or which only another state is
        known, or, of a body of so common a name that each state may have one, none."""
        is_common = known.kind is EntityKind.ORGANIZATION and not facts.countries
        for mention in mentions if facts.countries or is_common else ():
            if is_common and not 1 < len(words(mention.text)) < DISTINCT:
                continue
            start = max(0, mention.begin - BEFORE)
            found = self._gazetteer.find(self._text[start : mention.begin])[-1:]
            for other in found:
                state, between = other.candidates[0], self._text[start + other.end : mention.begin]
                is_said = state.relation == "demonym" or between.startswith(("'s ", "’s "))
                titles = [fold(w.lower()) for _, _, w in words(between.removeprefix("'s").removeprefix("’s"))]
                if (
                    state.kind is EntityKind.STATE
                    and is_said
                    and state.iri not in facts.countries
                    and all(title in self._weights.titles for title in titles)
                    and not set(between) & set(",;.:()")
                ):
                    return True
        return False

    def _is_region(self, mention: Mention) -> bool:
        """Whether the words beside a name are said of parts of states alone: "Georgia governor", "Governor of"."""
        behind = [w for _, _, w in words(self._text[mention.end : mention.end + BEHIND])[:NEAR]]
        before = [w for _, _, w in words(self._text[max(0, mention.begin - BEFORE) : mention.begin])[-NEAR:]]
        said = {fold(word.lower()) for word in behind}
        if before[-1:] and fold(before[-1].lower()) == "of":
            said |= {fold(word.lower()) for word in before[:-1]}
        return bool(said & self._weights.region_words) and "," not in self._text[mention.end : mention.end + 2]
