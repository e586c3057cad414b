"""The report's page holds what the graph says as data, never as markup, and says what it leaves out."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hostile import SCRIPT, hostile, hostile_store, store_of
from hypothesis import given, settings
from hypothesis import strategies as st
from record_samples import documents
from wire import wire

from kgload.errors import ViewsNotBuilt
from kgload.records import Document
from kgload.stores.base import Store
from kgload.views import assets, data, report
from kgload.views.filters import Filters
from kgload.views.packing import BETWEEN


class _Page(HTMLParser):
    """The page's elements."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def written(store: Store, **settings: Any) -> str:
    _, pieces = report.page(store, settings.pop("filters", Filters()), title=settings.pop("title", "News"), **settings)
    return "".join(pieces)


def held(html: str) -> dict[str, Any]:
    """The data that stands in the page."""
    [block] = re.findall(r'<script type="application/json" id="data">(.*?)</script>', html, re.S)
    found: dict[str, Any] = json.loads(block)
    return found


@settings(max_examples=100)
@given(value=st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5))
def test_no_text_ends_the_script_that_holds_it(value: object) -> None:
    written = report.in_script(value)
    assert not set(written) & set("<>&\u2028\u2029")
    assert json.loads(written) == value


@settings(max_examples=25)
@given(document=documents())
def test_the_page_holds_every_event(document: Document) -> None:
    columns = held(written(store_of(document)))
    events, parties = columns["events"], columns["parties"]
    shown = list(data.everything(store_of(document)))
    names = events["name"].split(BETWEEN) if shown else []
    iris = [f"{columns['folders'][f]}/{n}" for f, n in zip(events["folder"], names, strict=True)]
    assert iris == [event.iri for event in shown]
    assert [columns["types"][t] for t in events["type"]] == [event.type for event in shown]
    assert [columns["statuses"][s] for s in events["status"]] == [event.status for event in shown]
    flat = iter(events["parts"])
    for count, event in zip(events["counts"], shown, strict=True):
        parts = list(itertools.islice(flat, 2 * count))
        named = {(columns["roles"][r], parties[p][1].casefold()) for r, p in zip(parts[::2], parts[1::2], strict=True)}
        assert {(role, " ".join(label.split())) for role, label in named} == {
            (part.role, " ".join(part.party.label.casefold().split())) for part in event.parts
        }


def test_a_hostile_graph_adds_no_element_and_no_link() -> None:
    plain, odd = written(store_of(*wire()), title="News"), written(hostile_store(), title=f"News {SCRIPT}")
    tags = [tag for tag, _ in _Page(odd).tags]
    assert tags == [tag for tag, _ in _Page(plain).tags]
    assert "img" not in tags
    columns = held(odd)
    assert any(SCRIPT in label for _, label, *_ in columns["parties"])
    assert not [item for _, _, _, item, *_ in columns["parties"] if str(item).startswith("javascript")]


def test_the_policy_lets_these_scripts_run_and_no_other() -> None:
    html = written(store_of(*wire()))
    [policy] = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    policy = policy.replace("&#x27;", "'")
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    for tag in ("script", "style"):
        [text] = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.S)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert not re.search(
        r"""<[a-z]+[^>]* on[a-z]+=|<[a-z]+[^>]* style=|<link|src=["']?(http|//)""", html.split('id="data"')[0]
    )


def test_the_same_graph_gives_the_same_bytes() -> None:
    assert written(store_of(*wire())) == written(store_of(*reversed(wire())))


def test_what_is_left_out_is_said() -> None:
    store = store_of(*wire())
    total = data.total(store)
    made, pieces = report.page(store, Filters(), title="News", most=total - 1, most_evidence=1)
    columns = held("".join(pieces))
    assert (made.events, made.left_out, made.without_evidence) == (total - 1, 1, total - 2)
    assert columns["about"]["leftOut"] == 1
    assert columns["about"]["withoutEvidence"] == total - 2
    assert len(columns["evidence"]) == 1


def test_names_that_are_not_linked_are_one_where_they_are_spelt_alike() -> None:
    document = hostile()
    other = Document(
        document.article.__class__("other", document.article.text),
        document.sentences,
        document.entities,
        document.events,
    )
    columns = held(written(store_of(document, other)))
    labels = [label for _, label, *_ in columns["parties"]]
    assert len(columns["events"]["type"]) == 2
    assert len(labels) == len(set(labels)) == len(document.entities)


def test_a_checkout_that_was_not_built_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr(assets, "STATIC", tmp_path)
    with pytest.raises(ViewsNotBuilt, match="make web"):
        report.page(store_of(*wire()), Filters(), title="News")
