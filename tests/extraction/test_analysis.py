"""What spaCy says of a text comes out in our own records, whatever the text is like."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from kgload.extraction.analysis import LONGEST, Analysis, analyse
from kgload.records import Article


def analysis(text: str) -> Analysis:
    [found] = analyse([Article("a", text, date=dt.date(2025, 1, 1))])
    return found


def sentences(text: str) -> list[str]:
    return [text[s.begin : s.end] for s in analysis(text).sentences]


def test_a_headline_is_a_sentence_of_its_own() -> None:
    assert sentences("Brand meets Klee in Oslo\nAna Brand met Boris Klee on Friday.\n")[0] == "Brand meets Klee in Oslo"


def test_lines_that_were_cut_at_a_width_are_put_together() -> None:
    text = (
        "The two ministers of the neighbouring states met for three hours in the\n"
        "old town hall and agreed on nothing but the date of another meeting that\n"
        "is to be held in the autumn of the following year, when both of them hope\n"
        "to have left office, as each of them told the other one with some relief.\n"
    )
    assert len(sentences(text)) == 1


def test_sentences_and_tokens_of_a_long_text_keep_their_places() -> None:
    text = "Ana Brand met Boris Klee in Oslo. " * (LONGEST // 30)
    found = analysis(text)
    assert all(text[t.begin : t.end] == t.text for t in found.tokens)
    assert found.sentences[-1].end == len(text.rstrip())
    assert all(0 <= t.head < len(found.tokens) for t in found.tokens)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gives_sentences_in_order_and_inside_it(text: str) -> None:
    end = 0
    for sentence in analysis(text).sentences:
        assert end <= sentence.begin < sentence.end <= len(text)
        end = sentence.end


def test_the_analysis_of_an_article_does_not_depend_on_its_neighbours() -> None:
    articles = [Article(str(n), f"Ana Brand met {name} in Oslo.") for n, name in enumerate(("Klee", "Roth", "Weiss"))]
    alone = [next(iter(analyse([article]))) for article in articles]
    assert list(analyse(articles)) == alone
    assert list(analyse(reversed(articles))) == alone[::-1]
