"""A set of digests holds what was put in, and nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kgload.sources.digests import Digests, digest


@given(st.lists(st.text(max_size=5)), st.lists(st.text(max_size=5)))
def test_what_was_put_in_is_there_and_nothing_else(texts: list[str], others: list[str]) -> None:
    held, seen = Digests(), set[str]()
    for text in texts:
        assert held.add(digest(text)) == (text not in seen)
        seen.add(text)
    assert len(held) == len(seen)
    assert all((digest(text) in held) == (text in seen) for text in [*texts, *others])


def test_it_grows_and_tells_parts_from_each_other() -> None:
    held = Digests()
    assert all(held.add(digest(str(n))) for n in range(5_000))
    assert not any(held.add(digest(str(n))) for n in range(5_000))
    assert digest("ab", "c") != digest("a", "bc")
