"""Which form of an answer a client gets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgload.serving.negotiation import preferred

OFFERED = ("text/turtle", "application/n-triples", "application/ld+json")


@pytest.mark.parametrize(
    ("accept", "gets"),
    [
        ("", "text/turtle"),
        ("*/*", "text/turtle"),
        ("application/ld+json", "application/ld+json"),
        ("application/*", "application/n-triples"),
        ("text/turtle;q=0.2, application/n-triples;q=0.9", "application/n-triples"),
        ("text/turtle;q=0, */*;q=0.1", "application/n-triples"),
        ("TEXT/TURTLE", "text/turtle"),
        ("image/png", None),
        ("text/turtle;q=0", None),
        ("nonsense", "text/turtle"),
        ("text/html, application/xhtml+xml, */*;q=0.8", "text/turtle"),
        ("application/rdf+xml;q=0.9,application/ld+json;profile=x;q=0.5", "application/ld+json"),
    ],
)
def test_the_best_liked_of_what_there_is(accept: str, gets: str | None) -> None:
    assert preferred(accept, OFFERED) == gets


@given(st.text(max_size=200))
def test_any_header_gives_what_is_on_offer_or_nothing(accept: str) -> None:
    assert preferred(accept, OFFERED) in (*OFFERED, None)
