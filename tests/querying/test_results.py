"""Answers on the page hold what the graph holds, and nothing in them is obeyed."""

from __future__ import annotations

import csv
import io
import json

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgload.querying.results import AnswerFormat, Layout, shorten, with_sorted_lists, write_rows, write_triples
from kgload.stores.base import Rows

PREFIXES = {"ex": "http://example.org/"}
TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from('\n\r\t",\\\x00\x1b'), max_size=30)


def rows(*values: str, names: tuple[str, ...] = ("a",)) -> Rows:
    return Rows(names, tuple((ox.Literal(value),) for value in values))


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_csv_and_json_give_values_back(values: list[str]) -> None:
    table = list(csv.reader(io.StringIO(write_rows(rows(*values), AnswerFormat.CSV, {}, Layout()), newline="")))
    assert [row[0] if row else "" for row in table[1:]] == values
    made = json.loads(write_rows(rows(*values), AnswerFormat.JSON, {}, Layout()))
    assert [binding["a"]["value"] for binding in made["results"]["bindings"]] == values


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_tsv_and_json_are_what_the_rdf_library_reads(values: list[str]) -> None:
    for format_, kind in (
        (AnswerFormat.TSV, ox.QueryResultsFormat.TSV),
        (AnswerFormat.JSON, ox.QueryResultsFormat.JSON),
    ):
        found = ox.parse_query_results(write_rows(rows(*values), format_, {}, Layout()), format=kind)
        assert isinstance(found, ox.QuerySolutions)
        assert [row["a"] for row in found] == [ox.Literal(value) for value in values]


def test_terms_keep_language_and_datatype_in_json() -> None:
    date = ox.Literal("2025-08-13", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date"))
    table = Rows(("a", "b", "c", "d"), ((ox.Literal("x", language="en"), date, ox.NamedNode("http://e.org/"), None),))
    [binding] = json.loads(write_rows(table, AnswerFormat.JSON, {}, Layout()))["results"]["bindings"]
    assert binding["a"]["xml:lang"] == "en"
    assert binding["b"]["datatype"].endswith("#date")
    assert binding["c"] == {"type": "uri", "value": "http://e.org/"}
    assert "d" not in binding


@pytest.mark.parametrize("format_", [AnswerFormat.TABLE, AnswerFormat.MARKDOWN])
def test_escape_sequences_never_reach_the_terminal(format_: AnswerFormat) -> None:
    said = write_rows(rows("\x1b[31mred\x1b[0m\x07 \u202eltr"), format_, {}, Layout(), width=80)
    assert "\x1b" not in said
    assert "\x07" not in said
    assert "\u202e" not in said


def test_what_looks_like_markup_is_shown_as_it_is() -> None:
    assert "[bold]x[/bold]" in write_rows(rows("[bold]x[/bold]"), AnswerFormat.TABLE, {}, Layout(), width=80)
    assert r"\<script\>\|\`" in write_rows(rows("<script>|`"), AnswerFormat.MARKDOWN, {}, Layout())


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2025-08-13", "2025-08-13", "2025-08-13"),
        ("2024-02-01", "2024-02-29", "2024-02"),
        ("2024-01-01", "2024-12-31", "2024"),
        ("2024-09-01", "2024-11-30", "2024-09-01 to 2024-11-30"),
    ],
)
def test_a_span_of_days_is_said_as_short_as_it_can_be(first: str, last: str, said: str) -> None:
    table = Rows(("from", "to"), ((ox.Literal(first), ox.Literal(last)),))
    made = write_rows(table, AnswerFormat.MARKDOWN, {}, Layout(span=("from", "to")))
    assert made.splitlines() == ["| when |", "| --- |", f"| {said} |"]


def test_the_evidence_stands_beneath_the_table_with_its_document() -> None:
    table = Rows(
        ("who", "sentence", "document"), ((ox.Literal("Ana"), ox.Literal("Ana met Boris."), ox.Literal("d1")),)
    )
    said = write_rows(table, AnswerFormat.TABLE, {}, Layout(evidence="sentence"), width=80)
    assert said.rstrip().endswith("1  “Ana met Boris.”  (d1)")


def test_cells_of_several_values_are_in_order() -> None:
    assert with_sorted_lists([(ox.Literal("b | a | b"), ox.Literal("b | a"))], [0]) == [
        (ox.Literal("a | b"), ox.Literal("b | a"))
    ]


def test_a_cell_of_no_values_is_empty_whichever_way_the_store_says_so() -> None:
    rows = [(ox.Literal(""), ox.Literal("")), (None, None)]
    assert with_sorted_lists(rows, [0]) == [(None, ox.Literal("")), (None, None)]


def test_a_graph_is_written_the_same_each_time() -> None:
    triples = [
        ox.Triple(ox.NamedNode(f"http://example.org/{n}"), ox.NamedNode("http://example.org/p"), ox.Literal(str(n)))
        for n in range(20)
    ]
    made = {write_triples(order, AnswerFormat.TURTLE, PREFIXES) for order in (triples, triples[::-1])}
    assert len(made) == 1
    assert made.pop().startswith("@prefix ex: <http://example.org/> .\n")


def test_an_iri_is_shortened_only_where_it_stays_readable() -> None:
    assert shorten("http://example.org/Q1", PREFIXES) == "ex:Q1"
    assert shorten("http://example.org/a/b", PREFIXES) == "http://example.org/a/b"
