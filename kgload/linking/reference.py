"""What the core gazetteer is made of and checked against: lists of items, editors' links, Wikidata's dump, the news."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kgload.errors import DataError
from kgload.linking.atlas import Atlas
from kgload.linking.evidence import Text
from kgload.linking.names import Name, fold, key, words

# Lists that were made from one another count as one source.
FAMILIES = ("everypol", "elevant", "dr5hn", "title_lookup")
# Titles of Wikipedia's pages that were looked up: a source only beside editors who link the item by that title's words.
LOOKED_UP = "title_lookup"
# What a single list's item is checked by besides: an atlas that has a region of the same QID and name, or news that
# says it to be what the list has it for ("the city of").
EDITORS, ATLAS, SAID = "editors", "natural_earth", "said"
# Lists of towns and cities.
TOWNS = frozenset({"dr5hn", "natural_earth"})
# Lists of names that shops, firms and parties gave themselves, of common words as often as not.
BRANDS = frozenset({"nsi"})
# Whose a text is, as its licence names them: of two that tell the same each is a source.
# So many words before and after a person's name may name an office.
AROUND = 5
PUBLISHERS = ("wikinews", "voa", "us government", "open government", "australian", "european union", "wikipedia")
NAMESAKE_PRONE = BRANDS | {"partyfacts"}


@dataclass(slots=True)
class Reference:
    """Items with label, type and the independent lists that hold each; and what editors linked to them."""

    labels: dict[str, str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    lists: dict[str, frozenset[str]] = field(default_factory=dict)
    by_name: dict[tuple[str, ...], list[str]] = field(default_factory=lambda: defaultdict(list))
    linked: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    by_surface: dict[tuple[str, ...], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    surnames: set[str] = field(default_factory=set)
    said: set[Name] = field(default_factory=set)
    cues: dict[str, frozenset[str]] = field(default_factory=dict)
    hand: set[Name] = field(default_factory=set)
    lookups: bool = False
    common: set[str] = field(default_factory=set)
    atlas: Atlas = field(default_factory=Atlas)

    def checked(self, qid: str) -> str:
        """How an item is checked: the sources that agree on it; empty where fewer than two do.

        That is two independent lists, or one and the links of editors; or that no list has another item of its label
        (:meth:`is_told_apart`), and an atlas has the region under the same number, or news says what it is. That a
        person wrote a name down, or that news merely uses it, tells nothing of the number.
        """
        name = self.name(qid)
        sources = sorted(self.lists.get(qid, frozenset()) - {LOOKED_UP})
        if not sources and LOOKED_UP in self.lists.get(qid, ()):
            by_editors = any(set(key(words)) <= set(name) for words in self.linked.get(qid, ()))
            sources = [LOOKED_UP] if by_editors or self.lookups else []
        if sources and qid in self.linked and not (sources == [LOOKED_UP] and not by_editors):
            sources.append(EDITORS)
        if len(sources) == 1 and self.is_told_apart(name):
            # Any state may have a "Southwest Region".
            is_common = all(word in self.common for word in name)
            is_region = sources != [ATLAS] and self.atlas.has(qid, name) and not is_common
            is_said = name in self.said and not (sources == [ATLAS] and is_common)
            sources += [way for told, way in ((is_region, ATLAS), (is_said, SAID)) if told][:1]
        return "+".join(sources) if len(sources) >= 2 else ""

    def name(self, qid: str) -> Name:
        """The key of an item's label, without what Wikipedia's titles add in brackets."""
        return key(self.labels[qid].partition(" (")[0])

    def is_told_apart(self, name: Name) -> bool:
        """Whether a name alone tells one item: no list has another of that name.

        Of single words that nobody wrote down here, none that is a common word, an acronym, a surname, or a brand that
        is not spelled as one: they mean too much that no list holds. Of parties and brands, none of common words alone.
        """
        if not name or len(self.by_name.get(name, ())) != 1:
            return False
        if name in self.hand:
            return True
        qid = self.by_name[name][0]
        # "I'm" and "Lord's" are single words.
        long = [word for word in name if len(word) > 1]
        if self.lists[qid] <= NAMESAKE_PRONE and all(word in self.common for word in long):
            return False
        if len(long) > 1:
            return True
        if not long or not self.types[qid]:
            return False
        (word,) = long
        if self.lists[qid] <= BRANDS and not any(char.isupper() for char in self.labels[qid][1:]):
            return False
        return word not in self.common and word not in self.surnames and not word.isupper()


def read_reference(
    items: Path,
    links: Path | None,
    dump: Path | None = None,
    news: Sequence[Path] = (),
    without: Path | None = None,
    cues: Mapping[str, frozenset[str]] | None = None,
    atlas: Atlas | None = None,
) -> Reference:
    """Read the list of items (TSV: qid, label, type, sources; an item may have several lines), the editors' links
    (JSON Lines), a part of Wikidata's JSON dump, and news texts (JSON Lines with `id` and `text`), those left out that
    ``without`` (JSON Lines) has by their id. ``cues``: words that say what kind of thing (`person`, `place`, `org`) the
    name beside them is. Regions of ``atlas`` are places, whatever a list has them for.

    Raises:
        DataError: a file is not of that form.
    """
    reference = Reference(cues=dict(cues or {}), atlas=atlas or Atlas())
    try:
        with gzip.open(items, "rt", encoding="utf-8") as lines:
            next(lines)
            for line in lines:
                qid, label, type_, sources = line.rstrip("\n").split("\t")
                _add_item(reference, qid, label, type_, sources.split("|"))
        _add_regions(reference, is_linked=links is not None)
        for qid in reference.atlas.regions.keys() & reference.types.keys():
            reference.types[qid] = "|".join(dict.fromkeys(["place", *filter(None, reference.types[qid].split("|"))]))
        for line in links.open(encoding="utf-8") if links else ():
            for mention in json.loads(line)["mentions"]:
                reference.linked[mention["qid"]][mention["surface"]] += 1
                reference.by_surface[key(mention["surface"])][mention["qid"]] += 1
        if dump:
            _read_dump(reference, dump)
        _read_news(reference, news, without)
    except (OSError, ValueError, KeyError, StopIteration) as error:
        raise DataError(f"{items.name}: {error}") from error
    return reference


def _add_item(reference: Reference, qid: str, label: str, type_: str, sources: Iterable[str]) -> None:
    families = {next((f for f in FAMILIES if source.startswith(f)), source) for source in sources}
    reference.lists[qid] = reference.lists.get(qid, frozenset()) | families
    reference.labels.setdefault(qid, label)
    known = reference.types.get(qid, "")
    reference.types[qid] = "|".join(dict.fromkeys(filter(None, [*known.split("|"), *type_.split("|")])))
    name = key(label.partition(" (")[0])
    if qid not in reference.by_name[name]:
        reference.by_name[name].append(qid)
    if type_ == "person" and len(name) > 1:
        reference.surnames.add(name[-1])


def _add_regions(reference: Reference, *, is_linked: bool) -> None:
    """The atlas is a list for regions that no other list has. Titles that were looked up for editors' links are no
    labels where these are left out."""
    for qid, region in reference.atlas.regions.items():
        if region.label and reference.lists.get(qid, frozenset()) <= {LOOKED_UP}:
            if not is_linked:
                reference.labels.pop(qid, None)
            _add_item(reference, qid, region.label, "place", [ATLAS])


def _read_dump(reference: Reference, dump: Path) -> None:
    """Wikidata's own record checks an item where one of its English names is the one in the list."""
    with gzip.open(dump, "rt", encoding="utf-8") as lines:
        for line in lines:
            if (text := line.strip().rstrip(",")) in ("[", "]", ""):
                continue
            record = json.loads(text)
            qid, names = record["id"], [*(record["aliases"] or {}).get("en", ())]
            if label := (record["labels"] or {}).get("en"):
                names.append(label)
            if qid in reference.lists and key(reference.labels[qid]) in {key(name["value"]) for name in names}:
                reference.lists[qid] |= {"dump"}


