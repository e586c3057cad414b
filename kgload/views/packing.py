"""Events as the columns that a report carries: each text once, numbers for all else, so that many fit into a page.

A browser reads one long text sooner than a hundred thousand short ones, and sooner than as many numbers: a column of
texts is one text (:func:`joined`), a column of numbers is their bytes (:func:`numbers`).
"""

from __future__ import annotations

import base64
import datetime as dt
import re
from array import array
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from kgload.views.assets import located
from kgload.views.shown import Evidence, Party, Shown, Source, web_address

EPOCH = dt.date(1970, 1, 1)
# What stands for no day, and for no confidence.
NO_DAY = -(1 << 31)
UNSURE = 255
CONFIDENCE_STEPS = 100
# Ends each text of those that are packed into one: JSON and UTF-8 write it as one byte, and no text needs it.
END = "\x7f"
_HOST = re.compile(r"https?://([^/?#@:\\\s]+)(?=[/?#:]|$)", re.IGNORECASE)
# By the letter before a column's bytes: how wide each of its numbers is.
_WIDTHS = (("b", "<u1", 0, 1 << 8), ("h", "<u2", 0, 1 << 16), ("i", "<i4", NO_DAY, 1 << 31))


@dataclass(slots=True)
class _Table:
    """Values by number, each once."""

    values: list[Any] = field(default_factory=list)
    numbers: dict[Hashable, int] = field(default_factory=dict)

    def number(self, key: Hashable) -> int:
        found = self.numbers.get(key)
        return self.add(key, key) if found is None else found

    def add(self, key: Hashable, value: Any) -> int:
        self.numbers[key] = len(self.values)
        self.values.append(value)
        return len(self.values) - 1


@dataclass(frozen=True, slots=True)
class Packed:
    """The columns, ready for JSON, and how many events and documents are in them."""

    columns: dict[str, Any]
    events: int
    documents: int


def pack(events: Iterable[Shown]) -> Packed:
    """Events as columns, in their order; those that come first may have evidence, those after them none.

    Names that are not linked are one party where they are spelt alike and of one kind.
    """
    packer = _Packer()
    for each in events:
        packer.add(each)
    return Packed(packer.columns(), len(packer.names), len(packer.documents.values))


_EVENT = (
    "folder", "type", "status", "first", "last", "words", "confidence", "document", "counts", "roles", "parties",
    "mode", "topic",
)  # fmt: skip


