"""The one stage that every engine runs: articles in, documents with entities, events and links out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kgload.records import Article, Document


@dataclass(frozen=True, slots=True)
class Settings:
    """What changes the output of a conversion; the run's metadata hold it."""

    extractor: str = "rules"
    link: bool = True
    min_confidence: float = 0.0


class Stage:
    """Extraction and linking, made once a process and run for many articles.

    Raises:
        ExtractorError: there is no such extractor, or its model cannot be used.
        DataError: a data file does not validate.
    """

    def __init__(self, settings: Settings) -> None:
        from kgload.extraction import registry
        from kgload.linking.gazetteer import Gazetteer
        from kgload.linking.linker import Linker

        gazetteer = Gazetteer.core()
        self.settings = settings
        self._extractor = registry.create(settings.extractor, gazetteer)
        self._linker = Linker(gazetteer) if settings.link else None

    def run(self, items: Sequence[Article | Document]) -> list[Document]:
        """One document for each item, in order. A document that comes ready from outside passes as it is."""
        made = iter(self._extractor.extract([item for item in items if isinstance(item, Article)]))
        return [item if isinstance(item, Document) else self._finish(next(made)) for item in items]

    def _finish(self, document: Document) -> Document:
        if self.settings.min_confidence > 0:
            kept = tuple(e for e in document.events if e.confidence >= self.settings.min_confidence)
            document = replace(document, events=kept)
        return self._linker.link(document) if self._linker else document
