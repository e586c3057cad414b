"""The encoder's parts that need no model: pieces, windows, merging, votes."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgload.extraction.dates import Expression
from kgload.extraction.encoder.events import combine, confidence, weigh
from kgload.extraction.encoder.merging import Stand, cluster, features
from kgload.extraction.encoder.model import Settings
from kgload.extraction.encoder.pieces import Pieces
from kgload.extraction.encoder.reading import Reading, Readings
from kgload.extraction.encoder.text import Text
from kgload.extraction.encoder.windows import CLS, SEP, Widths, around, stretches
from kgload.extraction.names import Named, Names
from kgload.records import Article, EntityKind, Span

WIDTHS = Widths(stretch=6, overlap=3, left=4, right=4, lead=2, longest=20)


def pieces(*lengths: int) -> Pieces:
    """Sentences of so many pieces each, a piece a letter and a blank."""
    total = sum(lengths)
    ends, first = [], 0
    for length in lengths:
        ends.append((first, first + length))
        first += length
    return Pieces(
        tuple(range(1000, 1000 + total)),
        tuple(2 * i for i in range(total)),
        tuple(2 * i + 1 for i in range(total)),
        tuple(ends),
    )


def test_a_span_is_found_among_the_pieces_even_where_it_begins_between_two() -> None:
    found = pieces(5, 5)
    assert found.locate(2, 5) == (1, 3)
    assert found.locate(3, 5) == (2, 3)
    assert found.sentence_of(4) == 0
    assert found.sentence_of(5) == 1


def test_stretches_ask_for_every_piece_once() -> None:
    cut = list(stretches(pieces(3, 3, 4, 9, 1), WIDTHS))
    wanted = [piece for one in cut for piece in range(one.wanted, one.end)]
    assert wanted == list(range(20))
    assert all(one.ids[0] == CLS and one.ids[-1] == SEP for one in cut)
    assert all(len(one.ids) == one.end - one.first + 2 for one in cut)


def test_a_window_marks_the_trigger_and_shows_the_first_sentence_when_it_is_far() -> None:
    window = around(pieces(3, 4, 4, 4, 4), 12, 13, 1, WIDTHS)
    assert window.ids[window.opening : window.closing + 1] == (3, 1012, 4)
    assert window.ids[1:3] == (1000, 1001)
    assert window.segments.count(1) == 3
    assert window.span(12, 13) == (window.opening + 1, window.closing)
    assert window.span(3, 4) is None


def test_a_trigger_does_not_reach_into_the_next_sentence() -> None:
    window = around(pieces(3, 4), 2, 6, 0, WIDTHS)
    assert (window.first, window.last) == (2, 3)


def test_mentions_join_on_average_and_only_within_a_type() -> None:
    same = {(0, 1): 0.9, (0, 2): 0.2, (1, 2): 0.6, (3, 4): 1.0}
    joined = cluster([0, 0, 0, 1, 1], lambda i, j: same[i, j], 0.5)
    assert joined == [[0, 1], [2], [3, 4]]


def test_triggers_compare_by_distance_word_and_company() -> None:
    left = Stand(0, "meeting", frozenset({1, 2}))
    right = Stand(5, "Meetings", frozenset({2, 3, 4}))
    assert features(left, right) == (0.5, 0.0, 1.0, 0.5)


SETTINGS = Settings(
    types=("Meeting", "Deployment"),
    kinds=(),
    roles=("participant", "place", "attributedTo", "deployer", "origin"),
    statuses=("Occurred", "Planned"),
    modes=("", "InPerson"),
)
FRIDAY = (dt.date(2025, 8, 15), dt.date(2025, 8, 15))
NEXT_FRIDAY = (dt.date(2025, 8, 22), dt.date(2025, 8, 22))


def text() -> Text:
    names = Names((), tuple(Named(name, EntityKind.PERSON, "PERSON", {name}) for name in ("Ana", "Ben")))
    article = Article("a", "Ana met Ben on Friday.", None, dt.date(2025, 8, 16))
    said = (Expression(15, 21, (FRIDAY, NEXT_FRIDAY)),)
    return Text(article, (Span(0, 22),), pieces(6), names, said, (), (), ((4, 5),))


def reading(begin: int, status: tuple[float, float], dates: tuple[float, ...], ben: float = 0.9) -> Reading:
    return Reading(
        begin, begin + 3, 0, 0.9, 0.9, {0: 0.8, 1: ben}, {role: {0: 0.1, 1: 0.1} for role in SETTINGS.roles[1:]},
        status, (0.2, 0.8), dates, (0,), None, Stand(0, "met", frozenset()),
    )  # fmt: skip


@pytest.mark.parametrize(("status", "days"), [((0.9, 0.1), FRIDAY), ((0.1, 0.9), NEXT_FRIDAY)])
def test_a_weekday_is_the_next_one_where_the_event_is_still_to_come(
    status: tuple[float, float], days: tuple[dt.date, dt.date]
) -> None:
    (event,) = combine(text(), Readings((reading(4, status, (0.1, 0.1, 0.8)),), {}), SETTINGS, {})
    assert event.date == (0, days)


def test_mentions_of_one_event_vote() -> None:
    both = Readings(
        (reading(4, (0.9, 0.1), (0.2, 0.8, 0.0)), reading(8, (0.4, 0.6), (0.9, 0.1, 0.0), 0.1)), {(0, 1): 0.9}
    )
    (event,) = combine(text(), both, SETTINGS, {"best": 0.0})
    assert set(event.participants) == {0, 1}
    assert event.status == "Occurred"
    assert event.date is not None
    assert event.date == (None, (dt.date(2025, 8, 16), dt.date(2025, 8, 16)))
    assert event.mode == "InPerson"


def test_a_faint_mention_is_no_event() -> None:
    faint = reading(4, (0.9, 0.1), (0.2, 0.8, 0.0))
    assert weigh(faint, 0.5) == pytest.approx(0.9)
    assert combine(text(), Readings((faint,), {}), SETTINGS, {"event": 0.95}) == []


def test_confidence_is_calibrated() -> None:
    assert confidence(0.9, {}) == pytest.approx(0.9)
    assert confidence(0.9, {"slope": 0.5, "offset": 0.0}) == pytest.approx(0.75)


def by_definition(kinds: list[int], share: dict[tuple[int, int], float], least: float) -> list[list[int]]:
    """The likeliest pair of groups is joined, its links averaged anew over all members."""
    groups = [[number] for number in range(len(kinds))]

    def link(a: list[int], b: list[int]) -> float:
        return sum(share[min(i, j), max(i, j)] for i in a for j in b) / (len(a) * len(b))

    while True:
        pairs = [(link(a, b), a, b) for a in groups for b in groups if a < b and kinds[a[0]] == kinds[b[0]]]
        value, a, b = max(pairs, default=(0.0, [], []))
        if value < least:
            return sorted(sorted(group) for group in groups)
        groups.remove(b)
        a += b


@given(st.data())
def test_groups_are_those_of_the_definition(data: st.DataObject) -> None:
    count = data.draw(st.integers(0, 9))
    kinds = data.draw(st.lists(st.integers(0, 1), min_size=count, max_size=count))
    primes = data.draw(st.permutations([n**0.5 % 1 for n in range(2, 2 + count * count)]))
    share = {(i, j): primes[i * count + j] for j in range(count) for i in range(j)}
    assert cluster(kinds, lambda i, j: share[i, j], 0.5) == by_definition(kinds, share, 0.5)
