"""Office holders whom a document calls by their surname alone, behind their office: "Norlandic President Dunn"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

from kgload.linking.disambiguation import Candidate
from kgload.linking.facts import SMALL, Facts, year_of
from kgload.linking.gazetteer import Gazetteer, Word
from kgload.linking.names import fold, words
from kgload.linking.weights import Weights
from kgload.records import Document, Entity, EntityKind, KnownName, Mention

# So far before a mention, in characters, stand its office and whose it is.
BEFORE = 80
# What stands before so many mentions of one entity is looked at.
LOOKED_AT = 20


def surnamed(
    entity: Entity, document: Document, gazetteer: Gazetteer, weights: Weights, states: Set[str]
) -> list[Candidate]:
    """The one office holder whom a surname means: of that office in the year of publication, and of a state that the
    document names (``states``, IRIs). Empty where there is none, or more than one.
    """
    year = year_of(document.article.date)
    if year is None or entity.kind is not EntityKind.PERSON or " " in entity.name:
        return []
    found: dict[str, Candidate] = {}
    for known in gazetteer.surnamed(entity.name):
        facts = gazetteer.facts(known.iri)
        own = set(facts.countries) & states
        stands = [
            state
            for mention in entity.mentions[:LOOKED_AT]
            for state in _offices(mention, document.article.text, facts, year, gazetteer, weights.titles)
        ]
        if own and any(state in ("", *facts.countries) for state in stands):
            is_beside = any(state in facts.countries for state in stands)
            name, factor = ("office_of", weights.surname_beside) if is_beside else ("office", weights.surname_named)
            found[known.iri] = Candidate(known, entity.name, ((name, factor),), factor)
    return list(found.values()) if len(found) == 1 else []


def _offices(
    mention: Mention, text: str, facts: Facts, year: int, gazetteer: Gazetteer, titles: Set[str]
) -> Iterator[str]:
    """For each office right before a mention that was held in a year the state whose it is; empty where none is."""
    start = max(0, mention.begin - BEFORE)
    before = words(text[start : mention.begin])
    for office in facts.offices:
        size = len(words(office.title))
        said = before[-size:]
        if not office.held_in(year) or not said or text[start + said[-1][1] : mention.begin] != " ":
            continue
        # "Deputy President Dunn" holds another office than the president.
        further = before[-size - 1 : -size]
        if _folded(said) - SMALL != office.words() or _folded(further) & titles:
            continue
        begin = start + said[0][0]
        found = gazetteer.find(text[start:begin])[-1:]
        between = (text[start + last.end : begin] for last in found if _is_state(last.candidates[0]))
        if any(each in (" ", "'s ", "’s ") for each in between):
            yield found[0].candidates[0].iri
        else:
            yield ""


def _folded(said: Iterable[Word]) -> set[str]:
    return {fold(word.lower()) for _, _, word in said}


def _is_state(known: KnownName) -> bool:
    return known.kind is EntityKind.STATE and known.relation in ("name", "demonym")
