"""A graph against its texts: every difference is found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from record_samples import TEXT, documents, invented

from kgload.errors import BadGraph
from kgload.mapping.graph import quads
from kgload.mapping.verification import verify
from kgload.mapping.vocabulary import KGL, NIF, XSD
from kgload.mapping.writers import format_of, write_quads
from kgload.records import Article, Document


def saved(path: Path, statements: list[ox.Quad]) -> Path:
    with path.open("wb") as stream:
        write_quads(statements, stream, format_of(path.name))
    return path


def changed(predicate: str, old: str, new: str) -> list[ox.Quad]:
    def value(quad: ox.Quad) -> ox.Literal:
        assert isinstance(quad.object, ox.Literal)
        return ox.Literal(new, datatype=quad.object.datatype)

    return [
        ox.Quad(q.subject, q.predicate, value(q), q.graph_name)
        if q.predicate.value == predicate and isinstance(q.object, ox.Literal) and q.object.value == old
        else q
        for q in quads(invented())
    ]


@settings(max_examples=40, deadline=None)
@given(made=st.lists(documents(), min_size=1, max_size=3, unique_by=lambda document: document.article.id))
def test_whatever_mapping_writes_matches_its_text(
    tmp_path_factory: pytest.TempPathFactory, made: list[Document]
) -> None:
    path = saved(tmp_path_factory.mktemp("graph") / "g.nq", [quad for document in made for quad in quads(document)])
    found = verify(path, [document.article for document in made])
    assert found.matches, found
    assert found.documents == len(made)


@pytest.mark.parametrize("suffix", [".nq", ".ttl", ".trig", ".nt", ".jsonld"])
def test_every_format_is_verified(tmp_path: Path, suffix: str) -> None:
    found = verify(saved(tmp_path / f"g{suffix}", quads(invented())), [invented().article])
    assert (found.documents, found.spans, found.matches) == (1, 16, True)


def test_another_text_is_found_by_its_hash_alone(tmp_path: Path) -> None:
    path = saved(tmp_path / "g.nq", quads(invented()))
    found = verify(path, [replace(invented().article, text=TEXT + " ")])
    assert [m.reason for m in found.mismatches] == ["the text's SHA-256 is another one than kgl:textHash"]


def test_a_text_with_other_words_is_found_where_they_are(tmp_path: Path) -> None:
    path = saved(tmp_path / "g.nq", quads(invented()))
    found = verify(path, [replace(invented().article, text=TEXT.replace("1,200", "1,300"))])
    reasons = [m.reason for m in found.mismatches]
    assert "the text has '1,300 peacekeepers' there, the graph '1,200 peacekeepers'" in reasons


def test_offsets_that_were_shifted_are_found(tmp_path: Path) -> None:
    path = saved(tmp_path / "g.nq", changed(NIF + "beginIndex", "111", "112"))
    reasons = [m.reason for m in verify(path, [invented().article]).mismatches]
    assert reasons == ["the text has 'end' there, the graph 'send'"]


def test_offsets_outside_the_text_are_found(tmp_path: Path) -> None:
    path = saved(tmp_path / "g.nq", changed(NIF + "endIndex", "115", "9999"))
    assert "is no span of the text" in verify(path, [invented().article]).mismatches[0].reason


def test_offsets_that_the_iri_does_not_say_are_found(tmp_path: Path) -> None:
    # "Norland" stands in the text twice: moved from one place to the other, words and offsets agree.
    def moved(term: object) -> object:
        return (
            ox.NamedNode(term.value.replace("#char=23,30", "#char=24,31")) if isinstance(term, ox.NamedNode) else term
        )

    statements = [ox.Quad(moved(q.subject), q.predicate, moved(q.object), q.graph_name) for q in quads(invented())]  # type: ignore[arg-type]
    reasons = [m.reason for m in verify(saved(tmp_path / "g.nq", statements), [invented().article]).mismatches]
    assert reasons == ["its IRI does not say the offsets 23,30"]


def test_a_span_with_two_begins_is_found(tmp_path: Path) -> None:
    statements = quads(invented())
    span = next(q for q in statements if q.predicate.value == NIF + "beginIndex" and q.object.value == "111")  # type: ignore[union-attr]
    second = ox.Literal("3", datatype=ox.NamedNode(XSD + "nonNegativeInteger"))
    statements.append(ox.Quad(span.subject, span.predicate, second, span.graph_name))
    reasons = [m.reason for m in verify(saved(tmp_path / "g.nq", statements), [invented().article]).mismatches]
    assert reasons == ["has no pair of offsets"]


def test_a_document_without_a_source_is_reported(tmp_path: Path) -> None:
    found = verify(saved(tmp_path / "g.nq", quads(invented())), [Article("other", "text")])
    assert not found.matches
    assert found.missing == ["wire/2025-08-13"]


def test_articles_that_the_graph_does_not_know_are_passed_over(tmp_path: Path) -> None:
    found = verify(saved(tmp_path / "g.nq", quads(invented())), [Article("other", "text"), invented().article])
    assert found.matches


def test_a_span_of_no_document_is_no_graph_of_ours(tmp_path: Path) -> None:
    statements = [q for q in quads(invented()) if q.object != ox.NamedNode(KGL + "Document")]
    with pytest.raises(BadGraph, match="a span of no document"):
        verify(saved(tmp_path / "g.nq", statements), [invented().article])
