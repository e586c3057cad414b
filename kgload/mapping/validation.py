"""SHACL validation of a graph file in parts, with the answer that the union of all its graphs would give.

pySHACL wants its data in an rdflib graph, which takes over a kilobyte a triple. So the file is read twice: once to
learn each node's classes and which nodes several parts speak of, once to validate part by part. A part holds all that
the file says of its nodes, and it knows the classes of the nodes outside; nodes that several parts speak of make up the
last parts. The shapes keep to one step from a node and to the classes of its values, which is what makes this exact.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import rdflib
from rdflib.namespace import RDF, SH

from kgload import data
from kgload.errors import ShapesError
from kgload.mapping.parsing import parse
from kgload.mapping.vocabulary import PREFIXES, A

PART = 20_000
LIMIT = 1_000
ILL_TYPED = "x-illtyped"
DOCUMENT = PREFIXES["kgl"] + "Document"


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """What breaks a shape: the node, the property (``-`` where it is the node itself), why, and the value if one."""

    focus: str
    path: str
    message: str
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The answer: violations in the order of their nodes. Where ``stopped``, there may be more than are listed."""

    violations: tuple[Violation, ...]
    triples: int
    documents: int
    stopped: bool = False

    @property
    def conforms(self) -> bool:
        """Whether there is no violation."""
        return not self.violations


def validate(
    path: Path, *, part: int = PART, limit: int = LIMIT, on_part: Callable[[int], None] | None = None
) -> Report:
    """Validate the union of a file's graphs against the shapes that ship with kgload.

    ``part`` is how many triples are validated at a time; after ``limit`` violations no other part is begun. ``on_part``
    is told how many triples are done.

    Raises:
        UnknownFormat, InputNotFound, BadGraph: the file cannot be read as a graph.
        ShapesError: the shapes cannot be read, or pySHACL failed.
    """
    # rdflib logs a traceback, or warns, for each literal that its datatype does not allow; here that is a violation.
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", category=UserWarning, module="rdflib")
    shapes = load_shapes()
    index = _Index(part)
    for quad in parse(path):
        index.add(quad)
    violations: set[Violation] = set()
    done = 0
    for graph in _parts(path, index):
        violations.update(_check(graph, shapes))
        done += len(graph)
        if on_part:
            on_part(done)
        if len(violations) >= limit:
            break
    return Report(
        tuple(sorted(violations, key=lambda v: (v.focus, v.path, v.message, v.value or ""))),
        triples=done,
        documents=sum(DOCUMENT in classes for classes in index.classes.values()),
        stopped=len(violations) >= limit,
    )


def load_shapes() -> rdflib.Graph:
    """The shapes that ship with kgload.

    Raises:
        ShapesError: they cannot be read.
    """
    path = data.ontology("shapes.ttl")
    try:
        return rdflib.Graph().parse(str(path), format="turtle")
    except Exception as error:  # rdflib's parsers raise whatever they meet
        raise ShapesError(f"the shapes cannot be read: {error}") from error


class _Index:
    """What a first reading learns of each node: its classes, and whether more than one part speaks of it."""

    def __init__(self, part: int) -> None:
        self.part = part
        self.classes: dict[str, tuple[str, ...]] = {}
        self.shared: set[str] = set()
        self._seen: dict[str, int] = {}
        self._cut = _Cutter(part)

    def add(self, quad: ox.Quad) -> None:
        subject = str(quad.subject)
        part = self._cut.next(subject)
        if self._seen.setdefault(subject, part) != part:
            self.shared.add(subject)
        if quad.predicate == A and isinstance(quad.object, ox.NamedNode):
            known = self.classes.get(subject, ())
            if quad.object.value not in known:
                self.classes[subject] = (*known, quad.object.value)


class _Cutter:
    """Numbers the parts of a stream of triples; a node's neighbouring triples stay together."""

    def __init__(self, size: int) -> None:
        self.size, self.count, self.part, self.last = size, 0, 0, ""

    def next(self, subject: str) -> int:
        if self.count >= self.size and subject != self.last:
            self.count, self.part = 0, self.part + 1
        self.count += 1
        self.last = subject
        return self.part


