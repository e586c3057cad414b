"""Graph files as named graphs, one at a time: what a document says, under the document's name."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast

import pyoxigraph as ox

from kgload.errors import BadGraph
from kgload.files import reading
from kgload.mapping.writers import SUFFIXES, format_of

KGL = "https://w3id.org/kgload/ontology#"
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
DOCUMENT = ox.NamedNode(KGL + "Document")

NamedGraph = tuple[str, list[ox.Triple]]


def is_graph(name: str) -> bool:
    """Whether a file's name says that it holds a graph (rather than articles)."""
    return any(name.lower().removesuffix(".gz").endswith(suffix) for suffix in SUFFIXES)


def read_graphs(path: Path) -> Iterator[NamedGraph]:
    """The named graphs of a file, each as it is complete: memory holds one at a time where the format has graphs.

    Turtle and N-Triples have none; there each document's triples are found by what they speak of, and what belongs to
    no document stands in one graph that is named after the file.

    Raises:
        InputNotFound: the file cannot be read.
        UnknownFormat: its suffix names no graph format.
        BadGraph: it does not parse; graphs that were complete before the error have been given.
    """
    format_ = format_of(path.name)
    with reading(path) as stream:
        try:
            quads = ox.parse(stream, format_.rdf)
            yield from _consecutive(quads) if format_.has_graphs else _by_document(quads, path)
        except (SyntaxError, EOFError, OSError, ValueError, zlib.error) as error:
            raise BadGraph(f"{path}: {error}") from error
        except MemoryError as error:
            raise BadGraph(f"{path}: a statement is too long to be read") from error


def _consecutive(quads: Iterable[ox.Quad]) -> Iterator[NamedGraph]:
    name: str | None = None
    triples: list[ox.Triple] = []
    for quad in quads:
        if not isinstance(quad.graph_name, ox.NamedNode):
            raise ValueError("a statement stands in no named graph; kgload loads named graphs")
        if quad.graph_name.value != name:
            if name is not None:
                yield name, triples
            name, triples = quad.graph_name.value, []
        triples.append(quad.triple)
    if name is not None:
        yield name, triples


def _by_document(quads: Iterable[ox.Quad], path: Path) -> Iterator[NamedGraph]:
    about: dict[str, list[ox.Triple]] = defaultdict(list)
    for quad in quads:
        about[str(getattr(quad.subject, "value", quad.subject))].append(quad.triple)
    taken: set[str] = set()
    documents = sorted(s for s, ts in about.items() if any(t.predicate == TYPE and t.object == DOCUMENT for t in ts))
    owners = _owners(about, documents)
    for document in documents:
        subjects = {document, *owners[document]}
        shared = {
            str(getattr(t.object, "value", ""))
            for subject in subjects
            for t in about[subject]
            if isinstance(t.object, ox.NamedNode)
        }
        subjects |= {name for name in shared if name in about and not any(name in o for o in owners.values())}
        subjects -= set(documents) - {document}
        taken |= subjects
        yield document, [t for name in sorted(subjects) for t in about[name] if _belongs(t, document)]
    rest = [triple for name in sorted(about.keys() - taken) for triple in about[name]]
    if rest:
        yield f"urn:kgload:file:{_quoted(path.name)}", rest


def _quoted(name: str) -> str:
    """A file's name as a part of an IRI."""
    from urllib.parse import quote

    return quote(name, safe="")


def _owners(about: dict[str, list[ox.Triple]], documents: list[str]) -> dict[str, set[str]]:
    """The subjects that are one document's own: its spans, its events, and the entities that are scoped to it."""
    owners: dict[str, set[str]] = {document: set() for document in documents}
    slugs = {document.rpartition("/")[2]: document for document in documents}
    for subject in about:
        span_of = subject.partition("#")[0]
        scope = subject.rsplit("/", 2)
        if span_of in owners and span_of != subject:
            owners[span_of].add(subject)
        elif len(scope) == 3 and scope[1] in slugs and scope[0].endswith(("/event", "/entity")):
            owners[slugs[scope[1]]].add(subject)
    return owners


def _belongs(triple: ox.Triple, document: str) -> bool:
    """Whether a triple is the document's: an entity that several share has mentions in each."""
    value = cast(str, getattr(triple.object, "value", ""))
    return triple.predicate.value != KGL + "mention" or value.startswith(document + "#")
