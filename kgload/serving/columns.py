"""The events of one state of a store as columns, in which any filter is answered in milliseconds.

They are filled by SPARQL (:mod:`kgload.serving.gathering`), once for each state, and answer as the functions of
:mod:`kgload.views.data` of the same names do, which ask the store each time; a test holds that.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from kgload.ontology import vocabulary
from kgload.views.data import Counts, Order, Tie
from kgload.views.filters import Filters
from kgload.views.shown import Party

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
NO_DAY = -1


class Texts:
    """Many texts, in which another one is sought: without regard to case, as SPARQL's LCASE and CONTAINS do."""

    def __init__(self, texts: Iterable[str]) -> None:
        # No text holds a NUL that could be sought: whoever asks for one finds nothing.
        pieces = [text.lower().replace("\0", " ").encode("utf-8", "replace") + b"\0" for text in texts]
        self._all = b"".join(pieces)
        self._begins = np.concatenate(([0], np.cumsum([len(piece) for piece in pieces], dtype=np.int64)))

    def holding(self, wanted: str) -> Iterator[int]:
        """The numbers of the texts that hold it."""
        sought = wanted.lower().encode("utf-8", "replace")
        at = self._all.find(sought) if b"\0" not in sought else -1
        while at >= 0:
            number = int(np.searchsorted(self._begins, at, "right")) - 1
            yield number
            at = self._all.find(sought, int(self._begins[number + 1]))


class Parties(Sequence[Party]):
    """Parties as columns of their fields: read back from a file in no time, as records by the hundred thousand are not.

    ``numbers`` has each one's number by its IRI, ``same`` the numbers of those that are linked to an item.
    """

    def __init__(self, parties: Iterable[Party]) -> None:
        fields = [dataclasses.astuple(party) for party in parties]
        self._fields: list[tuple[Any, ...]] = list(zip(*fields, strict=True)) if fields else [()] * 6
        self._find()

    def _find(self) -> None:
        iris, _, _, items, trusted, _ = self._fields
        self.numbers: dict[str, int] = dict(zip(iris, range(len(iris)), strict=True))
        self.same: dict[str, list[int]] = {}
        for i, (item, is_trusted) in enumerate(zip(items, trusted, strict=True)):
            if item and is_trusted:
                self.same.setdefault(item, []).append(i)

    def __getstate__(self) -> list[tuple[Any, ...]]:
        return self._fields

    def __setstate__(self, state: list[tuple[Any, ...]]) -> None:
        self._fields = state
        self._find()

    def __len__(self) -> int:
        return len(self._fields[0])

    @overload
    def __getitem__(self, index: int) -> Party: ...
    @overload
    def __getitem__(self, index: slice) -> list[Party]: ...
    def __getitem__(self, index: int | slice) -> Party | list[Party]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        return Party(*(column[index] for column in self._fields))


