"""The ontology folder: every term is described, the shapes and the context speak of terms that exist."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import OWL, RDF, RDFS, SH, SKOS, XSD

from kgload import ontology
from kgload.mapping.graph import quads
from kgload.mapping.validation import load_shapes
from kgload.records import EntityKind, Mode, Status

FOLDER = Path(__file__).parents[2] / "ontology"
REFERENCE = Path(__file__).parents[3] / "shared" / "reference" / "wikidata_qids.tsv.gz"
KGL = rdflib.Namespace(ontology.KGL)
GRAPH = rdflib.Graph().parse(FOLDER / "kgload.ttl")
OURS = sorted({s for s in GRAPH.subjects() if str(s).startswith(KGL)})
PROPERTIES = sorted({*GRAPH.subjects(RDF.type, OWL.ObjectProperty), *GRAPH.subjects(RDF.type, OWL.DatatypeProperty)})


def local(term: object) -> str:
    return str(term).removeprefix(KGL)


@pytest.mark.parametrize("term", OURS, ids=local)
def test_every_term_has_a_label_and_a_comment(term: rdflib.URIRef) -> None:
    for predicate in (RDFS.label, RDFS.comment):
        texts = list(GRAPH.objects(term, predicate))
        assert len(texts) == 1 and texts[0].language == "en" and str(texts[0]).strip()  # type: ignore[union-attr]


@pytest.mark.parametrize("term", PROPERTIES, ids=local)
def test_every_property_has_one_domain_and_one_range(term: rdflib.URIRef) -> None:
    for predicate in (RDFS.domain, RDFS.range):
        assert len(list(GRAPH.objects(term, predicate))) == 1
    range_ = GRAPH.value(term, RDFS.range)
    assert ((term, RDF.type, OWL.DatatypeProperty) in GRAPH) == str(range_).startswith(str(XSD))


def test_the_ontology_has_a_version_and_no_blank_nodes() -> None:
    assert GRAPH.value(rdflib.URIRef(ontology.GRAPH), OWL.versionInfo)
    assert not [node for triple in GRAPH for node in triple if isinstance(node, rdflib.BNode)]


def test_terms_of_the_records_are_terms_of_the_ontology() -> None:
    assert {KGL[kind] for kind in EntityKind} <= set(GRAPH.subjects(RDF.type, OWL.Class))
    assert {KGL[status] for status in Status} == set(GRAPH.subjects(RDF.type, KGL.Status))
    assert {KGL[mode] for mode in Mode} == set(GRAPH.subjects(RDF.type, KGL.Mode))


def test_sub_properties_fit_their_super_properties() -> None:
    above = {c: set(GRAPH.transitive_objects(c, RDFS.subClassOf)) for c in GRAPH.subjects(RDF.type, OWL.Class)}
    for lower, upper in GRAPH.subject_objects(RDFS.subPropertyOf):
        for predicate in (RDFS.domain, RDFS.range):
            wanted = GRAPH.value(upper, predicate)
            if wanted is not None and str(wanted).startswith(KGL):
                assert wanted in above[GRAPH.value(lower, predicate)], f"{local(lower)} {predicate}"  # type: ignore[index]


def test_everything_that_mapping_writes_is_defined() -> None:
    from record_samples import invented

    terms = {term for q in quads(invented()) for term in (q.predicate.value, getattr(q.object, "value", ""))}
    assert {local(term) for term in terms if term.startswith(KGL)} <= {local(term) for term in OURS}


def test_the_invented_article_uses_every_term() -> None:
    # What the snapshot and the other tests stand on.
    from record_samples import invented

    used = {term for q in quads(invented()) for term in (q.predicate.value, getattr(q.object, "value", ""))}
    unused = {local(term) for term in OURS if str(term) not in used}
    assert unused == {
        "Mentioned", "Status", "Mode", "ArmedGroup", "Ongoing", "Proposed", "Cancelled", "Phone", "Video",
    }  # fmt: skip


def test_the_vocabulary_says_what_follows() -> None:
    terms = ontology.vocabulary()
    assert terms.roles["deployer"].implies == ("deployer", "participant")
    assert terms.roles["destination"].implies == ("destination", "place")
    assert terms.roles["origin"].implies == ("origin",)
    assert terms.roles["signatory"].types == {"Agreement"}
    assert set(terms.classes["State"]) == {"State", "Actor", "Place", "Entity"}
    assert terms.event_types == {name: (name, "Event") for name in ("Agreement", "Deployment", "Meeting")}
    assert terms.modal == {"Meeting"}


def test_a_class_in_a_file_of_the_folder_is_a_type_of_event(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in FOLDER.glob("*.ttl"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "election.ttl").write_text(
        f"""@prefix kgl: <{KGL}> . @prefix rdfs: <{RDFS}> .
        kgl:Election rdfs:subClassOf kgl:Event .
        kgl:RunOff rdfs:subClassOf kgl:Election .
        kgl:candidate rdfs:subPropertyOf kgl:participant ; rdfs:domain kgl:Election ; rdfs:range kgl:Person .""",
        encoding="utf-8",
    )
    monkeypatch.setattr("kgload.data.ontology", lambda *parts: tmp_path.joinpath(*parts))
    terms = ontology.vocabulary.__wrapped__()
    assert terms.event_types["RunOff"] == ("RunOff", "Election", "Event")
    assert terms.roles["candidate"].types == {"Election", "RunOff"}
    assert terms.roles["candidate"].implies == ("candidate", "participant")
    assert terms.roles["candidate"].fillers == ("Person", "Actor", "Entity")
    assert "Meeting" in terms.event_types


def test_the_shapes_speak_of_defined_terms_only_and_say_why_in_words() -> None:
    shapes = load_shapes()
    spoken = {term for triple in shapes for term in triple if str(term).startswith(KGL)}
    assert spoken <= set(OURS)
    for shape in shapes.objects(None, SH.property):
        assert shapes.value(shape, SH.message), f"no message: {list(shapes.predicate_objects(shape))}"


def test_every_written_property_is_under_a_shape() -> None:
    shapes = load_shapes()
    for term in set(PROPERTIES):
        assert (None, None, term) in shapes, local(term)


def test_the_shapes_are_shapes() -> None:
    from pyshacl import validate

    conforms, _, text = validate(rdflib.Graph(), shacl_graph=load_shapes(), meta_shacl=True)
    assert conforms, text


def test_the_statuses_and_modes_of_the_shapes_are_those_of_the_ontology() -> None:
    shapes = load_shapes()
    lists = [set(shapes.items(head)) for head in shapes.objects(None, SH["in"])]
    assert set(GRAPH.subjects(RDF.type, KGL.Status)) in lists
    assert set(GRAPH.subjects(RDF.type, KGL.Mode)) in lists


def test_the_context_gives_back_the_graph() -> None:
    from record_samples import invented

    from kgload.mapping.writers import to_dataset

    context = json.loads((FOLDER / "context.jsonld").read_text("utf-8"))
    union = rdflib.Graph()
    for s, p, o, _ in to_dataset([invented()]).quads():
        union.add((s, p, o))
    compact = json.loads(union.serialize(format="json-ld", context=context["@context"], auto_compact=False))
    keys = {key for node in compact["@graph"] for key in node}
    assert not [key for key in keys if ":" in key], "every property of the graph has a short name"
    assert rdflib.Graph().parse(data=json.dumps(compact), format="json-ld").isomorphic(union)


def test_wikidata_classes_are_cited_by_number_only_where_they_were_checked() -> None:
    if not REFERENCE.exists():
        pytest.skip("the reference list of items is not here")
    import gzip

    with gzip.open(REFERENCE, "rt", encoding="utf-8") as lines:
        known = {line.split("\t", 1)[0] for line in lines}
    cited = {match for o in GRAPH.objects() if (match := re.search(r"wikidata\.org/entity/(Q\d+)$", str(o)))}
    assert cited
    assert {match[1] for match in cited} <= known
    assert not any((s, OWL.sameAs, o) in GRAPH for s in OURS for o in GRAPH.objects(s, SKOS.closeMatch))
