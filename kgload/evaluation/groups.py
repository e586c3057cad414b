"""The same measures for parts of the texts: by event type, by length, by source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kgload.evaluation.graph import GraphEvent
from kgload.evaluation.scores import Scores, score
from kgload.gold import GoldDocument

KINDS = ("type", "length", "source")


def groups(gold: Sequence[GoldDocument], graph: dict[str, list[GraphEvent]]) -> Iterator[tuple[str, str, Scores]]:
    """Scores of each group as (kind of group, its name, scores), kinds in the order of KINDS.

    Events are paired within their type, so that the types' counts add up to those of the whole.
    """
    types = {event.type for document in gold for event in document.events}
    types |= {event.type for document in gold for event in graph.get(document.id, ())}
    for type_ in sorted(types):
        wanted = [replace(d, events=tuple(e for e in d.events if e.type == type_)) for d in gold]
        given = {id_: [e for e in events if e.type == type_] for id_, events in graph.items()}
        yield "type", type_, score(wanted, given)
    for length, is_article in (("brief", False), ("article", True)):
        yield "length", length, score([d for d in gold if d.is_article == is_article], graph)
    for source in sorted({document.source for document in gold}):
        yield "source", source, score([d for d in gold if d.source == source], graph)
