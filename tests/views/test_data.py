"""What a view shows is what the graph says, from any store, whatever is asked for."""

from __future__ import annotations

import datetime as dt

import pytest
from hostile import hostile, store_of
from hypothesis import given, settings
from record_samples import documents, invented
from wire import HOSTILE, wire

from kgload.errors import BadParameter
from kgload.mapping import iris
from kgload.ontology import vocabulary
from kgload.records import Document
from kgload.stores import open_store
from kgload.stores.base import Store
from kgload.views import data, details, wholesale
from kgload.views.filters import Filters, pattern
from kgload.views.shown import Precision, Shown, When, web_address

DAY = dt.date(2025, 8, 12)


@pytest.fixture(scope="module")
def store() -> Store:
    return store_of(*wire())


@settings(max_examples=40)
@given(document=documents())
def test_every_event_is_shown_as_its_record_says(document: Document) -> None:
    shown = list(data.everything(store_of(document)))
    assert len(shown) == len(document.events)
    by_iri = {event.iri: event for event in shown}
    assert len(by_iri) == len(shown)
    text = document.article.text
    for event in shown:
        assert event.source.id == document.article.id
        assert (event.source.title or None) == (document.article.title or None)
        for evidence in event.evidence:
            assert text[evidence.begin : evidence.begin + len(evidence.text)] == evidence.text
            assert any(mark.what == "trigger" for mark in evidence.marks)
            assert all(0 <= mark.begin < mark.end <= len(evidence.text) for mark in evidence.marks)
    assert sorted((e.type, e.status) for e in shown) == sorted((e.type, e.status.value) for e in document.events)
    assert sorted(str(e.when.earliest) for e in shown) == sorted(
        str(e.date.earliest if e.date else None) for e in document.events
    )


@settings(max_examples=25)
@given(document=documents())
def test_counts_pages_and_lists_agree(document: Document) -> None:
    store = store_of(document)
    events = list(data.everything(store))
    counts = data.counts(store)
    assert counts.total == data.total(store) == len(events)
    assert sum(counts.statuses.values()) == counts.total
    assert sum(counts.months.values()) + counts.undated == counts.total
    for type_ in vocabulary().event_types:
        of_type = [e for e in events if type_ in vocabulary().event_types[e.type]]
        assert data.total(store, Filters(types=(type_,))) == len(of_type)
        assert counts.types.get(type_, 0) == sum(e.type == type_ for e in events)
    paged = [e for n in range(1, len(events) + 1) for e in data.page(store, number=n, size=1).events]
    assert sorted(e.iri for e in paged) == sorted(e.iri for e in events)


def test_roles_are_the_most_specific_ones(store: Store) -> None:
    for event in data.everything(store):
        roles = {(part.role, part.party.iri) for part in event.parts}
        for role, iri in roles:
            for upper in vocabulary().roles[role].implies[1:]:
                assert (upper, iri) not in roles


def _said(event: Shown) -> str:
    return "\n".join([str(event.source.title), *(part.party.label for part in event.parts)])


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(types=("Meeting",)), lambda e: e.type == "Meeting"),
        (Filters(statuses=("Cancelled", "Planned")), lambda e: e.status in ("Cancelled", "Planned")),
        (Filters(since=DAY, until=DAY), lambda e: e.when.earliest and e.when.earliest <= DAY <= e.when.latest),
        (Filters(undated=True), lambda e: e.when.precision is Precision.NONE),
        (Filters(entity="Q900001"), lambda e: any((p.party.item or "").endswith("/Q900001") for p in e.parts)),
        (Filters(source="wire/off"), lambda e: e.source.id == "wire/off"),
        (Filters(source="Wire.example"), lambda e: (e.source.url or "").startswith("https://wire.example/")),
        (Filters(min_confidence=0.8), lambda e: (e.confidence or 0) >= 0.8),
        (Filters(text="KETTERBY on"), lambda e: any("ketterby on" in s.text.lower() for s in e.evidence)),
        (Filters(text=HOSTILE), lambda e: HOSTILE in _said(e)),
    ],
)  # fmt: skip
def test_a_filter_lets_through_what_it_says_and_nothing_else(store: Store, filters: Filters, expected: object) -> None:
    everything = list(data.everything(store))
    wanted = {event.iri for event in everything if expected(event)}  # type: ignore[operator]
    assert wanted
    assert {event.iri for event in data.everything(store, filters)} == wanted
    assert data.total(store, filters) == data.counts(store, filters).total == len(wanted)


@pytest.mark.parametrize(
    "value", ['"', '" } } DROP ALL #', "\\", "'''", "\n", "?event", "\U0001f6d1 \u202e", "<a> .", " "]
)
def test_no_value_becomes_sparql(store: Store, value: str) -> None:
    for filters in (Filters(text=value), Filters(source=value)):
        found = list(data.everything(store, filters))
        assert data.total(store, filters) == len(found)
        if value.strip() and filters.text:
            said = [" ".join([e.source.title or "", *(p.party.label for p in e.parts), *(s.text for s in e.evidence)])
                    for e in found]  # fmt: skip
            assert all(value.strip().lower() in each.lower() for each in said)


