"""Tokens in bounded time: what no text of a person holds is cut, and all else is as spaCy has it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgload.extraction.analysis import language
from kgload.extraction.tokenizing import BoundedTokenizer


def tokenizers() -> tuple[BoundedTokenizer, object]:
    bounded = language().tokenizer
    assert isinstance(bounded, BoundedTokenizer)
    return bounded, bounded._tokenizer


@settings(max_examples=50, deadline=None)
@given(st.text(st.sampled_from("abK. 'sn\"({-—,5km\n\t\u200b😀"), max_size=300))
def test_an_ordinary_text_has_the_tokens_of_spacy(text: str) -> None:
    bounded, stock = tokenizers()
    made, expected = bounded(text), stock(text)  # type: ignore[operator]
    assert [(t.text, t.idx, t.norm_, t.whitespace_) for t in made] == [
        (t.text, t.idx, t.norm_, t.whitespace_) for t in expected
    ]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.sampled_from(['"' * 250, "a-" * 700, "'s" * 600, " ", "They don't ", "\n", "({", "x" * 1500]), max_size=8
    )
)
def test_no_character_is_lost_where_a_text_is_cut(pieces: list[str]) -> None:
    text = "".join(pieces)
    made = tokenizers()[0](text)
    assert made.text == text
    assert all(text[t.idx : t.idx + len(t.text)] == t.text for t in made)


@pytest.mark.parametrize("killer", ['{"(' * 10_000, '"' * 15_000, "'s" * 7_000, ('"' * 99 + "a" * 800) * 20])
def test_what_would_take_minutes_takes_seconds(killer: str) -> None:
    # The first of them took six minutes.
    assert tokenizers()[0](killer).text == killer
