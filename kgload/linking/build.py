"""Make the core gazetteer: names that people wrote down here, joined to Wikidata items that two sources agree on.

A row ships only if its item is checked: two independent lists of the reference hold it, or one list and either the
links that Wikipedia's editors set or Wikidata's own record of the item under the same name. Names come from
`states.tsv` and `bodies.tsv` (written by hand), from the reference's labels, and from the words that editors linked.
"""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from kgload.linking import spellings
from kgload.linking.evidence import DAYS, Offices, Text, gather, initialled, sources
from kgload.linking.gazetteer import Gazetteer
from kgload.linking.names import Name, key
from kgload.linking.reference import Reference, number, table
from kgload.linking.rows import COLUMNS
from kgload.linking.staging import Found
from kgload.linking.telling import Known, Told, shorts, tell
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
    told: Told = field(default_factory=Told)

    def line(self) -> str:
        """The row as a line of the gazetteer's file."""
        sets = ("|".join(sorted(names)) for names in (self.aliases - {self.label}, self.demonyms, self.capitals))
        linked = "|".join(f"{name}={count}" for name, count in sorted(self.linked.items()))
        names = (*sets, "|".join(sorted(self.government)))
        counts = (str(self.namesakes), linked, self.checked)
        return "\t".join((self.qid, self.kind.value, self.label, *names, *counts, *self.told.cells()))


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
    _add_spellings(rows, reference, folder, generic | of_states)
    return sorted(rows.values(), key=lambda row: number(row.qid))


def tell_apart(
    rows: list[Row], reference: Reference, folder: Path, texts: Iterable[Text], dump: Iterable[Found]
) -> None:
    """Add to rows what tells namesakes apart, and short names, by what texts and Wikidata's own records say of them.

    Raises:
        DataError: a table in ``folder`` is not of its form.
    """
    uses = [(record["word"], record["use"]) for record in table(folder / "offices.tsv")]
    offices = Offices(*(frozenset(word for word, use in uses if use == which) for which in ("head", "part", "past")))
    read = list(texts)
    _add_initialled(rows, reference, read)
    with tempfile.TemporaryDirectory() as scratch:
        write(rows, Path(scratch) / "rows.tsv")
        evidence = gather(Gazetteer.read(Path(scratch) / "rows.tsv"), read, offices)
    states = [row for row in rows if row.kind is EntityKind.STATE]
    known = Known(
        {row.qid: row.kind for row in rows},
        {row.qid: row.label for row in rows},
        {key(name): row.qid for row in states for name in (row.label, *row.aliases, *row.demonyms)},
        {key(name): row.qid for row in states for name in row.capitals},
        reference.lists,
        reference.atlas,
        _cities(rows, reference),
    )
    told = tell(known, evidence, dump)
    names = {key(name) for row in rows for name in (row.label, *row.aliases, *row.demonyms, *row.capitals)}
    further = shorts(evidence)
    generic = {key(record["label"]) for record in table(folder / "generic.tsv")}
    for row in rows:
        row.told = told.get(row.qid, row.told)
        for name in sorted(further.get(row.qid, ())):
            if key(name) not in names | generic and key(name)[0] not in reference.common:
                row.aliases.add(name)


def _cities(rows: Iterable[Row], reference: Reference) -> dict[str, tuple[Name, ...]]:
    """The states' names of cities by QID: what all names of a row tell that the atlas has, and of which the lists
    have no other item. "Odessa" is a city of Texas there, "Odesa" one of Ukraine."""
    found: dict[str, tuple[Name, ...]] = {}
    for row in rows:
        names = {key(name) for name in (row.label, *row.aliases)}
        told = {reference.atlas.cities[name] for name in names if name in reference.atlas.cities}
        if len(told) == 1 and all(reference.by_name.get(name, [row.qid]) == [row.qid] for name in names):
            found[row.qid] = told.pop()
    return found


def _add_initialled(rows: list[Row], reference: Reference, texts: Iterable[Text]) -> None:
    """Names with initials in the middle, of people whom the lists have without, where the news often writes them so."""
    people = {key(row.label): row for row in rows if row.kind is EntityKind.PERSON}
    for name, seen in sorted(initialled(texts).items()):
        plain = key(spellings.without_initials(name) or "")
        is_only = plain in people and len(reference.by_name[plain]) == 1 and not reference.by_name.get(key(name))
        if is_only and sources(seen) and len({day for _, day in seen}) > DAYS:
            people[plain].aliases.add(name)


def write(rows: Iterable[Row], target: Path) -> None:
    """Write the gazetteer's file: tab-separated, with a header."""
    lines = ["\t".join(COLUMNS), *(row.line() for row in rows)]
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _add_spellings(rows: dict[str, Row], reference: Reference, folder: Path, taken: frozenset[tuple[str, ...]]) -> None:
    """Names that follow from labels, where no other item has them."""
    endings = {record["label"]: EntityKind(record["kind"]) for record in table(folder / "suffixes.tsv")}
    states = [row for row in rows.values() if row.kind is EntityKind.STATE]
    # "Norlander" and "Norlanders" are people, and "the Norlands" is no adjective.
    adjectives = {
        row.qid: {name for name in row.demonyms if name + "s" in row.demonyms or len(row.demonyms) == 1}
        for row in states
    }
    names = {row.qid: {name for name in (row.label, *row.aliases) if name[0].isupper()} for row in states}
    named = {name: frozenset(names[row.qid]) for row in states for name in names[row.qid]}
    by_demonym = {name: frozenset(adjectives[row.qid]) for row in states for name in (*names[row.qid], *row.demonyms)}
    called = {name: frozenset(names[row.qid]) for row in states for name in row.demonyms}
    own = spellings.States(named, called, by_demonym, [key(record["label"]) for record in table(folder / "single.tsv")])
    made: dict[tuple[str, ...], set[str]] = defaultdict(set)
    spelled: dict[tuple[str, ...], str] = {}
    for row in rows.values():
        further = {spellings.without_endings(row.label, row.kind, endings)}
        if row.kind is EntityKind.PERSON and (plain := spellings.without_initials(row.label)):
            # Who is called so too is a namesake.
            row.aliases.add(plain)
        if row.kind is EntityKind.ORGANIZATION:
            further |= set(spellings.of_states(row.label, own))
        for name in sorted(filter(None, further)):
            made[key(name)].add(row.qid)
            spelled[key(name)] = name
    held = {key(name) for row in rows.values() for name in (row.label, *row.aliases, *row.demonyms, *row.capitals)}
    for words, qids in made.items():
        others = set(reference.by_name.get(words, ())) - qids
        is_word = len(words) == 1 and (words[0] in reference.common or words[0] in reference.surnames)
        if len(qids) == 1 and not others and words not in held and words not in taken and not is_word:
            rows[next(iter(qids))].aliases.add(spelled[words])


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
        if not fitting and name == names[0] and any(_fits(reference, qid, kind) for qid in votes):
            # Lists have an item of the name, and it is not checked: another item of an alias is not it.
            return None
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
