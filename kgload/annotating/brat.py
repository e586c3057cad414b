"""brat's standoff format: a text file and a file of annotations for each text, in one folder.

An event of several triggers becomes an event annotation for each, tied by relations ``Same``; its parts hang on the
first. What is no stretch of the text stands in a note, as JSON. The file ``kgload.jsonl`` keeps what brat has no place
for: ids, dates of publication, sentences. File names are numbers: a text's id comes from outside and must not become a
path.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from kgload.annotating.layout import ROLES, VALUES, Annotated, Marked, Name
from kgload.annotating.layout import lay_out as marks_of
from kgload.errors import OutputError
from kgload.ontology import vocabulary
from kgload.records import Mode, Status

NAME, SAME, NOTE = "Name", "Same", "AnnotatorNotes"
REST = (*ROLES, *VALUES)


def role_name(role: str) -> str:
    """A part as brat shows it: ``reported_by`` is ``ReportedBy``."""
    return "".join(word.capitalize() for word in role.split("_"))


ROLE_OF = {role_name(role): role for role in ROLES}


def write(one: Annotated) -> str:
    """The annotation file of a text.

    Raises:
        OutputError: brat has no form for the name of an event type.
    """
    for event in one.gold.events:
        if not re.fullmatch(r"[A-Za-z_][\w-]*", event.type, re.ASCII):
            raise OutputError(f"brat takes no event type of the name {event.type[:60]!r}")
    return "".join(line + "\n" for line in _Writer(one).lines())


def configuration() -> str:
    """``annotation.conf``: the ontology's event types, with the parts and attributes that an annotator may give."""
    parts = ", ".join(f"{role_name(role)}*:<ENTITY>" for role in ROLES)
    types = sorted(vocabulary().event_types)
    return "\n".join(
        (
            "[entities]", NAME, "",
            "[relations]", f"{SAME}\tArg1:<EVENT>, Arg2:<EVENT>", "",
            "[events]", *(f"{type_}\t{parts}" for type_ in types), "",
            "[attributes]", f"Status\tArg:<EVENT>, Value:{'|'.join(Status)}",
            f"Mode\tArg:<EVENT>, Value:{'|'.join(Mode)}", "Optional\tArg:<EVENT>", "",
        )
    )  # fmt: skip


class _Writer:
    def __init__(self, one: Annotated) -> None:
        self._text, self._marks = one.article.text, marks_of(one)
        self._ids: dict[object, str] = {}
        self._counts: dict[str, int] = {}

    def lines(self) -> Iterator[str]:
        for marked in self._marks:
            parts: list[str] = []
            for role, name in marked.parts:
                if name not in self._ids:
                    self._ids[name] = self._next("T")
                    yield self._stretch(self._ids[name], NAME, name.begin, name.end)
                    if name.name != " ".join(self._text[name.begin : name.end].split()):
                        yield f"{self._next('#')}\t{NOTE} {self._ids[name]}\t{json.dumps({'name': name.name})}"
                times = sum(part.startswith(role_name(role)) for part in parts)
                parts.append(f"{role_name(role)}{times + 1 if times else ''}:{self._ids[name]}")
            yield from self._event(marked, parts)

    def _event(self, marked: Marked, parts: Sequence[str]) -> Iterator[str]:
        first = ""
        for begin, end in marked.triggers:
            trigger, event = self._next("T"), self._next("E")
            yield self._stretch(trigger, marked.type, begin, end)
            yield f"{event}\t{' '.join((f'{marked.type}:{trigger}', *(() if first else parts)))}"
            if first:
                yield f"{self._next('R')}\t{SAME} Arg1:{first} Arg2:{event}"
            first = first or event
        for attribute, value in (("Status", marked.status), ("Mode", marked.mode)):
            if value:
                yield f"{self._next('A')}\t{attribute} {first} {value}"
        if marked.optional:
            yield f"{self._next('A')}\tOptional {first}"
        if marked.rest:
            yield f"{self._next('#')}\t{NOTE} {first}\t{json.dumps(marked.rest)}"

    def _next(self, letter: str) -> str:
        self._counts[letter] = self._counts.get(letter, 0) + 1
        return f"{letter}{self._counts[letter]}"

    def _stretch(self, id_: str, type_: str, begin: int, end: int) -> str:
        """brat takes no stretch across a line's end: it is given as its pieces."""
        pieces = [(begin + m.start(), begin + m.end()) for m in re.finditer(r"[^\n]+", self._text[begin:end])]
        pieces = pieces or [(begin, end)]
        words = " ".join(plain(self._text[b:e]) for b, e in pieces)
        return f"{id_}\t{type_} {';'.join(f'{b} {e}' for b, e in pieces)}\t{words}"


def plain(words: str) -> str:
    """Words as they stand in a line of annotations, which may hold neither tab nor line's end."""
    return re.sub(r"[\t\r\n]", " ", words)


@dataclass(slots=True)
class _Event:
    type: str
    trigger: str
    parts: list[tuple[str, str]]
    attributes: dict[str, str] = field(default_factory=dict)
    rest: dict[str, Any] = field(default_factory=dict)


