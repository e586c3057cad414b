"""What news texts say of known items, counted: whose president, in what country, and what else they are called."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kgload.linking.gazetteer import Gazetteer
from kgload.linking.names import fold, key, words
from kgload.records import EntityKind, KnownMention, KnownName

# Two sources tell a fact: two publishers, or so many texts of one on different days, each of which had its own report.
DAYS = 2
# The share of all that is said of an item which a fact must have, that others are not merely mistaken for it.
COUNTRY_SHARE, PLACE_SHARE, SHORT_SHARE = 0.8, 0.15, 0.95
# So sure must it be that a name is an item's, and none's that the lists do not hold.
SURE = 0.9
# An office's name is so many words at most, and stands so near.
TITLE_WORDS = 4
POSSESSIVE = re.compile(r"(?:'s|’s)?\s+")
HOLDER = re.compile(r"((?:[\w.-]+\s+){0,3}[\w.-]+)\s+of\s+(?:the\s+)?$")
# "Nor City in northern Norland"; "the Norlandic port city of".
INSIDE = re.compile(r",? in (?:the )?(?:(?:far |south|north)?(?:east|west|north|south)(?:ern)? |central )?")
OF_STATE = re.compile(
    r"(?:'s|’s)?(?: (?:capital|port|border|coastal|southern|northern|eastern|western|resort))*"
    r"(?: (?:city|town|village|capital|province|region|district|island|governorate|port|municipality|state)(?: of)?) "
)
INITIALLED = re.compile(r"\b[A-Z][\w'’-]+ (?:[A-Z]\. )+[A-Z][\w'’-]+")
LAST = re.compile(r"(\w+)[- ]$")
ACRONYM = re.compile(r"\s\(([A-Z][A-Za-z&.-]{1,9})\)")
Seen = set[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Text:
    """A news text: who published it, on which day (ISO 8601; empty where that is not known), and what it says."""

    publisher: str
    day: str
    text: str


@dataclass(frozen=True, slots=True)
class Offices:
    """Words of offices' names: those that end one, others in it, and those that say that it is held no more, or not
    yet."""

    heads: frozenset[str]
    parts: frozenset[str]
    past: frozenset[str]

    def title(self, said: str) -> tuple[str, bool] | None:
        """The office that the last words of a phrase name, and whether it is held now; None where they name none."""
        spelled = [fold(word.lower()).strip(".") for word in said.split()][-TITLE_WORDS - 1 :]
        if not spelled or spelled[-1] not in self.heads:
            return None
        first = len(spelled) - 1
        while first and spelled[first - 1] in self.parts | self.heads:
            first -= 1
        around = {*spelled[:first], *(part for word in spelled for part in word.split("-"))}
        return " ".join(spelled[first:]), not around & self.past


@dataclass(slots=True)
class Evidence:
    """Who told what of each item, as (publisher, day): its countries, places that it is in, offices, acronyms, and
    short names; and how often an office was told of by (country, year)."""

    countries: dict[str, dict[str, Seen]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    within: dict[str, dict[str, Seen]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    offices: dict[str, dict[str, Seen]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    years: dict[tuple[str, str], Counter[tuple[str, int]]] = field(default_factory=lambda: defaultdict(Counter))
    acronyms: dict[str, dict[str, Seen]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    shorts: dict[str, dict[str, Seen]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    surnames: dict[str, dict[str, Seen]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))


def sources(seen: Seen) -> str:
    """The publishers that told something, with ``+`` between, where that makes two sources; else nothing."""
    publishers = sorted({publisher for publisher, _ in seen})
    if len(publishers) > 1:
        return "+".join(publishers)
    return f"{publishers[0]}+days" if len({day for _, day in seen if day}) >= DAYS else ""


def initialled(texts: Iterable[Text]) -> dict[str, Seen]:
    """Full names with initials in the middle, and who writes them."""
    found: dict[str, Seen] = defaultdict(set)
    for text in texts:
        for name in INITIALLED.findall(text.text):
            found[name].add((text.publisher, text.day))
    return found


def gather(gazetteer: Gazetteer, texts: Iterable[Text], offices: Offices) -> Evidence:
    """Read texts, by the names of a gazetteer; names that several items bear say nothing of any."""
    evidence = Evidence()
    for text in texts:
        _Reading(evidence, offices, text, gazetteer.find(text.text)).read()
    return evidence


class _Reading:
    """One text, read for what it says."""

    def __init__(self, evidence: Evidence, offices: Offices, text: Text, found: Sequence[KnownMention]) -> None:
        self._evidence, self._offices, self._said, self._text = evidence, offices, text, text.text
        self._found = found
        self._witness = (text.publisher, text.day)
        self._year = int(text.day[:4]) if text.day else None

    def read(self) -> None:
        people: dict[str, list[KnownMention]] = defaultdict(list)
        for number, mention in enumerate(self._found):
            known = self._meant(number)
            if known is None:
                continue
            before = self._found[number - 1] if number else None
            if known.kind is EntityKind.PERSON and " " in self._text[mention.begin : mention.end]:
                people[known.iri].append(mention)
                self._person(known.iri, mention, before)
            elif known.kind is EntityKind.PLACE:
                self._place(known.iri, number)
            elif known.kind in (EntityKind.ORGANIZATION, EntityKind.ARMED_GROUP):
                self._body(known.iri, mention, before)
        self._shorts(people)

    def _person(self, iri: str, mention: KnownMention, before: KnownMention | None) -> None:
        """ "Norlandic president Mara Dunn", "the president of Norland, Mara Dunn": country, office and year."""
        state = _state(before)
        if before is None or state is None:
            return
        between = self._text[before.end : mention.begin]
        start = POSSESSIVE.match(between)
        if between.strip() in ("", ","):
            holder = HOLDER.search(self._text, max(0, before.begin - 60), before.begin)
            said = holder[1] if holder else ""
        else:
            said = between[start.end() :] if start else ""
        told = self._offices.title(said) if said and "," not in said else None
        if told is None:
            return
        title, is_held = told
        # "former Norlandic president"
        last = LAST.search(self._text, max(0, before.begin - 20), before.begin)
        is_held = is_held and (last is None or last[1].lower() not in self._offices.past)
        self._evidence.countries[iri][state].add(self._witness)
        self._evidence.offices[iri][title].add(self._witness)
        if is_held and self._year:
            self._evidence.years[iri, title][state, self._year] += 1

    def _place(self, iri: str, number: int) -> None:
        """ "Nor City, Norland", "Nor City in Norland", "the Norlandic city of Nor City": what the place is in."""
        around = self._meant(number + 1) if self._is_followed(number) else None
        if around and around.kind in (EntityKind.PLACE, EntityKind.STATE) and around.iri != iri:
            self._evidence.within[iri][around.iri].add(self._witness)
        behind, before = self._found[number + 1 : number + 2], self._found[number - 1 : number] if number else ()
        here = self._found[number]
        states = [
            *(_state(other) for other in behind if INSIDE.fullmatch(self._text[here.end : other.begin])),
            *(_state(other) for other in before if OF_STATE.fullmatch(self._text[other.end : here.begin])),
        ]
        for state in filter(None, states):
            self._evidence.within[iri][state].add(self._witness)

    def _is_followed(self, number: int) -> bool:
        """Whether a comma and the next name follow a name."""
        ends = self._found[number : number + 2]
        return len(ends) == 2 and self._text[ends[0].end : ends[1].begin] == ", "

    def _meant(self, number: int) -> KnownName | None:
        """The item of a name that is no other's; of a state and a place of one name the place, where "Georgia, United
        States" says that it is in a state."""
        mention = self._found[number]
        if known := _only(mention, self._text[mention.begin : mention.end]):
            return known
        named = [known for known in mention.candidates if known.relation == "name"]
        places = [known for known in named if known.kind is EntityKind.PLACE]
        if len(named) == 2 and len(places) == 1 and self._is_followed(number) and _state(self._found[number + 1]):
            return places[0]
        return None

    def _body(self, iri: str, mention: KnownMention, before: KnownMention | None) -> None:
        """ "the Norlandic Harbour Board", "Norland's Harbour Board", "the Harbour Board (NHB)"."""
        state = _state(before)
        if before is not None and state and POSSESSIVE.fullmatch(self._text[before.end : mention.begin]):
            self._evidence.countries[iri][state].add(self._witness)
        acronym = ACRONYM.match(self._text, mention.end)
        if acronym and sum(char.isupper() for char in acronym[1]) > 1:
            self._evidence.acronyms[acronym[1]][iri].add(self._witness)

    def _shorts(self, people: dict[str, list[KnownMention]]) -> None:
        """By which words of their full names, alone, the text calls people whom it names in full, or somebody else."""
        inside = [(m.begin, m.end) for mentions in people.values() for m in mentions]
        tokens = words(self._text)
        alone: dict[str, bool] = {}
        for number, (begin, end, word) in enumerate(tokens):
            if word[:1].isupper() and not any(first <= begin and end <= last for first, last in inside):
                beside = [tokens[other][2] for other in (number - 1, number + 1) if 0 <= other < len(tokens)]
                joined = any(w[:1].isupper() and fold(w.lower()) not in self._offices.heads for w in beside)
                alone[word] = alone.get(word, False) or not joined
        for iri, mentions in people.items():
            self._evidence.surnames[words(self._text[mentions[0].begin : mentions[0].end])[-1][2]][iri].add(
                self._witness
            )
            for _, _, word in words(self._text[mentions[0].begin : mentions[0].end]):
                if alone.get(word) and len(word) > 1:
                    self._evidence.shorts[word][iri].add(self._witness)
        titles = self._offices.heads | self._offices.parts
        full = re.finditer(r"\b[A-Z][\w-]+ (?:[A-Z][\w-]+ )?([A-Z][\w-]+)\b", self._text)
        for other in full:
            # "President Dunn" is nobody else's full name.
            is_title = any(fold(word.lower()) in titles for word in other[0].split()[:-1])
            if not is_title and not any(b <= other.start(1) < e for b, e in inside):
                self._evidence.surnames[other[1]][other[0]].add(self._witness)
                if alone.get(other[1]):
                    self._evidence.shorts[other[1]][other[0]].add(self._witness)


def _only(mention: KnownMention, written: str) -> KnownName | None:
    """The item of a name that is no other's: of several, the one whose label it is, and not a mere alias."""
    named = [known for known in mention.candidates if known.relation == "name"]
    if len(named) > 1:
        named = [known for known in named if key(known.label) == key(written)]
    known = sum(known.prior for known in mention.candidates)
    return named[0] if len(named) == 1 and known > SURE else None


def _state(mention: KnownMention | None) -> str | None:
    """The state that a name or a nationality word means."""
    for known in mention.candidates[:1] if mention else ():
        if known.kind is EntityKind.STATE and known.relation in ("name", "demonym") and known.prior > SURE:
            return known.iri
    return None
