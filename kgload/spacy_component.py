"""kgload as a component of a spaCy pipeline: events on the document, their words as spans, no RDF.

>>> import spacy
>>> nlp = spacy.blank("en")
>>> nlp.add_pipe("kgload")
>>> doc = nlp("Kenya and Uganda signed a treaty in Nairobi.")
>>> [(event.type, event.status) for event in doc._.events]

spaCy finds it by the entry-point group ``spacy_factories``; nothing of kgload's has to be imported.
"""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import json
from collections.abc import Iterable, Iterator
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from kgload import records_json
from kgload.conversion.shard import Settings, Stage
from kgload.errors import BadDate
from kgload.records import Article, Document, Event, Mention

KEY = "kgload"
"""Of the component, of its spans (``doc.spans["kgload"]``) and of its record in ``doc.user_data``."""
DEFAULTS = {"extractor": "encoder", "link": True, "min_confidence": 0.0}


class Component:
    """Finds events in documents. What other components found is left as it is, and makes no difference.

    Raises:
        ExtractorError: there is no such extractor, or its model cannot be used.
    """

    def __init__(self, name: str, settings: Settings) -> None:
        self.name = name
        self._stage = Stage(settings)

    def __call__(self, doc: Doc) -> Doc:
        """Find the events of one document."""
        return next(self.pipe([doc], batch_size=1))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 32) -> Iterator[Doc]:
        """Find the events of many documents, in order; none depends on another."""
        docs = iter(stream)
        while batch := list(itertools.islice(docs, batch_size)):
            for doc, document in zip(batch, self._stage.run([_article(doc) for doc in batch]), strict=True):
                _set(doc, document)
                yield doc


@Language.factory("kgload", assigns=["doc._.events", "doc._.kgload", "doc.spans"], default_config=DEFAULTS)
def make(nlp: Language, name: str, extractor: str, link: bool, min_confidence: float) -> Component:
    """The component of a pipeline: ``nlp.add_pipe("kgload", config={"extractor": "rules"})``."""
    return Component(name, Settings(extractor=extractor, link=link, min_confidence=min_confidence))


def _article(doc: Doc) -> Article:
    published = doc._.published
    if isinstance(published, str):
        try:
            published = dt.date.fromisoformat(published)
        except ValueError as error:
            raise BadDate(f"doc._.published: {published!r} is no ISO 8601 date") from error
    return Article("doc", doc.text, date=published)


def _set(doc: Doc, document: Document) -> None:
    # As text: a document is sent between processes and saved with its user data, which takes no objects.
    doc.user_data[KEY] = records_json.dump(document)
    spans = [span for event in document.events for span in _spans(doc, document, event)]
    doc.spans[KEY] = SpanGroup(doc, name=KEY, spans=spans)


def _spans(doc: Doc, document: Document, event: Event) -> Iterator[Span]:
    """An event's triggers under its type, and its arguments under their roles, where they stand nearest to one."""
    for mention in event.mentions:
        yield from _span(doc, mention, event.type, event.id)
    entities = {entity.id: entity for entity in document.entities}
    for argument in event.arguments:
        entity = entities[argument.entity]
        item = entity.link.iri.rpartition("/")[2] if entity.link and entity.link.trusted else ""
        yield from _span(doc, _nearest(entity.mentions, event), argument.role, event.id, item)


def _span(doc: Doc, mention: Mention, label: str, event: str, item: str = "") -> Iterator[Span]:
    """The tokens of a mention: none where it holds none."""
    span = doc.char_span(mention.begin, mention.end, label=label, kb_id=item, alignment_mode="expand", span_id=event)
    if span is not None:
        yield span


def _nearest(mentions: tuple[Mention, ...], event: Event) -> Mention:
    return min(mentions, key=lambda m: (min(abs(m.begin - t.begin) for t in event.mentions), m.begin))


@functools.lru_cache(maxsize=256)
def _read(record: str) -> Document:
    return records_json.load(json.loads(record), "doc")


def record(doc: Doc) -> Document | None:
    """The whole record of a document, with entities and links; None where the component has not run."""
    found: Any = doc.user_data.get(KEY)
    return _read(found) if found is not None else None


def events(doc: Doc) -> tuple[Event, ...]:
    """The events of a document; none where the component has not run."""
    found = record(doc)
    return found.events if found else ()


Doc.set_extension("events", getter=events, force=True)
Doc.set_extension("kgload", getter=record, force=True)
# The day of publication, from which "on Friday" is counted, in its ISO form: to be set before the component runs.
Doc.set_extension("published", default=None, force=True)
