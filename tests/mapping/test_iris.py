"""IRIs come from content, are valid whatever the content, and never collide."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgload.errors import InputError
from kgload.mapping import iris

BASE = iris.DEFAULT_BASE
any_text = st.text(st.characters())


@given(any_text)
def test_any_id_gives_a_valid_iri_of_one_segment(document_id: str) -> None:
    iri = iris.document(BASE, document_id)
    assert ox.NamedNode(iri).value == iri
    segment = iri.removeprefix(BASE + "document/")
    assert segment and not set(segment) & set("/?#") and segment not in (".", "..")


@given(st.lists(any_text | st.sampled_from([".", "..", "", "%2E", "sha256:0"]), unique=True, max_size=8))
def test_different_ids_give_different_iris(ids: list[str]) -> None:
    assert len({iris.document(BASE, document_id) for document_id in ids}) == len(ids)


@pytest.mark.parametrize("document_id", ["", ".", "..", "a" * 1000, "\ud800", "é" * 100])
def test_an_id_that_is_long_or_means_something_in_a_path_is_hashed(document_id: str) -> None:
    assert iris.slug(document_id).startswith("sha256:")


def test_a_span_has_an_rfc_5147_fragment() -> None:
    assert iris.span(iris.document(BASE, "a b"), 22, 27) == "https://w3id.org/kgload/document/a%20b#char=22,27"


@pytest.mark.parametrize(
    "item",
    [
        "http://www.wikidata.org/entity/Q159",
        "https://www.wikidata.org/entity/Q159",
        "https://www.wikidata.org/wiki/Q159",
    ],
)
def test_a_linked_entity_bears_the_items_number(item: str) -> None:
    assert iris.linked_entity(BASE, item) == BASE + "entity/Q159"


@pytest.mark.parametrize(
    "item", ["http://www.wikidata.org/entity/Q1/../x", "http://www.wikidata.org/entity/P31", "urn:x"]
)
def test_what_is_no_wikidata_item_is_hashed(item: str) -> None:
    assert iris.linked_entity(BASE, item).startswith(BASE + "entity/sha256:")


@pytest.mark.parametrize("base", ["https://news.example/", "http://localhost:8080/graph/", "urn:news:"])
def test_iris_are_made_from_a_base_by_adding_to_it(base: str) -> None:
    assert iris.checked_base(base) == base
    assert ox.NamedNode(iris.span(iris.document(base, "a/b"), 0, 1)).value.startswith(base)


@pytest.mark.parametrize(
    "base",
    ["", "news", "https://news.example", "https://news.example/x", "https://a b/", "https://x.example/#", "mailto:x/"],
)
def test_a_base_that_makes_no_iris_is_refused(base: str) -> None:
    with pytest.raises(InputError):
        iris.checked_base(base)


def test_runs_that_differ_in_where_a_value_stands_have_different_iris() -> None:
    assert iris.run(BASE, model="a", extractor="b") != iris.run(BASE, model="b", extractor="a")
