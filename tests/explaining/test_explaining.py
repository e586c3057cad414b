"""An explanation gives the values that the extraction used, and shows hostile text as text."""

from __future__ import annotations

import datetime as dt
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from running import run, told

from kgload.explaining.facts import heading, tables
from kgload.explaining.page import page
from kgload.explaining.text import as_json, lines
from kgload.explanations import Explaining, Explanation
from kgload.extraction.encoder.extractor import Encoder
from kgload.extraction.rules import RulesExtractor
from kgload.linking.gazetteer import Gazetteer
from kgload.records import Article

HOSTILE = "</script><img src=x onerror=alert(1)>"
ARTICLE = Article(
    "norland",
    "Kenyan President William Ruto and Ugandan President Yoweri Museveni met in Nairobi on Tuesday. "
    "The talks lasted three hours, and both sides will meet again in Kampala next month. "
    "Kenya will send 400 police officers to Haiti, according to the United Nations.",
    HOSTILE,
    dt.date(2025, 8, 13),
)


@pytest.fixture(scope="module", params=["encoder", "rules"])
def explanation(request: pytest.FixtureRequest) -> Explanation:
    made = Encoder(Gazetteer.core()) if request.param == "encoder" else RulesExtractor(Gazetteer.core())
    assert isinstance(made, Explaining)
    [found] = made.explain([ARTICLE])
    assert [found.document] == list(made.extract([ARTICLE]))
    return found


def test_each_event_is_explained_with_the_values_that_made_it(explanation: Explanation) -> None:
    assert [why.event for why in explanation.events] == [event.id for event in explanation.document.events]
    assert len(explanation.events) >= 2
    for why, event in zip(explanation.events, explanation.document.events, strict=True):
        assert [(t.begin, t.end, t.text) for t in why.triggers] == [(m.begin, m.end, m.text) for m in event.mentions]
        assert why.score >= why.least
        assert why.statuses[0][0] == event.status
        assert {(c.entity, role) for c in why.candidates for role in c.taken} == {
            (a.entity, a.role) for a in event.arguments
        }
        for candidate in why.candidates:
            if candidate.taken and candidate.share is not None and "host" not in candidate.taken:
                assert candidate.share >= candidate.least
        for argument in event.arguments:
            if argument.confidence is not None:
                assert any(
                    c.entity == argument.entity
                    and argument.role in c.taken
                    and abs((c.share or 0) - argument.confidence) < 1e-4
                    for c in why.candidates
                )
        [chosen] = [date for date in why.dates if date.taken]
        days = (event.date.earliest, event.date.latest) if event.date else None
        assert chosen.days == (days if days and days[0] else None)
        assert len(why.pairs) == len(why.triggers) * (len(why.triggers) - 1) // 2


def test_a_weekdays_readings_and_the_cue_of_a_plan_are_told(explanation: Explanation) -> None:
    dates = [date for why in explanation.events for date in why.dates if date.words == "Tuesday"]
    assert dates[0].readings == (
        (dt.date(2025, 8, 12), dt.date(2025, 8, 12)),
        (dt.date(2025, 8, 19), dt.date(2025, 8, 19)),
    )
    planned = [why for why in explanation.events if why.statuses[0][0] == "Planned"]
    assert planned
    assert any("will" in cue.text and cue.weight > 0 for why in planned for cue in why.cues)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not any(name.startswith("on") or name == "src" for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.words += data


def read_page(explanations: list[Explanation]) -> _Tags:
    reader = _Tags()
    reader.feed("".join(page(explanations)))
    return reader


def test_hostile_text_shows_as_itself_in_the_page(explanation: Explanation) -> None:
    assert HOSTILE in read_page([explanation]).words
    [nasty] = RulesExtractor(Gazetteer.core()).explain(
        [Article(HOSTILE, f"Kenya met <b>Uganda</b> & {HOSTILE} in Nairobi on Friday.", None, dt.date(2025, 8, 13))]
    )
    assert nasty.events
    found = read_page([nasty])
    assert HOSTILE in found.words
    assert not found.tags & {"img", "script", "b", "a"}


def test_table_page_and_json_tell_of_the_same_events(explanation: Explanation) -> None:
    told_lines, words = "\n".join(lines(explanation)), read_page([explanation]).words
    read = json.loads(as_json(explanation))
    for why, row in zip(explanation.events, read["events"], strict=True):
        assert heading(explanation, why) in told_lines
        assert heading(explanation, why) in words
        assert row["score"] == why.score
        for table in tables(explanation, why):
            assert table.title in told_lines
            assert table.title in words
    assert read["document"]["article"]["date"] == "2025-08-13"


def test_control_characters_do_not_reach_the_terminal() -> None:
    [odd] = RulesExtractor(Gazetteer.core()).explain([Article("a", "Kenya met Uganda\x1b[2J in Nairobi.")])
    assert "\x1b" not in "\n".join(lines(odd))


def test_the_command_tells_of_one_event_or_says_that_there_is_none(tmp_path: Path) -> None:
    text = tmp_path / "a.txt"
    text.write_text(ARTICLE.text)
    options = ("--date", "2025-08-13", "--extractor", "rules")
    first = run("explain", text, "--event", 1, "--format", "json", *options)
    assert first.returncode == 0, first.stderr
    assert [why["event"] for why in json.loads(first.stdout)["events"]] == ["v1"]
    page_file = tmp_path / "why.html"
    assert run("explain", text, "--format", "html", "-o", page_file, *options).returncode == 0
    assert page_file.read_text().startswith("<!DOCTYPE html>")
    none = run("explain", text, "--event", 99, *options)
    assert (none.returncode, told(none)) == (2, "KGL-100")
    assert none.stdout == ""


def test_records_that_came_ready_cannot_be_explained(tmp_path: Path) -> None:
    ready = tmp_path / "ready.jsonl"
    ready.write_text(json.dumps({"article": {"id": "a", "text": "Nothing."}}) + "\n")
    done = run("explain", ready, "--extractor", "rules")
    assert (done.returncode, told(done)) == (2, "KGL-100")
