"""Documents to RDF: one named graph a document, no blank nodes, the same quads for the same document."""

from __future__ import annotations

import bisect
import functools
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence

import pyoxigraph as ox

from kgload import __version__
from kgload.errors import RecordError
from kgload.mapping import iris
from kgload.mapping import vocabulary as v
from kgload.ontology import vocabulary
from kgload.record_checks import problem
from kgload.records import Document, Entity, Event, Mention, Run

Node = ox.NamedNode | ox.Literal


@functools.cache
def kgl(name: str) -> ox.NamedNode:
    """A term of the ontology."""
    return ox.NamedNode(v.KGL + name)


def text_hash(text: str) -> str:
    """What ``kgl:textHash`` says of a text: the SHA-256 of its UTF-8, in hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def quads(document: Document, base: str = iris.DEFAULT_BASE) -> list[ox.Quad]:
    """All that a document says, each quad once, in the graph that bears the document's IRI.

    They come subject by subject (document, run, events, entities, spans by their place in the text), so that a file of
    them can be read by a person, and in one order only.

    Raises:
        RecordError: the document contradicts itself or the ontology (:func:`kgload.record_checks.problem`).
        InputError: no IRIs can be made from the base.
    """
    found = problem(document)
    if found:
        raise RecordError(f"document {document.article.id[:100]!r}: {found}")
    return _Mapper(document, base).quads()


class _Mapper:
    def __init__(self, document: Document, base: str) -> None:
        self.source, self.base, self.text = document, iris.checked_base(base), document.article.text
        self.name = iris.document(base, document.article.id)
        self.document = ox.NamedNode(self.name)
        self.about: dict[ox.NamedNode, set[tuple[ox.NamedNode, Node]]] = {}
        self.spans: dict[tuple[int, int], ox.NamedNode] = {}
        self.sentence_ends = [sentence.end for sentence in document.sentences]
        self.names = self._name_entities(document.entities)

    def quads(self) -> list[ox.Quad]:
        run = self._describe_run(self.source.run)
        self._describe_document(run)
        events = []
        seen: Counter[tuple[str, int, int]] = Counter()
        for event in self.source.events:
            key = (event.type, *_first(event.mentions))
            events.append(ox.NamedNode(iris.event(self.base, self.source.article.id, *key, nth=seen[key])))
            seen[key] += 1
            self._describe_event(events[-1], event)
        # Entities that are linked to the same item are one.
        same: dict[ox.NamedNode, list[Entity]] = {}
        for entity in self.source.entities:
            same.setdefault(self.names[entity.id], []).append(entity)
        for subject, entities in same.items():
            self._describe_entity(subject, entities)
        spans = [self.spans[place] for place in sorted(self.spans)]
        return [
            ox.Quad(subject, predicate, value, self.document)
            for subject in (self.document, run, *events, *same, *spans)
            for predicate, value in sorted(self.about[subject], key=_order)
        ]

    def add(self, subject: ox.NamedNode, *statements: tuple[ox.NamedNode, Node]) -> None:
        self.about.setdefault(subject, set()).update(statements)

    def _name_entities(self, entities: Iterable[Entity]) -> dict[str, ox.NamedNode]:
        names: dict[str, ox.NamedNode] = {}
        seen: Counter[tuple[str, int, int]] = Counter()
        for entity in entities:
            if entity.link and entity.link.trusted:
                names[entity.id] = ox.NamedNode(iris.linked_entity(self.base, entity.link.iri))
                continue
            key = (entity.kind.value, *_first(entity.mentions))
            names[entity.id] = ox.NamedNode(iris.entity(self.base, self.source.article.id, *key, nth=seen[key]))
            seen[key] += 1
        return names

    def _describe_document(self, run: ox.NamedNode) -> None:
        article = self.source.article
        self.add(self.document, (v.A, kgl("Document")), (v.A, v.CONTEXT), (v.IDENTIFIER, ox.Literal(article.id)))
        if article.title:
            self.add(self.document, (v.TITLE, ox.Literal(article.title)))
        if article.date:
            self.add(self.document, (v.ISSUED, ox.Literal(article.date.isoformat(), datatype=v.DATE)))
        if article.url:
            # A literal: what a feed gives as a URL is not always one.
            self.add(self.document, (v.URL, ox.Literal(article.url, datatype=v.ANY_URI)))
        self.add(self.document, (kgl("textHash"), ox.Literal(text_hash(self.text))))
        self._index(self.document, 0, len(self.text))
        self.add(self.document, (v.GENERATED_BY, run))

    def _describe_run(self, run: Run | None) -> ox.NamedNode:
        run = run or Run(extractor="unknown", version="")
        settings = sorted(run.settings)
        content = {"extractor": run.extractor, "version": run.version, "model": run.model, "settings": settings}
        subject = ox.NamedNode(iris.run(self.base, kgload=__version__, **content))
        self.add(
            subject,
            (v.A, v.ACTIVITY),
            (v.LABEL, ox.Literal(f"kgload {__version__}, extractor {run.extractor}", language="en")),
            (v.SOFTWARE_VERSION, ox.Literal(__version__)),
            (kgl("extractor"), ox.Literal(f"{run.extractor} {run.version}".strip())),
            *((kgl("setting"), ox.Literal(f"{name}={value}")) for name, value in settings),
        )
        if run.model:
            self.add(subject, (kgl("model"), ox.Literal(run.model)))
        return subject

    def _describe_entity(self, subject: ox.NamedNode, entities: Sequence[Entity]) -> None:
        label = max(entities, key=lambda entity: (len(entity.name.split()), len(entity.name))).name
        self.add(subject, (v.LABEL, ox.Literal(label, language="en")))
        for entity in entities:
            self.add(subject, *((v.A, kgl(class_)) for class_ in vocabulary().classes[entity.kind.value]))
            others = {name for name in (entity.name, *entity.aliases) if name.strip() and name != label}
            self.add(subject, *((v.ALT_LABEL, ox.Literal(name, language="en")) for name in others))
            for reference in entity.represents:
                if self.names[reference] != subject:
                    self.add(subject, (kgl("represents"), self.names[reference]))
                    self.add(self.names[reference], *((v.A, kgl(class_)) for class_ in ("Actor", "Entity")))
            if entity.quantity is not None:
                self.add(subject, (kgl("quantity"), ox.Literal(str(entity.quantity), datatype=v.INTEGER)))
            if entity.quantity_text:
                self.add(subject, (kgl("quantityText"), ox.Literal(entity.quantity_text)))
            if entity.link:
                predicate = v.SAME_AS if entity.link.trusted else v.CLOSE_MATCH
                self.add(subject, (predicate, _item(entity.link.iri)))
            for mention in entity.mentions:
                phrase = self._mention(subject, mention)
                self.add(phrase, (v.IDENT_REF, subject))
                if entity.link:
                    self.add(phrase, (v.IDENT_CONFIDENCE, decimal(entity.link.confidence)))

    def _describe_event(self, subject: ox.NamedNode, event: Event) -> None:
        terms = vocabulary()
        self.add(
            subject,
            *((v.A, kgl(class_)) for class_ in terms.event_types[event.type]),
            (kgl("reportedIn"), self.document),
            (kgl("status"), kgl(event.status.value)),
            (kgl("confidence"), decimal(event.confidence)),
        )
        if event.mode:
            self.add(subject, (kgl("mode"), kgl(event.mode.value)))
        if event.topic:
            self.add(subject, (kgl("topic"), ox.Literal(event.topic)))
        if event.date:
            for name, day in (("earliestDate", event.date.earliest), ("latestDate", event.date.latest)):
                if day:
                    self.add(subject, (kgl(name), ox.Literal(day.isoformat(), datatype=v.DATE)))
            if event.date.text:
                self.add(subject, (kgl("dateText"), ox.Literal(event.date.text)))
        for argument in event.arguments:
            role, filler = terms.roles[argument.role], self.names[argument.entity]
            self.add(subject, *((kgl(name), filler) for name in role.implies))
            # What follows from the role is written out too: who takes part is an actor, where it happens a place.
            self.add(filler, *((v.A, kgl(class_)) for class_ in role.fillers))
        for mention in event.mentions:
            self._sentence(self._mention(subject, mention), mention)

    def _mention(self, subject: ox.NamedNode, mention: Mention) -> ox.NamedNode:
        phrase = self._span(mention.begin, mention.end, v.PHRASE)
        self.add(subject, (kgl("mention"), phrase))
        return phrase

    def _sentence(self, phrase: ox.NamedNode, mention: Mention) -> None:
        """Tie an event's mention to its sentence, whose words are written too: evidence needs no source text then."""
        at = bisect.bisect_right(self.sentence_ends, mention.begin)
        if at < len(self.sentence_ends) and self.source.sentences[at].begin <= mention.begin:
            sentence = self.source.sentences[at]
            self.add(phrase, (v.SENTENCE, self._span(sentence.begin, sentence.end, v.SENTENCE_CLASS)))

    def _span(self, begin: int, end: int, class_: ox.NamedNode) -> ox.NamedNode:
        subject = self.spans.get((begin, end))
        if subject is None:
            subject = self.spans[begin, end] = ox.NamedNode(iris.span(self.name, begin, end))
            anchor = ox.Literal(self.text[begin:end])
            self.add(subject, (v.ANCHOR_OF, anchor), (v.REFERENCE_CONTEXT, self.document))
            self._index(subject, begin, end)
        self.add(subject, (v.A, class_))
        return subject

    def _index(self, subject: ox.NamedNode, begin: int, end: int) -> None:
        for predicate, offset in ((v.BEGIN_INDEX, begin), (v.END_INDEX, end)):
            self.add(subject, (predicate, ox.Literal(str(offset), datatype=v.INDEX)))


def decimal(value: float) -> ox.Literal:
    """A confidence as xsd:decimal in canonical form, to four places."""
    digits = f"{value:.4f}".rstrip("0")
    return ox.Literal(digits + "0" if digits.endswith(".") else digits, datatype=v.DECIMAL)


def _order(statement: tuple[ox.NamedNode, Node]) -> tuple[bool, str, str]:
    """A subject's classes first."""
    predicate, value = statement
    return predicate != v.A, predicate.value, str(value)


def _first(mentions: Iterable[Mention]) -> tuple[int, int]:
    return min((mention.begin, mention.end) for mention in mentions)


def _item(link: str) -> ox.NamedNode:
    """The item's own IRI, in Wikidata's own form where it is one of Wikidata's."""
    qid = iris.wikidata_id(link)
    try:
        return ox.NamedNode(v.WD + qid if qid else link)
    except ValueError as error:
        raise RecordError(f"a link is no IRI: {link[:80]!r}: {error}") from error
