"""Names of a user's own, in CSV: with items of any knowledge base, and names that are said to mean none."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from kgload.errors import BadLine, DataError, InputNotFound
from kgload.linking.facts import NOTHING, WIKIDATA, parsed
from kgload.linking.index import DECIDES, RELATIONS, Entry, Index, Info, Item, Sense, write
from kgload.linking.making import alone, making
from kgload.linking.names import key
from kgload.record_checks import is_link
from kgload.records import EntityKind

# What stands in the column `iri` of a name that means no known item.
NONE = "none"
QID = re.compile(r"Q[1-9][0-9]*")
LARGEST = 64 << 20
# What a spreadsheet takes a cell for a formula by.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class OwnName:
    """A row: a name, the item that it means (None: it means none), and how."""

    name: str
    item: Item | None
    relation: str = "name"


def read(path: Path) -> list[OwnName]:
    """The names of a CSV file with the columns `name` and `iri` (an IRI, a QID, or `none`), and, if there, `kind`,
    `label`, `relation`, `description`, and what tells namesakes apart: `country`, `within` (IRIs or QIDs with ``|``
    between), `office` (``title=2001/2009``, with ``|`` between), `from` and `until` (years). Rows without `iri` are not
    decided yet, and passed over.

    Raises:
        InputNotFound: the file cannot be read.
        BadLine: a row cannot be used; the message names its line.
        DataError: the file is no such table.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise InputNotFound(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path.name}: no UTF-8: {error.reason}") from error
    if len(content) > LARGEST:
        raise DataError(f"{path.name}: more than {LARGEST >> 20} MB; a list so long is built from a dump")
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        if not {"name", "iri"} <= set(rows.fieldnames or ()):
            raise DataError(f"{path.name}:1: there must be columns `name` and `iri`")
        names = [_name(row, f"{path.name}:{rows.line_num}") for row in rows if (row["iri"] or "").strip()]
    except csv.Error as error:
        raise BadLine(f"{path.name}:{rows.line_num}: {error}") from error
    return names


def index(names: Iterable[OwnName], source: str) -> Index:
    """An index of such names, in memory."""
    return Index.held(*_lists(names), source, decides=True)


def opened(path: Path) -> Index:
    """A gazetteer that the user names: an index file, or a CSV file of names.

    Raises:
        InputNotFound, DataError: it cannot be used.
    """
    if path.suffix.lower() == ".csv":
        return index(read(path), path.name)
    return Index.open(path)


def add(names: Iterable[OwnName], target: Path) -> Info:
    """Put names into an index file, which is made where there is none. A name that it holds already means, in that
    relation, what the new rows say.

    Raises:
        DataError: the file is no gazetteer.
        OutputError: it cannot be written.
    """
    added = list(names)
    # What the file holds is read and written under one lock, so that of two runs at once neither's names are lost.
    with alone(target):
        return _add(added, target)


def _add(added: list[OwnName], target: Path) -> Info:
    about = {"name": target.stem, "made from": "a user's own names", "licence": "the user's", DECIDES: "a person"}
    old = Index.open(target) if target.exists() else None
    kept: list[OwnName] = []
    if old:
        about = {**old.info().about, **({} if old.info().items else about)}
        items = list(old.items())
        replaced = {(key(own.name), own.relation if own.item else None) for own in added}
        unmade = {words for words, relation in replaced if relation is None}
        for words, senses in old.entries():
            if words in unmade or (not senses and any(words == new for new, _ in replaced)):
                continue
            name = " ".join(words)
            kept += [OwnName(name, items[s.item], s.relation) for s in senses if (words, s.relation) not in replaced]
            if not senses:
                kept.append(OwnName(name, None))
    with making(target) as part:
        write(part, *_lists([*kept, *added]), about)
    return Index.open(target).info()


def _lists(names: Iterable[OwnName]) -> tuple[list[Item], list[Entry]]:
    """Items in the order of their IRIs, and the entries of their names; several items of one name share it evenly."""
    given = list(names)
    by_iri: dict[str, Item] = {}
    for own in given:
        # A later row decides; where it tells nothing of the item, what an earlier one told stays.
        if own.item:
            before, facts = by_iri.get(own.item.iri), own.item.facts
            by_iri[own.item.iri] = replace(own.item, facts=before.facts) if before and facts == NOTHING else own.item
    numbers = {iri: number for number, iri in enumerate(sorted(by_iri))}
    found: dict[tuple[str, ...], dict[tuple[int, str], None]] = defaultdict(dict)
    for own in given:
        senses = found[key(own.name)]
        if own.item:
            senses[numbers[own.item.iri], own.relation] = None
    entries: list[Entry] = []
    for words in sorted(found, key=" ".join):
        shared = {relation: sum(r == relation for _, r in found[words]) for relation in RELATIONS}
        ordered = sorted(found[words], key=lambda sense: (RELATIONS.index(sense[1]), sense[0]))
        entries.append((words, tuple(Sense(n, relation, 1 / shared[relation]) for n, relation in ordered)))
    return [by_iri[iri] for iri in sorted(by_iri)], entries


def plain(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in FORMULA else cell


def _name(row: dict[str | None, str | None], where: str) -> OwnName:
    def cell(name: str) -> str:
        return plain(" ".join((row.get(name) or "").split()))

    name, iri, relation = cell("name"), cell("iri"), cell("relation") or "name"
    if not key(name):
        raise BadLine(f"{where}: {name!r} is no name")
    if relation not in RELATIONS:
        raise BadLine(f"{where}: {relation!r} is no relation; there are {', '.join(RELATIONS)}")
    if iri.lower() == NONE:
        return OwnName(name, None)
    if QID.fullmatch(iri):
        iri = WIKIDATA + iri
    if not is_link(iri):
        raise BadLine(f"{where}: {iri[:80]!r} is no http, https or urn IRI, no QID, and not {NONE!r}")
    try:
        kind = EntityKind(cell("kind") or "Organization")
    except ValueError:
        raise BadLine(f"{where}: {cell('kind')!r} is no kind; there are {', '.join(EntityKind)}") from None
    try:
        facts = parsed(*(cell(column) for column in ("country", "within", "office", "from", "until")))
    except ValueError as error:
        raise BadLine(f"{where}: {error}") from None
    return OwnName(name, Item(iri, cell("label") or name, kind, cell("description"), facts), relation)