@dataclass(slots=True)
class Columns:
    """Events in the order of their IRIs, and what filters and pictures ask of them.

    ``types`` and ``statuses`` have a bit for each of ``type_names`` and ``status_names``. Days are ordinals, or
    :data:`NO_DAY`. Relations are pairs of arrays of the same length: number of the event, number of the other thing.
    Parties are in the order of their IRIs, too.
    """

    iris: list[str]
    types: Ints
    statuses: Ints
    first: Ints
    last: Ints
    confidence: npt.NDArray[np.float64]
    documents: Ints
    type_names: list[str]
    status_names: list[str]
    identifiers: list[str]
    hosts: list[str]
    titles: Texts
    sentence_events: Ints
    sentences: Texts
    parties: Parties
    labels: Texts
    label_parties: Ints
    parts: tuple[Ints, Ints]
    participants: tuple[Ints, Ints]
    places: tuple[Ints, Ints]
    orders: dict[Order, Ints] = field(default_factory=dict)
    pairs: tuple[Ints, Ints] = field(default_factory=lambda: (np.empty(0, np.int64), np.empty(0, np.int64)))

    def __post_init__(self) -> None:
        undated = self.first == NO_DAY
        far = np.int64(dt.date.max.toordinal() + 1)
        self.orders = {
            # What is unbound comes first in SPARQL, and last where the order is turned round.
            Order.NEWEST: np.lexsort((-self.first, -self.last)),
            Order.OLDEST: np.lexsort((self.last, np.where(undated, far, self.first))),
            Order.SUREST: np.argsort(-np.nan_to_num(self.confidence, nan=-1.0), kind="stable"),
        }
        self.pairs = _pairs(*self.participants, len(self.parties))

    def matching(self, filters: Filters) -> Mask:
        """Which events match.

        Raises:
            BadParameter: a value is none of its kind.
        """
        mask = self.types > 0
        if filters.types:
            mask &= self._has(self.types, self.type_names, filters.types)
        if filters.statuses:
            mask &= self._has(self.statuses, self.status_names, filters.statuses)
        if filters.min_confidence:
            mask &= np.nan_to_num(self.confidence, nan=-1.0) >= round(filters.min_confidence, 4)
        if filters.undated:
            mask &= (self.first == NO_DAY) & (self.last == NO_DAY)
        if filters.since:
            end = np.where(self.last == NO_DAY, self.first, self.last)
            mask &= (end != NO_DAY) & (end >= filters.since.toordinal())
        if filters.until:
            begin = np.where(self.first == NO_DAY, self.last, self.first)
            mask &= (begin != NO_DAY) & (begin <= filters.until.toordinal())
        if filters.entity:
            mask &= self._with(filters.entity)
        if filters.source:
            host = filters.source.casefold()
            wanted = [i for i, name in enumerate(self.identifiers) if name == filters.source or self.hosts[i] == host]
            mask &= np.isin(self.documents, wanted)
        if filters.text and (text := filters.text.strip()):
            mask &= self._saying(text)
        return mask

    def _has(self, bits: Ints, names: Sequence[str], wanted: Sequence[str]) -> Mask:
        found: Mask = bits & sum(1 << names.index(name) for name in wanted if name in names) > 0
        return found

    def _with(self, entity: str) -> Mask:
        iri = f"http://www.wikidata.org/entity/{entity}" if ":" not in entity else entity
        wanted = [self.parties.numbers[iri]] if iri in self.parties.numbers else []
        wanted += self.parties.same.get(iri, [])
        return self._events(self.parts, wanted)

    def _events(self, relation: tuple[Ints, Ints], wanted: Sequence[int]) -> Mask:
        mask = np.zeros(len(self.iris), bool)
        if wanted:
            mask[relation[0][np.isin(relation[1], wanted)]] = True
        return mask

    def _saying(self, text: str) -> Mask:
        mask = self._events(self.parts, sorted({int(self.label_parties[i]) for i in self.labels.holding(text)}))
        mask[self.sentence_events[list(self.sentences.holding(text))]] = True
        titles = list(self.titles.holding(text))
        if titles:
            mask |= np.isin(self.documents, titles)
        return mask

    def page(self, filters: Filters, number: int, size: int, order: Order) -> tuple[list[str], int]:
        """The IRIs of one page of the events that match, and how many match."""
        mask, by = self.matching(filters), self.orders[order]
        found = by[mask[by]]
        return [self.iris[i] for i in found[(number - 1) * size : number * size]], len(found)

    def counts(self, filters: Filters) -> Counts:
        """The events that match, counted."""
        mask, known = self.matching(filters), vocabulary().event_types
        types: Counter[str] = Counter()
        statuses: Counter[str] = Counter()
        months: Counter[str] = Counter()
        days = np.where(self.first == NO_DAY, self.last, self.first)
        for bit, name in enumerate(self.type_names):
            chosen = mask & (self.types & (1 << bit) > 0)
            upper = next((each for each in known[name][1:2] if each in known), None)
            # What is counted under a type is counted under those above it too.
            for each, sign in ((name, 1), (upper, -1)):
                if each is None:
                    continue
                types[each] += sign * int(chosen.sum())
                for s, status in enumerate(self.status_names):
                    statuses[status] += sign * int((chosen & (self.statuses & (1 << s) > 0)).sum())
                statuses[""] += sign * int((chosen & (self.statuses == 0)).sum())
                for month, n in _by_month(days[chosen]):
                    months[month] += sign * n
        undated = months.pop("", 0)
        by_type, by_status, by_month = ({k: n for k, n in sorted(c.items()) if n} for c in (types, statuses, months))
        return Counts(sum(types.values()), by_type, by_status, by_month, undated)

    def ties(self, filters: Filters, most: int) -> tuple[Tie, ...]:
        """Who dealt with whom: the strongest ties first."""
        events, keys = self.pairs
        found, counted = np.unique(keys[self.matching(filters)[events]], return_counts=True)
        top = np.lexsort((found, -counted))[:most]
        size = max(1, len(self.parties))
        return tuple(
            Tie(self.parties[key // size], self.parties[key % size], n)
            for key, n in zip(found[top].tolist(), counted[top].tolist(), strict=True)
        )

    def most_frequent_places(self, filters: Filters, most: int) -> tuple[tuple[Party, int], ...]:
        """Where events take place, the most frequent first."""
        events, places = self.places
        counted = np.bincount(places[self.matching(filters)[events]], minlength=len(self.parties))
        top = np.argsort(-counted, kind="stable")[:most]
        return tuple((self.parties[i], int(counted[i])) for i in top.tolist() if counted[i])


def _by_month(days: Ints) -> Iterator[tuple[str, int]]:
    """How many days in each month; those that are none under the empty text."""
    found, counted = np.unique(days, return_counts=True)
    sums: Counter[str] = Counter()
    for day, n in zip(found.tolist(), counted.tolist(), strict=True):
        sums["" if day == NO_DAY else dt.date.fromordinal(day).isoformat()[:7]] += n
    yield from sums.items()


def _pairs(events: Ints, parties: Ints, size: int) -> tuple[Ints, Ints]:
    """Each two parties of an event, as one number, with the event's."""
    order = np.lexsort((parties, events))
    of, keys = [], []
    for event, group in itertools.groupby(
        zip(events[order].tolist(), parties[order].tolist(), strict=True), key=lambda pair: pair[0]
    ):
        numbers = [party for _, party in group]
        for one, other in itertools.combinations(numbers, 2):
            of.append(event)
            keys.append(one * size + other)
    return np.array(of, np.int64), np.array(keys, np.int64)
