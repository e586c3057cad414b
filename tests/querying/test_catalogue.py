"""The canned queries are plain SPARQL with a header that is checked."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib.plugins.sparql import prepareQuery

from kgload.errors import DataError, UnknownQuery
from kgload.querying.catalogue import CannedQuery, catalogue, find, read

GOOD = '#+ summary = "x"\n#+ [parameters.a]\n#+ comment = "c"\n#+ example = "e"\nSELECT ?a { VALUES ?a { "e" } }\n'


@pytest.mark.parametrize("query", catalogue().values(), ids=lambda q: q.name)
def test_each_file_can_be_pasted_into_a_store_as_it_is(query: CannedQuery) -> None:
    ox.Store().query(query.text)
    prepareQuery(query.text)


@pytest.mark.parametrize("query", catalogue().values(), ids=lambda q: q.name)
def test_each_query_has_an_order_of_its_rows(query: CannedQuery) -> None:
    assert "ORDER BY" in query.text or "CONSTRUCT" in query.text


def test_at_least_what_was_promised_is_there() -> None:
    assert {
        "meetings-of", "who-met-whom", "meetings-planned", "said-by", "deployments", "agreements-of", "signatories",
        "timeline-of", "events-between", "about", "evidence", "represents", "contradictions", "cancelled", "unlinked",
        "documents", "counts",
    } <= set(catalogue())  # fmt: skip


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("SELECT ?a { ?a ?b ?c }", "summary"),
        (GOOD.replace("comment", "coment"), "coment"),
        (GOOD.replace("parameters.a", "parameters.b"), r"VALUES \?b"),
        (GOOD.replace('#+ summary = "x"', '#+ summary = "x"\n#+ sumary = "y"'), "sumary"),
        (GOOD.replace('#+ comment = "c"', '#+ comment = "c"\n#+ type = "text"'), "text"),
        (GOOD.replace('= "x"', "= x"), "rq"),
    ],
)
def test_a_mistake_in_a_header_is_told_with_its_file(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "mine.rq"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=reason) as refused:
        read(path)
    assert "mine.rq" in str(refused.value)


def test_places_in_strings_and_comments_are_not_taken_for_parameters(tmp_path: Path) -> None:
    path = tmp_path / "mine.rq"
    path.write_text(
        GOOD.replace("SELECT ?a {", "# VALUES ?a { 1 }\nSELECT ?a { BIND('VALUES ?a { 2 }' AS ?b)"), encoding="utf-8"
    )
    [parameter] = read(path).parameters
    assert read(path).text[parameter.begin : parameter.end] == '"e"'


def test_a_name_that_is_nearly_right_is_suggested() -> None:
    with pytest.raises(UnknownQuery, match="meetings-of"):
        find("meeting-of")
