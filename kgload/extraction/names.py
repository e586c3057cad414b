"""Names in a text, and whom they name: each entity once, under its fullest name, with all its mentions.

Names come from spaCy's recogniser, from the lexicon (longest match), and from runs of proper nouns that both miss. A
nationality stands for its state ("North Korean troops"). A capital's name has two readings, the city and the state
("Pyongyang would support"), of which roles choose.
"""

from __future__ import annotations

import functools
import re
import tomllib
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated

from kgload import data
from kgload.errors import DataError
from kgload.extraction.analysis import Analysis, Token
from kgload.records import EntityKind, KnownMention, KnownName, Lexicon

# Labels of the recogniser that name somebody or something; the others are dates and figures.
NAMING = ("PERSON", "ORG", "GPE", "NORP", "LOC", "FAC", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW")
STATE, DEMONYM, CAPITAL, CITY, PROPER = "STATE", "DEMONYM", "CAPITAL", "CITY", "PROPER"
KINDS = {
    "PERSON": EntityKind.PERSON,
    "ORG": EntityKind.ORGANIZATION,
    "NORP": EntityKind.ORGANIZATION,
    "GPE": EntityKind.PLACE,
    "LOC": EntityKind.PLACE,
    "FAC": EntityKind.PLACE,
}
LABELS = {EntityKind.PERSON: "PERSON", EntityKind.PLACE: "GPE"}
SURE = 0.5
"""The least share of uses of a word that mean what the lexicon knows, where nothing else says that it is a name."""
SURE_AT_START, LONGEST_BEFORE = 0.95, 40
BEFORE = re.compile(r"[^\W\d_a-z]\w*[ -]$")
"""A word with a capital that the name goes on from."""
STATE_NAME = {"name": STATE, "demonym": DEMONYM, "capital": CAPITAL, "government": CAPITAL}
BREAK = re.compile(r"\s[-–—]+\s|\s\((?![^()]*\))")
"""A dash with space around it, and a bracket that a span opens and does not close."""
EDGES = " \t\r\n.,;:!?'\"“”‘’()[]{}«»—–-*"


@dataclass(frozen=True, slots=True)
class Name:
    """A mention of a name: its span, the index of the entity that it names, and what kind of name it is.

    ``label`` is a label of the recogniser, or STATE, DEMONYM, CAPITAL (a capital or a seat of government read as the
    state), CITY (a capital read as the city), PROPER (proper nouns that nothing else explains).
    """

    begin: int
    end: int
    entity: int
    label: str


@dataclass(slots=True)
class Named:
    """An entity of the document. ``kind`` is None for things that are no entity of the ontology (a law, a product)."""

    name: str
    kind: EntityKind | None
    label: str
    aliases: set[str] = field(default_factory=set)
    known: KnownName | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a text in text order, and the entities that they name."""

    mentions: tuple[Name, ...]
    entities: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class NameData:
    """Titles as a pattern that matches at a name's beginning, words that are no name alone, endings that tell kinds."""

    titles: re.Pattern[str]
    parts: frozenset[str]
    endings: dict[str, EntityKind]


@functools.cache
def name_data() -> NameData:
    """What ``data/names.toml`` says.

    Raises:
        DataError: it is not of its form; the message says where.
    """
    from pydantic import BaseModel, ConfigDict, Field, ValidationError

    class File(BaseModel):
        model_config = ConfigDict(extra="forbid")
        titles: list[Annotated[str, Field(pattern=r"^[a-z][a-z -]*$")]]
        parts: list[Annotated[str, Field(pattern=r"^[a-z]+$")]]
        endings: dict[EntityKind, list[Annotated[str, Field(pattern=r"^[a-z]+$")]]]

    try:
        file = File.model_validate(tomllib.loads(data.path("names.toml").read_text("utf-8")))
    except (OSError, ValueError) as error:
        where = ".".join(map(str, error.errors()[0]["loc"])) if isinstance(error, ValidationError) else ""
        raise DataError(f"names.toml: {where}: {error}") from error
    titles = sorted(file.titles, key=len, reverse=True)
    pattern = re.compile(rf"(?:{'|'.join(map(re.escape, titles))})\.?\s+(?=\S)", re.I)
    return NameData(
        pattern, frozenset(file.parts), {word: kind for kind, endings in file.endings.items() for word in endings}
    )


def strip(text: str, begin: int, end: int) -> tuple[int, int]:
    """A name's span without punctuation at its edges, possessive, and titles before it."""
    while begin < end and text[begin] in EDGES:
        begin += 1
    while end > begin and text[end - 1] in EDGES and not _is_initial(text, begin, end):
        end -= 1
    if text[begin:end].endswith(("'s", "’s")):
        end -= 2
    while (title := name_data().titles.match(text, begin, end)) and title.end() < end:
        begin = title.end()
    return begin, end


def _is_initial(text: str, begin: int, end: int) -> bool:
    """Whether a name ends in the dot of an abbreviation: "U.S.", "Jr."."""
    return text[end - 1] == "." and bool(re.search(r"(?:^|[\W\d_])[^\W\d_]\.$|\b[JS]r\.$", text[begin:end]))


def find(analysis: Analysis, lexicon: Lexicon) -> Names:
    """The names of a text and the entities that they name."""
    text = analysis.article.text
    known = lexicon.find(text)
    spans = _without_overlaps(
        [
            *_known_states(known),
            *_recognised(analysis),
            *_known(text, known),
            *_proper_nouns(analysis),
            *(_known_words(analysis, known) if analysis.is_closed else ()),
        ]
    )
    return _Register(text, lexicon).names(spans)


@dataclass(frozen=True, slots=True)
class _Found:
    begin: int
    end: int
    label: str
    known: tuple[KnownName, ...] = ()
    rank: int = 0


def _known_states(known: Iterable[KnownMention]) -> Iterable[_Found]:
    for mention in known:
        states = tuple(c for c in mention.candidates if c.kind is EntityKind.STATE)
        if states:
            yield _Found(mention.begin, mention.end, STATE, states, rank=0)


def _known(text: str, known: Iterable[KnownMention]) -> Iterable[_Found]:
    """Names that the lexicon knows and the recogniser may miss: of several words, or in capitals."""
    for mention in known:
        first, written = mention.candidates[0], text[mention.begin : mention.end]
        if first.kind is not EntityKind.STATE and (" " in written or (written.isupper() and len(written) > 1)):
            yield _Found(mention.begin, mention.end, LABELS.get(first.kind, "ORG"), mention.candidates, rank=2)


def _known_words(analysis: Analysis, known: Iterable[KnownMention]) -> Iterable[_Found]:
    """Names of one word that the lexicon knows, where no recogniser has read the text: words with a capital that are no
    part of a longer name. A sentence's first word has its capital from there, and must hardly mean anything else."""
    text = analysis.article.text
    starts = {sentence.begin for sentence in analysis.sentences}
    for mention in known:
        first, written = mention.candidates[0], text[mention.begin : mention.end]
        is_name = first.kind is not EntityKind.STATE and first.relation == "name" and first.prior >= SURE
        if not is_name or not written.isalpha() or written.isupper():
            continue
        if mention.begin in starts and first.prior < SURE_AT_START:
            continue
        if not BEFORE.search(text, max(0, mention.begin - LONGEST_BEFORE), mention.begin):
            yield _Found(mention.begin, mention.end, LABELS.get(first.kind, "ORG"), mention.candidates, rank=2)


def _recognised(analysis: Analysis) -> Iterable[_Found]:
    for span in analysis.spans:
        if span.label in NAMING:
            for begin, end in _between_breaks(analysis.article.text, span.begin, span.end):
                begin, end = strip(analysis.article.text, begin, end)
                if begin < end and "\n" not in analysis.article.text[begin:end]:
                    yield _Found(begin, end, span.label, rank=1)


def _between_breaks(text: str, begin: int, end: int) -> Iterable[tuple[int, int]]:
    """What stands between dashes with space around them, and before a bracket, which the recogniser at times takes into
    a name: "Afiya Center - Neha Gill", "FILE - Mara Dunn", "World Health Organization (WHO"."""
    for found in BREAK.finditer(text, begin, end):
        yield begin, found.start()
        begin = found.end()
    yield begin, end


def _proper_nouns(analysis: Analysis) -> Iterable[_Found]:
    text, tokens, index = analysis.article.text, analysis.tokens, 0
    # "Tuesday" is a proper noun to the tagger; the recogniser knows it for a date.
    taken = {i for s in analysis.spans if s.label not in NAMING for i in range(s.begin, s.end)}
    while index < len(tokens):
        last = index
        while last < len(tokens) and _is_proper(tokens[last]) and tokens[last].begin not in taken:
            last += 1
        if last > index and tokens[index].text[0].isupper():
            begin, end = strip(text, tokens[index].begin, tokens[last - 1].end)
            if end - begin > 1:
                yield _Found(begin, end, PROPER, rank=3)
        index = max(last, index + 1)


def _is_proper(token: Token) -> bool:
    return token.tag in ("NNP", "NNPS") and token.text[0].isalnum()


def _without_overlaps(found: Iterable[_Found]) -> list[_Found]:
    """The best of overlapping spans: a state's name stays beside a longer name that it is a part of."""
    kept: list[_Found] = []
    longest = 0
    for span in sorted(dict.fromkeys(found), key=lambda s: (s.rank, s.begin - s.end, s.begin)):
        # Kept in text order, so that a text of ten thousand names takes no minutes.
        first = bisect_left(kept, span.begin - longest, key=lambda other: other.begin)
        last = bisect_left(kept, span.end, key=lambda other: other.begin)
        overlapping = [other for other in kept[first:last] if span.begin < other.end]
        covered = any(other.begin <= span.begin and span.end <= other.end for other in overlapping)
        beaten = covered or any(other.rank > 0 for other in overlapping) or (overlapping and span.rank == 3)
        if span.rank == 0 or not beaten:
            kept.insert(bisect_right(kept, span.begin, key=lambda other: other.begin), span)
            longest = max(longest, span.end - span.begin)
    return sorted(kept, key=lambda s: (s.begin, s.end, s.rank))


class _Register:
    """Puts together the names that name one entity."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self._text, self._lexicon = text, lexicon
        self._entities: list[Named] = []
        self._index: dict[str, int] = {}
        self._mentions: list[Name] = []

    def names(self, spans: list[_Found]) -> Names:
        full = self._full_names(spans)
        for span in spans:
            written = self._text[span.begin : span.end]
            if span.rank == 0:
                self._state(span, written)
            else:
                self._other(span, written, full)
        return Names(tuple(self._mentions), tuple(self._entities))

    def _state(self, span: _Found, written: str) -> None:
        known = span.known[0]
        label = STATE_NAME[known.relation]
        index = self._entity(known.iri, known.label, EntityKind.STATE, STATE, known)
        named = self._entities[index]
        if label == STATE:
            named.aliases.add(written)
        self._mentions.append(Name(span.begin, span.end, index, label))
        if label == CAPITAL:
            city = next((c for c in self._lexicon.lookup(written) if c.kind is not EntityKind.STATE), None)
            index = self._entity("city " + written, written, EntityKind.PLACE, CITY, city)
            self._mentions.append(Name(span.begin, span.end, index, CITY))

    def _other(self, span: _Found, written: str, full: dict[str, str]) -> None:
        name = full.get(_fold(written), written)
        known = next(iter(span.known or self._lexicon.lookup(name)), None)
        kind = self._kind(span, name, known)
        index = self._entity("name " + _fold(name), name, kind, span.label, known)
        named = self._entities[index]
        named.aliases.add(written)
        named.kind = named.kind or kind
        self._mentions.append(Name(span.begin, span.end, index, span.label))

    def _kind(self, span: _Found, name: str, known: KnownName | None) -> EntityKind | None:
        if known and (" " in name or span.label not in ("PERSON",)):
            return known.kind
        ending = name_data().endings.get(_fold(name).rpartition(" ")[2])
        if span.label == "PERSON" and ending is None:
            return EntityKind.PERSON
        if span.label == PROPER:
            return ending or EntityKind.ORGANIZATION
        return ending or KINDS.get(span.label)

    def _entity(self, key: str, name: str, kind: EntityKind | None, label: str, known: KnownName | None) -> int:
        if key not in self._index:
            self._index[key] = len(self._entities)
            self._entities.append(Named(name, kind, label, known=known))
        return self._index[key]

    def _full_names(self, spans: list[_Found]) -> dict[str, str]:
        """Each folded name's fullest form in the text: a surname's person, an acronym's body."""
        forms: dict[str, tuple[str, str]] = {}
        for span in spans:
            if span.rank:
                written = self._text[span.begin : span.end]
                forms.setdefault(_fold(written), (written, span.label))
        by_words = sorted(forms, key=lambda name: (-len(name.split()), name))
        by_edge: dict[str, list[str]] = defaultdict(list)
        acronyms: dict[str, str] = {}
        for folded in by_words:
            parts = folded.split()
            if len(parts) > 1:
                for edge in {parts[-1], parts[0]}:
                    by_edge[edge].append(folded)
                initials = "".join(word[0] for word in re.split(r"[\s-]+", forms[folded][0]) if word[:1].isupper())
                acronyms.setdefault(initials.casefold(), folded)
        found = {}
        for folded, (written, label) in forms.items():
            longer = None
            if written.isupper() and " " not in written and len(written) > 1:
                longer = acronyms.get(folded)
            longer = longer or self._longer(folded, label, forms, by_edge)
            found[folded] = forms[longer][0] if longer else written
        return found

    def _longer(
        self, folded: str, label: str, forms: dict[str, tuple[str, str]], by_edge: dict[str, list[str]]
    ) -> str | None:
        words = folded.split()
        if not words or (len(words) > 1 and label != "PERSON"):
            return None
        for name in by_edge.get(words[-1], ()):
            parts, is_person = name.split(), forms[name][1] == "PERSON"
            if len(parts) > len(words) and set(words) <= set(parts) and (is_person or label == "PERSON"):
                return name
        return None


def _fold(name: str) -> str:
    return " ".join(re.sub(r"[^\w ]+", " ", name.casefold()).split())
