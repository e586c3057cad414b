"""Parts of a deployment that the light extractor reads by its frame: what is sent, and where from."""

from __future__ import annotations

from kgload.extraction.analysis import Analysis
from kgload.extraction.clues import Clues
from kgload.extraction.frames import Frame
from kgload.extraction.names import CAPITAL, DEMONYM, Name
from kgload.records import EntityKind, Span

PLACES = (EntityKind.PLACE, EntityKind.STATE)


def origin(clues: Clues, trigger: int, frame: Frame) -> int | None:
    """The entity, by number, that a preposition of origin leads to in a trigger's sentence."""
    for name in clues.names_in(clues.sentence(trigger)):
        is_place = clues.names.entities[name.entity].kind in PLACES and name.label not in (DEMONYM, CAPITAL)
        if is_place and _preposition(clues.analysis, name) in frame.origin:
            return name.entity
    return None


def force(clues: Clues, trigger: int, frame: Frame) -> Span | None:
    """The noun phrase of what is sent that stands nearest to the trigger, in its sentence."""
    tokens, sentence = clues.analysis.tokens, clues.span(clues.sentence(trigger))
    here = tokens[trigger].begin
    found = [
        chunk
        for chunk in clues.chunks_in(clues.sentence(trigger))
        if chunk.end <= sentence.end and tokens[chunk.root].text.casefold() in frame.force
    ]
    nearest = min(found, key=lambda chunk: (abs(chunk.begin - here), chunk.begin), default=None)
    return Span(nearest.begin, nearest.end) if nearest else None


def _preposition(analysis: Analysis, name: Name) -> str | None:
    """The preposition that leads to a name, by the parse; None where none does."""
    token = analysis.token_at(name.end - 1)
    for _ in range(4):
        if token >= len(analysis.tokens):
            return None
        here = analysis.tokens[token]
        if here.dep == "pobj":
            return analysis.tokens[here.head].text.casefold()
        if here.dep not in ("compound", "conj", "appos", "nmod", "poss") or here.head == token:
            return None
        token = here.head
    return None