def texts(files: Sequence[Path], without: Path | None = None) -> Iterator[Text]:
    """News texts (JSON Lines with `id`, `text`, and `date` and `license` where known), each once, those left out that
    ``without`` (JSON Lines) has by their id.

    Raises:
        DataError: a file is not of that form.
    """
    left_out: set[str] = set()
    read: set[str] = set()
    for file in [*([without] if without else ()), *files]:
        try:
            for line in file.open(encoding="utf-8"):
                record = json.loads(line)
                if file == without:
                    left_out.add(record["id"])
                elif record["id"] not in left_out and record["text"] not in read:
                    read.add(record["text"])
                    yield Text(_publisher(record.get("license") or ""), record.get("date") or "", record["text"])
        except (OSError, ValueError, KeyError) as error:
            raise DataError(f"{file.name}: {error}") from error


def _publisher(licence: str) -> str:
    folded = licence.casefold()
    return next((publisher for publisher in PUBLISHERS if publisher in folded), "news")


def _read_news(reference: Reference, files: Sequence[Path], without: Path | None) -> None:
    """The names of the lists that texts say to be what they are, the longest at a place alone; and the words in small
    letters."""
    lengths: dict[str, set[int]] = defaultdict(set)
    for name in reference.by_name.keys() - {()}:
        lengths[name[0]].add(len(name))
    ordered = {word: sorted(sizes, reverse=True) for word, sizes in lengths.items()}
    for text in texts(files, without):
        spelled = [word for _, _, word in words(text.text)]
        folded = [fold(word) for word in spelled]
        reference.common |= {word for word, as_written in zip(folded, spelled, strict=True) if as_written.islower()}
        found = _names_in(reference, spelled, folded, ordered)
        reference.said |= {name for name, is_said in found.items() if is_said}


