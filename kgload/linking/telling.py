"""Facts and further names of the core gazetteer's rows: those that two sources tell, of the ones that were counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kgload.linking.atlas import Atlas
from kgload.linking.evidence import COUNTRY_SHARE, PLACE_SHARE, SHORT_SHARE, Evidence, Seen, sources
from kgload.linking.facts import Facts, Office, short
from kgload.linking.names import Name, key
from kgload.linking.staging import Found
from kgload.records import EntityKind

# Of an office that texts of the newest year, or of the one before, tell of, nobody knows when it ends.
LATELY = 1
# Of all who are called a state's president in a year, who holds the office has so large a share of the calls.
HOLDER_SHARE = 0.25
# In so many texts somebody is named in full whose surname alone is taken for him.
MANY = 10
# How far up from place to place what holds it is followed.
STEPS = 4
# Sources that are no news: Wikidata's own record, the item's name, the table of capitals.
DUMP, LABEL, CAPITAL = ("dump", ""), ("label", ""), ("capital", "")
REGIONS, CITIES = ("natural_earth", ""), ("geonames", "")
# A list that holds people of one state alone.
OF_STATE = {"us_congress": "Q30"}


@dataclass(slots=True)
class Told:
    """What is told of a row's item, and which sources agree on it: "country=wikinews+wikipedia"."""

    facts: Facts = field(default_factory=Facts)
    sources: Counter[str] = field(default_factory=Counter)

    def cells(self) -> tuple[str, ...]:
        """The cells of the table."""
        *texts, began, ended = self.facts.cells()
        years = ("" if year is None else str(year) for year in (began, ended))
        return (*texts, *years, "|".join(sorted(self.sources)))


@dataclass(frozen=True, slots=True)
class Known:
    """What the rows are, by QID: kinds, labels, names of states (folded) with their QIDs, capitals' names with the
    states', and lists that hold each; what an atlas says of regions; and of cities their states' names."""

    kinds: Mapping[str, EntityKind]
    labels: Mapping[str, str]
    states: Mapping[Name, str]
    capitals: Mapping[Name, str]
    lists: Mapping[str, frozenset[str]]
    atlas: Atlas = field(default_factory=Atlas)
    cities: Mapping[str, tuple[Name, ...]] = field(default_factory=dict)


def tell(known: Known, evidence: Evidence, dump: Iterable[Found]) -> dict[str, Told]:
    """Facts of items on which two sources agree, by QID."""
    countries = _seen(evidence.countries)
    within = _seen(evidence.within)
    for found in dump:
        qid = f"Q{found.qid}"
        if qid in known.kinds:
            of_place = known.kinds[qid] is EntityKind.PLACE
            for number in found.countries:
                (within if of_place else countries)[qid][f"Q{number}"].add(DUMP)
            for number in found.within:
                within[qid][f"Q{number}"].add(DUMP)
    for qid, kind in known.kinds.items():
        name = key(known.labels[qid])
        if kind is EntityKind.ORGANIZATION:
            for state in _states_in(name, known.states):
                countries[qid][state].add(LABEL)
        elif kind is EntityKind.PLACE:
            if name in known.capitals:
                within[qid][known.capitals[name]].add(CAPITAL)
            region = known.atlas.regions.get(qid)
            cities = () if region else known.cities.get(qid, ())
            for told_by, named in ((REGIONS, region.states if region else ()), (CITIES, cities)):
                for state in [known.states[each] for each in named if each in known.states][:1]:
                    within[qid][state].add(told_by)
        for list_ in known.lists.get(qid, frozenset()) & OF_STATE.keys():
            if qid in countries:
                countries[qid][OF_STATE[list_]].add((list_, ""))
    _follow(within, known.kinds)
    told: dict[str, Told] = defaultdict(Told)
    holds = {
        qid: _agreed(seen, PLACE_SHARE) for qid, seen in within.items() if known.kinds.get(qid) is EntityKind.PLACE
    }
    last = max((year for told_of in evidence.years.values() for _, year in told_of), default=0)
    held_in = _years(evidence)
    for qid, kind in known.kinds.items():
        if kind is EntityKind.PLACE and holds.get(qid):
            around = _around(qid, holds)
            states = [place for place in around if known.kinds.get(place) is EntityKind.STATE]
            # What two states are said to hold, one after the other or both at once, says too little of either.
            if len(states) < 2:
                _add(told[qid], "within", set(holds[qid].values()), countries=states, within=around)
        elif kind in (EntityKind.PERSON, EntityKind.ORGANIZATION, EntityKind.ARMED_GROUP) and qid in countries:
            agreed = _agreed(countries[qid], COUNTRY_SHARE)
            if agreed:
                _add(told[qid], "country", set(agreed.values()), countries=list(agreed))
        iri = _iri(qid)
        if kind is EntityKind.PERSON and iri in evidence.offices:
            offices = [(title, how) for title, seen in evidence.offices[iri].items() if (how := sources(seen))]
            held = [_office(title, held_in.get((iri, title), set()), last) for title, _ in sorted(offices)]
            if held:
                began = min((office.began for office in held if office.began is not None), default=None)
                _add(told[qid], "office", {how for _, how in offices}, offices=held, began=began)
    return dict(told)


