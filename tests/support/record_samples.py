"""Documents for tests: one that a person can read, and any that hypothesis can think of."""

from __future__ import annotations

import datetime as dt
import itertools
import string

from hypothesis import strategies as st

from kgload.ontology import vocabulary
from kgload.records import (
    Argument,
    Article,
    Document,
    Entity,
    EntityKind,
    Event,
    EventDate,
    Link,
    Mention,
    Mode,
    Run,
    Span,
    Status,
)

TEXT = (
    "President Mara Dunn of Norland met Sorin Vale in Ketterby on Tuesday to discuss the river border. "
    "Norland will send 1,200 peacekeepers from Ostrava Bay to Estmark, the Lake Council said. "
    "Both had signed the Ketterby Accord in 2024."
)


def mention(words: str, after: int = 0, text: str = TEXT) -> Mention:
    """The first place of these words in the text from an offset on."""
    begin = text.index(words, after)
    return Mention(begin, begin + len(words), words)


def sentences(text: str = TEXT) -> tuple[Span, ...]:
    spans, begin = [], 0
    for part in text.split(". "):
        end = min(begin + len(part) + 1, len(text))
        spans.append(Span(begin, end))
        begin = end + 1
    return tuple(spans)


def wikidata(number: int, confidence: float = 0.97, trusted: bool = True) -> Link:
    return Link(f"http://www.wikidata.org/entity/Q{number}", confidence, trusted)


def invented() -> Document:
    """An invented article in which every term of the graph occurs."""
    second = TEXT.index("Norland will")
    return Document(
        Article(
            "wire/2025-08-13", TEXT, "Norland's president in Ketterby", dt.date(2025, 8, 13), "https://wire.example/1"
        ),
        sentences(),
        (
            Entity("mara", EntityKind.PERSON, "Mara Dunn", (mention("Mara Dunn"),), represents=("norland",)),
            Entity("norland", EntityKind.STATE, "Norland", (mention("Norland"),), link=wikidata(900001)),
            Entity(
                "sorin", EntityKind.PERSON, "Sorin Vale", (mention("Sorin Vale"),), link=wikidata(900002, 0.41, False)
            ),
            Entity("ketterby", EntityKind.PLACE, "Ketterby", (mention("Ketterby"),)),
            Entity(
                "sender",
                EntityKind.STATE,
                "Norland",
                (mention("Norland", second),),
                ("Norlanders",),
                link=wikidata(900001),
            ),
            Entity(
                "force",
                EntityKind.FORCE,
                "1,200 peacekeepers",
                (mention("1,200 peacekeepers"),),
                quantity=1200,
                quantity_text="1,200",
            ),
            Entity("bay", EntityKind.PLACE, "Ostrava Bay", (mention("Ostrava Bay"),)),
            Entity("estmark", EntityKind.STATE, "Estmark", (mention("Estmark"),)),
            Entity("council", EntityKind.ORGANIZATION, "Lake Council", (mention("Lake Council"),)),
        ),
        (
            Event(
                "talks",
                "Meeting",
                (mention("met"),),
                (Argument("participant", "mara"), Argument("participant", "sorin"), Argument("place", "ketterby")),
                EventDate(dt.date(2025, 8, 12), dt.date(2025, 8, 12), "on Tuesday"),
                mode=Mode.IN_PERSON,
                topic="the river border",
                confidence=0.9,
            ),
            Event(
                "sending",
                "Deployment",
                (mention("send"),),
                (
                    Argument("deployer", "sender"),
                    Argument("deployedForce", "force"),
                    Argument("origin", "bay"),
                    Argument("destination", "estmark"),
                    Argument("attributedTo", "council"),
                ),
                status=Status.PLANNED,
                confidence=0.8125,
            ),
            Event(
                "accord",
                "Agreement",
                (mention("signed"), mention("Accord")),
                (Argument("signatory", "mara"), Argument("host", "sorin")),
                EventDate(dt.date(2024, 1, 1), dt.date(2024, 12, 31), "in 2024"),
            ),
        ),
        Run("by-hand", "1.0", "none 1.0", (("link", "yes"), ("min_confidence", "0"))),
    )


# Any character that is one; ids and names take the odd ones too.
characters = st.characters(exclude_categories=["Cs"])
texts = st.text(characters, min_size=1, max_size=60)
names = texts.filter(lambda name: name.strip())
days = st.dates(dt.date(1000, 1, 1))
shares = st.floats(0, 1)


@st.composite
def mentions(draw: st.DrawFn, text: str) -> Mention:
    begin = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(begin + 1, len(text)))
    return Mention(begin, end, text[begin:end])


@st.composite
def links(draw: st.DrawFn) -> Link:
    item = st.integers(1, 4).map(lambda n: f"http://www.wikidata.org/entity/Q{n}")
    other = st.text(string.ascii_letters, min_size=1, max_size=5).map(lambda word: f"https://items.example/{word}")
    return Link(draw(item | other), draw(shares), draw(st.booleans()))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Any document that keeps to the rules of records."""
    text = draw(texts)
    some = st.lists(mentions(text), min_size=1, max_size=3, unique=True).map(tuple)
    kinds = draw(st.lists(st.sampled_from(EntityKind), max_size=5))
    ids = [f"e{number}" for number in range(len(kinds))]
    entities = []
    for id_, kind in zip(ids, kinds, strict=True):
        force = kind is EntityKind.FORCE
        entities.append(
            Entity(
                id_,
                kind,
                draw(names),
                draw(some),
                aliases=tuple(draw(st.lists(names, max_size=2))),
                represents=tuple(draw(st.lists(st.sampled_from(ids), max_size=1))) if kind is EntityKind.PERSON else (),
                link=draw(st.none() | links()),
                quantity=draw(st.none() | st.integers(0, 10**20)) if force else None,
                quantity_text=draw(st.none() | texts) if force else None,
            )
        )
    events = []
    for number in range(draw(st.integers(0, 3))):
        terms = vocabulary()
        type_ = draw(st.sampled_from(sorted(terms.event_types)))
        roles = [role for role, about in terms.roles.items() if type_ in about.types]
        arguments = st.builds(Argument, st.sampled_from(roles), st.sampled_from(ids or [""]))
        words = st.none() | texts
        first, last = sorted(draw(st.tuples(days, days)))
        events.append(
            Event(
                f"v{number}",
                type_,
                draw(some),
                tuple(draw(st.lists(arguments, max_size=4 if ids else 0))),
                draw(st.none() | st.builds(EventDate, st.sampled_from([None, first]), st.just(last), words)),
                draw(st.sampled_from(Status)),
                draw(st.none() | st.sampled_from(Mode)) if type_ in terms.modal else None,
                draw(st.none() | texts),
                draw(shares),
            )
        )
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=4)))
    article = Article(draw(texts), text, draw(st.none() | texts), draw(st.none() | days), draw(st.none() | texts))
    spans = tuple(Span(*pair) for pair in itertools.pairwise(cuts))
    run = st.builds(Run, texts, texts, st.none() | texts, st.lists(st.tuples(texts, texts), max_size=2).map(tuple))
    return Document(article, spans, tuple(entities), tuple(events), draw(st.none() | run))
