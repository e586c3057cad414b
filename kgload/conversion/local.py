"""Conversion in this process, shard by shard, so that memory does not grow with the number of articles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from kgload.conversion.shard import Settings, Stage
from kgload.errors import KgloadError
from kgload.records import Article, Document

# A shard is full at so many articles, or at so many characters: a shard of long ones needs no more memory.
SHARD = 64
SHARD_CHARACTERS = 400_000


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
    stage = Stage(settings)
    for shard in _shards(_good(items, on_bad)):
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
    shard: list[Article | Document] = []
    size = 0
    while True:
        try:
            item = next(items, None)
        except KgloadError:
            # What came before an article that cannot be read is converted before its error is raised.
            if shard:
                yield shard
            raise
        if item is None:
            break
        shard.append(item)
        size += len((item if isinstance(item, Article) else item.article).text)
        if len(shard) == SHARD or size >= SHARD_CHARACTERS:
            yield shard
            shard, size = [], 0
    if shard:
        yield shard