class _Packer:
    def __init__(self) -> None:
        self.types, self.statuses, self.roles, self.kinds = _Table(), _Table(), _Table(), _Table()
        self.parties, self.documents, self.sentences, self.words = _Table(), _Table(), _Table(), _Table()
        self.folders, self.hosts = _Table(), _Table()
        self.names: list[str] = []
        self.event = {name: array("i") for name in _EVENT}
        # How many sentences an event has, which, how many marks each has, and the marks: begin, end, role.
        self.evidence = {name: array("i") for name in ("counts", "sentences", "marks", "spans")}

    def add(self, event: Shown) -> None:
        folder, _, name = event.iri.rpartition("/")
        when = event.when
        self.names.append(name)
        for column, value in (
            ("folder", self.folders.number(folder)),
            ("type", self.types.number(event.type)),
            ("status", self.statuses.number(event.status)),
            ("first", _days(when.earliest)),
            ("last", _days(when.latest)),
            ("words", self.words.number(when.text or "")),
            ("confidence", UNSURE if event.confidence is None else round(event.confidence * CONFIDENCE_STEPS)),
            ("document", self._document(event.source)),
            ("counts", len(event.parts)),
            ("mode", self.words.number(event.mode or "")),
            ("topic", self.words.number(event.topic or "")),
        ):
            self.event[column].append(value)
        for part in event.parts:
            self.event["roles"].append(self.roles.number(part.role))
            self.event["parties"].append(self._party(part.party))
        if event.evidence:
            counts = self.evidence["counts"]
            counts.extend([0] * (len(self.names) - 1 - len(counts)))
            counts.append(len(event.evidence))
            for each in event.evidence:
                self._sentence(event.source.iri, each)

    def _party(self, party: Party) -> int:
        linked = party.item is not None and party.is_trusted
        key = party.iri if linked else (" ".join(party.label.split()).casefold(), party.kind)
        found = self.parties.numbers.get(key)
        if found is None:
            place = located(party.item) if party.kind in ("Place", "State") else None
            item = web_address(party.item) or ""
            value = (party.iri, party.label, self.kinds.number(party.kind), item, int(linked), place)
            found = self.parties.add(key, value)
        return found

    def _document(self, source: Source) -> int:
        found = self.documents.numbers.get(source.iri)
        if found is None:
            host = _HOST.match(source.url or "")
            number = self.hosts.number(host[1].lower() if host else "")
            value = (source.id, source.title or "", source.url or "", number, _days(source.issued))
            found = self.documents.add(source.iri, value)
        return found

    def _sentence(self, document: str, evidence: Evidence) -> None:
        key = document, evidence.begin, evidence.text
        found = self.sentences.numbers.get(key)
        self.evidence["sentences"].append(self.sentences.add(key, evidence.text) if found is None else found)
        self.evidence["marks"].append(len(evidence.marks))
        for mark in evidence.marks:
            role = 0 if mark.what == "trigger" else self.roles.number(mark.what) + 1
            self.evidence["spans"].extend((mark.begin, mark.end, role))

    def columns(self) -> dict[str, Any]:
        ids, titles, urls, hosts, issued = _transposed(self.documents.values, 5)
        iris, labels, kinds, items, linked, places = _transposed(self.parties.values, 6)
        on_map = [(i, place) for i, place in enumerate(places) if place]
        return {
            "types": self.types.values,
            "statuses": self.statuses.values,
            "roles": self.roles.values,
            "kinds": self.kinds.values,
            "hosts": joined(self.hosts.values),
            "folders": shortened(self.folders.values),
            "words": joined(self.words.values),
            "parties": {
                "iri": shortened(iris),
                "label": joined(labels),
                "kind": numbers(kinds),
                "item": joined(items),
                "linked": numbers(linked),
                "placed": numbers([i for i, _ in on_map]),
                "x": [place.x for _, place in on_map],
                "y": [place.y for _, place in on_map],
            },
            "documents": {
                "id": joined(ids),
                "title": joined(titles),
                "url": joined(urls),
                "host": numbers(hosts),
                "issued": numbers(issued),
            },
            "sentences": joined(self.sentences.values),
            "events": {"name": joined(self.names), **{name: numbers(found) for name, found in self.event.items()}},
            "evidence": {name: numbers(found) for name, found in self.evidence.items()},
        }


def joined(texts: Iterable[str]) -> str:
    """Texts as one, with :data:`END` after each."""
    return "".join(f"{text.replace(END, chr(0xFFFD))}{END}" for text in texts)


def shortened(texts: Sequence[str]) -> list[str]:
    """What all these texts begin with, and the rest of each, joined."""
    least, greatest = min(texts, default=""), max(texts, default="")
    same = next((i for i, (a, b) in enumerate(zip(least, greatest, strict=False)) if a != b), len(least))
    front = least[:same].replace(END, "\ufffd")
    return [front, joined(text[len(front) :] for text in texts)]


def numbers(values: Sequence[int]) -> str:
    """Whole numbers as the letter of their width (``b``, ``h``, ``i``: 1, 2, 4 bytes) and their bytes in base 64.

    The least byte of each comes first. One or two bytes hold no negative number.
    """
    import numpy as np

    found = np.asarray(values, np.int64)
    low, high = (int(found.min()), int(found.max())) if len(found) else (0, 0)
    letter, kind = next((letter, kind) for letter, kind, least, most in _WIDTHS if least <= low and high < most)
    return letter + base64.b64encode(found.astype(kind).tobytes()).decode("ascii")


def _transposed(rows: list[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [[row[column] for row in rows] for column in range(width)]


def _days(day: dt.date | None) -> int:
    return (day - EPOCH).days if day else NO_DAY
