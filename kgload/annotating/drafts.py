"""What an extractor found, as gold that a person corrects."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from kgload.gold import GoldDocument, GoldEvent, GoldMention
from kgload.ontology import vocabulary
from kgload.records import Document, Entity, Event, Mention


def draft(document: Document) -> GoldDocument:
    """A document's events as gold: parts under the fullest names, states of named people as names to be accepted."""
    entities = {entity.id: entity for entity in document.entities}
    return GoldDocument(
        id=document.article.id,
        sentences=tuple((sentence.begin, sentence.end) for sentence in document.sentences),
        events=tuple(_event(document, event, entities) for event in document.events),
        aliases=dict(_aliases(document, entities)),
    )


def _event(document: Document, event: Event, entities: dict[str, Entity]) -> GoldEvent:
    def fillers(*roles: str) -> tuple[Entity, ...]:
        found = [entities[a.entity] for a in event.arguments if set(roles) & set(_implied(a.role))]
        return tuple(dict.fromkeys(found))

    def one(role: str) -> str | None:
        return next((entity.name for entity in fillers(role)), None)

    participants = fillers("participant")
    force = next(iter(fillers("deployedForce")), None)
    accept = [entities[whom].name for party in participants for whom in party.represents if whom in entities]
    names = tuple(dict.fromkeys(entity.name for entity in participants))
    return GoldEvent(
        type=event.type,
        mentions=tuple(_mention(document, mention) for mention in event.mentions),
        participants=names,
        accept=tuple(name for name in dict.fromkeys(accept) if name not in names),
        place=tuple(dict.fromkeys(entity.name for entity in fillers("place"))),
        date=event.date if event.date and (event.date.earliest or event.date.latest) else None,
        status=event.status,
        mode=event.mode,
        reported_by=one("attributedTo"),
        deployer=one("deployer"),
        force=force.name if force else None,
        quantity=force.quantity if force else None,
        origin=one("origin"),
        destination=one("destination"),
    )


def _implied(role: str) -> tuple[str, ...]:
    known = vocabulary().roles.get(role)
    return known.implies if known else (role,)


def _mention(document: Document, mention: Mention) -> GoldMention:
    found = bisect_right(document.sentences, mention.begin, key=lambda sentence: sentence.begin) - 1
    return GoldMention(mention.begin, mention.end, max(0, found), mention.text)


def _aliases(document: Document, entities: dict[str, Entity]) -> Iterator[tuple[str, tuple[str, ...]]]:
    taken = {argument.entity for event in document.events for argument in event.arguments}
    for id_ in sorted(taken & entities.keys()):
        if entities[id_].aliases:
            yield entities[id_].name, entities[id_].aliases
