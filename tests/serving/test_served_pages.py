"""What the pages show is what the graph holds; what comes from it is text; each thing has an address."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest
from web_server import Web
from wire import HOSTILE

from kgload.querying.catalogue import catalogue
from kgload.serving.pages import selection
from kgload.stores import open_store
from kgload.views import data
from kgload.views.filters import Filters

BASE = "https://w3id.org/kgload/"
HOSTILE_DOCUMENT = "page/document/" + quote(f"hostile {HOSTILE}\n../x", safe="")
VIEWS = ("/", "/events", "/timeline", "/network", "/map")


class Parsed(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, text: str) -> None:
        self.said += text


def check(text: str) -> Parsed:
    """Nothing of what an article holds has become markup, a script, a style or an address to elsewhere."""
    parsed = Parsed(text)
    for tag, attributes in parsed.tags:
        assert tag not in ("img", "iframe", "object", "embed", "base", "b"), attributes
        assert not any(name.startswith("on") or name == "style" for name in attributes), (tag, attributes)
        if tag == "script":
            assert (attributes.get("src") or "").startswith("/static/"), "no script stands in a page"
        if tag == "style":
            raise AssertionError("no style stands in a page")
        for name in ("href", "src", "action"):
            target = attributes.get(name)
            assert target is None or re.match(r"(https?:/)?/|#|data:,$", target), (tag, target)
    return parsed


def numbers(text: str) -> int:
    found = re.search(r'role="status"><strong>([\d,]+)</strong>', text)
    assert found
    return int(found[1].replace(",", ""))


@pytest.mark.parametrize(
    ("parameters", "filters"),
    [
        ({}, Filters()),
        ({"type": "Meeting"}, Filters(types=("Meeting",))),
        ({"status": "Cancelled"}, Filters(statuses=("Cancelled",))),
        ({"text": "ketterby"}, Filters(text="ketterby")),
        ({"entity": "Q900001", "undated": "1"}, Filters(entity="Q900001", undated=True)),
        ({"source": "wire/met"}, Filters(source="wire/met")),
        ({"text": HOSTILE}, Filters(text=HOSTILE)),
    ],
)
def test_pages_count_what_the_graph_holds(
    served: Web, stored: Path, parameters: dict[str, str], filters: Filters
) -> None:
    with open_store(stored, read_only=True) as store:
        expected = data.counts(store, filters)
    for view in VIEWS:
        reply = served.page(view, **parameters)
        assert reply.status == 200
        check(reply.text)
        assert numbers(reply.text) == expected.total
    listed = served.page("/events", **parameters).text
    assert listed.count('<li class="event">') == min(expected.total, selection.PAGE_SIZE)
    shown = served.page("/", **parameters).text
    for month, n in expected.months.items():
        assert re.search(rf'{month}</th><td class="number">{n}<', shown)


def test_hostile_words_show_as_themselves(served: Web) -> None:
    page = served.page(f"/{HOSTILE_DOCUMENT}")
    assert page.status == 200
    parsed = check(page.text)
    assert f"</script>{HOSTILE}" in parsed.said
    assert "<b>" not in page.text
    links = [a["href"] for tag, a in parsed.tags if tag == "a" and "/event/" in (a["href"] or "")]
    assert links
    event = served.page(str(links[0]))
    assert event.status == 200
    assert HOSTILE in check(event.text).said


def test_an_address_that_is_none_of_the_web_is_no_link(served: Web) -> None:
    from kgload.views.shown import web_address

    assert web_address("javascript:alert(1)") is None
    assert 'href="https://wire.example/' in served.page(f"/page/document/{quote('wire/met', safe='')}").text


@pytest.mark.parametrize(
    "wrong", ["type=War", "status=x", "since=yesterday", "until=2025-13", "confidence=2", "page=0", "page=x", "order=z",
              "since=2025&until=2024", "entity=%20x%20", "page=99999999999999999999", "since=99999"],
)  # fmt: skip
@pytest.mark.parametrize("view", ["/", "/events"])
def test_a_wrong_filter_is_told_in_the_form(served: Web, view: str, wrong: str) -> None:
    reply = served.ask(f"{view}?{wrong}", headers={"Accept": "text/html"})
    assert reply.status == 400
    assert 'role="alert"' in reply.text
    check(reply.text)


def test_pages_beyond_the_last_one_say_so(served: Web) -> None:
    reply = served.page("/events", page="7")
    assert reply.status == 200
    assert "There is no page 7" in reply.text


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_each_canned_query_has_a_form_and_an_answer(served: Web, name: str) -> None:
    query = catalogue()[name]
    empty = served.page(f"/queries/{name}")
    assert empty.status == 200
    assert [p.name for p in query.parameters if f'name="{p.name}"' not in empty.text] == []
    answered = served.page(f"/queries/{name}", **{p.name: p.example for p in query.parameters})
    assert answered.status == 200
    check(answered.text)
    assert 'role="status"' in answered.text


def test_a_wrong_value_is_told_beside_its_field(served: Web) -> None:
    reply = served.page("/queries/events-between", start="then", end="")
    assert reply.status == 400
    assert reply.text.count('role="alert"') == 2
    assert "is not a date" in html.unescape(reply.text)
    breakout = 'x" } INSERT DATA { <urn:a> <urn:b> 1 } #'
    assert served.page("/queries/meetings-of", name=breakout).status == 200
    assert served.page("/queries/nothing").status == 404


KINDS = {"text/turtle": "ttl", "application/ld+json": "jsonld", "application/n-triples": "nt",
         "application/rdf+xml": "rdf"}  # fmt: skip


def test_the_address_of_a_thing_leads_to_its_page_or_its_data(served: Web, stored: Path) -> None:
    thing = "/entity/Q900001"
    page = served.page(thing)
    assert (page.status, page.headers["location"], page.headers["vary"]) == (303, f"/page{thing}", "Accept")
    assert served.page(page.headers["location"]).status == 200
    for accept, suffix in KINDS.items():
        seen = served.ask(thing, headers={"Accept": accept})
        assert seen.status == 303
        assert seen.headers["location"].endswith(f"format={suffix}")
        reply = served.ask(seen.headers["location"])
        assert reply.headers["content-type"].startswith(accept)
        form = ox.RdfFormat.from_media_type(accept)
        assert form
        said = {q.triple for q in ox.parse(reply.body, format=form)}
        about = {t for t in said if t.subject == ox.NamedNode(f"{BASE}entity/Q900001")}
        with open_store(stored, read_only=True) as store:
            found = store.query(f"CONSTRUCT {{ <{BASE}entity/Q900001> ?p ?o }} WHERE "
                                f"{{ GRAPH ?g {{ <{BASE}entity/Q900001> ?p ?o }} }}")  # fmt: skip
        assert about == set(found.triples)  # type: ignore[union-attr]
    assert served.ask(thing, headers={"Accept": "image/png"}).status == 406


def test_a_document_is_its_whole_graph(served: Web, stored: Path) -> None:
    for document in ("wire/met", f"hostile {HOSTILE}\n../x"):
        iri = f"{BASE}document/{quote(document, safe='')}"
        reply = served.ask(f"/data?{urlencode({'iri': iri, 'format': 'nt'})}")
        with open_store(stored, read_only=True) as store:
            assert {q.triple for q in ox.parse(reply.body, format=ox.RdfFormat.N_TRIPLES)} == set(store.graph(iri))


def test_anything_is_described_by_its_name(served: Web) -> None:
    iri = "https://w3id.org/kgload/ontology#Meeting"
    by_name = f"/describe?{urlencode({'iri': iri})}"
    assert served.page(by_name).headers["location"] == f"/page?{urlencode({'iri': iri})}"
    assert "#Meeting" in check(served.page(f"/page?{urlencode({'iri': iri})}").text).said
    assert b"subClassOf" in served.ask(by_name, headers={"Accept": "application/n-triples"}).body
    for none in ("urn:none", "no iri", "<urn:a>", "javascript:alert(1)", f"{BASE}entity/Q1> ?p ?o . ?s ?p <urn:x"):
        assert served.page(f"/page?{urlencode({'iri': none})}").status == 404
        assert served.ask(f"/data?{urlencode({'iri': none})}", headers={"Accept": "*/*"}).status == 404
    assert served.page("/page").status == 400
    assert served.page("/entity/none").status == 303
    assert served.page("/page/entity/none").status == 404


def test_every_link_of_every_kind_of_page_leads_somewhere(served: Web) -> None:
    seen: set[str] = set()
    todo = ["/", "/map", "/network", "/timeline", "/queries", f"/{HOSTILE_DOCUMENT}"]
    while todo and len(seen) < 120:
        path = todo.pop(0)
        if path in seen:
            continue
        seen.add(path)
        reply = served.page(path)
        assert reply.status in (200, 303), path
        if reply.headers["content-type"].startswith("text/html") and reply.status == 200:
            found = {a["href"] or "" for tag, a in check(reply.text).tags if tag == "a"}
            todo += sorted(t for t in found if t.startswith("/") and not t.startswith("//"))
