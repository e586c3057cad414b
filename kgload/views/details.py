"""Events in full, from their IRIs: a few queries for as many events as are asked for at a time."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyoxigraph as ox

from kgload.errors import StoreError
from kgload.mapping import vocabulary as v
from kgload.ontology import KGL, vocabulary
from kgload.stores.base import Rows, Store, Term
from kgload.views.filters import HEADER
from kgload.views.shown import TRIGGER, Evidence, Mark, Part, Party, Shown, Source, When

# Events that are asked for in one query; a query of this many IRIs stays far below what servers take.
AT_ONCE = 400
# From so many on, reading all that a store says of a property is faster than asking for each event.
FEW = 10_000
Found = Mapping[str, Sequence[Term]]


def events(store: Store, iris: Sequence[str], *, evidence: bool = True) -> Iterator[Shown]:
    """The events of these IRIs, in their order; one that is not in the store is left out.

    Their sentences are left out, and not asked for, where ``evidence`` is false.

    Raises:
        StoreError: the store fails.
    """
    for start in range(0, len(iris), AT_ONCE):
        yield from _some(store, iris[start : start + AT_ONCE], evidence=evidence)


def rows(store: Store, sparql: str) -> tuple[tuple[Term | None, ...], ...]:
    """The rows that a SELECT query gives."""
    answer = store.query(HEADER + sparql)
    if not isinstance(answer, Rows):
        raise StoreError(f"{store.name} does not answer a SELECT query with rows")
    return answer.rows


def values(iris: Iterable[str]) -> str:
    """IRIs of the graph's own as they stand in VALUES; what is no IRI is left out, as nothing bears such a name."""
    return " ".join(str(node) for iri in iris if (node := _node(iri)))


def literal(text: str) -> ox.Literal:
    """A text as the RDF library writes it into a query."""
    return ox.Literal(text)


def _node(iri: str) -> ox.NamedNode | None:
    try:
        return ox.NamedNode(iri)
    except ValueError:
        return None


def _some(store: Store, iris: Sequence[str], *, evidence: bool) -> Iterator[Shown]:
    wanted = values(iris)
    if not wanted:
        return
    about: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    linked: dict[tuple[str, str], None] = {}
    homes: dict[str, set[str]] = defaultdict(set)
    for graph, event, predicate, value in rows(
        store, f"SELECT DISTINCT ?g ?s ?p ?o WHERE {{ VALUES ?s {{ {wanted} }} GRAPH ?g {{ ?s ?p ?o }} }}"
    ):
        if graph and event and predicate and value:
            about[event.value][predicate.value].append(value)
            homes[event.value].add(graph.value)
            if isinstance(value, ox.NamedNode) and predicate.value not in _NO_LINKS:
                linked[graph.value, value.value] = None
    said = _said(store, linked)
    parties = parties_of(
        (ox.NamedNode(iri), ox.NamedNode(predicate), value)
        for (_, iri), found in said.items()
        if v.LABEL.value in found
        for predicate, terms in found.items()
        if predicate in _PARTIES
        for value in terms
    )
    sentences = _evidence(store, about, homes, said) if evidence else {}
    found = documents(store, {doc.value for event in about.values() for doc in event.get(KGL + "reportedIn", ())})
    for iri in dict.fromkeys(iris):
        if iri in about:
            yield shown(iri, about[iri], parties, sentences.get(iri, ()), found)


def _said(store: Store, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], dict[str, list[Term]]]:
    """What graphs say of things, by predicate, for pairs of a graph and a thing.

    A store looks each of them up. Asked for a chain of patterns in their place, some read all that they hold.
    """
    pairs = [(graph, thing) for graph, thing in wanted if _node(graph) and _node(thing)]
    found: dict[tuple[str, str], dict[str, list[Term]]] = {}
    for start in range(0, len(pairs), AT_ONCE):
        # A row bears the pair's number: a store looks up the text of each name that it gives back, numbers it has.
        asked = list(enumerate(pairs[start : start + AT_ONCE], start))
        some = " ".join(f"({number} {ox.NamedNode(g)} {ox.NamedNode(s)})" for number, (g, s) in asked)
        for number, predicate, value in rows(
            store, f"SELECT ?n ?p ?o WHERE {{ VALUES (?n ?g ?s) {{ {some} }} GRAPH ?g {{ ?s ?p ?o }} }}"
        ):
            if number and predicate and value:
                own = found.setdefault(pairs[int(number.value)], {})
                own.setdefault(predicate.value, []).append(value)
    return found


