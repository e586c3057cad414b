"""The measures: events, arguments, status, strict; and what kind of error each shortfall is.

A graph's event is paired with a gold event of the same document and type if they share a sentence and either their
triggers overlap or they have a participant in common; pairs are one to one, best first, so an event that is reported
twice costs precision. Argument F1 counts (event, role, filler) for participants, place and date over all events.
Status is the share of paired events whose status is right. Strict F1 counts a pair only where participants, place,
date and status are all right. Optional gold events count neither way.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from kgload.evaluation.graph import GraphEvent, Names
from kgload.evaluation.names import any_same, normal
from kgload.gold import GoldDocument, GoldEvent, date_text
from kgload.ontology import vocabulary
from kgload.records import EventDate

ARGUMENTS = ("participant", "place", "date")


@dataclass(slots=True)
class Tally:
    """Counts of what was right, spurious and missed."""

    right: int = 0
    spurious: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Share of what the graph says that is right; 0 where it says nothing."""
        return self.right / max(1, self.right + self.spurious)

    @property
    def recall(self) -> float:
        """Share of gold that the graph says; 0 where there is none."""
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.right / max(1, 2 * self.right + self.spurious + self.missed)

    def add(self, other: Tally) -> None:
        """Add another tally's counts to this one."""
        self.right += other.right
        self.spurious += other.spurious
        self.missed += other.missed


@dataclass(slots=True)
class Scores:
    """All measures over some documents.

    ``attributes`` are shares right, each as [right, all], over paired events. ``errors`` counts them by class,
    ``examples`` has a line for each of them. ``confidences`` are those of the graph's events, and whether gold has one.
    """

    documents: int = 0
    events: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    arguments: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    roles: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    attributes: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    strict: Tally = field(default_factory=Tally)
    errors: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    confidences: list[tuple[float, bool]] = field(default_factory=list)

    def total(self, tallies: dict[str, Tally]) -> Tally:
        """The sum of several tallies."""
        total = Tally()
        for tally in tallies.values():
            total.add(tally)
        return total

    def err(self, kind: str, where: str) -> None:
        """Count an error of a class, and remember where it is."""
        self.errors[kind] += 1
        self.examples[kind].append(where)

    @property
    def status(self) -> float:
        """Share of paired events whose status is right."""
        right, every = self.attributes["status"]
        return right / max(1, every)


def score(gold: Iterable[GoldDocument], graph: dict[str, list[GraphEvent]]) -> Scores:
    """Measure a graph's events against gold documents."""
    scores = Scores()
    for document in gold:
        scores.documents += 1
        _score_document(scores, document, graph.get(document.id, []))
    return scores


def _gold_names(document: GoldDocument, names: Iterable[str]) -> list[Names]:
    return [frozenset({normal(n), *(normal(x) for x in document.aliases.get(n, ()))}) for n in names]


def _likeness(document: GoldDocument, gold: GoldEvent, event: GraphEvent) -> float:
    if gold.type != event.type:
        return 0
    overlap = any(b < m.end and m.begin < e for b, e in event.mentions for m in gold.mentions)
    sentences = [document.sentences[m.sentence] for m in gold.mentions]
    shared = overlap or any(b < end and begin < e for b, e in event.mentions for begin, end in sentences)
    wanted, given = _gold_names(document, gold.participants), event.roles.get("participant", ())
    common = sum(any(any_same(w, g) for g in given) for w in wanted)
    if not shared or not (overlap or common):
        return 0
    places = [any_same(w, g) for w in _gold_names(document, gold.place) for g in event.roles.get("place", ())]
    dated = gold.date is not None and event.dates is not None and _same_date(gold, event.dates)
    return 1 + overlap + 2 * common / max(1, len(wanted), len(given)) + 0.5 * any(places) + 0.5 * dated


def _same_date(gold: GoldEvent, dates: tuple[dt.date, dt.date]) -> bool:
    """Whether the spans share at least half of their union, or both ends lie within a day of each other."""
    if gold.date is None or gold.date.earliest is None or gold.date.latest is None:
        return False
    a, b, (c, d) = gold.date.earliest, gold.date.latest, dates
    if abs((a - c).days) <= 1 and abs((b - d).days) <= 1:
        return True
    shared, union = (min(b, d) - max(a, c)).days + 1, (max(b, d) - min(a, c)).days + 1
    return shared > 0 and shared / union >= 0.5


def _score_document(scores: Scores, document: GoldDocument, events: list[GraphEvent]) -> None:
    likeness = {
        (i, j): value
        for i, gold in enumerate(document.events)
        for j, event in enumerate(events)
        if (value := _likeness(document, gold, event)) > 0
    }
    pairs: dict[int, int] = {}
    for _, i, j in sorted(((value, i, j) for (i, j), value in likeness.items()), reverse=True):
        if i not in pairs and j not in pairs.values():
            pairs[i] = j
    for j, event in enumerate(events):
        optional = any(gold.optional and (i, j) in likeness for i, gold in enumerate(document.events))
        if j not in pairs.values() and not optional:
            _spurious(scores, document, event)
    for i, gold in enumerate(document.events):
        if gold.optional:
            continue
        if i in pairs:
            _paired(scores, document, gold, events[pairs[i]])
        else:
            _missed(scores, document, gold)


