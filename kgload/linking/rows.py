"""Rows of the core gazetteer's table, as people read and compare them, and the index that is made of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kgload.errors import DataError
from kgload.linking.index import WIKIDATA, Entry, Item, Sense, write
from kgload.linking.making import making
from kgload.linking.names import key
from kgload.records import EntityKind

COLUMNS = ("qid", "kind", "label", "aliases", "demonyms", "capitals", "government", "namesakes", "linked", "checked")
RELATIONS = {"aliases": "name", "demonyms": "demonym", "capitals": "capital", "government": "government"}
Name = tuple[str, ...]
# A sense of a name with its weight; None stands for the known items of that name that the gazetteer does not hold.
Weighed = tuple[float, Sense | None]
NAMESAKE = 0.1


@dataclass(slots=True)
class Table:
    """What a table holds: its items in order, the senses of each name, and how many items were checked by what."""

    items: list[Item] = field(default_factory=list)
    senses: dict[Name, list[Weighed]] = field(default_factory=lambda: defaultdict(list))
    checked: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def entries(self) -> Iterator[Entry]:
        """The names in order, each with its senses, likeliest first."""
        for name in sorted(self.senses, key=" ".join):
            yield name, _ranked(self.senses[name])


def read(path: Path) -> Table:
    """Read a table.

    Raises:
        DataError: a line is not of the form that the header says; the message names it.
    """
    table = Table()
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path.name}: {error}") from error
    if not lines or tuple(lines[0].split("\t")) != COLUMNS:
        raise DataError(f"{path.name}:1: the columns must be {', '.join(COLUMNS)}")
    for number, line in enumerate(lines[1:], start=2):
        _add_row(table, line, f"{path.name}:{number}")
    return table


def write_index(source: Path, target: Path, *, as_of: str) -> None:
    """Make the index of a table, whole or not at all; ``as_of`` is the day that its facts are as of (ISO 8601).

    Raises:
        DataError: the table does not validate, or the index cannot be written.
    """
    table = read(source)
    ways = Counter(way for checked, n in table.checked.items() for way in checked.split("+") for _ in range(n))
    about = {
        "name": "core",
        "as of": as_of,
        "licence": "CC0-1.0 (Wikidata's facts)",
        "checked": "each item by two independent sources at least; items by source: "
        + ", ".join(f"{way} {n}" for way, n in sorted(ways.items(), key=lambda pair: (-pair[1], pair[0]))),
    }
    with making(target) as part:
        write(part, table.items, table.entries(), about)


def _add_row(table: Table, line: str, where: str) -> None:
    cells = line.split("\t")
    if len(cells) != len(COLUMNS):
        raise DataError(f"{where}: {len(cells)} columns where the header has {len(COLUMNS)}")
    row = dict(zip(COLUMNS, cells, strict=True))
    try:
        kind, namesakes = EntityKind(row["kind"]), int(row["namesakes"])
        linked = _counts(row["linked"])
    except ValueError as error:
        raise DataError(f"{where}: {error}") from error
    if not row["qid"].removeprefix("Q").isdigit() or not row["label"] or "+" not in row["checked"]:
        raise DataError(f"{where}: an item needs a QID, a label and two sources that agree on it")
    number = len(table.items)
    table.items.append(Item(WIKIDATA + row["qid"], row["label"], kind))
    table.checked[row["checked"]] += 1
    # Where editors linked none of the items of a name, one that they link often and that more lists hold is likelier.
    fame = 0.02 * sum(linked.values()) + NAMESAKE * (1 + row["checked"].count("+")) ** 2
    if namesakes and (name := key(row["label"])):
        table.senses[name].append((NAMESAKE * namesakes, None))
    for column, relation in RELATIONS.items():
        names = {key(name) for name in row[column].split("|")} | ({key(row["label"])} if relation == "name" else set())
        for name in sorted(names - {()}):
            # A capital's or a palace's name means itself first; that it stands for the state is the reader's inference.
            strength = fame + linked.get(name, 0) if relation in ("name", "demonym") else 0.05
            table.senses[name].append((strength, Sense(number, relation, 0.0)))


def _counts(cell: str) -> dict[Name, int]:
    """How often editors linked each name to the item."""
    counts: dict[Name, int] = defaultdict(int)
    for part in filter(None, cell.split("|")):
        name, _, count = part.rpartition("=")
        counts[key(name)] += int(count)
    return counts


def _ranked(senses: list[Weighed]) -> tuple[Sense, ...]:
    """Senses of one name, likeliest first; one sense an item."""
    best: dict[int, tuple[float, Sense]] = {}
    others = 0.0
    for strength, sense in senses:
        if sense is None:
            others = max(others, strength)
        elif sense.item not in best or sense.relation == "name":
            best[sense.item] = (strength, sense)
    total = others + sum(strength for strength, _ in best.values())
    # Items stand in the order of their numbers in the table.
    ordered = sorted(best.values(), key=lambda pair: (-pair[0], pair[1].item))
    return tuple(Sense(sense.item, sense.relation, round(strength / total, 4)) for strength, sense in ordered)
