"""NIF of mentions and links: it parses, and every span holds the words that it anchors."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, Graph, Literal, Namespace, URIRef

from kgload.errors import InputError
from kgload.mapping import nif
from kgload.records import Article, Document, Entity, EntityKind, Link, Mention

NIF = Namespace("http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#")
ITS = Namespace("http://www.w3.org/2005/11/its/rdf#")
# rdflib's own XSD warns when a tool looks at it.
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")
WD = "http://www.wikidata.org/entity/"


def parsed(*documents: Document) -> Graph:
    stream = io.BytesIO()
    nif.write(documents, stream)
    return Graph().parse(data=stream.getvalue(), format="turtle")


def document(text: str, *entities: tuple[str, Link | None], id_: str = "a/1") -> Document:
    found = []
    for number, (name, link) in enumerate(entities):
        begin = text.index(name)
        mention = Mention(begin, begin + len(name), name)
        found.append(Entity(f"e{number}", EntityKind.STATE, name, (mention,), link=link))
    return Document(Article(id_, text), entities=tuple(found))


def test_mentions_and_links_alone_are_written() -> None:
    text = "Norland met Estmark and Sudland."
    links = (Link(WD + "Q1", 0.9), Link(WD + "Q2", 0.4, trusted=False), None)
    graph = parsed(document(text, *zip(("Norland", "Estmark", "Sudland"), links, strict=True)))
    (context,) = graph.subjects(RDF.type, NIF.Context)
    assert str(context).endswith(f"#char=0,{len(text)}")
    assert graph.value(context, NIF.isString) == Literal(text)
    phrases = {str(graph.value(phrase, NIF.anchorOf)): phrase for phrase in graph.subjects(RDF.type, NIF.Phrase)}
    assert phrases.keys() == {"Norland", "Estmark", "Sudland"}
    assert all(graph.value(phrase, NIF.referenceContext) == context for phrase in phrases.values())
    # A link that is not trusted is none.
    assert list(graph.subject_objects(ITS.taIdentRef)) == [(phrases["Norland"], URIRef(WD + "Q1"))]
    assert graph.value(phrases["Norland"], ITS.taConfidence) == Literal("0.9", datatype=XSD.decimal)
    types = {kind for _, kind in graph.subject_objects(RDF.type)}
    assert types == {NIF.Context, NIF.Phrase, NIF.RFC5147String}


@given(
    text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60),
    data=st.data(),
)
def test_every_span_holds_its_words(text: str, data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(begin + 1, len(text)))
    mention = Mention(begin, end, text[begin:end])
    entity = Entity("e", EntityKind.PLACE, "x", (mention,), link=Link(WD + "Q5", 1.0))
    graph = parsed(Document(Article("a", text), entities=(entity,)))
    (context,) = graph.subjects(RDF.type, NIF.Context)
    whole = str(graph.value(context, NIF.isString))
    for phrase in graph.subjects(RDF.type, NIF.Phrase):
        first, last = (graph.value(phrase, name) for name in (NIF.beginIndex, NIF.endIndex))
        assert first is not None and last is not None
        assert (first.datatype, last.datatype) == (XSD.nonNegativeInteger,) * 2  # type: ignore[attr-defined]
        assert whole[int(first) : int(last)] == str(graph.value(phrase, NIF.anchorOf))  # type: ignore[call-overload]


def test_documents_follow_each_other_and_come_out_the_same_each_time() -> None:
    two = [document("Norland.", ("Norland", Link(WD + "Q1", 1.0)), id_=id_) for id_ in ("a", "b c")]
    assert len(set(parsed(*two).subjects(RDF.type, NIF.Context))) == 2
    first, second = io.BytesIO(), io.BytesIO()
    nif.write(two, first)
    nif.write([replace(one) for one in two], second)
    assert first.getvalue() == second.getvalue()


def test_a_base_that_is_none_is_refused() -> None:
    with pytest.raises(InputError):
        nif.write([], io.BytesIO(), "not a base")
