"""Graphs in files: every format can be read again by two parsers, and says the same."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from record_samples import documents, invented

from kgload.errors import UnknownFormat
from kgload.files import replacing
from kgload.mapping.graph import quads
from kgload.mapping.parsing import parse
from kgload.mapping.vocabulary import PREFIXES
from kgload.mapping.writers import GraphFormat, format_named, format_of, to_dataset, write, write_quads
from kgload.records import Document

RDFLIB = {
    GraphFormat.TURTLE: "turtle",
    GraphFormat.TRIG: "trig",
    GraphFormat.NQUADS: "nquads",
    GraphFormat.NTRIPLES: "nt11",
    GraphFormat.JSONLD: "json-ld",
}
several = st.lists(documents(), max_size=2, unique_by=lambda document: document.article.id)
every_format = pytest.mark.parametrize("format_", list(GraphFormat))
Statement = tuple[str, ...]


def written(documents: list[Document], format_: GraphFormat) -> bytes:
    stream = io.BytesIO()
    write(documents, stream, format_)
    return stream.getvalue()


def expected(documents: list[Document], format_: GraphFormat) -> set[Statement]:
    made = [quad for document in documents for quad in quads(document)]
    graphs = [str(quad.graph_name) if format_.has_graphs else "" for quad in made]
    return {(str(q.subject), str(q.predicate), str(q.object), graph) for q, graph in zip(made, graphs, strict=True)}


def as_oxigraph_has_it(node: object) -> str:
    """An rdflib node as pyoxigraph writes it, so that both can be compared by their text."""
    if isinstance(node, rdflib.Literal):
        if node.language:
            return str(ox.Literal(str(node), language=node.language))
        return str(
            ox.Literal(str(node), datatype=ox.NamedNode(str(node.datatype))) if node.datatype else ox.Literal(str(node))
        )
    return f"<{node}>"


@every_format
@settings(max_examples=40, deadline=None)
@given(several)
def test_what_is_written_reads_the_same_by_pyoxigraph(format_: GraphFormat, documents: list[Document]) -> None:
    read = ox.parse(written(documents, format_), format_.rdf)
    statements = {
        (str(q.subject), str(q.predicate), str(q.object), str(q.graph_name) if format_.has_graphs else "") for q in read
    }
    assert statements == expected(documents, format_)


@every_format
@settings(max_examples=40, deadline=None)
@given(several)
def test_what_is_written_reads_the_same_by_rdflib(format_: GraphFormat, documents: list[Document]) -> None:
    dataset = rdflib.Dataset()
    dataset.parse(data=written(documents, format_), format=RDFLIB[format_])
    statements = {
        (*(as_oxigraph_has_it(node) for node in (s, p, o)), f"<{graph}>" if format_.has_graphs else "")
        for s, p, o, graph in dataset.quads()
    }
    assert statements == expected(documents, format_)


@every_format
def test_prefixes_and_statements_come_in_the_same_order_every_time(format_: GraphFormat) -> None:
    assert len({written([invented()], format_) for _ in range(20)}) == 1


@pytest.mark.parametrize("format_", [GraphFormat.TURTLE, GraphFormat.TRIG])
def test_prefixes_are_declared_in_order_and_once(format_: GraphFormat) -> None:
    lines = [line for line in written([invented()], format_).decode().splitlines() if line.startswith("@prefix")]
    assert lines == sorted(lines)
    assert len(lines) == len(PREFIXES)


@every_format
def test_no_documents_make_a_file_that_can_be_read(format_: GraphFormat) -> None:
    assert list(ox.parse(written([], format_), format_.rdf)) == []


@every_format
def test_documents_are_written_as_they_come(format_: GraphFormat) -> None:
    stream = io.BytesIO()
    sizes: list[int] = []

    def endless() -> Iterator[ox.Quad]:
        quad = ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal("x" * 50_000), ox.NamedNode("urn:g"))
        for _ in range(100):
            sizes.append(stream.tell())
            yield quad

    write_quads(endless(), stream, format_)
    # The library keeps back what fits its buffer; it must not keep the documents.
    assert sizes[-1] > 50 * 50_000


@given(several)
@settings(max_examples=20, deadline=None)
def test_a_dataset_has_a_named_graph_a_document(documents: list[Document]) -> None:
    dataset = to_dataset(documents)
    made = {str(graph.identifier) for graph in dataset.graphs() if len(graph)}
    assert made == {quad.graph_name.value for document in documents for quad in quads(document)}  # type: ignore[union-attr]
    assert len(dataset) == 0 or dict(dataset.namespaces())["kgl"]


@pytest.mark.parametrize("suffix", [".ttl", ".trig", ".nq", ".nt", ".jsonld"])
@pytest.mark.parametrize("packed", ["", ".gz"])
def test_a_file_is_read_as_its_suffix_says(tmp_path: Path, suffix: str, packed: str) -> None:
    path = tmp_path / f"graph{suffix}{packed}"
    with replacing(path) as stream:
        write([invented()], stream, format_of(path.name))
    if packed:
        assert gzip.decompress(path.read_bytes())
    assert {quad.triple for quad in parse(path)} == {quad.triple for quad in quads(invented())}


@pytest.mark.parametrize("name", ["graph.rdf", "graph", "graph.gz", "ttl"])
def test_a_suffix_that_names_no_format_is_refused(name: str) -> None:
    with pytest.raises(UnknownFormat, match=r"\.ttl"):
        format_of(name)


def test_a_name_that_is_no_format_is_refused() -> None:
    with pytest.raises(UnknownFormat, match="turtle"):
        format_named("rdfxml")
