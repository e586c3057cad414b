"""The report as a reader meets it: opened from disk in Chromium, with the network cut."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser import violations
from hostile import FORMULA, JAVASCRIPT, ODD, RIGHT_TO_LEFT, SCRIPT, hostile_store, store_of
from wire import wire

from kgload import library
from kgload.stores.base import Store
from kgload.views import data, exporting
from kgload.views.exporting import ReportFormat
from kgload.views.filters import Filters
from kgload.views.shown import Shown

EXAMPLES = Path(__file__).parents[2] / "examples" / "articles"
Open = Callable[..., Any]


def written(store: Store, path: Path) -> Path:
    exporting.export(store, Filters(), ReportFormat.HTML, path)
    return path


@pytest.fixture(scope="module")
def store() -> Store:
    """The sample articles' graph."""
    return store_of(*library.extract(library.read([EXAMPLES])))


@pytest.fixture(scope="module")
def events(store: Store) -> list[Shown]:
    return list(data.everything(store))


@pytest.fixture(scope="module")
def report(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(store, tmp_path_factory.mktemp("report") / "report.html")


def said(page: Any) -> int:
    """How many events the page says that it shows."""
    found = re.match(r"([\d,]+)", page.locator(".summary").inner_text())
    assert found
    return int(found[1].replace(",", ""))


def test_each_view_shows_what_the_graph_counts(opened: Open, report: Path, store: Store, events: list[Shown]) -> None:
    page = opened(report)
    counts = data.counts(store)
    assert said(page) == counts.total == len(events)
    for name, number in (counts.types | counts.statuses).items():
        assert page.locator("label.check", has_text=name).locator(".count").inner_text() == str(number)
    dated = [event for event in events if event.when.earliest]
    assert page.locator("#timeline .pick").count() == len(dated)
    assert f"{counts.undated} without a date" in page.locator("#timeline .notes").inner_text()
    rows = page.locator("#table tbody tr")
    assert rows.count() == min(50, counts.total)
    page.locator("#most-parties").select_option("100")
    page.locator("#least").fill("1")
    for summary in page.locator("summary").all():
        summary.click()
    for tie in data.ties(store):
        found = page.locator("#network table tr", has_text=tie.one.label).filter(has_text=tie.other.label)
        assert found.count() >= 1, tie
    for place, number in data.places(store):
        row = page.locator("#map table tr").filter(
            has=page.get_by_role("cell", name=place.label, exact=True, include_hidden=True)
        )
        assert row.locator("td").nth(1).text_content() == str(number)


def test_a_click_on_a_party_filters_all_views_and_stands_in_the_address(
    opened: Open, report: Path, events: list[Shown]
) -> None:
    page = opened(report)
    node = page.locator("#network .node").first
    name = node.get_attribute("aria-label").split(",")[0]
    node.click()
    wanted = [event for event in events if name in {part.party.label for part in event.parts}]
    assert 0 < said(page) == len(wanted) < len(events)
    assert page.locator("#table tbody tr").count() == len(wanted)
    assert page.locator("#timeline .pick").count() == len([event for event in wanted if event.when.earliest])
    assert "who=" in page.url
    again = opened(report, page.url[page.url.index("#") :])
    assert said(again) == len(wanted)
    page.go_back()
    assert said(page) == len(events)
    again.get_by_role("button", name="Show all").click()
    assert said(again) == len(events)
    assert "#" not in again.url


def test_filters_of_type_status_text_date_and_confidence(opened: Open, report: Path, events: list[Shown]) -> None:
    page = opened(report)
    page.locator("label.check", has_text="Planned").click()
    assert said(page) == sum(event.status == "Planned" for event in events)
    page.locator("label.check", has_text="Meeting").click()
    assert said(page) == sum((event.status, event.type) == ("Planned", "Meeting") for event in events)
    page.get_by_role("button", name="Show all").click()
    day = "2018-06-12"
    page.locator("#from").fill(day)
    page.locator("#to").fill(day)
    page.locator("#to").dispatch_event("change")
    within = [e for e in events if e.when.earliest and str(e.when.earliest) <= day <= str(e.when.latest)]
    assert said(page) == len(within) > 0
    page.get_by_role("button", name="Show all").click()
    page.locator("#q").fill("SINGAPORE")
    page.wait_for_url(re.compile("q="))
    text = [e for e in events if "singapore" in " ".join([e.source.title or "", *(s.text for s in e.evidence),
                                                          *(p.party.label for p in e.parts)]).lower()]  # fmt: skip
    assert said(page) == len(text) > 0
    fragment = opened(report, "#confidence=90")
    assert said(fragment) == sum(round((event.confidence or 0) * 100) >= 90 for event in events)


def test_evidence_shows_the_sentence_with_trigger_and_names_marked(
    opened: Open, report: Path, events: list[Shown]
) -> None:
    page = opened(report)
    for event in events[:6]:
        page.goto(page.url.partition("#")[0] + "#event=" + event.iri)
        page.locator("#evidence code", has_text=event.iri).wait_for()
        panel = page.locator("#evidence")
        quotes = panel.locator("blockquote")
        assert quotes.count() == len(event.evidence)
        for number, evidence in enumerate(event.evidence):
            words = quotes.nth(number).evaluate(
                "quote => [...quote.childNodes].map(n => n.nodeName === '#text' ? n.data : n.firstChild.data).join('')"
            )
            assert words == evidence.text
            triggers = {evidence.text[m.begin : m.end] for m in evidence.marks if m.what == "trigger"}
            marked = quotes.nth(number).locator("mark.trigger").evaluate_all("all => all.map(m => m.firstChild.data)")
            assert set(marked) and all(any(piece in trigger for trigger in triggers) for piece in marked)
        text = panel.inner_text()
        assert event.status.lower() in text
        for part in event.parts:
            assert part.party.label in text
            if part.party.item:
                assert panel.locator(f'a[href="{part.party.item}"]').count() >= 1
        if event.confidence is not None:
            assert f"{event.confidence:.2f}" in text


def test_a_status_looks_different_without_colour(opened: Open, report: Path) -> None:
    page = opened(report)
    forms = page.locator("fieldset .glyph rect").evaluate_all(
        "all => all.map(r => [r.getAttribute('class'), getComputedStyle(r).fill === getComputedStyle(r).stroke,"
        " getComputedStyle(r).strokeDasharray, r.parentNode.querySelectorAll('path').length].join())"
    )
    by_class: dict[str, set[str]] = {}
    for form in forms:
        name, _, look = form.partition(",")
        by_class.setdefault(name, set()).add(look)
    assert {"form-Occurred", "form-Planned", "form-Cancelled"} <= set(by_class)
    looks = [look for found in by_class.values() for look in found]
    assert len(set(looks)) == len(by_class)


def test_the_keyboard_alone_reaches_every_view(opened: Open, report: Path) -> None:
    page = opened(report)
    reached: set[str] = set()
    for _ in range(160):
        page.keyboard.press("Tab")
        place = page.evaluate("document.activeElement.closest('section, search')?.id || document.activeElement.tagName")
        reached.add(place)
        if place == "network" and page.evaluate("document.activeElement.matches('.pick')"):
            before = page.evaluate("document.activeElement.getAttribute('aria-label')")
            page.keyboard.press("ArrowRight")
            after = page.evaluate("document.activeElement.getAttribute('aria-label')")
            assert before != after
            page.keyboard.press("Enter")
            assert "who=" in page.url
            page.keyboard.press("Enter")
            assert "who=" not in page.url
        if {"timeline", "network", "map", "table", "evidence"} <= reached:
            break
    assert {"timeline", "network", "map", "table", "evidence"} <= reached


def test_hostile_texts_show_as_themselves(opened: Open, tmp_path: Path) -> None:
    page = opened(written(hostile_store(), tmp_path / "hostile.html"))
    page.locator("#table tbody button").first.click()
    text = page.locator("body").evaluate("body => body.textContent")
    for words in (SCRIPT, ODD, FORMULA, RIGHT_TO_LEFT, JAVASCRIPT):
        assert words in text
    assert page.locator("img").count() == 0
    assert page.locator("script").count() == 1
    links = page.locator("a").evaluate_all("all => all.map(a => a.protocol)")
    assert not [each for each in links if each not in ("http:", "https:", "file:")]
    page.locator("#q").fill(SCRIPT)
    page.wait_for_url(re.compile("q="))
    assert said(page) == 1
    odd = opened(
        tmp_path / "hostile.html", "#who=%3Cimg%20src%3Dx%20onerror%3Dalert(4)%3E&page=-1&sort=__proto__&from=x"
    )
    assert odd.locator("img").count() == 0
    assert said(odd) == 0


@pytest.mark.parametrize("size", ["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_the_page_is_as_wide_as_the_screen(
    size: str, scheme: str, opened: Open, report: Path
) -> None:
    page = opened(report, size=size, scheme=scheme)
    for summary in page.locator("summary").all():
        summary.click()
    page.locator("#table tbody button").first.click()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("#network .pick").first.dispatch_event("click")
    assert violations(page) == []


def test_very_many_events_are_shown_in_bars_and_pages(opened: Open, tmp_path: Path) -> None:
    from dataclasses import replace

    first = wire()[1]
    many = [replace(first, article=replace(first.article, id=f"wire/{n}")) for n in range(300)]
    page = opened(written(store_of(*many), tmp_path / "many.html"))
    assert said(page) == 300
    assert page.locator("#table tbody tr").count() == 50
    assert page.locator("#timeline .pick").count() == 1
    page.get_by_role("button", name="Last page").click()
    assert "251–300 of 300 events" in page.locator(".pager").inner_text()
    assert violations(page) == []


def test_each_column_is_sorted_both_ways_and_undated_events_come_last(opened: Open, report: Path) -> None:
    page = opened(report)

    def column(name: str) -> list[str]:
        found: list[str] = page.locator(f"#table tbody .{name}").evaluate_all("all => all.map(cell => cell.innerText)")
        return found

    for name, cells in (("type", "type"), ("status", "status"), ("who", "who"), ("confidence", "number")):
        orders = []
        for _ in range(2):
            page.locator(f"#table thead th.{name} button").click()
            # The names of a row, as many as tell it from others.
            orders.append([each.strip().partition(" → ")[0].split(", ")[:3] for each in column(cells)])
        ascending = sorted(orders[0])
        assert sorted(orders) == sorted([ascending, ascending[::-1]])
        assert orders[0] != orders[1]
    for _ in range(2):
        page.locator("#table thead th.when button").click()
        undated = [not re.match(r"\d", day) for day in column("when")]
        assert undated == sorted(undated)


def test_names_that_are_cut_short_in_a_picture_are_whole_to_whoever_does_not_see_it(
    opened: Open, tmp_path: Path
) -> None:
    store = store_of(*wire())
    store.update(
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
        "DELETE { GRAPH ?g { ?e rdfs:label ?l } } INSERT { GRAPH ?g { ?e rdfs:label ?long } }\n"
        'WHERE { GRAPH ?g { ?e rdfs:label ?l BIND(CONCAT(STR(?l), " of a name that is long indeed") AS ?long) } }'
    )
    page = opened(written(store, tmp_path / "long.html"))
    assert "…" in page.locator("#network svg").text_content()
    labels = page.locator("#network .pick").evaluate_all("all => all.map(each => each.getAttribute('aria-label'))")
    assert labels
    assert all("long indeed" in label for label in labels)
    assert violations(page) == []


def test_an_empty_graph_says_so(opened: Open, tmp_path: Path) -> None:
    page = opened(written(store_of(), tmp_path / "empty.html"))
    assert said(page) == 0
    assert "No event matches" in page.locator("main").inner_text()
    assert violations(page) == []
