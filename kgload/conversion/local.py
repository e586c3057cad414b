"""Conversion in this process, shard by shard, so that memory does not grow with the number of articles."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator

from kgload.conversion.shard import Settings, Stage
from kgload.errors import KgloadError
from kgload.records import Article, Document

SHARD = 64


def documents(
    items: Iterable[Article | Document | KgloadError],
    settings: Settings,
    on_bad: Callable[[KgloadError], None] | None = None,
) -> Iterator[Document]:
    """Convert what a source yields, in order.

    An article that could not be read is handed to ``on_bad``; without it, its error is raised.

    Raises:
        KgloadError: the first article that could not be read, where ``on_bad`` is None.
        ExtractorError, DataError: as :class:`kgload.conversion.shard.Stage`.
    """
    stage: Stage | None = None
    for shard in _shards(_good(items, on_bad)):
        stage = stage or Stage(settings)
        yield from stage.run(shard)


def _good(
    items: Iterable[Article | Document | KgloadError], on_bad: Callable[[KgloadError], None] | None
) -> Iterator[Article | Document]:
    for item in items:
        if not isinstance(item, KgloadError):
            yield item
        elif on_bad is None:
            raise item
        else:
            on_bad(item)


def _shards(items: Iterator[Article | Document]) -> Iterator[list[Article | Document]]:
    while shard := list(itertools.islice(items, SHARD)):
        yield shard
