"""Extractors of somebody else's: one that keeps to the rules, and some that each break one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from kgload.records import Argument, Article, Document, Entity, EntityKind, Event, Lexicon, Mention, Run, Span


class Tiny:
    """Two known names around "met" are a Meeting."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    def extract(self, articles: Iterable[Article]) -> Iterator[Document]:
        for article in articles:
            yield self.document(article)

    def document(self, article: Article) -> Document:
        text = article.text
        names = [m for m in self.lexicon.find(text) if m.candidates[0].kind is EntityKind.STATE]
        found = re.search(r"\bmet\b", text)
        run = Run("tiny", "1.0")
        if not found or len(names) < 2:
            return Document(article, (Span(0, len(text)),), run=run)
        entities = tuple(
            Entity(f"e{n}", EntityKind.STATE, text[m.begin : m.end], (Mention(m.begin, m.end, text[m.begin : m.end]),))
            for n, m in enumerate(names[:2])
        )
        arguments = tuple(Argument("participant", entity.id) for entity in entities)
        event = Event("v1", "Meeting", (Mention(*found.span(), found.group()),), arguments)
        return Document(article, (Span(0, len(text)),), entities, (event,), run)


class Loses(Tiny):
    def extract(self, articles: Iterable[Article]) -> Iterator[Document]:
        yield from list(super().extract(articles))[1:]


class Remembers(Tiny):
    """What it finds depends on what it has read before."""

    def extract(self, articles: Iterable[Article]) -> Iterator[Document]:
        for number, document in enumerate(super().extract(articles)):
            yield replace(document, events=tuple(replace(e, confidence=1 / (1 + number)) for e in document.events))


class Shifted(Tiny):
    """Offsets in bytes, not in characters."""

    def document(self, article: Article) -> Document:
        document = super().document(article)
        shift = len(article.text.encode()) - len(article.text)
        moved = tuple(
            replace(e, mentions=tuple(Mention(m.begin + shift, m.end + shift, m.text) for m in e.mentions))
            for e in document.events
        )
        return replace(document, events=moved)


class Unsorted(Tiny):
    """The order of a set of words gets into the records."""

    def document(self, article: Article) -> Document:
        document = super().document(article)
        words = " ".join({"these", "words", "come", "in", "any", "order"})
        return replace(document, run=Run("unsorted", "1.0", words))


class Fragile(Tiny):
    def document(self, article: Article) -> Document:
        article.text.split()[0]
        return super().document(article)


class Nameless(Tiny):
    def document(self, article: Article) -> Document:
        return replace(super().document(article), run=None)
