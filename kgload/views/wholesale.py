"""Very many events at a time, without their sentences: each query reads one of the store's own orders through.

Asking for each event by its name costs a store a search for every statement; from some ten thousand events on, reading
all statements of a property is faster by far.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import pyoxigraph as ox

from kgload.mapping import vocabulary as v
from kgload.ontology import KGL, vocabulary
from kgload.stores.base import Store, Term
from kgload.views import details
from kgload.views.shown import Party, Shown, Source

Said = dict[str, dict[str, list[Term]]]
PLAIN = ("reportedIn", "status", "confidence", "earliestDate", "latestDate", "dateText", "mode", "topic")


def events(store: Store, iris: Sequence[str]) -> Iterator[Shown]:
    """The events of these IRIs, in their order, without sentences; as :func:`kgload.views.details.events` gives them.

    Raises:
        StoreError: the store fails.
    """
    wanted = dict.fromkeys(iris)
    said: Said = {}
    said[KGL + "reportedIn"] = _said(store, KGL + "reportedIn", wanted)
    if len(said[KGL + "reportedIn"]) < len(wanted):
        # A server that cuts off its answers.
        yield from details.events(store, iris, evidence=False)
        return
    for name in dict.fromkeys((*PLAIN[1:], *vocabulary().roles)):
        said[KGL + name] = _said(store, KGL + name, wanted)
    classes: dict[str, list[Term]] = defaultdict(list)
    for name in vocabulary().event_types:
        class_ = ox.NamedNode(KGL + name)
        for [subject] in details.rows(store, f"SELECT ?s WHERE {{ GRAPH ?g {{ ?s a {class_} }} }}"):
            if subject and subject.value in wanted:
                classes[subject.value].append(class_)
    named = {term.value for name in vocabulary().roles for terms in said[KGL + name].values() for term in terms}
    known = parties(store, named)
    found = _documents(store, {term.value for terms in said[KGL + "reportedIn"].values() for term in terms})
    said[v.A.value] = classes
    for iri in wanted:
        about = {predicate: held.pop(iri) for predicate, held in said.items() if iri in held}
        yield details.shown(iri, about, known, (), found)


def _said(store: Store, predicate: str, wanted: Mapping[str, None]) -> dict[str, list[Term]]:
    """What a property says of the wanted."""
    found: dict[str, list[Term]] = {}
    for subject, value in details.rows(store, f"SELECT ?s ?o WHERE {{ GRAPH ?g {{ ?s <{predicate}> ?o }} }}"):
        if subject and value and subject.value in wanted:
            found.setdefault(subject.value, []).append(value)
    return found


def parties(store: Store, wanted: set[str]) -> dict[str, Party]:
    """Persons, states, places, … of these IRIs.

    Raises:
        StoreError: the store fails.
    """
    return details.parties_of(statements(store, wanted))


def statements(store: Store, wanted: set[str]) -> Iterator[tuple[Term, Term, Term]]:
    """What makes parties of these IRIs, for :func:`kgload.views.details.parties_of`: labels first, each as often as
    documents give it.

    Raises:
        StoreError: the store fails.
    """
    labelled = set()
    for subject, label, number in details.rows(
        store, "SELECT ?s ?o (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s rdfs:label ?o } } GROUP BY ?s ?o"
    ):
        if subject and label and number and subject.value in wanted:
            labelled.add(subject.value)
            for _ in range(int(number.value)):
                yield subject, v.LABEL, label
    # Whatever has no class that says more is an Entity, which all of them are.
    for name in (each for each in vocabulary().classes if each != "Entity"):
        class_ = ox.NamedNode(KGL + name)
        for [subject] in details.rows(store, f"SELECT DISTINCT ?s WHERE {{ GRAPH ?g {{ ?s a {class_} }} }}"):
            if subject and subject.value in labelled:
                yield subject, v.A, class_
    for predicate in (v.SAME_AS, v.CLOSE_MATCH, ox.NamedNode(KGL + "quantity")):
        for subject, value in details.rows(
            store, f"SELECT DISTINCT ?s ?o WHERE {{ GRAPH ?g {{ ?s {predicate} ?o }} }}"
        ):
            if subject and value and subject.value in labelled:
                yield subject, predicate, value


def _documents(store: Store, wanted: set[str]) -> dict[str, Source]:
    asked = dict.fromkeys(wanted)
    said = [_said(store, node.value, asked) for node in (v.IDENTIFIER, v.TITLE, v.URL, v.ISSUED)]

    def least(held: Mapping[str, Sequence[Term]], iri: str) -> str | None:
        return min((term.value for term in held.get(iri, ())), default=None)

    identifiers, titles, urls, days = said
    return {
        iri: Source(
            iri, least(identifiers, iri) or iri, least(titles, iri), least(urls, iri), details.day(least(days, iri))
        )
        for iri in wanted
    }
