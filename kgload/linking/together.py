"""Names that share a word, or stand for one another: "Ketter, Sumpter, and Dunn Provinces", "Ketter Fund (KF)"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from kgload.linking.gazetteer import Gazetteer
from kgload.linking.weights import Weights
from kgload.records import Entity, EntityKind, KnownMention

# A name, words beginning with capitals, and what stands between names of a list. No character can be read in two ways,
# so that no text makes the search long.
NAME = r"[^\W\d_a-z][\w'’.-]*(?: [^\W\d_a-z][\w'’.-]*)*"
LIST = re.compile(rf"{NAME}(?:, {NAME})*(?:,? (?:and|or|&) {NAME})$")
PIECE = re.compile(NAME)
# So far back, in characters, a list begins.
BACK = 200
# "CDC", "PSOE-A", "UML": so many capitals at least.
CAPITALS = 2


def plurals(text: str, gazetteer: Gazetteer, weights: Weights) -> list[KnownMention]:
    """Places of a list that ends in a plural, each of which is one of what that says: not the city of Ketter, but the
    province."""
    found: list[KnownMention] = []
    for plural in re.finditer(rf"\b(?:{'|'.join(weights.plurals)})\b", text, re.IGNORECASE) if weights.plurals else ():
        start = max(0, plural.start() - BACK)
        listed = LIST.search(text[start : plural.start()].rstrip())
        if listed is None:
            continue
        singular = weights.plurals[plural[0].lower()]
        pieces = PIECE.finditer(text, start + listed.start(), start + listed.end())
        for piece in pieces:
            known = [k for k in gazetteer.lookup(f"{piece[0]} {singular}") if k.kind is EntityKind.PLACE]
            if known and known[0].prior >= weights.threshold:
                found.append(KnownMention(piece.start(), piece.end(), tuple(known)))
    return found


def relinked(entities: Sequence[Entity], places: Iterable[KnownMention], in_events: set[str]) -> list[Entity]:
    """The entities without mentions that a list says to be something else; one left without any goes, unless an event
    speaks of it: it then keeps its mentions."""
    spans = {(place.begin, place.end) for place in places}
    kept = []
    for entity in entities:
        mentions = tuple(m for m in entity.mentions if (m.begin, m.end) not in spans)
        if len(mentions) == len(entity.mentions) or (not mentions and entity.id in in_events):
            kept.append(entity)
        elif mentions:
            kept.append(replace(entity, mentions=mentions))
    return kept


def bracketed(entities: Sequence[Entity], text: str) -> list[Entity]:
    """The entities with links of those whose acronyms they are: "the Ketter Fund (KF)" tells what "KF" is in the text.

    Only of bodies whose link is trusted, and of acronyms that have no such link of their own.
    """
    ends = {
        mention.end: entity
        for entity in entities
        if entity.link and entity.link.trusted and entity.kind in (EntityKind.ORGANIZATION, EntityKind.ARMED_GROUP)
        for mention in entity.mentions
    }
    return [_as_acronym(entity, ends, text) for entity in entities] if ends else list(entities)


def _as_acronym(entity: Entity, ends: dict[int, Entity], text: str) -> Entity:
    capitals = sum(char.isupper() for char in entity.name)
    if " " in entity.name or capitals < CAPITALS or (entity.link and entity.link.trusted):
        return entity
    for mention in entity.mentions:
        opened = text.endswith(" (", 0, mention.begin) and text.startswith(")", mention.end)
        whole = ends.get(mention.begin - 2) if opened else None
        if whole is not None:
            return replace(entity, link=whole.link, kind=whole.kind)
    return entity
