"""Events as the columns that a report carries: each text once, numbers for all else, so that many fit into a page."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from kgload.views.assets import located
from kgload.views.shown import Evidence, Part, Party, Shown, Source, web_address

EPOCH = dt.date(1970, 1, 1)
CONFIDENCE_STEPS = 100
# Stands between texts that are packed into one: a browser reads one long text sooner than many short ones. It is a
# character that no standard gives a meaning to.
BETWEEN = "\ue000"


@dataclass(slots=True)
class _Table:
    """Values by number, each once."""

    values: list[Any] = field(default_factory=list)
    numbers: dict[Any, int] = field(default_factory=dict)

    def number(self, key: Any, value: Any = None) -> int:
        found = self.numbers.get(key)
        if found is None:
            found = self.numbers[key] = len(self.values)
            self.values.append(key if value is None else value)
        return found


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
    return Packed(packer.columns(), len(packer.rows), len(packer.documents.values))


class _Packer:
    def __init__(self) -> None:
        self.types, self.statuses, self.roles, self.kinds = _Table(), _Table(), _Table(), _Table()
        self.parties, self.documents, self.sentences, self.words = _Table(), _Table(), _Table(), _Table()
        self.rows: list[list[Any]] = []
        self.evidence: list[list[list[Any]]] = []
        self.folders = _Table()

    def add(self, event: Shown) -> None:
        folder, _, name = event.iri.rpartition("/")
        when = event.when
        self.rows.append(
            [
                self.folders.number(folder),
                name,
                self.types.number(event.type),
                self.statuses.number(event.status),
                _days(when.earliest),
                _days(when.latest),
                self.words.number(when.text or ""),
                None if event.confidence is None else round(event.confidence * CONFIDENCE_STEPS),
                self._document(event.source),
                [number for part in event.parts for number in self._part(part)],
                self.words.number(event.mode or ""),
                self.words.number(event.topic or ""),
            ]
        )
        if event.evidence:
            self.evidence += [[]] * (len(self.rows) - 1 - len(self.evidence))
            self.evidence.append([self._sentence(event.source.iri, each) for each in event.evidence])

    def _part(self, part: Part) -> tuple[int, int]:
        return self.roles.number(part.role), self._party(part.party)

    def _party(self, party: Party) -> int:
        linked = party.item is not None and party.is_trusted
        key = party.iri if linked else (" ".join(party.label.split()).casefold(), party.kind)
        place = located(party.item) if party.kind in ("Place", "State") else None
        value = [
            party.iri,
            party.label,
            self.kinds.number(party.kind),
            web_address(party.item) or 0,
            int(linked),
            *([place.x, place.y] if place else []),
        ]
        return self.parties.number(key, value)

    def _document(self, source: Source) -> int:
        value = [source.id, source.title or "", source.url or "", _days(source.issued)]
        return self.documents.number(source.iri, value)

    def _sentence(self, document: str, evidence: Evidence) -> list[Any]:
        number = self.sentences.number((document, evidence.begin, evidence.text), [evidence.text, evidence.begin])
        marks: list[Any] = []
        for mark in evidence.marks:
            what = -1 if mark.what == "trigger" else self.roles.number(mark.what)
            marks += [mark.begin, mark.end, what]
        return [number, *marks]

    def columns(self) -> dict[str, Any]:
        names = (
            "folder", "name", "type", "status", "first", "last", "words", "confidence", "document", "parts", "mode",
            "topic",
        )  # fmt: skip
        columns: dict[str, Any] = dict(zip(names, _transposed(self.rows, len(names)), strict=True))
        columns["name"] = joined(columns["name"])
        columns["counts"] = [len(parts) // 2 for parts in columns["parts"]]
        columns["parts"] = list(itertools.chain.from_iterable(columns["parts"]))
        identifiers, titles, urls, issued = _transposed(self.documents.values, 4)
        return {
            "types": self.types.values,
            "statuses": self.statuses.values,
            "roles": self.roles.values,
            "kinds": self.kinds.values,
            "folders": self.folders.values,
            "words": self.words.values,
            "parties": self.parties.values,
            "documents": {"id": joined(identifiers), "title": joined(titles), "url": joined(urls), "issued": issued},
            "sentences": self.sentences.values,
            "events": columns,
            "evidence": self.evidence,
        }


def joined(texts: Iterable[str]) -> str:
    """Texts as one, with :data:`BETWEEN` between them."""
    return BETWEEN.join(text.replace(BETWEEN, "\ufffd") for text in texts)


def _transposed(rows: list[list[Any]], width: int) -> Iterator[list[Any]]:
    for column in range(width):
        yield [row[column] for row in rows]


def _days(day: dt.date | None) -> int | None:
    return (day - EPOCH).days if day else None
