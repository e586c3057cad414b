"""Make the core gazetteer: names that people wrote down here, joined to Wikidata items that two sources agree on.

A row ships only if its item is checked: two independent lists of the reference hold it, or one list and either the
links that Wikipedia's editors set or Wikidata's own record of the item under the same name. Names come from
`states.tsv` and `bodies.tsv` (written by hand), from the reference's labels, and from the words that editors linked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from kgload.linking.names import key
from kgload.linking.reference import Reference, number, table
from kgload.records import EntityKind

# Lists of parliaments' members and parties, whose acronyms mean something at home only.
PARTIES = {"everypol", "partyfacts"}
LONGEST_ACRONYM = 5
# Names that people wrote down, with the kind of all in a file; None: each row says its own.
BY_HAND: dict[str, EntityKind | None] = {
    "states.tsv": EntityKind.STATE,
    "bodies.tsv": None,
    "places.tsv": EntityKind.PLACE,
    "people.tsv": EntityKind.PERSON,
}
HEADER = ("qid", "kind", "label", "aliases", "demonyms", "capitals", "government", "namesakes", "linked", "checked")


@dataclass(slots=True)
class Row:
    """A row of the gazetteer: an item with its names.

    ``linked`` counts how often editors linked each name to it; ``namesakes`` are items of the same label and kind that
    the reference knows and the gazetteer does not hold.
    """

    qid: str
    kind: EntityKind
    label: str
    aliases: set[str] = field(default_factory=set)
    demonyms: set[str] = field(default_factory=set)
    capitals: set[str] = field(default_factory=set)
    government: set[str] = field(default_factory=set)
    linked: Counter[str] = field(default_factory=Counter)
    namesakes: int = 0
    checked: str = ""

    def line(self) -> str:
        """The row as a line of the gazetteer's file."""
        sets = ("|".join(sorted(names)) for names in (self.aliases - {self.label}, self.demonyms, self.capitals))
        linked = "|".join(f"{name}={count}" for name, count in sorted(self.linked.items()))
        names = (*sets, "|".join(sorted(self.government)))
        return "\t".join((self.qid, self.kind.value, self.label, *names, str(self.namesakes), linked, self.checked))


def build(reference: Reference, folder: Path) -> list[Row]:
    """The rows of the core gazetteer, sorted by the number of their item.

    Raises:
        DataError: a table in ``folder`` is not of its form.
    """
    rows: dict[str, Row] = {}
    by_hand = [
        (record, kind or EntityKind(record["kind"]))
        for file, kind in BY_HAND.items()
        for record in table(folder / file)
    ]
    reference.hand |= {
        key(name)
        for record, _ in by_hand
        for name in (record["label"], *_names(record["aliases"]))
        if not _is_acronym(name)
    }
    for record, given in by_hand:
        _add_by_hand(rows, reference, record, given)
    endings = {record["label"]: EntityKind(record["kind"]) for record in table(folder / "endings.tsv")}
    withheld = {record["qid"] for record in table(folder / "withheld.tsv")}
    for qid in sorted(reference.labels.keys() - withheld, key=number):
        if _is_acronym(reference.labels[qid]) and reference.lists[qid] <= PARTIES and qid not in reference.linked:
            continue
        if qid not in rows and reference.checked(qid) and (kind := _kind(reference, qid, endings)):
            # A person of one word bears a name that many are called by.
            if kind is EntityKind.PERSON and len(reference.name(qid)) < 2 and qid not in reference.linked:
                continue
            # Wikipedia's titles tell namesakes apart in brackets; news does not.
            rows[qid] = Row(qid, kind, reference.labels[qid].partition(" (")[0])
    generic = frozenset(key(record["label"]) for record in table(folder / "generic.tsv"))
    # "Norland" may be linked to its football team; whoever says "Norland" elsewhere means the state.
    of_states = frozenset(
        key(name)
        for row in rows.values()
        if row.kind is EntityKind.STATE
        for name in (row.label, *row.aliases, *row.demonyms)
    )
    for qid, row in rows.items():
        excluded = generic if row.kind is EntityKind.STATE else generic | of_states
        _add_surfaces(row, reference.linked.get(qid, Counter()), excluded)
        row.checked = reference.checked(qid)
        row.namesakes = _namesakes(reference, row, rows)
    return sorted(rows.values(), key=lambda row: number(row.qid))


