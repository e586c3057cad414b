"""Articles in, the links of their names out, with what was weighed; and doubtful ones for a person to decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kgload.conversion.converting import documents
from kgload.conversion.shard import Settings, Stage
from kgload.errors import KgloadError
from kgload.records import Article, Document, Entity

if TYPE_CHECKING:
    from kgload.linking.disambiguation import Decision


@dataclass(frozen=True, slots=True)
class LinkedName:
    """An entity of a document with what decided its link."""

    document: Document
    entity: Entity
    decision: Decision

    @property
    def outcome(self) -> str:
        """``same`` (trusted), ``close`` (below the threshold), ``none`` (no known item is meant) or ``unknown``."""
        if self.entity.link:
            return "same" if self.entity.link.trusted else "close"
        return "none" if self.decision.candidates else "unknown"


def linked(items: Iterable[Article | Document | KgloadError], settings: Settings) -> Iterator[LinkedName]:
    """The names of each article, in text order.

    Raises:
        KgloadError: an article cannot be read.
        ExtractorError, DataError, InputNotFound: as :class:`kgload.conversion.shard.Stage`.
    """
    stage = Stage(settings)
    for document in documents(items, settings):
        for entity in document.entities:
            decision = stage.linker.decide(entity, document)
            # What the linker added by its name alone bears its link already.
            yield LinkedName(document, entity if entity.link else replace(entity, link=decision.link), decision)


def review(
    items: Iterable[Article | Document | KgloadError], settings: Settings, path: Path
) -> tuple[list[LinkedName], int]:
    """Link, after the decisions that a review file holds, and write to it what is doubtful still. The names, and how
    many rows are left to decide.

    Raises:
        KgloadError: as :func:`linked`, or the file cannot be read or written.
    """
    from kgload.linking import review as reviewing

    rows = reviewing.read(path)
    if rows:
        settings = replace(settings, gazetteers=(path, *settings.gazetteers))
    names = list(linked(items, settings))
    doubtful = (reviewing.doubtful(name.document, name.entity, name.decision) for name in names)
    left = reviewing.write(path, [*rows, *(row for row in doubtful if row)])
    return names, left