def read(lines: str, text: str) -> list[Marked]:
    """The marks that an annotation file makes on its text. Normalisations and other people's entities are passed over.

    Raises:
        ValueError: a line cannot be read; the message is ``line N: reason``.
    """
    reader = _Reader(text)
    for number, line in enumerate(lines.split("\n"), start=1):
        try:
            reader.take(line.removesuffix("\r"))
        except ValueError as error:
            raise ValueError(f"line {number}: {error}") from error
    return list(reader.marks())


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._stretches: dict[str, tuple[int, int]] = {}
        self._events: dict[str, _Event] = {}
        self._names: dict[str, str] = {}
        self._same: list[list[str]] = []
        self._later: list[tuple[str, str]] = []

    def take(self, line: str) -> None:
        """Take a line in. What speaks of an event may stand before it."""
        if not line.strip():
            return
        id_, _, body = line.partition("\t")
        letter = id_[:1]
        if letter == "T":
            self._stretches[id_] = self._ends(body)
        elif letter == "E":
            first, *parts = body.split()
            type_, _, trigger = first.partition(":")
            self._events[id_] = _Event(type_, trigger, [self._part(part) for part in parts])
        elif letter == "R":
            name, one, other = [*body.split(), "", "", ""][:3]
            if name == SAME:
                self._same.append([one.partition(":")[2], other.partition(":")[2]])
        elif letter == "*":
            name, *others = body.split()
            if name == "Equiv":
                self._same.append(others)
        elif letter in ("A", "M", "#"):
            self._later.append((letter, body))
        elif letter != "N":
            raise ValueError(f"{id_[:20]!r} is no annotation")

    def _ends(self, body: str) -> tuple[int, int]:
        label, tab, words = body.partition("\t")
        pieces = [piece.split() for piece in label.partition(" ")[2].split(";")]
        if not tab or not all(len(piece) == 2 and piece[0].isdecimal() and piece[1].isdecimal() for piece in pieces):
            raise ValueError("a stretch has a type, begin and end, and its words")
        ends = [(int(begin), int(end)) for begin, end in pieces]
        there = " ".join(plain(self._text[b:e]) for b, e in ends)
        if there != words:
            raise ValueError(f"the text has {there[:60]!r} there, not {words[:60]!r}")
        return ends[0][0], ends[-1][1]

    @staticmethod
    def _part(part: str) -> tuple[str, str]:
        name, _, filler = part.partition(":")
        role = ROLE_OF.get(name.rstrip("0123456789"))
        if role is None:
            raise ValueError(f"{name[:40]!r} is no part of an event; there are {', '.join(ROLE_OF)}")
        return role, filler

    def marks(self) -> Iterator[Marked]:
        """The events, in the order of their first annotations."""
        self._attributes()
        for group in self._groups():
            events = [self._events[id_] for id_ in group]
            attributes = {name: value for event in reversed(events) for name, value in event.attributes.items()}
            parts = [(role, self._name(filler)) for event in events for role, filler in event.parts]
            yield Marked(
                type=events[0].type,
                triggers=tuple(dict.fromkeys(self._stretch(event.trigger) for event in events)),
                status=attributes.get("Status"),
                mode=attributes.get("Mode"),
                optional="Optional" in attributes,
                parts=tuple(dict.fromkeys(parts)),
                rest={name: value for event in reversed(events) for name, value in event.rest.items()},
            )

    def _attributes(self) -> None:
        for letter, body in self._later:
            name, target, value = [*body.split(None, 2), "", ""][:3]
            if letter == "#":
                _, _, note = body.partition("\t")
                said = self._note(note) if name == NOTE else {}
                if target in self._events:
                    self._events[target].rest |= {key: said[key] for key in said if key in REST}
                elif isinstance(said.get("name"), str):
                    self._names[target] = said["name"]
            elif target in self._events:
                self._events[target].attributes[name] = value

    @staticmethod
    def _note(note: str) -> dict[str, Any]:
        """What a note says: JSON as we write it, or a person's free words, which are nothing to us."""
        try:
            said = json.loads(note)
        except (ValueError, RecursionError):
            return {}
        return said if isinstance(said, dict) else {}

    def _stretch(self, id_: str) -> tuple[int, int]:
        if id_ not in self._stretches:
            raise ValueError(f"{id_[:20]!r} is no stretch of the text")
        return self._stretches[id_]

    def _name(self, id_: str) -> Name:
        begin, end = self._stretch(id_)
        return Name(begin, end, self._names.get(id_, " ".join(self._text[begin:end].split())))

    def _groups(self) -> Iterator[list[str]]:
        """Events that are the same one, each group in the file's order."""
        group_of = {id_: [id_] for id_ in self._events}
        for ids in self._same:
            known = [id_ for id_ in ids if id_ in group_of]
            for id_ in known[1:]:
                first, other = group_of[known[0]], group_of[id_]
                if first is not other:
                    first += other
                    group_of |= dict.fromkeys(other, first)
        order = {id_: number for number, id_ in enumerate(self._events)}
        seen: set[int] = set()
        for id_ in self._events:
            if id(group_of[id_]) not in seen:
                seen.add(id(group_of[id_]))
                yield sorted(group_of[id_], key=order.__getitem__)


def sidecar(texts: Iterable[tuple[str, Annotated]]) -> Iterator[str]:
    """The lines of ``kgload.jsonl`` for (file name, text)."""
    for name, one in texts:
        article = one.article
        row: dict[str, Any] = {
            "file": name,
            "id": article.id,
            "title": article.title,
            "date": article.date,
            "url": article.url,
        }
        row |= {"sentences": one.gold.sentences}
        row["aliases"] = one.gold.aliases
        yield json.dumps(row, default=str) + "\n"
