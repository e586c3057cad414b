"""A document whose every text tries to become something else: markup, script, a link, a formula, a direction."""

from __future__ import annotations

import datetime as dt

import pyoxigraph as ox

from kgload.mapping.graph import quads
from kgload.records import Argument, Article, Document, Entity, EntityKind, Event, EventDate, Link, Mention, Span
from kgload.stores.embedded import EmbeddedStore

SCRIPT = "</script><img src=x onerror=alert(1)>"
FORMULA = '=HYPERLINK("http://evil.example","x")'
RIGHT_TO_LEFT = "\u202egnp.exe\u2066"
ODD = f"Ann {SCRIPT} <!-- \u2028 & \U0001f6d1"
JAVASCRIPT = "javascript:alert(document.domain)"


def hostile() -> Document:
    """Two parties with hostile names meet in a hostile place, on a day, in a document with a hostile address."""
    text = f"{ODD} met {FORMULA} in {RIGHT_TO_LEFT}."

    def at(words: str) -> Mention:
        begin = text.index(words)
        return Mention(begin, begin + len(words), words)

    entities = (
        Entity("a", EntityKind.PERSON, ODD, (at(ODD),)),
        Entity("b", EntityKind.ORGANIZATION, FORMULA, (at(FORMULA),), link=Link("https://items.example/x", 0.9)),
        Entity("c", EntityKind.PLACE, RIGHT_TO_LEFT, (at(RIGHT_TO_LEFT),)),
    )
    day = dt.date(2025, 8, 15)
    event = Event(
        "1",
        "Meeting",
        (at("met"),),
        (Argument("participant", "a"), Argument("participant", "b"), Argument("place", "c")),
        EventDate(day, day, f"on {SCRIPT}"),
        topic=f"+{SCRIPT}",
        confidence=0.9,
    )
    article = Article(f"../{SCRIPT}", text, f"@{SCRIPT}", day, JAVASCRIPT)
    return Document(article, (Span(0, len(text)),), entities, (event,))


def store_of(*documents: Document) -> EmbeddedStore:
    """A store in memory that holds these documents."""
    store = EmbeddedStore()
    for document in documents:
        found = quads(document)
        store.add(found[0].graph_name.value, [ox.Triple(q.subject, q.predicate, q.object) for q in found])
    return store


def hostile_store() -> EmbeddedStore:
    """The hostile document, and a link to a script that no record would hold: somebody else's graph."""
    store = store_of(hostile())
    [graph] = store.graphs()
    same = ox.NamedNode("http://www.w3.org/2002/07/owl#sameAs")
    for triple in [each for each in store.graph(graph) if each.predicate == same]:
        store.add(graph, [ox.Triple(triple.subject, same, ox.NamedNode("javascript:alert(3)"))])
    return store
