"""Formats without graphs: which document each statement belongs to, found by what it speaks of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import cast

import pyoxigraph as ox

KGL = "https://w3id.org/kgload/ontology#"
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
DOCUMENT = ox.NamedNode(KGL + "Document")


def by_document(quads: Iterable[ox.Quad], rest_name: str) -> Iterator[tuple[str, list[ox.Triple]]]:
    """Each document's triples; what belongs to none comes last, under ``rest_name``. All are held in memory."""
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
        yield rest_name, rest


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
