"""Batches of what a source yields, and what one process makes of a batch."""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from kgload.conversion.copies import signature
from kgload.conversion.outcomes import BatchResult, Converted, Failure, Outcome
from kgload.conversion.shard import Settings, Stage
from kgload.errors import ExtractorError, KgloadError
from kgload.records import Article, Document
from kgload.sources.html import Page

Item = Article | Document | Page | KgloadError
# In the place of a batch: none after it is taken before all before it have been given back.
HOLD: list[Item] = []
# A batch is full at so many documents, or at so many characters: one of long documents needs no more memory, and what
# is lost with a worker is little.
BATCH = 32
BATCH_CHARACTERS = 200_000
# Of so many bytes of a web page about one is a character of the article.
MARKUP = 8


def batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Cut what a source yields into batches, always at the same places.

    What came before an error that a source raises is handed on first.
    """
    batch: list[Item] = []
    size = 0
    found = iter(items)
    while True:
        try:
            item = next(found, None)
        except KgloadError:
            if batch:
                yield batch
            raise
        if item is None:
            break
        batch.append(item)
        size += _size(item)
        if len(batch) == BATCH or size >= BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def is_full(batch: Sequence[Item]) -> bool:
    """Whether a batch was cut because it was full."""
    return len(batch) == BATCH or sum(map(_size, batch)) >= BATCH_CHARACTERS


def _size(item: Item) -> int:
    if isinstance(item, KgloadError):
        return 0
    if isinstance(item, Page):
        return len(item.content) // MARKUP
    return len((item if isinstance(item, Article) else item.article).text)


def id_of(item: Item) -> str | None:
    """A document's identifier, where it is known."""
    if isinstance(item, KgloadError):
        return item.document
    return item.article.id if isinstance(item, Document) else item.id


def is_to_convert(item: Item) -> bool:
    """Whether an item needs an extractor."""
    return isinstance(item, Article | Page)


class Form(Protocol):
    """In what form documents are written: that of a graph (:class:`kgload.mapping.pieces.Form`), or records."""

    @property
    def format(self) -> str:
        """The format's name."""
        ...

    @property
    def base(self) -> str:
        """What IRIs begin with."""
        ...

    @property
    def suffix(self) -> str:
        """What the name of a file in this form ends in."""
        ...

    def piece(self, document: Document) -> bytes:
        """What one document adds."""
        ...

    def with_copy(self, piece: bytes, document: str, of: str) -> bytes:
        """A piece with the statement that its document is a copy of another, both named by their ids."""
        ...

    def joined(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """All pieces as one whole."""
        ...


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a process needs to know to convert: it can be sent to another."""

    settings: Settings
    form: Form


class Converter:
    """What one process converts with: the stage, made once, and the form of the graph. ``on_document`` is told of each
    document that is made.

    Raises:
        KgloadError: as :class:`kgload.conversion.shard.Stage`.
    """

    def __init__(self, plan: Plan, on_document: Callable[[], None] = lambda: None) -> None:
        self._form = plan.form
        self._stage = Stage(plan.settings)
        self._stage.on_document = on_document

    def prepare(self) -> None:
        """Load what articles need.

        Raises:
            ExtractorError: there is no such extractor, or its model cannot be used.
            DataError: a data file does not validate.
        """
        self._stage.prepare()

    def convert(self, batch: Sequence[Item]) -> BatchResult:
        """Convert a batch; a document that fails does not touch the others.

        Raises:
            ExtractorError, DataError: as :meth:`prepare`.
        """
        outcomes: list[Outcome] = []
        for document in self.documents(batch):
            begun = time.perf_counter()
            outcomes.append(document if isinstance(document, Failure) else self._written(document))
            self._stage.seconds["write"] += time.perf_counter() - begun
        return BatchResult(outcomes, dict(self._stage.seconds))

    def documents(self, batch: Sequence[Item]) -> list[Document | Failure]:
        """The documents of a batch, in its order.

        Raises:
            ExtractorError, DataError: as :meth:`prepare`.
        """
        if any(map(is_to_convert, batch)):
            self.prepare()
        self._stage.seconds.clear()
        read = [self._read(item) for item in batch]
        made = iter(self._documents([item for item in read if not isinstance(item, Failure)]))
        return [item if isinstance(item, Failure) else next(made) for item in read]

    def _read(self, item: Item) -> Article | Document | Failure:
        if isinstance(item, KgloadError):
            return Failure(item.document, "read", item)
        if not isinstance(item, Page):
            return item
        begun = time.perf_counter()
        try:
            return item.article()
        except KgloadError as error:
            return Failure(item.id, "read", error)
        finally:
            self._stage.seconds["read"] += time.perf_counter() - begun

    def _documents(self, items: Sequence[Article | Document]) -> list[Document | Failure]:
        try:
            return list(self._stage.run(items))
        except Exception as error:
            if len(items) > 1:
                # One of them is to blame. Each alone gives what it gives among others.
                return [document for item in items for document in self._documents([item])]
            return [Failure(id_of(items[0]), "extract", _told(error, id_of(items[0])))]

    def _written(self, document: Document) -> Outcome:
        id_ = document.article.id
        try:
            piece = self._form.piece(document)
        except Exception as error:
            return Failure(id_, "write", _told(error, id_))
        begun = time.perf_counter()
        told = signature(document.article.text)
        self._stage.seconds["compare"] += time.perf_counter() - begun
        return Converted(id_, piece, len(document.events), len(document.entities), told)


def _told(error: Exception, id_: str | None) -> KgloadError:
    """The error in kgload's terms: extractors are other people's, and fail in ways of their own."""
    if isinstance(error, KgloadError):
        return error
    if os.environ.get("KGLOAD_DEBUG"):
        traceback.print_exception(error)
    return ExtractorError(f"{id_}: the extractor failed: {type(error).__name__}: {str(error)[:300]}")
