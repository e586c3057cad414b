"""The report's page holds what the graph says as data, never as markup, and says what it leaves out."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import re
import struct
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
from kgload.views import assets, data, packing, report
from kgload.views.filters import Filters
from kgload.views.packing import END, EPOCH, NO_DAY


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


def numbers(column: str) -> list[int]:
    """A column of numbers, as the page's script reads it."""
    kinds = {"b": "B", "h": "H", "i": "i"}
    content = base64.b64decode(column[1:])
    return [n for (n,) in struct.iter_unpack(f"<{kinds[column[0]]}", content)]


def texts(column: str | list[str]) -> list[str]:
    """A column of texts."""
    front, joined = ("", column) if isinstance(column, str) else column
    return [front + each for each in joined.split(END)[:-1]]


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
    events, labels = columns["events"], texts(columns["parties"]["label"])
    shown = list(data.everything(store_of(document)))
    folders = texts(columns["folders"])
    iris = [f"{folders[f]}/{n}" for f, n in zip(numbers(events["folder"]), texts(events["name"]), strict=True)]
    assert iris == [event.iri for event in shown]
    assert [columns["types"][t] for t in numbers(events["type"])] == [event.type for event in shown]
    assert [columns["statuses"][s] for s in numbers(events["status"])] == [event.status for event in shown]
    days = [event.when.earliest and (event.when.earliest - EPOCH).days for event in shown]
    assert [None if day == NO_DAY else day for day in numbers(events["first"])] == days
    flat = zip(numbers(events["roles"]), numbers(events["parties"]), strict=True)
    for count, event in zip(numbers(events["counts"]), shown, strict=True):
        named = {(columns["roles"][r], labels[p].casefold()) for r, p in itertools.islice(flat, count)}
        assert {(role, " ".join(label.split())) for role, label in named} == {
            (part.role, " ".join(part.party.label.replace(END, "\ufffd").casefold().split())) for part in event.parts
        }


@given(values=st.lists(st.integers(-(1 << 31), (1 << 31) - 1)))
def test_numbers_are_read_as_they_were_packed(values: list[int]) -> None:
    assert numbers(packing.numbers(values)) == values


@given(values=st.lists(st.text()))
def test_texts_are_read_as_they_were_packed(values: list[str]) -> None:
    expected = [value.replace(END, "\ufffd") for value in values]
    assert texts(packing.joined(values)) == expected
    assert texts(packing.shortened([value.replace(END, "") for value in values])) == [
        v.replace(END, "") for v in values
    ]


def test_many_numbers_take_little_room() -> None:
    assert len(packing.numbers([200] * 900)) == 1201
    assert len(packing.numbers([60_000] * 900)) == 2401


def test_a_hostile_graph_adds_no_element_and_no_link() -> None:
    plain, odd = written(store_of(*wire()), title="News"), written(hostile_store(), title=f"News {SCRIPT}")
    tags = [tag for tag, _ in _Page(odd).tags]
    assert tags == [tag for tag, _ in _Page(plain).tags]
    assert "img" not in tags
    columns = held(odd)
    assert any(SCRIPT in label for label in texts(columns["parties"]["label"]))
    assert not [item for item in texts(columns["parties"]["item"]) if item.startswith("javascript")]


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
    assert len(numbers(columns["evidence"]["counts"])) == 1


def test_names_that_are_not_linked_are_one_where_they_are_spelt_alike() -> None:
    document = hostile()
    other = Document(
        document.article.__class__("other", document.article.text),
        document.sentences,
        document.entities,
        document.events,
    )
    columns = held(written(store_of(document, other)))
    labels = texts(columns["parties"]["label"])
    assert len(numbers(columns["events"]["type"])) == 2
    assert len(labels) == len(set(labels)) == len(document.entities)


def test_a_checkout_that_was_not_built_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr(assets, "STATIC", tmp_path)
    with pytest.raises(ViewsNotBuilt, match="make web"):
        report.page(store_of(*wire()), Filters(), title="News")