def _names_in(
    reference: Reference, spelled: list[str], folded: list[str], lengths: dict[str, list[int]]
) -> dict[Name, bool]:
    """The names in a text, each with whether a word beside it says it to be what the lists have it for."""
    found: dict[Name, bool] = {}
    place = 0
    while place < len(spelled):
        sizes = lengths.get(folded[place], ()) if spelled[place][0].isupper() else ()
        names = (tuple(folded[place : place + size]) for size in sizes)
        name = next((name for name in names if name in reference.by_name), None)
        size = len(name) if name else 1
        if name and not found.get(name):
            type_ = reference.types.get(reference.by_name[name][0], "").partition("|")[0]
            # No town's name has an article: "the Green Zone" is another one.
            has_article = not reference.lists[reference.by_name[name][0]] & TOWNS
            beside = _beside(type_, folded, place, size, has_article=has_article)
            found[name] = bool(beside & reference.cues.get(type_, frozenset()))
        place += size
    return found


def _beside(type_: str, folded: list[str], place: int, size: int, *, has_article: bool) -> set[str]:
    """The words that may say what a name is: around a person's, before a place's, beside and in a body's."""
    before, behind = folded[max(0, place - AROUND) : place], folded[place + size : place + size + AROUND]
    if type_ == "person":
        said = before + behind
    elif type_ == "place":
        before = before[:-1] if has_article and before[-1:] == ["the"] else before
        said = before[-2:-1] if before[-1:] == ["of"] else before[-1:]
    else:
        said = [*before[-1:], *behind[:1], *folded[place : place + size]]
    return {word.lower() for word in said}


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a tab-separated file with a header.

    Raises:
        DataError: a row lacks a cell, or has one too many.
    """
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE, strict=True))
    except (OSError, csv.Error) as error:
        raise DataError(f"{path.name}: {error}") from error
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values() or not next(iter(row.values())):
            raise DataError(f"{path.name}:{number}: expected the columns of the header")
    return rows


def cues(folder: Path) -> dict[str, frozenset[str]]:
    """Words that say what kind of thing the name beside them is, by kind: those of offices, and those of a table.

    Raises:
        DataError: a table in ``folder`` is not of its form.
    """
    said = [(record["type"], record["word"]) for record in table(folder / "cues.tsv")]
    said += [("person", record["word"]) for record in table(folder / "offices.tsv") if record["use"] == "head"]
    return {type_: frozenset(word for kind, word in said if kind == type_) for type_ in ("person", "place", "org")}


def number(qid: str) -> int:
    """An item's number, by which items are sorted."""
    return int(qid.removeprefix("Q"))
