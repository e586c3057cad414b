"""What stands around a word is found through the parse, in bounded work."""

from __future__ import annotations

import datetime as dt

from kgload.extraction import dates, names
from kgload.extraction.analysis import analyse
from kgload.extraction.clues import Clues, bucket
from kgload.extraction.frames import frames
from kgload.extraction.representing import represented
from kgload.extraction.rules import RulesExtractor
from kgload.extraction.surroundings import MOST
from kgload.linking.gazetteer import Gazetteer
from kgload.records import Article


def clues(text: str) -> Clues:
    [analysis] = analyse([Article("a", text, date=dt.date(2025, 8, 13))])
    found = names.find(analysis, Gazetteer.core())
    said = dates.find(text, dt.date(2025, 8, 13))
    return Clues(analysis, found, said, frames(), represented(analysis, found))


def token(text: Clues, word: str) -> int:
    return next(i for i, t in enumerate(text.analysis.tokens) if t.text == word)


def test_a_path_through_the_parse_has_both_ends_and_goes_back_the_same_way() -> None:
    found = clues("Kenya sent 400 police officers to Haiti on Friday.")
    sent, haiti = token(found, "sent"), token(found, "Haiti")
    path = found.path(haiti, sent)
    assert path is not None
    assert (path[0], path[-1]) == (haiti, sent)
    assert found.path(sent, haiti) == path[::-1]


def test_words_in_two_sentences_have_no_path() -> None:
    found = clues("Kenya sent police. Haiti thanked Kenya.")
    assert found.path(token(found, "sent"), token(found, "thanked")) is None


def test_names_are_masked_in_every_clue() -> None:
    found = clues("Angela Merkel met Emmanuel Macron in Oslo, and Merkel called the talks good.")
    met, said = token(found, "met"), found.names.mentions
    every = [*found.trigger(met), *found.status(met, "Meeting"), *found.mode(met), *found.date(met, "Meeting", None)]
    every += [clue for name in said for clue in found.part(met, "Meeting", name)]
    assert not any(word in clue.casefold() for clue in every for word in ("merkel", "macron", "oslo"))


def test_of_a_list_of_names_the_nearest_are_asked_about() -> None:
    people = ", ".join(f"Ana Brand{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(60))
    found = clues(f"{people} and Boris Klee met in Oslo")
    near = found.names_near(token(found, "met"), found.sentence(token(found, "met")))
    assert len(near) <= MOST
    assert near == sorted(near, key=lambda name: name.begin)


def test_buckets_tell_small_numbers_apart() -> None:
    assert [bucket(n) for n in (-3, 0, 1, 2, 3, 4, 6, 7, 39, 1000)] == [-1, 0, 1, 2, 2, 4, 4, 7, 20, 40]


def test_a_document_does_not_depend_on_its_company() -> None:
    extractor = RulesExtractor(Gazetteer.core())
    texts = ("Kenya sent police to Haiti.", "Kenya and Uganda met in Oslo.", "", "Kenya and Uganda signed a treaty.")
    articles = [Article(str(n), text, date=dt.date(2025, 8, 13)) for n, text in enumerate(texts)]
    alone = [next(iter(extractor.extract([article]))) for article in articles]
    assert list(extractor.extract(articles)) == alone
    assert list(extractor.extract(articles[::-1])) == alone[::-1]
