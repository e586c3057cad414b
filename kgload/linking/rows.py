"""Rows of the core gazetteer's table, as people read and compare them, and the index that is made of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kgload.errors import DataError
from kgload.linking.facts import WIKIDATA, Facts, parsed
from kgload.linking.index import Entry, Item, Sense, write
from kgload.linking.making import making
from kgload.linking.names import Name, key
from kgload.records import EntityKind

COLUMNS = (
    "qid", "kind", "label", "aliases", "demonyms", "capitals", "government", "namesakes", "linked", "checked",
    "country", "within", "office", "from", "until", "facts",
)  # fmt: skip
RELATIONS = {"aliases": "name", "demonyms": "demonym", "capitals": "capital", "government": "government"}
# A sense of a name with its weight; None stands for the known items of that name that the gazetteer does not hold.
Weighed = tuple[float, Sense | None]
NAMESAKE = 0.1
# What tells facts besides texts.
TABLES = frozenset({"dump", "label", "capital", "us_congress", "natural_earth", "geonames"})
# What stands beside one list, the strongest first.
BASES = {
    "editors": "links of Wikipedia's editors",
    "dump": "Wikidata's own record",
    "said": "news that says what it is",
}


@dataclass(slots=True)
class Table:
    """What a table holds: its items in order, the senses of each name, and how many items were checked by what."""

    items: list[Item] = field(default_factory=list)
    senses: dict[Name, list[Weighed]] = field(default_factory=lambda: defaultdict(list))
    checked: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    facts: Counter[str] = field(default_factory=Counter)

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
        "rest on": _told(Counter(_basis(checked) for checked, n in table.checked.items() for _ in range(n))),
        "facts": "each by two sources at least; " + _told(Counter(_held(table.items))),
        "facts rest on": _told(Counter(_witnesses(how) for how, n in table.facts.items() for _ in range(n))),
    }
    with making(target) as part:
        write(part, table.items, table.entries(), about)


def _told(counts: Counter[str]) -> str:
    return ", ".join(f"{what} {n}" for what, n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _basis(checked: str) -> str:
    """What a check of an item comes to, in words."""
    ways = checked.split("+")
    lists = [way for way in ways if way not in BASES]
    if len(lists) > 1:
        return "several lists"
    return "one list and " + next((told for way, told in BASES.items() if way in ways), "nothing")


def _witnesses(how: str) -> str:
    """What tells a fact ("country=x+y"), in words."""
    ways = set(how.partition("=")[2].split("+"))
    if ways & TABLES:
        return "a table, a name or Wikidata's record, and texts or another of these"
    return "texts of one publisher on different days" if "days" in ways else "texts of several publishers"


def _held(items: Iterable[Item]) -> Iterator[str]:
    for item in items:
        facts = item.facts
        told = {"country": facts.countries, "region": facts.within, "office": facts.offices, "years": facts.began}
        yield from (what for what, value in told.items() if value)


def _add_row(table: Table, line: str, where: str) -> None:
    cells = line.split("\t")
    if len(cells) != len(COLUMNS):
        raise DataError(f"{where}: {len(cells)} columns where the header has {len(COLUMNS)}")
    row = dict(zip(COLUMNS, cells, strict=True))
    try:
        kind, namesakes = EntityKind(row["kind"]), int(row["namesakes"])
        linked = _counts(row["linked"])
        facts = parsed(*(row[column] for column in ("country", "within", "office", "from", "until")))
    except ValueError as error:
        raise DataError(f"{where}: {error}") from error
    if not row["qid"].removeprefix("Q").isdigit() or not row["label"] or "+" not in row["checked"]:
        raise DataError(f"{where}: an item needs a QID, a label and two sources that agree on it")
    number = len(table.items)
    if facts != Facts() and "+" not in row["facts"]:
        raise DataError(f"{where}: what is told of an item needs two sources that agree on it")
    table.items.append(Item(WIKIDATA + row["qid"], row["label"], kind, facts=facts))
    table.facts.update(part for part in row["facts"].split("|") if part)
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
    if facts.offices and len(full := key(row["label"])) > 1:
        # The family's name is the first word or the last, and no number ("Odo Bell III").
        for word in sorted({word for word in (full[0], full[-1]) if not word.isupper()}):
            table.senses[(word,)].append((0.0, Sense(number, "surname", 0.0)))


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
    # Nothing is weighed where all are surnames.
    total = others + sum(strength for strength, _ in best.values()) or 1.0
    # Items stand in the order of their numbers in the table.
    ordered = sorted(best.values(), key=lambda pair: (-pair[0], pair[1].item))
    return tuple(Sense(sense.item, sense.relation, round(strength / total, 4)) for strength, sense in ordered)