def write(rows: Iterable[Row], target: Path) -> None:
    """Write the gazetteer's file: tab-separated, with a header."""
    lines = ["\t".join(HEADER), *(row.line() for row in rows)]
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _add_by_hand(rows: dict[str, Row], reference: Reference, record: dict[str, str], kind: EntityKind) -> None:
    names = [record["label"], *_names(record["aliases"])]
    qid = _item(reference, names, kind)
    if qid is None:
        return
    row = rows.setdefault(qid, Row(qid, kind, record["label"]))
    row.aliases |= set(names)
    row.demonyms |= set(_names(record.get("demonyms", "")))
    row.capitals |= set(_names(record.get("capitals", "")))
    row.government |= set(_names(record.get("government", "")))


def _item(reference: Reference, names: list[str], kind: EntityKind) -> str | None:
    """The checked item that the names stand for: what editors link most, else what most lists hold; none in doubt.

    Acronyms have too many meanings to tell an item: only the first name may be one.
    """
    for name in (names[0], *(name for name in names[1:] if not name.replace(".", "").isupper())):
        votes: Counter[str] = Counter()
        for qid in reference.by_name.get(key(name), ()):
            votes[qid] += 10 * len(reference.lists[qid])
        for qid, count in reference.by_surface.get(key(name), Counter()).items():
            votes[qid] += 100 * count
        fitting = [(n, q) for q, n in votes.items() if reference.checked(q) and _fits(reference, q, kind)]
        fitting.sort(key=lambda pair: (-pair[0], number(pair[1])))
        if fitting and (len(fitting) == 1 or fitting[0][0] > fitting[1][0]):
            return fitting[0][1]
    return None


def _fits(reference: Reference, qid: str, kind: EntityKind) -> bool:
    type_ = reference.types[qid]
    wanted = {EntityKind.PERSON: "person", EntityKind.STATE: "place", EntityKind.PLACE: "place"}.get(kind, "org")
    if kind is EntityKind.STATE:
        return "place" in type_ and (
            bool({"country_coder", "rigour"} & reference.lists[qid]) or qid in reference.linked
        )
    return wanted in type_ or not type_


def _kind(reference: Reference, qid: str, endings: dict[str, EntityKind]) -> EntityKind | None:
    """The kind that the lists give; where they give none, what the label's last word says."""
    first = reference.types[qid].partition("|")[0]
    if not first:
        return endings.get(reference.labels[qid].rpartition(" ")[2])
    kinds = {"person": EntityKind.PERSON, "org": EntityKind.ORGANIZATION, "place": EntityKind.PLACE}
    return kinds.get(first)


def _namesakes(reference: Reference, row: Row, rows: dict[str, Row]) -> int:
    others = set(reference.by_name.get(key(row.label), ())) - rows.keys()
    first = reference.types.get(row.qid, "").partition("|")[0]
    return sum(first in reference.types[qid].split("|") for qid in others)


def _is_acronym(name: str) -> bool:
    letters = name.replace(".", "")
    return letters.isupper() and letters.isalpha() and len(letters) <= LONGEST_ACRONYM


def _add_surfaces(row: Row, surfaces: Counter[str], generic: frozenset[tuple[str, ...]]) -> None:
    """Names that editors linked to the item, where they look like names and say which one of its kind it is."""
    known = {key(name) for name in (row.label, *row.aliases, *row.demonyms, *row.capitals, *row.government)}
    for surface, count in sorted(surfaces.items()):
        if key(surface) not in known:
            if not surface[:1].isupper() or len(surface) < 2 or any(c in surface for c in "\t|\n="):
                continue
            # "U.S. aircraft" was linked once, to an air force; "U.S. forces" often, to the armed forces.
            is_phrase = surface.rpartition(" ")[2].islower()
            is_surname = row.kind is EntityKind.PERSON and " " not in surface
            is_doubtful = is_phrase or is_surname or _is_acronym(surface)
            if key(surface) in generic or (is_doubtful and count < 2):
                continue
            row.aliases.add(surface)
        elif key(surface) in generic:
            continue
        row.linked[" ".join(surface.split())] += count


def _names(cell: str) -> list[str]:
    return [name.strip() for name in cell.split(";") if name.strip()]
