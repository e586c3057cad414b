"""Who says so: the named source to which a sentence attributes what it tells."""

from __future__ import annotations

from kgload.extraction.analysis import Analysis
from kgload.extraction.frames import Sources
from kgload.extraction.names import CITY, Name, Names
from kgload.records import EntityKind, Span

SUBJECT = ("nsubj", "nsubjpass")
SAYERS = (EntityKind.PERSON, EntityKind.ORGANIZATION, EntityKind.STATE, EntityKind.ARMED_GROUP)
# Words between a phrase ("according to") and the source's name.
NEAR = 25


def source(analysis: Analysis, names: Names, sentence: Span, words: Sources) -> Name | None:
    """The name of the source of a sentence; None where it names none.

    A source is the subject of a verb of saying, or follows a phrase such as "according to".
    """
    text = analysis.article.text
    inside = [
        name
        for name in names.mentions
        if sentence.begin <= name.begin < sentence.end
        and name.label != CITY
        and names.entities[name.entity].kind in SAYERS
    ]
    for phrase in words.before:
        at = text.casefold().find(phrase, sentence.begin, sentence.end)
        if at >= 0:
            after = [name for name in inside if 0 <= name.begin - (at + len(phrase)) <= NEAR]
            if after:
                return after[-1] if len(after) > 1 and after[0].label != "PERSON" else after[0]
    return _subject(analysis, inside, words)


def _subject(analysis: Analysis, inside: list[Name], words: Sources) -> Name | None:
    for name in reversed(inside):
        token = analysis.token_at(name.end - 1)
        for _ in range(3):
            if token >= len(analysis.tokens):
                break
            head = analysis.tokens[token].head
            if analysis.tokens[token].dep in SUBJECT and analysis.tokens[head].text.casefold() in words.verbs:
                return name
            token = head
    return None