def shorts(evidence: Evidence) -> dict[str, set[str]]:
    """Acronyms and single words of full names by which texts call one item, and nearly never another, by QID; and
    surnames that nearly all who bear them in many texts share with one person."""
    found: dict[str, set[str]] = defaultdict(set)
    for table, least in ((evidence.shorts, 1), (evidence.acronyms, 1), (evidence.surnames, MANY)):
        for name, bearers in table.items():
            iri, seen = max(bearers.items(), key=lambda pair: (len(pair[1]), pair[0]))
            total = sum(len(others) for others in bearers.values())
            if iri.startswith("http") and sources(seen) and len(seen) >= max(least, SHORT_SHARE * total):
                found[short(iri)].add(name)
    return found


def _follow(within: Mapping[str, dict[str, Seen]], kinds: Mapping[str, EntityKind]) -> None:
    """Who says that a place is in a region, of which one state is known, says that it is in the state."""
    states: dict[str, str] = {}
    for qid, seen in within.items():
        if kinds.get(qid) is EntityKind.PLACE:
            agreed = [up for up in _agreed(seen, PLACE_SHARE) if kinds.get(up) is EntityKind.STATE]
            if len(agreed) == 1:
                states[qid] = agreed[0]
    for seen in within.values():
        for region in [up for up in seen if up in states]:
            seen[states[region]] |= seen[region]


def _seen(table: Mapping[str, Mapping[str, Seen]]) -> dict[str, dict[str, Seen]]:
    copied: dict[str, dict[str, Seen]] = defaultdict(lambda: defaultdict(set))
    for iri, values in table.items():
        for value, seen in values.items():
            copied[short(iri)][short(value)] |= seen
    return copied


def _agreed(values: Mapping[str, Seen], share: float) -> dict[str, str]:
    """The values on which two sources agree, with these, where they are so large a share of all that is said."""
    total = sum(len(seen) for seen in values.values())
    return {
        value: how for value, seen in sorted(values.items()) if len(seen) >= share * total and (how := sources(seen))
    }


def _around(qid: str, holds: Mapping[str, Mapping[str, str]]) -> list[str]:
    around: dict[str, None] = {}
    level = [qid]
    for _ in range(STEPS):
        level = [up for place in level for up in holds.get(place, {}) if up not in around and up != qid]
        around.update(dict.fromkeys(level))
    return sorted(around)


def _years(evidence: Evidence) -> dict[tuple[str, str], set[int]]:
    """The years in which each holds an office; not those in which texts call somebody else so, and him in passing."""
    totals: Counter[tuple[str, str, int]] = Counter()
    for (_, title), told_of in evidence.years.items():
        for (state, year), count in told_of.items():
            totals[title, state, year] += count
    return {
        (iri, title): {y for (state, y), n in told_of.items() if n >= HOLDER_SHARE * totals[title, state, y]}
        for (iri, title), told_of in evidence.years.items()
    }


def _office(title: str, years: set[int], last: int) -> Office:
    ended = max(years, default=None)
    return Office(title, min(years, default=None), None if ended is None or ended >= last - LATELY else ended)


def _states_in(name: Name, states: Mapping[Name, str]) -> set[str]:
    """The states that a name holds the names of: "Bank of Norland", "Norlandic Harbour Board"."""
    sizes = range(1, min(len(name), 5))
    parts = (name[begin : begin + size] for size in sizes for begin in range(len(name) - size + 1))
    return {states[part] for part in parts if part in states}


def _add(
    told: Told,
    what: str,
    how: set[str],
    *,
    countries: Iterable[str] = (),
    within: Iterable[str] = (),
    offices: Iterable[Office] = (),
    began: int | None = None,
) -> None:
    facts, states = told.facts, tuple(map(_iri, countries))
    told.facts = Facts(
        (*facts.countries, *states),
        (*facts.within, *(iri for place in within if (iri := _iri(place)) not in states)),
        (*facts.offices, *offices),
        facts.began if began is None else began,
        facts.ended,
    )
    told.sources.update(f"{what}={way}" for way in how)


def _iri(qid: str) -> str:
    return f"http://www.wikidata.org/entity/{qid}"
