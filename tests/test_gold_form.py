"""Gold lines: what is written is read back; whatever else stands in a line, the reader says what is wrong with it."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from running import run, told

from kgload.gold import GoldDocument, GoldEvent, GoldMention, dump, parse
from kgload.records import EventDate, Mode, Status

GOOD = {
    "id": "a",
    "sentences": [[0, 20], [21, 40]],
    "events": [
        {
            "type": "Meeting",
            "mentions": [{"begin": 4, "end": 7, "sentence": 0, "trigger": "met"}],
            "participants": ["Ana", "Boris"],
            "place": "Oslo",
            "date": "2025-08-12",
            "status": "Occurred",
            "mode": "Phone",
            "quantity": None,
        }
    ],
}
PATHS: list[tuple[str | int, ...]] = [
    ("id",), ("sentences",), ("sentences", 0), ("sentences", 0, 1), ("events",), ("events", 0),
    *[("events", 0, name) for name in (
        "type", "mentions", "participants", "accept", "place", "accept_place", "date", "date_scored", "status", "mode",
        "reported_by", "deployer", "force", "quantity", "origin", "destination", "optional",
    )],
    *[("events", 0, "mentions", 0, name) for name in ("begin", "end", "sentence", "trigger")],
    ("events", 0, "participants", 0), ("aliases",),
]  # fmt: skip
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


def changed(path: tuple[str | int, ...], value: object) -> str:
    row = json.loads(json.dumps(GOOD))
    part = row
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    return json.dumps(row)


def test_a_good_line_is_read() -> None:
    [event] = parse(json.dumps(GOOD)).events
    assert (event.place, event.status, event.mode) == (("Oslo",), Status.OCCURRED, Mode.PHONE)


@given(st.sampled_from(PATHS), anything)
def test_a_wrong_value_anywhere_is_refused_or_read_and_never_breaks(path: tuple[str | int, ...], value: object) -> None:
    with contextlib.suppress(ValueError):
        document = parse(changed(path, value))
        assert parse(dump(document)) == document


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("events", 0, "type"), 5, "events[0].type"),
        (("events", 0, "participants"), "Ana", "events[0].participants"),
        (("events", 0, "participants"), ["Ana", 3], "events[0].participants[1]"),
        (("events", 0, "mentions"), [], "events[0].mentions"),
        (("events", 0, "mentions", 0, "begin"), "4", "events[0].mentions[0].begin"),
        (("events", 0, "mentions", 0, "end"), 4, "events[0].mentions[0]: 4 to 4"),
        (("events", 0, "mentions", 0, "sentence"), 2, "there is no sentence 2"),
        (("events", 0, "date"), "2025-02-30", "events[0].date"),
        (("events", 0, "date"), "2025-13", "events[0].date"),
        (("events", 0, "date"), "yesterday", "events[0].date"),
        (("events", 0, "status"), "Done", "events[0].status"),
        (("events", 0, "quantity"), True, "events[0].quantity"),
        (("sentences", 0), [20, 20], "sentences[0]"),
        (("sentences",), None, "sentences"),
        (("aliases",), {"Ana": "A."}, "aliases.Ana"),
    ],
)
def test_the_message_names_the_place(path: tuple[str | int, ...], value: object, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        parse(changed(path, value))


def test_evaluate_says_what_is_wrong_in_one_line(tmp_path: Path) -> None:
    gold, graph = tmp_path / "gold.jsonl", tmp_path / "graph.nt"
    graph.write_text("")
    for text in (
        changed(("events", 0, "mentions", 0, "sentence"), 7),
        changed(("events", 0, "participants"), 3),
        "[" * 5000,
        json.dumps(GOOD) + "\n" + json.dumps(GOOD),
    ):
        gold.write_text(text + "\n")
        done = run("evaluate", graph, gold)
        assert (done.returncode, told(done)) == (2, "KGL-108")


days = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31))
words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
names = st.lists(words, max_size=3).map(tuple)
mentions = st.builds(
    lambda begin, length, sentence, trigger: GoldMention(begin, begin + length, sentence, trigger),
    st.integers(0, 99), st.integers(1, 9), st.integers(0, 1), st.text(max_size=4),
)  # fmt: skip
events = st.builds(
    GoldEvent,
    type=words,
    mentions=st.lists(mentions, min_size=1, max_size=3).map(tuple),
    participants=names,
    accept=names,
    place=names,
    accept_place=names,
    date=st.none() | st.tuples(days, days).map(lambda two: EventDate(min(two), max(two))),
    date_scored=st.booleans(),
    status=st.none() | st.sampled_from(Status),
    mode=st.none() | st.sampled_from(Mode),
    reported_by=st.none() | words,
    force=st.none() | words,
    quantity=st.none() | st.integers(0, 10**9),
    optional=st.booleans(),
)


@given(st.lists(events, max_size=3), st.dictionaries(words, names, max_size=2))
def test_what_is_dumped_is_parsed_back(some: list[GoldEvent], aliases: dict[str, tuple[str, ...]]) -> None:
    document = GoldDocument("a", ((0, 50), (50, 120)), tuple(some), aliases)
    assert parse(dump(document)) == document
