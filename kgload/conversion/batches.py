"""Batches of what a source yields, and what one process makes of a batch."""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kgload.conversion.outcomes import BatchResult, Converted, Failure, Outcome
from kgload.conversion.shard import Settings, Stage
from kgload.errors import ExtractorError, KgloadError
from kgload.records import Article, Document

if TYPE_CHECKING:
    from kgload.mapping.pieces import Form

Item = Article | Document | KgloadError
# A batch is full at so many documents, or at so many characters: one of long documents needs no more memory, and what
# is lost with a worker is little.
BATCH = 32
BATCH_CHARACTERS = 200_000


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
    return len((item if isinstance(item, Article) else item.article).text)


def id_of(item: Item) -> str | None:
    """A document's identifier, where it is known."""
    if isinstance(item, KgloadError):
        return item.document
    return item.id if isinstance(item, Article) else item.article.id


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a process needs to know to convert: it can be sent to another."""

    settings: Settings
    form: Form


class Converter:
    """What one process converts with: the stage, made once, and the form of the graph.

    Raises:
        KgloadError: as :class:`kgload.conversion.shard.Stage`.
    """

    def __init__(self, plan: Plan) -> None:
        self._form = plan.form
        self._stage = Stage(plan.settings)

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
        if any(isinstance(item, Article) for item in batch):
            self.prepare()
        seconds = self._stage.seconds
        seconds.clear()
        documents = iter(self._documents([item for item in batch if not isinstance(item, KgloadError)]))
        outcomes: list[Outcome] = []
        for item in batch:
            if isinstance(item, KgloadError):
                outcomes.append(Failure(item.document, "read", item))
                continue
            document = next(documents)
            begun = time.perf_counter()
            outcomes.append(document if isinstance(document, Failure) else self._written(document))
            seconds["write"] += time.perf_counter() - begun
        return BatchResult(outcomes, dict(seconds))

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
        return Converted(id_, piece, len(document.events), len(document.entities))


def _told(error: Exception, id_: str | None) -> KgloadError:
    """The error in kgload's terms: extractors are other people's, and fail in ways of their own."""
    if isinstance(error, KgloadError):
        return error
    if os.environ.get("KGLOAD_DEBUG"):
        traceback.print_exception(error)
    return ExtractorError(f"{id_}: the extractor failed: {type(error).__name__}: {str(error)[:300]}")
