"""The one stage that every engine runs: articles in, documents with entities, events and links out."""

from __future__ import annotations

import functools
import hashlib
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kgload.errors import ExtractorError, InputNotFound
from kgload.records import Article, Document, Extractor, Run

if TYPE_CHECKING:
    from kgload.linking.gazetteer import Gazetteer
    from kgload.linking.linker import Linker


@dataclass(frozen=True, slots=True)
class Settings:
    """What changes the output of a conversion; the run's metadata hold it.

    ``gazetteers`` are files of names that lie over the core gazetteer, the first uppermost; of them the metadata hold a
    hash. ``exhaustive`` has the extractor read with care also what can hold no event. ``online`` names a service that
    is asked for names that no gazetteer knows (:func:`kgload.linking.online.online`); its answers are kept in
    ``cache``, and what goes wrong there is told to ``on_trouble``.
    """

    extractor: str = "encoder"
    exhaustive: bool = False
    link: bool = True
    min_confidence: float = 0.0
    gazetteers: tuple[Path, ...] = ()
    online: str | None = None
    cache: Path | None = None
    on_trouble: Callable[[str], None] = lambda message: None


class Stage:
    """Extraction and linking, made once a process and run for many articles.

    Extractor and gazetteer are made when the first article needs them: records from outside need neither.

    Raises:
        ExtractorError: there is no such extractor, or its model cannot be used.
        DataError: a data file does not validate.
        InputNotFound: a gazetteer of the settings cannot be read.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        told = {"link": "yes" if settings.link else "no", "min_confidence": f"{settings.min_confidence:g}"}
        if settings.link and settings.online:
            told["online"] = settings.online
        if settings.exhaustive:
            told["exhaustive"] = "yes"
        for number, path in enumerate(settings.gazetteers, start=1):
            told[f"gazetteer {number}"] = _hash(path)
        self._told = told
        # What took how long, in seconds, since whoever reads it last emptied it.
        self.seconds: defaultdict[str, float] = defaultdict(float)
        # Told of each document that is made.
        self.on_document: Callable[[], None] = lambda: None

    @property
    def told(self) -> dict[str, str]:
        """The settings as the metadata of each document hold them."""
        return dict(self._told)

    def prepare(self) -> None:
        """Make extractor and linker, as the first article would."""
        _ = self._parts

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
            begun = time.perf_counter()
            document = next(documents, None)
            self.seconds["extract"] += time.perf_counter() - begun
            # Other people's extractors run here too: one that loses an article must not shift all that follow.
            if document is None or document.article.id != article.id:
                raise ExtractorError(f"extractor {self.settings.extractor!r} gave no document for {article.id!r}")
            begun = time.perf_counter()
            linked = linker.link(document) if linker else document
            self.seconds["link"] += time.perf_counter() - begun
            self.on_document()
            yield replace(linked, run=self._with_settings(linked.run))

    @functools.cached_property
    def _parts(self) -> tuple[Extractor, Linker | None]:
        from kgload.extraction import registry

        settings = self.settings
        extractor = registry.create(settings.extractor, self.gazetteer, exhaustive=settings.exhaustive)
        return extractor, self.linker if settings.link else None

    @functools.cached_property
    def gazetteer(self) -> Gazetteer:
        """The core gazetteer under those of the settings."""
        from kgload.linking import own
        from kgload.linking.gazetteer import Gazetteer

        return Gazetteer.core().over(*map(own.opened, self.settings.gazetteers))

    @functools.cached_property
    def linker(self) -> Linker:
        """What links entities, by the gazetteer and what else the settings name."""
        from kgload.linking.linker import Linker
        from kgload.linking.online import online

        which, cache = self.settings.online, self.settings.cache
        return Linker(
            self.gazetteer, online(which, cache=cache, on_trouble=self.settings.on_trouble) if which else None
        )

    def _with_settings(self, run: Run | None) -> Run:
        run = run or Run(self.settings.extractor, "")
        return replace(run, settings=tuple(sorted({**dict(run.settings), **self._told}.items())))

    def _confident(self, document: Document) -> Document:
        if self.settings.min_confidence <= 0:
            return document
        kept = tuple(e for e in document.events if e.confidence >= self.settings.min_confidence)
        return replace(document, events=kept)


def _hash(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return "sha256:" + hashlib.file_digest(stream, "sha256").hexdigest()[:32]
    except OSError as error:
        raise InputNotFound(f"cannot read {path}: {error.strerror}") from error