def shown(
    iri: str, about: Found, parties: Mapping[str, Party], evidence: Sequence[Evidence], sources: Mapping[str, Source]
) -> Shown:
    """An event from what is said of it, by predicate; of its parties and of documents, by their IRIs."""
    doc = _first(about, "reportedIn") or ""
    confidence = _first(about, "confidence")
    return Shown(
        iri=iri,
        type=_type(about.get(v.A.value, ())),
        status=(_first(about, "status") or "").removeprefix(KGL),
        when=When(day(_first(about, "earliestDate")), day(_first(about, "latestDate")), _first(about, "dateText")),
        confidence=_number(confidence),
        parts=_parts(about, parties),
        evidence=tuple(evidence),
        source=sources.get(doc, Source(doc, doc)),
        mode=(_first(about, "mode") or "").removeprefix(KGL) or None,
        topic=_first(about, "topic"),
    )


def _first(about: Found, name: str) -> str | None:
    """A property's value; of several, which no graph of kgload's has, always the same one."""
    return min((term.value for term in about.get(KGL + name, ())), default=None)


def _type(classes: Iterable[Term]) -> str:
    """The most specific of the event types that the ontology knows."""
    known = vocabulary().event_types
    names = {name for term in classes if (name := term.value.removeprefix(KGL)) in known}
    above = {upper for name in names for upper in known[name][1:]}
    return min(names - above, default="")


def day(text: str | None) -> dt.date | None:
    """A day as the graph writes it, or None where it is none."""
    try:
        return dt.date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def _number(text: str | None) -> float | None:
    try:
        return min(1.0, max(0.0, float(text))) if text else None
    except ValueError:
        return None


def _parts(about: Found, parties: Mapping[str, Party]) -> tuple[Part, ...]:
    roles = vocabulary().roles
    found: dict[str, set[str]] = defaultdict(set)
    for predicate, terms in about.items():
        for term in terms:
            if predicate.startswith(KGL) and term.value in parties:
                found[term.value].add(predicate.removeprefix(KGL))
    parts = []
    for iri, names in found.items():
        implied = {upper for name in names if name in roles for upper in roles[name].implies[1:]}
        parts += [Part(name, parties[iri]) for name in names - implied - {"reportedIn"}]
    return tuple(sorted(parts, key=lambda part: (part.role, part.party.label, part.party.iri)))


_PARTIES = (v.LABEL.value, v.A.value, v.SAME_AS.value, v.CLOSE_MATCH.value, KGL + "quantity")
_ABOUT_PARTIES = " ".join(f"<{name}>" for name in _PARTIES)
# What events are tied to that is neither a party nor a mention.
_NO_LINKS = frozenset((v.A.value, KGL + "reportedIn", KGL + "status", KGL + "mode"))


def parties(store: Store, iris: Sequence[str]) -> dict[str, Party]:
    """Persons, states, places, … by their IRIs; those that the store does not have are left out.

    Raises:
        StoreError: the store fails.
    """
    ordered, found = sorted(set(iris)), dict[str, Party]()
    for start in range(0, len(ordered), AT_ONCE):
        if some := values(ordered[start : start + AT_ONCE]):
            said = rows(
                store,
                f"SELECT DISTINCT ?g ?s ?p ?o WHERE {{ VALUES ?s {{ {some} }} VALUES ?p {{ {_ABOUT_PARTIES} }}\n"
                "GRAPH ?g { ?s rdfs:label ?label ; ?p ?o } }",
            )
            found |= parties_of(row[1:] for row in said)
    return found


def parties_of(statements: Iterable[Sequence[Term | None]]) -> dict[str, Party]:
    """Parties from statements about them (subject, predicate, object): a statement a document that makes it."""
    about: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for subject, predicate, value in statements:
        if subject and predicate and value:
            about[subject.value][predicate.value][value.value] += 1
    return {iri: _party(iri, said) for iri, said in about.items()}


def _party(iri: str, said: Mapping[str, Counter[str]]) -> Party:
    labels = said.get(v.LABEL.value, Counter())
    # The name that most documents give, and of those the fullest.
    label = max(labels, key=lambda name: (labels[name], len(name), name), default=iri)
    trusted, likely = (sorted(said.get(node.value, ())) for node in (v.SAME_AS, v.CLOSE_MATCH))
    quantity = min(said.get(KGL + "quantity", ()), default="")
    return Party(
        iri,
        label,
        _kind(said.get(v.A.value, ())),
        next(iter(trusted or likely), None),
        is_trusted=bool(trusted),
        quantity=int(quantity) if quantity.lstrip("-").isdecimal() else None,
    )


