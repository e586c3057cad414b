"""Documents to RDF: one named graph a document, no blank nodes, the same quads for the same document."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable

import pyoxigraph as ox

from kgload import __version__
from kgload.errors import RecordError
from kgload.mapping import iris
from kgload.mapping.vocabulary import DCTERMS, ITSRDF, KGL, NIF, OWL, PROV, RDF, RDFS, SCHEMA, SKOS, XSD, vocabulary
from kgload.records import Document, Entity, Event, Mention, Run

A = ox.NamedNode(RDF + "type")
LABEL = ox.NamedNode(RDFS + "label")
ALT_LABEL = ox.NamedNode(SKOS + "altLabel")
INDEX = ox.NamedNode(XSD + "nonNegativeInteger")
DATE = ox.NamedNode(XSD + "date")
DECIMAL = ox.NamedNode(XSD + "decimal")
INTEGER = ox.NamedNode(XSD + "integer")
ANY_URI = ox.NamedNode(XSD + "anyURI")

Node = ox.NamedNode | ox.Literal


def kgl(name: str) -> ox.NamedNode:
    """A term of the ontology."""
    return ox.NamedNode(KGL + name)


def nif(name: str) -> ox.NamedNode:
    """A term of NIF 2.0."""
    return ox.NamedNode(NIF + name)


def quads(document: Document, base: str = iris.DEFAULT_BASE) -> list[ox.Quad]:
    """All that a document says, sorted, without repetition, in the graph that bears the document's IRI.

    Raises:
        RecordError: an event's type or a role is not in the ontology, or refers to an entity that is not there.
    """
    return _Mapper(document, base).quads()


class _Mapper:
    def __init__(self, document: Document, base: str) -> None:
        self.source, self.base = document, base
        self.name = iris.document(base, document.article.id)
        self.document = ox.NamedNode(self.name)
        self.triples: set[tuple[ox.NamedNode, ox.NamedNode, Node]] = set()
        self.entities = self._name_entities(document.entities)

    def quads(self) -> list[ox.Quad]:
        self._describe_document()
        for entity in self.source.entities:
            self._describe_entity(entity)
        seen: Counter[tuple[str, int, int]] = Counter()
        for event in self.source.events:
            first = event.mentions[0]
            key = (event.type, first.begin, first.end)
            name = iris.event(self.base, self.source.article.id, *key, nth=seen[key])
            seen[key] += 1
            self._describe_event(ox.NamedNode(name), event)
        ordered = sorted(self.triples, key=lambda t: (t[0].value, t[1].value, str(t[2])))
        return [ox.Quad(*triple, self.document) for triple in ordered]

    def add(self, subject: ox.NamedNode, predicate: ox.NamedNode, value: Node) -> None:
        self.triples.add((subject, predicate, value))

    def _name_entities(self, entities: Iterable[Entity]) -> dict[str, ox.NamedNode]:
        names: dict[str, ox.NamedNode] = {}
        seen: Counter[tuple[str, int, int]] = Counter()
        for entity in entities:
            if entity.link and entity.link.trusted:
                names[entity.id] = ox.NamedNode(iris.linked_entity(self.base, entity.link.iri))
                continue
            first = entity.mentions[0]
            key = (entity.kind.value, first.begin, first.end)
            names[entity.id] = ox.NamedNode(iris.entity(self.base, self.source.article.id, *key, nth=seen[key]))
            seen[key] += 1
        return names

    def _entity(self, reference: str) -> ox.NamedNode:
        try:
            return self.entities[reference]
        except KeyError:
            raise RecordError(f"{self.source.article.id}: no entity has the id {reference!r}") from None

    def _describe_document(self) -> None:
        article, subject = self.source.article, self.document
        for class_ in (kgl("Document"), nif("Context")):
            self.add(subject, A, class_)
        self.add(subject, ox.NamedNode(DCTERMS + "identifier"), ox.Literal(article.id))
        if article.title:
            self.add(subject, ox.NamedNode(DCTERMS + "title"), ox.Literal(article.title))
        if article.date:
            issued = ox.Literal(article.date.isoformat(), datatype=DATE)
            self.add(subject, ox.NamedNode(DCTERMS + "issued"), issued)
        if article.url:
            self.add(subject, ox.NamedNode(SCHEMA + "url"), ox.Literal(article.url, datatype=ANY_URI))
        digest = hashlib.sha256(article.text.encode("utf-8", "surrogatepass")).hexdigest()
        self.add(subject, kgl("textHash"), ox.Literal(digest))
        self._index(subject, 0, len(article.text))
        if self.source.run:
            self._describe_run(self.source.run)

    def _describe_run(self, run: Run) -> None:
        settings = [f"{name}={value}" for name, value in run.settings]
        parts = (__version__, run.extractor, run.version, run.model or "", *settings)
        subject = ox.NamedNode(iris.run(self.base, *parts))
        self.add(self.document, ox.NamedNode(PROV + "wasGeneratedBy"), subject)
        self.add(subject, A, ox.NamedNode(PROV + "Activity"))
        self.add(subject, LABEL, ox.Literal(f"kgload {__version__}, extractor {run.extractor}", language="en"))
        self.add(subject, ox.NamedNode(SCHEMA + "softwareVersion"), ox.Literal(__version__))
        self.add(subject, kgl("extractor"), ox.Literal(f"{run.extractor} {run.version}".strip()))
        if run.model:
            self.add(subject, kgl("model"), ox.Literal(run.model))
        for setting in settings:
            self.add(subject, kgl("setting"), ox.Literal(setting))

    def _describe_entity(self, entity: Entity) -> None:
        subject = self._entity(entity.id)
        for class_ in vocabulary().classes[entity.kind.value]:
            self.add(subject, A, kgl(class_))
        self.add(subject, LABEL, ox.Literal(entity.name, language="en"))
        for alias in entity.aliases:
            if alias != entity.name:
                self.add(subject, ALT_LABEL, ox.Literal(alias, language="en"))
        for represented in entity.represents:
            self.add(subject, kgl("represents"), self._entity(represented))
        confidence = None
        if entity.link:
            predicate = OWL + "sameAs" if entity.link.trusted else SKOS + "closeMatch"
            self.add(subject, ox.NamedNode(predicate), _iri(entity.link.iri))
            confidence = decimal(entity.link.confidence)
        if entity.quantity is not None:
            self.add(subject, kgl("quantity"), ox.Literal(str(entity.quantity), datatype=INTEGER))
        if entity.quantity_text:
            self.add(subject, kgl("quantityText"), ox.Literal(entity.quantity_text))
        for mention in entity.mentions:
            phrase = self._mention(subject, mention)
            self.add(phrase, ox.NamedNode(ITSRDF + "taIdentRef"), subject)
            if confidence:
                self.add(phrase, ox.NamedNode(ITSRDF + "taConfidence"), confidence)

    def _describe_event(self, subject: ox.NamedNode, event: Event) -> None:
        terms = vocabulary()
        if event.type not in terms.event_types:
            raise RecordError(f"{self.source.article.id}: {event.type!r} is no class of events of the ontology")
        for class_ in (event.type, "Event"):
            self.add(subject, A, kgl(class_))
        self.add(subject, kgl("reportedIn"), self.document)
        self.add(subject, kgl("status"), kgl(event.status.value))
        self.add(subject, kgl("confidence"), decimal(event.confidence))
        if event.mode:
            self.add(subject, kgl("mode"), kgl(event.mode.value))
        if event.topic:
            self.add(subject, kgl("topic"), ox.Literal(event.topic))
        if event.date:
            for name, day in (("earliestDate", event.date.earliest), ("latestDate", event.date.latest)):
                if day:
                    self.add(subject, kgl(name), ox.Literal(day.isoformat(), datatype=DATE))
            if event.date.text:
                self.add(subject, kgl("dateText"), ox.Literal(event.date.text))
        for argument in event.arguments:
            if argument.role not in terms.roles:
                raise RecordError(f"{self.source.article.id}: {argument.role!r} is no role of the ontology")
            for role in terms.roles[argument.role]:
                self.add(subject, kgl(role), self._entity(argument.entity))
        for mention in event.mentions:
            self._sentence(self._mention(subject, mention), mention)

    def _mention(self, subject: ox.NamedNode, mention: Mention) -> ox.NamedNode:
        phrase = self._span(mention.begin, mention.end, "Phrase")
        self.add(subject, kgl("mention"), phrase)
        return phrase

    def _sentence(self, phrase: ox.NamedNode, mention: Mention) -> None:
        for sentence in self.source.sentences:
            if sentence.begin <= mention.begin < sentence.end:
                self.add(phrase, nif("sentence"), self._span(sentence.begin, sentence.end, "Sentence"))
                return

    def _span(self, begin: int, end: int, class_: str) -> ox.NamedNode:
        subject = ox.NamedNode(iris.span(self.name, begin, end))
        self.add(subject, A, nif(class_))
        self.add(subject, nif("anchorOf"), ox.Literal(self.source.article.text[begin:end]))
        self.add(subject, nif("referenceContext"), self.document)
        self._index(subject, begin, end)
        return subject

    def _index(self, subject: ox.NamedNode, begin: int, end: int) -> None:
        self.add(subject, nif("beginIndex"), ox.Literal(str(begin), datatype=INDEX))
        self.add(subject, nif("endIndex"), ox.Literal(str(end), datatype=INDEX))


def decimal(value: float) -> ox.Literal:
    """A confidence as xsd:decimal in canonical form, to four places."""
    digits = re.sub(r"0+$", "", f"{value:.4f}")
    return ox.Literal(digits + "0" if digits.endswith(".") else digits, datatype=DECIMAL)


def _iri(text: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(text)
    except ValueError as error:
        raise RecordError(f"a link is no IRI: {error}") from error
