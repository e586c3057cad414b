"""The records that every stage takes and gives: one vocabulary for the whole of kgload.

Sources make an :class:`Article`; extraction turns it into a :class:`Document` of sentences, entities and events;
linking gives entities a :class:`Link`; mapping turns the document into triples. All records are immutable: a stage that
adds something returns a new record (:func:`dataclasses.replace`).

Offsets everywhere are Unicode code points of ``Article.text`` as given, begin inclusive and end exclusive, as Python
slices count. The meaning of each event type, role and status is defined in ``docs/events.md``; the terms that the graph
uses for them in ``ontology/kgload.ttl``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable


class EntityKind(StrEnum):
    """What an entity is; each value is the local name of a class of the ontology."""

    PERSON = "Person"
    ORGANIZATION = "Organization"
    STATE = "State"
    ARMED_GROUP = "ArmedGroup"
    PLACE = "Place"
    FORCE = "Force"


class Status(StrEnum):
    """Whether an event took place; each value is the local name of an individual of the ontology."""

    OCCURRED = "Occurred"
    ONGOING = "Ongoing"
    PLANNED = "Planned"
    PROPOSED = "Proposed"
    CANCELLED = "Cancelled"


class Mode(StrEnum):
    """How the parties of a meeting met; each value is the local name of an individual of the ontology."""

    IN_PERSON = "InPerson"
    PHONE = "Phone"
    VIDEO = "Video"


@dataclass(frozen=True, slots=True)
class Article:
    """A text as it came in. ``date`` is the day of publication, from which relative dates are worked out."""

    id: str
    text: str
    title: str | None = None
    date: dt.date | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the article's text."""

    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of text that mentions an entity or an event: ``text == article.text[begin:end]``."""

    begin: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """An item of a knowledge base that an entity is taken to be.

    ``iri`` is the item's own IRI (``http://www.wikidata.org/entity/Q159``). Where ``trusted`` is false the link is a
    candidate below the threshold: it is written as ``skos:closeMatch``, never as ``owl:sameAs``.
    """

    iri: str
    confidence: float
    trusted: bool = True


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, organisation, state, armed group, place or force that the text mentions.

    ``id`` is unique within the document. ``name`` is the fullest form that the text gives, without titles; ``aliases``
    the other forms. ``represents`` holds ids of the entities for which a person acts. ``quantity`` (heads or pieces)
    and ``quantity_text`` (the words for it) are said of forces only.
    """

    id: str
    kind: EntityKind
    name: str
    mentions: tuple[Mention, ...]
    aliases: tuple[str, ...] = ()
    represents: tuple[str, ...] = ()
    link: Link | None = None
    quantity: int | None = None
    quantity_text: str | None = None


@dataclass(frozen=True, slots=True)
class Argument:
    """An entity's part in an event.

    ``role`` is the local name of a property of the ontology: ``participant``, ``deployer``, ``signatory``, ``host``,
    ``deployedForce``, ``place``, ``origin``, ``destination``, ``attributedTo``. A role is given in its most specific
    form only; mapping writes out what follows from it (a deployer is a participant, a destination is a place).
    """

    role: str
    entity: str
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class EventDate:
    """When an event takes place, as precisely as the text says.

    A day has ``earliest == latest``; "2024" runs from 1 January to 31 December. Both are None where ``text``, the words
    that speak of the date, could not be resolved.
    """

    earliest: dt.date | None
    latest: dt.date | None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One event of the real world as one document tells it; all its mentions belong to it.

    ``type`` is the local name of an event class of the ontology. ``mentions`` are its triggers, in text order, at least
    one. ``confidence`` lies between 0 and 1.
    """

    id: str
    type: str
    mentions: tuple[Mention, ...]
    arguments: tuple[Argument, ...] = ()
    date: EventDate | None = None
    status: Status = Status.OCCURRED
    mode: Mode | None = None
    topic: str | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Run:
    """What made a document's entities and events: enough to make the same output again, and nothing else.

    ``settings`` are those that change the output, as sorted (name, value) pairs: never worker counts, paths or clocks.
    """

    extractor: str
    version: str
    model: str | None = None
    settings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """An article with all that was found in it. Entities and events stand in text order."""

    article: Article
    sentences: tuple[Span, ...] = ()
    entities: tuple[Entity, ...] = ()
    events: tuple[Event, ...] = ()
    run: Run | None = None


class Extractor(Protocol):
    """What finds entities and events. Built-in and third-party ones stand in the entry-point group
    ``kgload.extractors``, each entry a callable ``(lexicon: Lexicon) -> Extractor``.

    The documents come in the order of the articles, one each, and depend on nothing but their own article.
    """

    def extract(self, articles: Iterable[Article]) -> Iterator[Document]:
        """Yield one document for each article, in order."""
        ...


@runtime_checkable
class Gated(Extractor, Protocol):
    """An extractor that reads with care only what can hold an event."""

    def exhaustive(self) -> Extractor:
        """The same extractor, reading everything."""
        ...


@dataclass(frozen=True, slots=True)
class KnownName:
    """What a name may stand for, as the gazetteer knows it.

    ``relation`` says how the name stands for the item: ``name`` (a label or alias), ``demonym`` ("North Korean"),
    ``capital`` (the item is the state, the name its capital: "Pyongyang would support"), ``government`` ("the
    Kremlin"), ``surname`` (of an office holder, who is called so behind the office: "President Dunn").
    ``prior`` (0 to 1) is the share of uses of the name that mean this item.
    """

    iri: str
    label: str
    kind: EntityKind
    relation: str = "name"
    prior: float = 1.0


@dataclass(frozen=True, slots=True)
class KnownMention:
    """A name that the gazetteer found in a text, with all that it may stand for, likeliest first."""

    begin: int
    end: int
    candidates: tuple[KnownName, ...]


class Lexicon(Protocol):
    """The names that the gazetteer knows, as extraction sees them."""

    def find(self, text: str) -> Sequence[KnownMention]:
        """Longest known names in ``text`` at word boundaries, in text order, not overlapping."""
        ...

    def lookup(self, name: str) -> Sequence[KnownName]:
        """All that ``name`` may stand for, likeliest first; empty where it is unknown."""
        ...
