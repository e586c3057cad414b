"""A graph held against the texts that it was made from: hashes, offsets, and the words between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from kgload.errors import BadGraph
from kgload.mapping.graph import text_hash
from kgload.mapping.parsing import parse
from kgload.mapping.vocabulary import (
    ANCHOR_OF,
    BEGIN_INDEX,
    END_INDEX,
    IDENTIFIER,
    KGL,
    PHRASE,
    REFERENCE_CONTEXT,
    SENTENCE_CLASS,
    A,
)
from kgload.records import Article

DOCUMENT = ox.NamedNode(KGL + "Document")
TEXT_HASH = ox.NamedNode(KGL + "textHash")
KEPT = {IDENTIFIER, TEXT_HASH, ANCHOR_OF, BEGIN_INDEX, END_INDEX, REFERENCE_CONTEXT}


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Where graph and text differ: the document's identifier, the node's IRI, and what is wrong."""

    document: str
    node: str
    reason: str


@dataclass(slots=True)
class Verification:
    """What was checked, and what did not match. ``missing`` are identifiers of documents whose text was not given."""

    documents: int = 0
    spans: int = 0
    mismatches: list[Mismatch] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def matches(self) -> bool:
        """Whether every document was there and every span is what the graph says it is."""
        return not self.mismatches and not self.missing


@dataclass(slots=True)
class _Span:
    node: str
    begin: str | None
    end: str | None
    anchor: str | None


@dataclass(slots=True)
class _Document:
    node: str
    identifier: str
    hash: str | None
    spans: list[_Span] = field(default_factory=list)


def verify(path: Path, articles: Iterable[Article]) -> Verification:
    """Hold each document of a graph file, and each of its mentions and sentences, against the text.

    Articles that the graph does not speak of are passed over.

    Raises:
        UnknownFormat, InputNotFound, BadGraph: the file cannot be read as a graph, or a span is of no document in it.
    """
    found = Verification()
    waiting = _documents(path)
    for article in articles:
        for document in waiting.pop(article.id, ()):
            found.documents += 1
            found.spans += len(document.spans)
            found.mismatches += (
                Mismatch(document.identifier, node, reason) for node, reason in _differences(document, article.text)
            )
    found.missing = sorted(waiting)
    return found


def _differences(document: _Document, text: str) -> Iterator[tuple[str, str]]:
    if document.hash != text_hash(text):
        yield document.node, "the text's SHA-256 is another one than kgl:textHash"
    for span in document.spans:
        if span.begin is None or span.end is None or not (span.begin + span.end).isdecimal():
            yield span.node, "has no pair of offsets"
            continue
        begin, end = int(span.begin), int(span.end)
        if not begin < end <= len(text):
            yield span.node, f"{begin} to {end} is no span of the text, which has {len(text)} characters"
        elif text[begin:end] != span.anchor:
            yield span.node, f"the text has {_shown(text[begin:end])} there, the graph {_shown(span.anchor or '')}"
        elif span.node != f"{document.node}#char={begin},{end}":
            yield span.node, f"its IRI does not say the offsets {begin},{end}"


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "…")


def _documents(path: Path) -> dict[str, list[_Document]]:
    """The documents of a graph file by identifier, each with its spans in the order of their IRIs."""
    about: dict[str, dict[ox.NamedNode, str]] = {}
    documents: set[str] = set()
    spans: set[str] = set()
    for quad in parse(path):
        subject = getattr(quad.subject, "value", str(quad.subject))
        if quad.predicate == A:
            if quad.object == DOCUMENT:
                documents.add(subject)
            elif quad.object in (PHRASE, SENTENCE_CLASS):
                spans.add(subject)
        elif quad.predicate in KEPT:
            values = about.setdefault(subject, {})
            value = str(getattr(quad.object, "value", quad.object))
            # Of two values for one property neither is right: together they match nothing.
            known = values.get(quad.predicate, value)
            values[quad.predicate] = value if known == value else f"{known} / {value}"
    made: dict[str, _Document] = {}
    for node in sorted(documents):
        values = about.get(node, {})
        made[node] = _Document(node, values.get(IDENTIFIER, node), values.get(TEXT_HASH))
    for node in sorted(spans):
        values = about.get(node, {})
        home = made.get(values.get(REFERENCE_CONTEXT, ""))
        if home is None:
            raise BadGraph(f"{path}: {node} is a span of no document in the file")
        home.spans.append(_Span(node, values.get(BEGIN_INDEX), values.get(END_INDEX), values.get(ANCHOR_OF)))
    by_identifier: dict[str, list[_Document]] = {}
    for document in made.values():
        by_identifier.setdefault(document.identifier, []).append(document)
    return by_identifier
