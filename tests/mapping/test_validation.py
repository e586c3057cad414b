"""A graph against the shapes: what conforms, what does not, and that parts give the answer of the whole."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib.namespace import SH
from record_samples import documents, invented

from kgload.errors import BadGraph, InputNotFound, UnknownFormat
from kgload.mapping.graph import quads
from kgload.mapping.validation import load_shapes, validate
from kgload.mapping.vocabulary import KGL, NIF, RDF, RDFS, SKOS, XSD
from kgload.mapping.writers import GraphFormat, format_of, write_quads

N = ox.NamedNode


def saved(path: Path, statements: Iterable[ox.Quad]) -> Path:
    with path.open("wb") as stream:
        write_quads(statements, stream, format_of(path.name))
    return path


def several(count: int) -> list[ox.Quad]:
    """The invented article under several ids: its linked state is in all graphs."""
    made = []
    for number in range(count):
        document = invented()
        made += quads(replace(document, article=replace(document.article, id=f"wire/{number}")))
    return made


@settings(max_examples=25, deadline=None)
@given(made=st.lists(documents(), min_size=1, max_size=3, unique_by=lambda document: document.article.id))
def test_whatever_mapping_writes_conforms(tmp_path_factory: pytest.TempPathFactory, made: list) -> None:  # type: ignore[type-arg]
    # One item per IRI in the world: an entity is the same as one item only.
    path = saved(tmp_path_factory.mktemp("graph") / "g.nq", [quad for document in made for quad in quads(document)])
    assert validate(path).violations == ()


@pytest.mark.parametrize("suffix", [".nq", ".trig", ".ttl", ".nt", ".jsonld"])
def test_every_format_is_checked(tmp_path: Path, suffix: str) -> None:
    report = validate(saved(tmp_path / f"g{suffix}", several(2)))
    assert report.conforms
    assert report.documents == 2
    broken = [quad for quad in several(2) if quad.predicate != N(KGL + "status")]
    assert len(validate(saved(tmp_path / f"g{suffix}", broken)).violations) == 6


def event_of(kind: str) -> ox.NamedNode:
    return next(q.subject for q in quads(invented()) if q.predicate.value == RDF + "type" and q.object == N(KGL + kind))


def without(predicate: str) -> Callable[[list[ox.Quad]], list[ox.Quad]]:
    return lambda made: [quad for quad in made if quad.predicate.value != predicate]


def without_type(class_: str) -> Callable[[list[ox.Quad]], list[ox.Quad]]:
    return lambda made: [quad for quad in made if quad.object != N(class_)]


def instead(predicate: str, value: ox.NamedNode | ox.Literal) -> Callable[[list[ox.Quad]], list[ox.Quad]]:
    def change(made: list[ox.Quad]) -> list[ox.Quad]:
        return [
            ox.Quad(q.subject, q.predicate, value, q.graph_name) if q.predicate.value == predicate else q for q in made
        ]

    return change


def also(kind: str, predicate: str, value: ox.NamedNode | ox.Literal) -> Callable[[list[ox.Quad]], list[ox.Quad]]:
    return lambda made: [*made, ox.Quad(event_of(kind), N(predicate), value, made[0].graph_name)]


def literal(value: str, type_: str) -> ox.Literal:
    return ox.Literal(value, datatype=N(XSD + type_))


BREACHES: dict[str, tuple[Callable[[list[ox.Quad]], list[ox.Quad]], str]] = {
    "no label": (without(RDFS + "label"), "an entity has a label"),
    "no mention": (without(KGL + "mention"), "an event has a mention"),
    "no document": (without(KGL + "reportedIn"), "an event is reported in one document"),
    "no class beside Event": (without_type(KGL + "Meeting"), "an event has a class of its own"),
    "no Event beside the class": (without_type(KGL + "Event"), "an event carries kgl:Event"),
    "unknown status": (instead(KGL + "status", N(KGL + "Done")), "one of the five"),
    "two statuses": (also("Meeting", KGL + "status", N(KGL + "Planned")), "an event has one status"),
    "unknown mode": (instead(KGL + "mode", N(KGL + "Letter")), "one of the three"),
    "mode of a deployment": (also("Deployment", KGL + "mode", N(KGL + "Phone")), "a mode is said of a kgl:Meeting"),
    "confidence above 1": (instead(KGL + "confidence", literal("1.01", "decimal")), "from 0 to 1"),
    "confidence as double": (instead(KGL + "confidence", literal("0.5", "double")), "an xsd:decimal"),
    "dates the wrong way": (
        instead(KGL + "latestDate", literal("1999-01-01", "date")), "the earliest date is not after the latest",
    ),
    "no day of the calendar": (instead(KGL + "earliestDate", literal("2025-02-30", "date")), "one xsd:date"),
    "date as string": (instead(KGL + "earliestDate", ox.Literal("2025-08-12")), "one xsd:date"),
    "deployer not a participant": (without(KGL + "participant"), "written as a participant too"),
    "destination not a place": (without(KGL + "place"), "written as a place too"),
    "deployer of a meeting": (also("Meeting", KGL + "deployer", N("urn:x")), "said of a kgl:Deployment"),
    "signatory of a meeting": (also("Meeting", KGL + "signatory", N("urn:x")), "said of a kgl:Agreement"),
    "participant without a class": (also("Meeting", KGL + "participant", N("urn:x")), "a participant is a kgl:Actor"),
    "place that is a person": (
        lambda made: also("Meeting", KGL + "place", event_of("Agreement"))(made), "a place is a kgl:Place",
    ),
    "state not a place": (without_type(KGL + "Place"), "a state carries kgl:Place too"),
    "person not an actor": (without_type(KGL + "Actor"), "carries kgl:Actor too"),
    "label without language": (instead(SKOS + "altLabel", ox.Literal("Norlanders")), "has the language en"),
    "negative quantity": (instead(KGL + "quantity", literal("-1", "integer")), "an xsd:integer, 0 or more"),
    "begin not before end": (instead(NIF + "endIndex", literal("0", "nonNegativeInteger")), "begins before it ends"),
    "begin no number": (instead(NIF + "beginIndex", ox.Literal("three")), "a span has one begin"),
    "no anchor": (without(NIF + "anchorOf"), "a span has one anchor text"),
    "no context": (without(NIF + "referenceContext"), "a span is of one document"),
    "hash of another kind": (instead(KGL + "textHash", ox.Literal("d41d8cd98f00b204e9800998ecf8427e")), "SHA-256"),
    "no identifier": (without("http://purl.org/dc/terms/identifier"), "a document has one identifier"),
    "no run": (without("http://www.w3.org/ns/prov#wasGeneratedBy"), "generated by one run"),
}  # fmt: skip


@pytest.mark.parametrize("breach", BREACHES)
def test_a_breach_is_found(tmp_path: Path, breach: str) -> None:
    change, message = BREACHES[breach]
    report = validate(saved(tmp_path / "g.nq", change(quads(invented()))))
    assert not report.conforms
    assert any(message in violation.message for violation in report.violations), report.violations


def test_a_blank_node_is_a_breach(tmp_path: Path) -> None:
    path = tmp_path / "g.ttl"
    path.write_text(f"[] a <{KGL}Meeting> , <{KGL}Event> .", encoding="utf-8")
    assert any(violation.path == "-" for violation in validate(path).violations)


def test_two_graphs_that_each_conform_can_break_the_shapes_together(tmp_path: Path) -> None:
    first, second = quads(invented()), several(1)
    event = next(q.subject for q in second if q.object == N(KGL + "Meeting"))
    other = {quad.subject: quad.subject for quad in second} | {event: event_of("Meeting")}
    moved = [ox.Quad(other[q.subject], q.predicate, other.get(q.object, q.object), q.graph_name) for q in second]
    assert validate(saved(tmp_path / "a.nq", first)).conforms
    assert validate(saved(tmp_path / "b.nq", moved)).conforms
    both = validate(saved(tmp_path / "c.nq", [*first, *moved]), part=30)
    assert {v.path for v in both.violations} == {"kgl:reportedIn"}


def whole(statements: list[ox.Quad]) -> set[tuple[str, str]]:
    """What pySHACL says of the union in one piece: focus and message."""
    from pyshacl import validate as shacl

    lines = "\n".join(f"{q.triple} ." for q in statements)
    _, results, _ = shacl(rdflib.Graph().parse(data=lines, format="nt"), shacl_graph=load_shapes())
    found = results.objects(None, SH.result)
    return {(str(results.value(r, SH.focusNode)), str(results.value(r, SH.resultMessage))) for r in found}


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000), part=st.integers(5, 200))
def test_parts_give_the_answer_of_the_whole(tmp_path_factory: pytest.TempPathFactory, seed: int, part: int) -> None:
    chance = random.Random(seed)
    made = several(3)
    # Statements are lost, and some stand in another graph, far from their neighbours.
    kept = [quad for quad in made if chance.random() > 0.03]
    strayed = [quad for quad in kept if chance.random() < 0.05]
    statements = [*(quad for quad in kept if quad not in set(strayed)), *strayed]
    path = saved(tmp_path_factory.mktemp("graph") / "g.nq", statements)
    found = {(v.focus, v.message) for v in validate(path, part=part).violations}
    assert found == whole(statements)


def test_paths_of_the_shapes_are_one_step_long() -> None:
    # What validation in parts rests on.
    shapes = load_shapes()
    for path in shapes.objects(None, SH.path):
        steps = [path]
        if isinstance(path, rdflib.BNode):
            assert set(shapes.predicates(path)) == {SH.alternativePath}
            steps = list(shapes.items(shapes.value(path, SH.alternativePath)))
        assert all(isinstance(step, rdflib.URIRef) for step in steps)
    deep = (SH.node, SH.sparql, SH.qualifiedValueShape, SH["property"])
    inner = {shape for predicate in deep for shape in shapes.objects(None, predicate)}
    assert not any((shape, predicate, None) in shapes for shape in inner for predicate in deep)


def test_validation_stops_at_the_limit_and_says_so(tmp_path: Path) -> None:
    path = saved(tmp_path / "g.nq", without(KGL + "status")(several(20)))
    report = validate(path, part=200, limit=5)
    assert report.stopped
    assert 5 <= len(report.violations) < 60


def test_a_store_may_turn_offsets_into_integers(tmp_path: Path) -> None:
    store = ox.Store()
    store.extend(quads(invented()))
    assert validate(saved(tmp_path / "dump.nq", store)).conforms


@pytest.mark.parametrize("content", ["<a> <b>", "<urn:a> <urn:b> <urn:c> .\nwhat is this\n"])
def test_a_graph_that_does_not_parse_is_no_answer(tmp_path: Path, content: str) -> None:
    path = tmp_path / "g.nq"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadGraph, match=r"g\.nq: line \d"):
        validate(path)


def test_a_file_that_is_cut_short_is_no_answer(tmp_path: Path) -> None:
    import gzip

    path = tmp_path / "g.nq.gz"
    saved(tmp_path / "g.nq", several(3))
    path.write_bytes(gzip.compress((tmp_path / "g.nq").read_bytes())[:-200])
    with pytest.raises(BadGraph):
        validate(path)


def test_a_missing_file_and_an_unknown_suffix_are_no_answer(tmp_path: Path) -> None:
    with pytest.raises(InputNotFound):
        validate(tmp_path / "none.nq")
    with pytest.raises(UnknownFormat):
        validate(tmp_path / "none.csv")


def test_formats_are_all_covered() -> None:
    assert len(GraphFormat) == 5


DATATYPES = ["string", "date", "dateTime", "decimal", "integer", "nonNegativeInteger", "double", "anyURI", "boolean"]
values = st.one_of(
    st.builds(
        literal,
        st.sampled_from(["", "7", "-1", "1.5", "2025-08-13", "2025-02-30", "true", "x"]),
        st.sampled_from(DATATYPES),
    ),
    st.just(N("urn:x")),
    st.just(ox.Literal("x", language="de")),
)


@settings(max_examples=40, deadline=None)
@given(value=values, place=st.integers(0, 10_000))
def test_any_value_anywhere_gets_an_answer(
    tmp_path_factory: pytest.TempPathFactory, value: ox.NamedNode | ox.Literal, place: int
) -> None:
    made = quads(invented())
    quad = made[place % len(made)]
    made[place % len(made)] = ox.Quad(quad.subject, quad.predicate, value, quad.graph_name)
    validate(saved(tmp_path_factory.mktemp("graph") / "g.nq", made))
