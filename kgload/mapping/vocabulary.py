"""The terms of the graph: prefixes, and the event types and roles that the ontology defines.

The ontology is read, not repeated: a new class of events or a new sub-property of `kgl:participant` in `ontology/` is
known here without a change.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import pyoxigraph as ox

from kgload import data
from kgload.errors import DataError

KGL = "https://w3id.org/kgload/ontology#"
ONTOLOGY_GRAPH = "https://w3id.org/kgload/ontology"
NIF = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"
ITSRDF = "http://www.w3.org/2005/11/its/rdf#"
SCHEMA = "https://schema.org/"
WD = "http://www.wikidata.org/entity/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
PROV = "http://www.w3.org/ns/prov#"
SEM = "http://semanticweb.cs.vu.nl/2009/11/sem/"
TIME = "http://www.w3.org/2006/time#"

PREFIXES = {
    "kgl": KGL,
    "nif": NIF,
    "itsrdf": ITSRDF,
    "sem": SEM,
    "schema": SCHEMA,
    "wd": WD,
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "xsd": XSD,
    "skos": SKOS,
    "dcterms": DCTERMS,
    "prov": PROV,
    "time": TIME,
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the ontology defines.

    ``event_types``: local names of the classes of events. ``roles``: each property that leads from an event to an
    entity, with the properties that follow from it, itself first (``deployer`` → ``deployer``, ``participant``).
    ``classes``: each class of entities with the classes that follow from it, itself first.
    """

    event_types: frozenset[str]
    roles: dict[str, tuple[str, ...]]
    classes: dict[str, tuple[str, ...]]


@functools.cache
def vocabulary() -> Vocabulary:
    """The shipped ontology's event types, roles and classes of entities.

    Raises:
        DataError: the ontology does not parse.
    """
    graph = ontology()
    event, entity = ox.NamedNode(KGL + "Event"), ox.NamedNode(KGL + "Entity")
    sub_class, sub_property = ox.NamedNode(RDFS + "subClassOf"), ox.NamedNode(RDFS + "subPropertyOf")
    types = _below(graph, event, sub_class)
    classes = _below(graph, entity, sub_class)
    domain, range_ = ox.NamedNode(RDFS + "domain"), ox.NamedNode(RDFS + "range")
    roles = {
        quad.subject
        for quad in graph.quads_for_pattern(None, domain, None)
        if isinstance(quad.subject, ox.NamedNode)
        and quad.object in types
        and any(q.object in classes for q in graph.quads_for_pattern(quad.subject, range_, None))
    }
    return Vocabulary(
        event_types=frozenset(_local(t) for t in types if t != event),
        roles={_local(r): _above(graph, r, sub_property) for r in sorted(roles, key=str)},
        classes={_local(c): _above(graph, c, sub_class) for c in sorted(classes - {entity}, key=str)},
    )


@functools.cache
def ontology() -> ox.Store:
    """The shipped ontology's triples, in the default graph.

    Raises:
        DataError: the file does not parse.
    """
    path = data.ontology("kgload.ttl")
    try:
        graph = ox.Store()
        graph.extend(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
        return graph
    except (OSError, SyntaxError) as error:
        raise DataError(f"{path.name}: {error}") from error


def _local(node: object) -> str:
    return str(getattr(node, "value", node)).removeprefix(KGL)


def _below(graph: ox.Store, top: ox.NamedNode, relation: ox.NamedNode) -> set[ox.NamedNode]:
    found, queue = {top}, [top]
    while queue:
        for quad in graph.quads_for_pattern(None, relation, queue.pop()):
            if isinstance(quad.subject, ox.NamedNode) and quad.subject not in found:
                found.add(quad.subject)
                queue.append(quad.subject)
    return found


def _above(graph: ox.Store, node: ox.NamedNode, relation: ox.NamedNode) -> tuple[str, ...]:
    """Local names of the node and of all of kgload's own terms above it, nearest first."""
    found, queue = [node], [node]
    while queue:
        for quad in sorted(graph.quads_for_pattern(queue.pop(0), relation, None), key=str):
            above = quad.object
            if isinstance(above, ox.NamedNode) and above not in found and above.value.startswith(KGL):
                found.append(above)
                queue.append(above)
    return tuple(_local(name) for name in found)