def _spurious(scores: Scores, document: GoldDocument, event: GraphEvent) -> None:
    scores.events[event.type].spurious += 1
    scores.strict.spurious += 1
    scores.arguments["participant"].spurious += len(event.roles.get("participant", ()))
    scores.arguments["place"].spurious += len(event.roles.get("place", ()))
    scores.arguments["date"].spurious += event.dates is not None
    scores.err(f"{event.type} that gold does not have", f"{document.id}: spurious {event.type} «{event.label}»")
    if event.confidence is not None:
        scores.confidences.append((event.confidence, False))


def _missed(scores: Scores, document: GoldDocument, gold: GoldEvent) -> None:
    scores.events[gold.type].missed += 1
    scores.strict.missed += 1
    scores.arguments["participant"].missed += len(gold.participants)
    scores.arguments["place"].missed += len(gold.place)
    scores.arguments["date"].missed += gold.date is not None
    words = "; ".join(m.trigger for m in gold.mentions)
    scores.err(f"{gold.type} missed", f"{document.id}: missed {gold.type} «{words}»")


def _paired(scores: Scores, document: GoldDocument, gold: GoldEvent, event: GraphEvent) -> None:
    scores.events[gold.type].right += 1
    if event.confidence is not None:
        scores.confidences.append((event.confidence, True))
    wrong = _fillers(scores, document, "participant", gold.participants, gold.accept, event)
    wrong += _fillers(scores, document, "place", gold.place, gold.accept_place, event)
    wrong += _date(scores, gold, event)
    if gold.status:
        right = scores.attributes["status"]
        right[0] += gold.status == event.status
        right[1] += 1
        if gold.status != event.status:
            wrong.append((f"status {event.status} for {gold.status}", ""))
    _other_attributes(scores, gold, event)
    words = "; ".join(m.trigger for m in gold.mentions)
    for kind, what in wrong:
        scores.err(kind, f"{document.id}: {kind}{f' ({what})' if what else ''} in {gold.type} «{words}»")
    if wrong:
        scores.strict.spurious += 1
        scores.strict.missed += 1
    else:
        scores.strict.right += 1


def _fillers(
    scores: Scores, document: GoldDocument, role: str, wanted: Iterable[str], accepted: Iterable[str], event: GraphEvent
) -> list[tuple[str, str]]:
    """What is wrong with a part, as (class of error, name)."""
    tally, wrong, left = scores.arguments[role], [], list(event.roles.get(role, ()))
    wanted_names = _gold_names(document, wanted)
    for names in wanted_names:
        found = next((given for given in left if any_same(names, given)), None)
        if found is None:
            tally.missed += 1
            wrong.append((f"{role} missing", min(names)))
        else:
            left.remove(found)
            tally.right += 1
    fine = [frozenset({normal(name)}) for name in accepted] + wanted_names
    for given in left:
        if not any(any_same(given, names) for names in fine):
            tally.spurious += 1
            wrong.append((f"{role} wrong", min(given)))
    return wrong


def _date(scores: Scores, gold: GoldEvent, event: GraphEvent) -> list[tuple[str, str]]:
    tally = scores.arguments["date"]
    if gold.date and event.dates and _same_date(gold, event.dates):
        tally.right += 1
        return []
    if not gold.date_scored or not (gold.date or event.dates):
        return []
    tally.missed += gold.date is not None
    tally.spurious += event.dates is not None
    wanted = date_text(gold.date) if gold.date else None
    given = date_text(EventDate(*event.dates)) if event.dates else None
    if gold.date and event.dates:
        return [("date wrong", f"{given} for {wanted}")]
    return [("date missing", str(wanted))] if gold.date else [("date where gold has none", str(given))]


def _other_attributes(scores: Scores, gold: GoldEvent, event: GraphEvent) -> None:
    """What the four measures leave out: the parts of what sends a force, mode, and who says so."""
    known = vocabulary()
    sends = gold.type in known.sending
    single = {
        "deployer": gold.deployer,
        "origin": gold.origin,
        "destination": gold.destination,
        "deployedForce": gold.force,
        "attributedTo": gold.reported_by,
    }
    for role, name in single.items():
        given = event.roles.get(role, ())
        if role != "attributedTo" and not sends:
            continue
        hit = name is not None and any(any_same(frozenset({normal(name)}), g) for g in given)
        scores.roles[role].right += hit
        scores.roles[role].missed += name is not None and not hit
        scores.roles[role].spurious += len(given) - hit
    if sends:
        hit = gold.quantity is not None and gold.quantity == event.quantity
        scores.roles["quantity"].right += hit
        scores.roles["quantity"].missed += gold.quantity is not None and not hit
        scores.roles["quantity"].spurious += event.quantity is not None and not hit
    if gold.type in known.modal:
        scores.attributes["mode"][0] += gold.mode == event.mode
        scores.attributes["mode"][1] += 1
