"""The one stage that every engine runs: articles in, documents with entities, events and links out."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kgload.errors import ExtractorError
from kgload.records import Article, Document, Extractor, Run

if TYPE_CHECKING:
    from kgload.linking.linker import Linker


@dataclass(frozen=True, slots=True)
class Settings:
    """What changes the output of a conversion; the run's metadata hold it."""

    extractor: str = "encoder"
    link: bool = True
    min_confidence: float = 0.0


class Stage:
    """Extraction and linking, made once a process and run for many articles.

    Extractor and gazetteer are made when the first article needs them: records from outside need neither.

    Raises:
        ExtractorError: there is no such extractor, or its model cannot be used.
        DataError: a data file does not validate.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._told = (("link", "yes" if settings.link else "no"), ("min_confidence", f"{settings.min_confidence:g}"))

    def run(self, items: Sequence[Article | Document]) -> list[Document]:
        """One document for each item, in order. A document that comes ready from outside keeps its links and its run;
        of its events, too, those below the lowest confidence are left out.
        """
        articles = [item for item in items if isinstance(item, Article)]
        made = self._made(articles) if articles else iter(())
        return [self._confident(item if isinstance(item, Document) else next(made)) for item in items]

    def _made(self, articles: Sequence[Article]) -> Iterator[Document]:
        extractor, linker = self._parts
        documents = iter(extractor.extract(articles))
        for article in articles:
            document = next(documents, None)
            # Other people's extractors run here too: one that loses an article must not shift all that follow.
            if document is None or document.article.id != article.id:
                raise ExtractorError(f"extractor {self.settings.extractor!r} gave no document for {article.id!r}")
            linked = linker.link(document) if linker else document
            yield replace(linked, run=self._with_settings(linked.run))

    @functools.cached_property
    def _parts(self) -> tuple[Extractor, Linker | None]:
        from kgload.extraction import registry
        from kgload.linking.gazetteer import Gazetteer
        from kgload.linking.linker import Linker

        gazetteer = Gazetteer.core()
        return registry.create(self.settings.extractor, gazetteer), Linker(gazetteer) if self.settings.link else None

    def _with_settings(self, run: Run | None) -> Run:
        run = run or Run(self.settings.extractor, "")
        return replace(run, settings=tuple(sorted({**dict(run.settings), **dict(self._told)}.items())))

    def _confident(self, document: Document) -> Document:
        if self.settings.min_confidence <= 0:
            return document
        kept = tuple(e for e in document.events if e.confidence >= self.settings.min_confidence)
        return replace(document, events=kept)
