"""What a document's graph says."""

from __future__ import annotations

import os
import pickle
import re
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from record_samples import TEXT, documents, invented, mention, wikidata

from kgload import __version__
from kgload.errors import RecordError
from kgload.mapping import iris
from kgload.mapping.graph import quads
from kgload.mapping.vocabulary import KGL, LABEL, OWL, RDF, SKOS
from kgload.mapping.writers import GraphFormat, write
from kgload.records import Argument, Article, Document, Entity, EntityKind, Event, Link

SNAPSHOTS = Path(__file__).parent / "snapshots"
A = RDF + "type"


def say(document: Document) -> set[tuple[str, str, str]]:
    """The document's triples as plain strings, kgload's own IRIs without their base."""

    def plain(term: object) -> str:
        value = str(getattr(term, "value", term))
        return value.removeprefix(KGL).removeprefix(iris.DEFAULT_BASE)

    return {(plain(q.subject), q.predicate.value.removeprefix(KGL), plain(q.object)) for q in quads(document)}


def test_the_invented_article_reads_as_its_snapshot() -> None:
    made = BytesIO()
    write([invented()], made, GraphFormat.TURTLE)
    text = made.getvalue().decode().replace(__version__, "VERSION")
    text = re.sub(r"run/[0-9a-f]{32}", "run/HASH", text)
    path = SNAPSHOTS / "invented.ttl"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8"), "look at the difference; UPDATE_SNAPSHOTS=1 accepts it"


@given(documents())
def test_a_document_makes_one_graph_named_by_itself_without_blank_nodes(document: Document) -> None:
    name = ox.NamedNode(iris.document(iris.DEFAULT_BASE, document.article.id))
    made = quads(document)
    assert len(set(made)) == len(made)
    for quad in made:
        assert quad.graph_name == name
        assert isinstance(quad.subject, ox.NamedNode)
        assert not isinstance(quad.object, ox.BlankNode)


