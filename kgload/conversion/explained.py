"""Articles in, explained documents out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from kgload.errors import ExtractorError, InputError, KgloadError
from kgload.explanations import Explaining, Explanation
from kgload.records import Article, Document


def explained(
    items: Iterable[Article | Document | KgloadError], extractor: str, document: str | None, event: int | None
) -> Iterator[Explanation]:
    """Explain the events of each article, or only those that are asked for.

    Raises:
        ExtractorError: there is no such extractor, or it does not explain itself.
        InputError: an article cannot be read, is a finished record, or nothing has that id or number.
    """
    from kgload.extraction import registry
    from kgload.linking.gazetteer import Gazetteer

    made = registry.create(extractor, Gazetteer.core())
    if not isinstance(made, Explaining):
        raise ExtractorError(f"extractor {extractor!r} does not explain itself")
    found = False
    for explanation in made.explain(_articles(items, document)):
        if event is None:
            found = True
            yield explanation
        elif event <= len(explanation.events):
            found = True
            yield replace(explanation, events=explanation.events[event - 1 : event], rejected=())
    if not found:
        raise InputError(f"no document has {event} events" if event else f"no document has the id {document!r}")


def _articles(items: Iterable[Article | Document | KgloadError], document: str | None) -> Iterator[Article]:
    for item in items:
        if isinstance(item, KgloadError):
            raise item
        id_ = item.id if isinstance(item, Article) else item.article.id
        if document is not None and id_ != document:
            continue
        if isinstance(item, Document):
            raise InputError(f"{id_!r} is a record, whose events nobody here has found: only articles can be explained")
        yield item
