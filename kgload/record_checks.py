"""What a record must hold beyond its shape: spans that are in the text, references that lead somewhere, known terms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from kgload.ontology import vocabulary
from kgload.records import Document, Entity, EntityKind, Event, Mention

# A link must be an absolute IRI that every RDF syntax and store can hold.
LINK = re.compile(r"(?:https?://[^\s/?#]+|urn:)[^\s\x00-\x20<>\"{}|\\^`\x7f-\x9f]*")


def problem(document: Document) -> str | None:
    """The first thing that is wrong with a document, as ``path: reason``; None where nothing is.

    Raises:
        DataError: the ontology cannot be read.
    """
    return next(_problems(document), None)


def _problems(document: Document) -> Iterator[str]:
    article = document.article
    if not article.id:
        yield "article.id: is empty"
    yield from _unencodable(document)
    reached = 0
    for index, sentence in enumerate(document.sentences):
        if not 0 <= sentence.begin < sentence.end <= len(article.text):
            yield f"sentences[{index}]: {sentence.begin} to {sentence.end} is no span of the text"
        elif sentence.begin < reached:
            yield f"sentences[{index}]: begins at {sentence.begin}, before the last one ends"
        reached = sentence.end
    yield from _doubled("entities", document.entities)
    yield from _doubled("events", document.events)
    entities = {entity.id: entity for entity in document.entities}
    for index, entity in enumerate(document.entities):
        path = f"entities[{index}]"
        yield from _mentions(path, entity.mentions, article.text)
        yield from _entity(path, entity, entities)
    for index, event in enumerate(document.events):
        path = f"events[{index}]"
        yield from _mentions(path, event.mentions, article.text)
        yield from _event(path, event, entities)


def _unencodable(document: Document) -> Iterator[str]:
    """Lone surrogates, which are no characters and cannot be written down."""
    article, run = document.article, document.run
    strings = [("article.id", article.id), ("article.text", article.text)]
    strings += [("article.title", article.title or ""), ("article.url", article.url or "")]
    for i, entity in enumerate(document.entities):
        words = " ".join(
            (entity.name, *entity.aliases, entity.quantity_text or "", entity.link.iri if entity.link else "")
        )
        strings.append((f"entities[{i}]", words))
    for i, event in enumerate(document.events):
        strings.append((f"events[{i}]", f"{event.topic or ''} {(event.date and event.date.text) or ''}"))
    if run:
        settings = " ".join(part for setting in run.settings for part in setting)
        strings.append(("run", f"{run.extractor} {run.version} {run.model or ''} {settings}"))
    for path, text in strings:
        try:
            text.encode()
        except UnicodeEncodeError:
            yield f"{path}: holds a lone surrogate, which is no character"


def _doubled(path: str, things: Iterable[Entity | Event]) -> Iterator[str]:
    seen: set[str] = set()
    for index, thing in enumerate(things):
        if thing.id in seen:
            yield f"{path}[{index}].id: {thing.id!r} is there twice"
        seen.add(thing.id)


def _mentions(path: str, mentions: Sequence[Mention], text: str) -> Iterator[str]:
    if not mentions:
        yield f"{path}.mentions: there is none"
    for number, mention in enumerate(mentions):
        where = f"{path}.mentions[{number}]"
        if not 0 <= mention.begin < mention.end <= len(text):
            yield f"{where}: {mention.begin} to {mention.end} is no span of the text"
        elif (there := text[mention.begin : mention.end]) != mention.text:
            yield f"{where}.text: is {mention.text[:80]!r}, but the text has {there[:80]!r} there"


def _entity(path: str, entity: Entity, entities: dict[str, Entity]) -> Iterator[str]:
    if not entity.name.strip():
        yield f"{path}.name: is empty"
    if entity.kind is not EntityKind.FORCE and (entity.quantity is not None or entity.quantity_text is not None):
        yield f"{path}.quantity: is said of forces only, this is a {entity.kind.value}"
    if entity.quantity is not None and entity.quantity < 0:
        yield f"{path}.quantity: is below 0"
    if entity.represents and entity.kind is not EntityKind.PERSON:
        yield f"{path}.represents: is said of persons only, this is a {entity.kind.value}"
    for number, reference in enumerate(entity.represents):
        if reference not in entities:
            yield f"{path}.represents[{number}]: no entity has the id {reference!r}"
    if entity.link:
        if not 0 <= entity.link.confidence <= 1:
            yield f"{path}.link.confidence: lies outside 0 to 1"
        if not is_link(entity.link.iri):
            yield f"{path}.link.iri: {entity.link.iri[:80]!r} is no http, https or urn IRI"


def is_link(iri: str) -> bool:
    """Whether an IRI may stand in a link: absolute, of http, https or urn, and one that every RDF syntax holds."""
    return bool(LINK.fullmatch(iri)) and _is_iri(iri)


def _is_iri(text: str) -> bool:
    """Whether the RDF library takes it for an IRI: it knows what may stand in a host and behind a percent sign."""
    import pyoxigraph as ox

    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True


def _event(path: str, event: Event, entities: dict[str, Entity]) -> Iterator[str]:
    terms = vocabulary()
    if event.type not in terms.event_types:
        yield f"{path}.type: {event.type!r} is none of the ontology's: {', '.join(terms.event_types)}"
    if event.mode and event.type not in terms.modal:
        yield f"{path}.mode: is not said of the type {event.type}"
    if not 0 <= event.confidence <= 1:
        yield f"{path}.confidence: lies outside 0 to 1"
    if event.date and event.date.earliest and event.date.latest and event.date.earliest > event.date.latest:
        yield f"{path}.date: the earliest day is after the latest"
    for number, argument in enumerate(event.arguments):
        where = f"{path}.arguments[{number}]"
        role = terms.roles.get(argument.role)
        if role is None:
            yield f"{where}.role: {argument.role!r} is none of the ontology's: {', '.join(terms.roles)}"
        elif event.type not in role.types:
            yield f"{where}.role: {argument.role} is not said of the type {event.type}"
        if argument.entity not in entities:
            yield f"{where}.entity: no entity has the id {argument.entity!r}"
        if argument.confidence is not None and not 0 <= argument.confidence <= 1:
            yield f"{where}.confidence: lies outside 0 to 1"
