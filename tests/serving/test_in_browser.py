"""The pages and the editor in Chromium: whole, hostile words as text, for everybody to use."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import SIZES, browsing, violations
from hostile import JAVASCRIPT, ODD, SCRIPT, hostile
from web_server import Web, web
from wire import wire

from kgload import library
from kgload.serving.addresses import page_of
from kgload.views.assets import STATIC

BASE = "https://w3id.org/kgload/"
pytestmark = pytest.mark.skipif(not (STATIC / "server" / "site.css").is_file(), reason="`make web` builds the pages")
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with browsing() as found:
        yield found


@pytest.fixture(scope="module")
def hostile_served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    folder: Path = tmp_path_factory.mktemp("hostile")
    library.write([hostile(), *wire()], folder / "hostile.nq")
    library.load([folder / "hostile.nq"], store=folder / "news.db")
    with web("--store", folder / "news.db") as started:
        yield started


@pytest.fixture
def opened(browser: Any, hostile_served: Web) -> Iterator[Open]:
    """Opens a page; fails in the end where a page has met an error, or asked anybody else."""
    contexts, wrong = [], []

    def open_(path: str, *, size: str = "desk", scheme: str = "light", scripts: bool = True) -> Any:
        context = browser.new_context(viewport=SIZES[size], color_scheme=scheme, java_script_enabled=scripts)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        # A browser notes a request that is answered with an error as one of the page's: some are wanted here.
        page.on(
            "console",
            lambda said: (
                wrong.append(said.text) if said.type == "error" and "Failed to load resource" not in said.text else None
            ),
        )
        page.on(
            "request", lambda a: wrong.append(a.url) if not a.url.startswith((hostile_served.url, "data:")) else None
        )
        page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
        page.goto(hostile_served.url + path)
        page.wait_for_load_state("networkidle")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not wrong


def address(kind: str) -> str:
    from kgload.mapping.iris import document, event

    id_ = hostile().article.id
    if kind == "document":
        return page_of(document(BASE, id_), BASE)
    first = hostile().events[0].mentions[0]
    return page_of(event(BASE, id_, "Meeting", first.begin, first.end), BASE)


PAGES = {
    "overview": "/",
    "events": "/events?type=Meeting",
    "timeline": "/timeline",
    "network": "/network",
    "map": "/map",
    "queries": "/queries",
    "query": "/queries/who-met-whom",
    "form": "/queries/events-between",
    "entity": "/page/entity/Q900001",
    "event": address("event"),
    "document": address("document"),
    "thing": "/page?iri=https%3A%2F%2Fw3id.org%2Fkgload%2Fontology%23Meeting",
    "editor": "/editor",
}


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(opened: Open, path: str) -> None:
    for size, scheme in (("desk", "dark"), ("phone", "light")):
        page = opened(path, size=size, scheme=scheme)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size]["width"]
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert violations(page) == []


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_pages_are_whole_without_scripts(opened: Open, path: str) -> None:
    page = opened(path, scripts=False)
    assert page.locator("h1").count() == 1
    assert page.locator("main").inner_text().strip()


def test_hostile_words_show_as_themselves(opened: Open) -> None:
    page = opened(address("document"))
    assert JAVASCRIPT in page.inner_text("main")
    assert page.locator("a[href^='javascript']").count() == 0
    assert page.locator("img").count() == 0
    assert ODD.split("\u2028")[0] in page.inner_text("main")
    assert f"@{SCRIPT}" in page.inner_text("h1")
    event = opened(address("event"))
    assert SCRIPT in event.inner_text("blockquote")


def test_keys_alone_reach_everything(opened: Open) -> None:
    page = opened("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.tagName"))
    assert {"A", "SUMMARY", "a"} <= reached
    page.goto(page.url + "timeline")
    page.locator("svg a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/page**")


def ask(page: Any, query: str) -> Any:
    page.evaluate("query => document.querySelector('.CodeMirror').CodeMirror.setValue(query)", query)
    page.get_by_role("button", name="Ask").click()
    # Not by a script of the test's own: the page's policy lets none be evaluated.
    page.locator("#plain-editor [role=status]", has_text=re.compile("Answered|failed")).wait_for()
    return page.locator(".yasr_results")


def test_the_editor_shows_answers_as_text(opened: Open) -> None:
    page = opened("/editor")
    properties = "<http://www.w3.org/2000/01/rdf-schema#label>|<https://schema.org/url>"
    results = ask(page, f"SELECT ?s ?o WHERE {{ GRAPH ?g {{ ?s {properties} ?o }} }}")
    said = results.inner_text()
    assert SCRIPT in said
    assert JAVASCRIPT in said
    assert page.locator(".yasr img").count() == 0
    assert page.locator(".yasr a[href^='javascript']").count() == 0
    assert violations(page) == []
    results = ask(page, f"SELECT (<{JAVASCRIPT}> AS ?x) ('<b onmouseover=alert(1)>' AS ?y) {{ }}")
    assert "<b onmouseover=alert(1)>" in results.inner_text()
    assert page.locator(".yasr_results b").count() == 0
    target = page.locator(".yasr_results td a").first.get_attribute("href")
    assert target.startswith("/describe?iri=javascript")
    graph = ask(page, "CONSTRUCT { ?s <urn:p> ?o } WHERE { GRAPH ?g { ?s <https://schema.org/url> ?o } }")
    assert JAVASCRIPT in graph.inner_text()
    assert "Yes" in ask(page, "ASK { }").inner_text()


def test_the_editor_tells_of_errors_as_text(opened: Open, hostile_served: Web) -> None:
    page = opened("/editor")
    page.route("**/sparql", lambda route: route.fulfill(status=400, body=f"no {SCRIPT}", content_type="text/plain"))
    results = ask(page, "ASK { }")
    assert SCRIPT in results.inner_text()
    assert page.locator(".yasr img").count() == 0


def test_a_press_of_tab_leaves_the_editor(opened: Open) -> None:
    page = opened("/editor")
    page.locator(".CodeMirror").click()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.CodeMirror')") is None