@settings(max_examples=5, deadline=None)
@given(documents())
def test_the_order_of_quads_does_not_hang_on_the_process(document: Document) -> None:
    program = (
        "import sys, pickle; from kgload.mapping.writers import write, GraphFormat; "
        "write([pickle.load(sys.stdin.buffer)], sys.stdout.buffer, GraphFormat.TRIG)"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", program],
            input=pickle.dumps(document),
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(made) == 1


def test_a_deployer_is_a_participant_and_a_destination_a_place() -> None:
    said = say(invented())
    event = next(s for s, p, o in said if (p, o) == (A, "Deployment"))
    assert {(event, "deployer", "entity/Q900001"), (event, "participant", "entity/Q900001")} <= said
    destination = next(o for s, p, o in said if (s, p) == (event, "destination"))
    assert (event, "place", destination) in said
    origin = next(o for s, p, o in said if (s, p) == (event, "origin"))
    assert (event, "place", origin) not in said


def test_an_event_carries_kgl_event_beside_its_class() -> None:
    said = say(invented())
    for type_ in ("Meeting", "Deployment", "Agreement"):
        for event in (s for s, p, o in said if (p, o) == (A, type_)):
            assert (event, A, "Event") in said


def test_a_state_is_an_actor_and_a_place() -> None:
    said = say(invented())
    assert {("entity/Q900001", A, c) for c in ("State", "Actor", "Place", "Entity")} <= said


def test_who_fills_a_role_is_of_the_class_that_the_role_asks_for() -> None:
    # A place name that stands for those who decide there takes part: it is an actor, and stays a place.
    town = Entity("t", EntityKind.PLACE, "Ketterby", (mention("Ketterby"),))
    event = Event("e", "Meeting", (mention("met"),), (Argument("participant", "t"),))
    said = say(Document(Article("d", TEXT), (), (town,), (event,)))
    node = next(o for _, p, o in said if p == "participant")
    assert {(node, A, "Place"), (node, A, "Actor")} <= said


def test_a_trusted_link_makes_one_entity_for_all_documents() -> None:
    said = say(invented())
    assert ("entity/Q900001", OWL + "sameAs", "http://www.wikidata.org/entity/Q900001") in said


def test_a_doubtful_link_stays_with_its_document() -> None:
    said = say(invented())
    node = next(s for s, p, o in said if p == SKOS + "closeMatch")
    assert node.startswith("entity/wire%2F2025-08-13/person-")
    assert not any(s == node and p == OWL + "sameAs" for s, p, _ in said)


def test_entities_linked_to_one_item_become_one_with_one_label() -> None:
    first = Entity("a", EntityKind.PERSON, "Dunn", (mention("Dunn"),), link=wikidata(7), represents=("b",))
    second = Entity("b", EntityKind.PERSON, "Mara Dunn", (mention("Mara Dunn"),), ("Dunn",), link=wikidata(7, 0.5))
    said = say(Document(Article("d", TEXT), (), (first, second)))
    assert [o for s, p, o in said if p == LABEL.value and s == "entity/Q7"] == ["Mara Dunn"]
    assert [o for s, p, o in said if p == SKOS + "altLabel"] == ["Dunn"]
    assert len([o for s, p, o in said if (s, p) == ("entity/Q7", "mention")]) == 2
    assert not any(p == "represents" for _, p, _ in said), "nobody represents themselves"


def test_an_item_of_another_knowledge_base_keeps_its_iri() -> None:
    link = Link("https://places.example/7", 0.9)
    entity = Entity("a", EntityKind.PLACE, "Ketterby", (mention("Ketterby"),), link=link)
    said = say(Document(Article("d", TEXT), (), (entity,)))
    assert any(p == OWL + "sameAs" and o == "https://places.example/7" for _, p, o in said)


def test_events_that_share_type_and_trigger_stay_apart() -> None:
    events = tuple(Event(id_, "Meeting", (mention("met"),)) for id_ in "ab")
    said = say(Document(Article("d", TEXT), (), (), events))
    assert len({s for s, p, o in said if (p, o) == (A, "Meeting")}) == 2


def test_an_events_iri_does_not_hang_on_the_order_of_its_mentions() -> None:
    there, back = (mention("signed"), mention("Accord")), (mention("Accord"), mention("signed"))
    made = [say(Document(Article("d", TEXT), (), (), (Event("e", "Agreement", m),))) for m in (there, back)]
    assert made[0] == made[1]


def test_an_events_mention_brings_the_words_of_its_sentence() -> None:
    said = say(invented())
    phrase = next(s for s, p, o in said if p.endswith("#anchorOf") and o == "send")
    sentence = next(o for s, p, o in said if s == phrase and p.endswith("#sentence"))
    words = next(o for s, p, o in said if s == sentence and p.endswith("#anchorOf"))
    assert words == "Norland will send 1,200 peacekeepers from Ostrava Bay to Estmark, the Lake Council said."


def test_the_run_names_what_changes_the_output_and_nothing_else() -> None:
    run = invented().run
    assert run
    turned = replace(invented(), run=replace(run, settings=run.settings[::-1]))
    runs = [{(s, p, o) for s, p, o in say(document) if s.startswith("run/")} for document in (invented(), turned)]
    assert runs[0] == runs[1]
    assert not any("date" in p.lower() or "time" in p.lower() for _, p, _ in runs[0])


def test_a_document_without_a_run_still_says_what_mapped_it() -> None:
    said = say(replace(invented(), run=None))
    assert any(p.endswith("wasGeneratedBy") for _, p, _ in said)


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (Event("e", "Election", (mention("met"),)), "events[0].type: 'Election'"),
        (Event("e", "Meeting", (mention("met"),), (Argument("winner", "a"),)), "arguments[0].role: 'winner'"),
        (Event("e", "Meeting", (mention("met"),), (Argument("deployer", "a"),)), "not said of the type Meeting"),
        (Event("e", "Meeting", (mention("met"),), (Argument("host", "z"),)), "no entity has the id 'z'"),
        (Event("e", "Meeting", ()), "events[0].mentions: there is none"),
    ],
)
def test_what_the_ontology_does_not_know_is_refused(event: Event, reason: str) -> None:
    entity = Entity("a", EntityKind.STATE, "Norland", (mention("Norland"),))
    with pytest.raises(RecordError, match=re.escape(reason)):
        quads(Document(Article("d", TEXT), (), (entity,), (event,)))


def test_a_link_that_is_no_iri_is_refused() -> None:
    for bad in ("https://x.example/%zz", "https://[::1", "https://x.example/\ue000"):
        entity = Entity("a", EntityKind.STATE, "Norland", (mention("Norland"),), link=Link(bad, 1.0, False))
        with pytest.raises(RecordError):
            quads(Document(Article("d", TEXT), (), (entity,)))