def test_what_is_no_value_is_said() -> None:
    for filters in (
        Filters(types=("Meeting> . ?x",)), Filters(statuses=("Done",)), Filters(entity="no iri"),
        Filters(min_confidence=2), Filters(text="\ud800"),
    ):  # fmt: skip
        with pytest.raises(BadParameter):
            pattern(filters)
    with pytest.raises(BadParameter):
        data.page(store_of(invented()), size=0)


def test_one_event_party_and_document_by_their_names(store: Store) -> None:
    for event in data.everything(store):
        assert data.event(store, event.iri) == event
        for part in event.parts:
            found = data.party(store, part.party.iri)
            assert found is not None
            assert (found.iri, found.item, found.kind) == (part.party.iri, part.party.item, part.party.kind)
        source = data.source(store, event.source.iri)
        assert source is not None
        assert source.events == data.total(store, Filters(source=event.source.id))
    for nothing in ("https://w3id.org/kgload/event/none", "no iri at all", "a> <b", ""):
        assert data.event(store, nothing) is None
        assert data.party(store, nothing) is None
        assert data.source(store, nothing) is None


def test_ties_and_places_count_events(store: Store) -> None:
    events = list(data.everything(store))
    for tie in data.ties(store):
        both = [e for e in events if {tie.one.iri, tie.other.iri} <= {p.party.iri for p in e.parts}]
        assert tie.events == len(both) > 0
    for place, number in data.places(store):
        assert number == sum(place.iri in {p.iri for p in e.having("place", "destination")} for e in events)


def test_a_server_gives_the_same(store: Store, oxigraph_server: str) -> None:
    with open_store(endpoint=oxigraph_server) as server:
        for name in list(server.graphs()):
            server.replace(name, [])
        for name in store.graphs():
            server.replace(name, list(store.graph(name)))
        assert list(data.everything(server)) == list(data.everything(store))
        assert data.counts(server) == data.counts(store)
        assert data.ties(server) == data.ties(store)
        hostile_filter = Filters(text=HOSTILE, statuses=("Planned",))
        assert data.page(server, hostile_filter) == data.page(store, hostile_filter)


def test_more_events_than_an_answer_may_have_rows(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = list(data.everything(store))
    monkeypatch.setattr(data, "ROWS", 2)
    assert list(data.everything(store)) == expected


def test_the_newest_come_first_and_undated_last(store: Store) -> None:
    days = [event.when.latest or event.when.earliest for event in data.everything(store)]
    dated = [day for day in days if day]
    assert dated == sorted(dated, reverse=True)
    assert days[len(dated) :] == [None] * (len(days) - len(dated))


@pytest.mark.parametrize(
    ("first", "last", "precision", "short"),
    [
        ("2025-08-15", "2025-08-15", Precision.DAY, "2025-08-15"),
        ("2024-02-01", "2024-02-29", Precision.MONTH, "2024-02"),
        ("2024-01-01", "2024-12-31", Precision.YEAR, "2024"),
        ("2024-01-01", "2025-12-31", Precision.SPAN, "2024-01-01 to 2025-12-31"),
        (None, "2025-12-31", Precision.SPAN, "… to 2025-12-31"),
        (None, None, Precision.NONE, ""),
    ],
)
def test_precision_of_dates(first: str | None, last: str | None, precision: Precision, short: str) -> None:
    days = (dt.date.fromisoformat(day) if day else None for day in (first, last))
    when = When(*days)
    assert (when.precision, when.short) == (precision, short)


@pytest.mark.parametrize(
    "text",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "//evil.example", "https://", "http://[", "",
     "https://user@evil.example/", "https://news.example/\u202egnp", "https://a.example\\@b.example", "file:///etc/passwd",
     "https://news.example/a b"],
)  # fmt: skip
def test_what_is_no_web_address_is_no_link(text: str) -> None:
    assert web_address(text) is None
    assert web_address("https://news.example/2025/?a=b#c") == "https://news.example/2025/?a=b#c"


def test_a_hostile_document_is_shown_as_it_is() -> None:
    document = hostile()
    [event] = data.everything(store_of(document))
    assert {part.party.label for part in event.parts} == {entity.name for entity in document.entities}
    assert event.evidence[0].text == document.article.text
    assert event.iri == iris.event(iris.DEFAULT_BASE, document.article.id, "Meeting", *_at(document))


def _at(document: Document) -> tuple[int, int]:
    mention = document.events[0].mentions[0]
    return mention.begin, mention.end


@pytest.mark.parametrize("few", [0, 1_000])
def test_wholesale_and_one_by_one_give_the_same(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    store = store_of(*wire(), hostile())
    expected = list(data.everything(store))
    monkeypatch.setattr(details, "FEW", few)
    assert list(data.everything(store)) == expected
    iris = [event.iri for event in expected]
    assert list(wholesale.events(store, iris)) == list(details.events(store, iris, evidence=False))
    assert list(wholesale.events(store, iris[::2])) == list(details.events(store, iris[::2], evidence=False))


@settings(max_examples=15)
@given(document=documents())
def test_wholesale_gives_the_same_of_any_document(document: Document) -> None:
    store = store_of(document)
    iris = [event.iri for event in data.everything(store)]
    assert list(wholesale.events(store, iris)) == list(details.events(store, iris, evidence=False))