def _kind(classes: Iterable[str]) -> str:
    known = vocabulary().classes
    names = {name for iri in classes if (name := iri.removeprefix(KGL)) in known}
    above = {upper for name in names for upper in known[name][1:]}
    # What is a person in one document may be an organisation in another: the same one each time.
    return min(names - above, default="Entity")


def _evidence(
    store: Store,
    about: Mapping[str, Found],
    homes: Mapping[str, Iterable[str]],
    said: Mapping[tuple[str, str], Found],
) -> dict[str, tuple[Evidence, ...]]:
    further = {
        (graph, term.value): None
        for (graph, _), found in said.items()
        for predicate in (v.SENTENCE.value, KGL + "mention")
        for term in found.get(predicate, ())
        if isinstance(term, ox.NamedNode)
    }
    spans = {**said, **_said(store, further)}

    def span(graph: str, name: str) -> tuple[int, int, str] | None:
        found = spans.get((graph, name), {})
        begin, end, words = (
            min((term.value for term in found.get(node.value, ())), default="")
            for node in (v.BEGIN_INDEX, v.END_INDEX, v.ANCHOR_OF)
        )
        return (int(begin), int(end), words) if begin.isdecimal() and end.isdecimal() and words else None

    sentences: dict[str, dict[tuple[int, str], set[Mark]]] = defaultdict(lambda: defaultdict(set))
    for event, graph in [(one, graph) for one in about for graph in homes[one]]:
        for mention in about[event].get(KGL + "mention", ()):
            if (trigger := span(graph, mention.value)) is None:
                continue
            around = (span(graph, each.value) for each in said[graph, mention.value].get(v.SENTENCE.value, ()))
            # A mention without a sentence is shown by itself.
            begin, _, text = min(filter(None, around), default=trigger)
            # A trigger may go on in the next sentence.
            mark = Mark(trigger[0] - begin, min(trigger[1] - begin, len(text)), TRIGGER)
            sentences[event][begin, text].add(mark)
        for predicate, terms in about[event].items():
            for party in terms if predicate.startswith(KGL) else ():
                of_it = said.get((graph, party.value), {})
                for mention in of_it.get(KGL + "mention", ()) if v.LABEL.value in of_it else ():
                    if place := span(graph, mention.value):
                        for (begin, text), marks in sentences[event].items():
                            if begin <= place[0] and place[1] <= begin + len(text):
                                marks.add(Mark(place[0] - begin, place[1] - begin, predicate.removeprefix(KGL)))
    return {event: tuple(_sorted(found)) for event, found in sentences.items()}


def _sorted(found: Mapping[tuple[int, str], set[Mark]]) -> Iterator[Evidence]:
    roles = vocabulary().roles
    for (begin, text), marks in sorted(found.items()):
        # The most specific role at a place; and no mark beyond the sentence, whatever a graph says.
        fit = {mark for mark in marks if 0 <= mark.begin < mark.end <= len(text)}
        upper = {
            Mark(mark.begin, mark.end, name)
            for mark in fit
            if mark.what in roles
            for name in roles[mark.what].implies[1:]
        }
        yield Evidence(text, begin, tuple(sorted(fit - upper, key=lambda mark: (mark.begin, -mark.end, mark.what))))


def documents(store: Store, iris: Iterable[str]) -> dict[str, Source]:
    """Documents by their IRIs.

    Raises:
        StoreError: the store fails.
    """
    wanted = values(sorted(iris))
    if not wanted:
        return {}
    about: dict[str, dict[str, str]] = defaultdict(dict)
    for doc, predicate, value in rows(
        store,
        f"SELECT ?s ?p ?o WHERE {{ VALUES ?s {{ {wanted} }} GRAPH ?g {{ ?s ?p ?o }} }}",
    ):
        if doc and predicate and value:
            known = about[doc.value].get(predicate.value)
            about[doc.value][predicate.value] = min(known, value.value) if known else value.value
    return {
        iri: Source(
            iri,
            said.get(v.IDENTIFIER.value, iri),
            said.get(v.TITLE.value),
            said.get(v.URL.value),
            day(said.get(v.ISSUED.value)),
        )
        for iri, said in about.items()
    }
