"""Who takes part and where, for the light extractor: names of the trigger's clause, by what leads to them."""

from __future__ import annotations

from dataclasses import dataclass

from kgload.extraction.analysis import Analysis
from kgload.extraction.frames import Frame
from kgload.extraction.names import CAPITAL, CITY, DEMONYM, Name, Names
from kgload.records import EntityKind, Span

ACTORS = (EntityKind.PERSON, EntityKind.ORGANIZATION, EntityKind.STATE, EntityKind.ARMED_GROUP)
PLACES = (EntityKind.PLACE, EntityKind.STATE)
# A name whose place in the parse lies more arcs than this from the trigger belongs to another statement.
FARTHEST = 5


@dataclass(frozen=True, slots=True)
class Roles:
    """Entities (by number among the names) in the roles of one trigger; ``force`` is the span of what is sent."""

    participants: tuple[int, ...]
    place: int | None
    origin: int | None
    force: Span | None


def read(
    analysis: Analysis,
    names: Names,
    trigger: int,
    sentence: Span,
    frame: Frame,
    said_by: Name | None,
    people: dict[int, tuple[int, ...]],
) -> Roles:
    """The roles that a trigger's sentence fills."""
    inside = [name for name in names.mentions if sentence.begin <= name.begin and name.end <= sentence.end]
    place, origin, led = None, None, set()
    for name in inside:
        kind = names.entities[name.entity].kind
        lead = _preposition(analysis, name)
        if kind in PLACES and name.label not in (DEMONYM, CAPITAL) and lead in (*frame.place, *frame.origin):
            led.add((name.begin, name.end))
            if lead in frame.origin:
                origin = origin if origin is not None else name.entity
            elif place is None or kind is EntityKind.PLACE:
                place = place if place is not None and names.entities[place].kind is EntityKind.PLACE else name.entity
    taking = []
    for name in inside:
        kind, spot = names.entities[name.entity].kind, (name.begin, name.end)
        if kind not in ACTORS or name.label == CITY or spot in led or name is said_by:
            continue
        if _distance(analysis, analysis.token_at(name.end - 1), trigger) <= FARTHEST and name.entity not in taking:
            taking.append(name.entity)
    spoken_for = {state for person in taking for state in people.get(person, ())}
    return Roles(
        tuple(e for e in taking if e not in spoken_for), place, origin, _force(analysis, trigger, sentence, frame)
    )


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


def _distance(analysis: Analysis, left: int, right: int) -> int:
    """Arcs between two tokens of the parse; a large number where they are not in one tree."""
    above: dict[int, int] = {}
    token, steps = left, 0
    while token < len(analysis.tokens) and token not in above:
        above[token] = steps
        token, steps = analysis.tokens[token].head, steps + 1
    token, steps = right, 0
    while token not in above and steps < 50:
        head = analysis.tokens[token].head
        if head == token:
            return 99
        token, steps = head, steps + 1
    return above.get(token, 99) + steps


def _force(analysis: Analysis, trigger: int, sentence: Span, frame: Frame) -> Span | None:
    """The noun phrase of what is sent that stands nearest to the trigger."""
    here = analysis.tokens[trigger].begin
    found = [
        chunk
        for chunk in analysis.chunks
        if sentence.begin <= chunk.begin
        and chunk.end <= sentence.end
        and analysis.tokens[chunk.root].text.casefold() in frame.force
    ]
    nearest = min(found, key=lambda chunk: (abs(chunk.begin - here), chunk.begin), default=None)
    return Span(nearest.begin, nearest.end) if nearest else None
