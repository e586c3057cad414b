"""Graphs of many invented events, in the form of docs/graph.md, made faster than by extraction.

    python benchmarks/many_events.py EVENTS STORE    a new embedded store

Documents have two events each. Who takes part follows a power law, as in the news: few are in many events. Most
names come from the core gazetteer's items, so that they have places on a map; nothing that is said of them is true.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

BASE = "https://w3id.org/kgload/"
KGL = BASE + "ontology#"
NIF = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"
RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
XSD = "http://www.w3.org/2001/XMLSchema#"
GAZETTEER = Path(__file__).parents[1] / "kgload" / "data" / "gazetteer" / "core.tsv"
STATUSES = ("Occurred",) * 10 + ("Planned",) * 4 + ("Ongoing",) * 2 + ("Proposed",) * 2 + ("Cancelled",)
WORDS = {"Meeting": "held talks", "Deployment": "sent troops", "Agreement": "signed a pact"}
ABOVE = {"Person": ("Actor",), "State": ("Actor", "Place"), "Organization": ("Actor",), "Place": ()}
# Documents that are written to the store at a time.
AT_ONCE = 10_000


def names(kind: str, most: int) -> list[tuple[str, str, str]]:
    """Kind, label and item of so many of the core gazetteer's entries of a kind."""
    with GAZETTEER.open(encoding="utf-8") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        found = [(kind, row["label"], row["qid"]) for row in rows if row["kind"] == kind and '"' not in row["label"]]
    return found[:most]


def documents(events: int, seed: int = 1) -> Iterator[str]:
    """N-Quads of one document after the other."""
    rng = random.Random(seed)
    actors = [*names("State", 200), *names("Organization", 250), *names("Person", 700)]
    actors += (("Person", f"Invented Person {n}", "") for n in range(2000))
    rng.shuffle(actors)
    places = names("Place", 1000)
    weights = [1 / (n + 5) for n in range(len(actors))]
    place_weights = [1 / (n + 5) for n in range(len(places))]
    first = dt.date(2015, 1, 1)
    for number in range(-(-events // 2)):
        yield _document(number, rng, actors, weights, places, place_weights, first)


def _document(number: int, rng, actors, weights, places, place_weights, first) -> str:  # type: ignore[no-untyped-def]
    name = f"wire-{number:06}"
    doc, lines = f"<{BASE}document/{name}>", []
    published = first + dt.timedelta(days=rng.randrange(4000))

    def say(subject: str, predicate: str, value: str) -> None:
        lines.append(f"{subject} {predicate} {value} {doc} .\n")

    def own(subject: str, predicate: str, value: str) -> None:
        say(subject, f"<{KGL}{predicate}>", value)

    def span(begin: int, end: int, text: str, kind: str, sentence: str = "") -> str:
        phrase = f"<{BASE}document/{name}#char={begin},{end}>"
        say(phrase, RDF_TYPE, f"<{NIF}{kind}>")
        say(phrase, f"<{NIF}beginIndex>", f'"{begin}"^^<{XSD}integer>')
        say(phrase, f"<{NIF}endIndex>", f'"{end}"^^<{XSD}integer>')
        say(phrase, f"<{NIF}anchorOf>", f'"{text}"')
        if sentence:
            say(phrase, f"<{NIF}sentence>", sentence)
        return phrase

    say(doc, RDF_TYPE, f"<{KGL}Document>")
    say(doc, "<http://purl.org/dc/terms/identifier>", f'"{name}"')
    say(doc, "<http://purl.org/dc/terms/title>", f'"Invented report {number}"')
    say(doc, "<http://purl.org/dc/terms/issued>", f'"{published}"^^<{XSD}date>')
    say(doc, "<https://schema.org/url>", f'"https://news{number % 40}.example/{number}"^^<{XSD}anyURI>')
    begin, known = 0, set()
    for _ in range(2):
        kind = rng.choice(("Meeting", "Meeting", "Meeting", "Deployment", "Agreement"))
        parties = list(dict.fromkeys(rng.choices(actors, weights, k=rng.choice((2, 2, 3)))))
        [place] = rng.choices(places, place_weights)
        said = f"{' and '.join(label for _, label, _ in parties)} {WORDS[kind]} in {place[1]}, report {number} says."
        sentence = span(begin, begin + len(said), said, "Sentence")
        at = begin + said.index(WORDS[kind])
        event = f"<{BASE}event/{name}/{kind.lower()}-{at}-{at + len(WORDS[kind])}>"
        say(event, RDF_TYPE, f"<{KGL}Event>")
        say(event, RDF_TYPE, f"<{KGL}{kind}>")
        own(event, "reportedIn", doc)
        own(event, "status", f"<{KGL}{rng.choice(STATUSES)}>")
        own(event, "confidence", f'"{rng.randint(5000, 9999) / 10000}"^^<{XSD}decimal>')
        if rng.random() < 0.8:
            day = published - dt.timedelta(days=rng.randrange(30))
            last = day + dt.timedelta(days=rng.choice((0, 0, 0, 0, 6, 30)))
            own(event, "earliestDate", f'"{day}"^^<{XSD}date>')
            own(event, "latestDate", f'"{last}"^^<{XSD}date>')
        own(event, "mention", span(at, at + len(WORDS[kind]), WORDS[kind], "Phrase", sentence))
        for role, (what, label, item) in [("participant", p) for p in parties] + [("place", place)]:
            entity = f"<{BASE}entity/{item or f'{name}/person-{begin}-{begin + said.index(label)}'}>"
            own(event, role, entity)
            if role == "participant" and kind != "Meeting":
                own(event, "deployer" if kind == "Deployment" else "signatory", entity)
            where = begin + said.index(label)
            own(entity, "mention", span(where, where + len(label), label, "Phrase", sentence))
            if entity not in known:
                known.add(entity)
                for each in (what, *ABOVE[what], "Entity"):
                    say(entity, RDF_TYPE, f"<{KGL}{each}>")
                say(entity, LABEL, f'"{label}"@en')
                if item:
                    say(entity, "<http://www.w3.org/2002/07/owl#sameAs>", f"<http://www.wikidata.org/entity/{item}>")
        begin += len(said) + 1
    return "".join(lines)


def fill(store: Path, events: int) -> None:
    """Make an embedded store of so many events."""
    made, part = ox.Store(str(store)), []
    for text in documents(events):
        part.append(text)
        if len(part) == AT_ONCE:
            made.bulk_load("".join(part).encode(), ox.RdfFormat.N_QUADS)
            part = []
    made.bulk_load("".join(part).encode(), ox.RdfFormat.N_QUADS)
    made.optimize()
    made.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("events", type=int)
    parser.add_argument("store", type=Path)
    given = parser.parse_args()
    fill(given.store, given.events)