class _Part(rdflib.Graph):
    """A part of the union. It tells the classes of a node outside who asks for them, and never lists such a node."""

    def __init__(self, index: _Index) -> None:
        super().__init__()
        self._index = index

    def triples(self, triple: Any) -> Generator[Any, None, None]:
        found = False
        for statement in super().triples(triple):
            found = True
            yield statement
        subject, predicate, value = triple
        if not found and predicate == RDF.type and isinstance(subject, rdflib.URIRef):
            for class_ in self._index.classes.get(f"<{subject}>", ()):
                if value is None or class_ == str(value):
                    yield subject, predicate, rdflib.URIRef(class_)


def _parts(path: Path, index: _Index) -> Iterator[_Part]:
    shared: dict[str, set[tuple[ox.NamedNode, Any]]] = {}
    cut, graph, number = _Cutter(index.part), _Part(index), 0
    for quad in parse(path):
        subject = str(quad.subject)
        part = cut.next(subject)
        if part != number:
            yield graph
            graph, number = _Part(index), part
        if subject in index.shared:
            shared.setdefault(subject, set()).add((quad.predicate, quad.object))
        else:
            graph.add((_term(quad.subject), _term(quad.predicate), _term(quad.object)))
    yield graph
    graph = _Part(index)
    for subject in sorted(shared):
        node = rdflib.URIRef(subject[1:-1]) if subject.startswith("<") else rdflib.BNode(subject[2:])
        for predicate, value in shared.pop(subject):
            graph.add((node, _term(predicate), _term(value)))
        if len(graph) >= index.part:
            yield graph
            graph = _Part(index)
    yield graph


def _term(node: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Any:
    if isinstance(node, ox.NamedNode):
        return rdflib.URIRef(node.value)
    if isinstance(node, ox.Literal):
        if node.language:
            return rdflib.Literal(node.value, lang=node.language)
        # As it is written: a value that rdflib would put into another form is to be judged in its own.
        literal = rdflib.Literal(node.value, datatype=node.datatype.value, normalize=False)
        # A value that its datatype does not allow ("2025-02-30"^^xsd:date) cannot be compared, and pySHACL fails on it.
        # In a language of its own it is a string to pySHACL, of none of the datatypes that the shapes ask for.
        no_number = isinstance(literal.value, Decimal) and not literal.value.is_finite()
        return rdflib.Literal(node.value, lang=ILL_TYPED) if literal.ill_typed or no_number else literal
    return rdflib.BNode(node.value if isinstance(node, ox.BlankNode) else str(node))


def _check(graph: rdflib.Graph, shapes: rdflib.Graph) -> Iterable[Violation]:
    from pyshacl import validate as shacl

    try:
        conforms, results, text = shacl(graph, shacl_graph=shapes, inplace=True)
    except Exception as error:
        raise ShapesError(f"pySHACL failed: {error}") from error
    if not isinstance(results, rdflib.Graph):
        raise ShapesError(f"pySHACL failed: {text}")
    if conforms:
        return
    for result in results.objects(None, SH.result):
        path, value = results.value(result, SH.resultPath), results.value(result, SH.value)
        yield Violation(
            focus=str(results.value(result, SH.focusNode)),
            path=_path(results, path),
            message=str(results.value(result, SH.resultMessage)),
            value=None if value is None else str(value),
        )


def _path(results: rdflib.Graph, path: Any) -> str:
    if path is None:
        return "-"
    choices = results.value(path, SH.alternativePath)
    if choices is not None:
        return "|".join(_path(results, choice) for choice in results.items(choices))
    for prefix, namespace in PREFIXES.items():
        if str(path).startswith(namespace):
            return f"{prefix}:{str(path).removeprefix(namespace)}"
    return f"<{path}>"
