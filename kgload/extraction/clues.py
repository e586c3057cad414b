"""Clues that the light extractor weighs: short names for what the parse says around a trigger.

Names of people and places are masked ("NAME"), so that what was learnt in one year's news holds in another's.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from kgload.extraction import hints, status
from kgload.extraction.dates import Expression
from kgload.extraction.names import CITY, Name
from kgload.extraction.surroundings import HIGHEST, Surroundings, masked
from kgload.records import Status

LONGEST_PATH = 5
WINDOW = 7
SIDE_BY_SIDE = ("conj", "appos", "compound", "nmod", "amod", "poss", "dep")
BUCKETS = (0, 1, 2, 4, 7, 12, 20, 40)


def bucket(number: int) -> int:
    """The largest of BUCKETS that is no larger than a number; small numbers differ, large ones do not."""
    return max((b for b in BUCKETS if b <= number), default=-1)


@dataclass(frozen=True, slots=True)
class Stand:
    """What is thought of a trigger before it is compared with others: its likely actors and place by number."""

    token: int
    type: str
    actors: frozenset[int]
    place: int | None
    status: str
    days: tuple[dt.date, dt.date] | None


class Clues(Surroundings):
    """Clues of one text, a generator for each question."""

    def _path(self, left: int, right: int) -> str:
        path = self.path(left, right)
        if path is None:
            return "none"
        if len(path) > LONGEST_PATH + 1:
            return "far"
        tokens = self.analysis.tokens
        parts = []
        for here, there in itertools.pairwise(path):
            up = tokens[here].head == there
            dep = tokens[here].dep if up else tokens[there].dep
            inner = there if there != right else None
            is_link = inner is not None and tokens[inner].tag in ("IN", "TO")
            parts.append(("+" if up else "-") + dep + (f"({self.words[inner]})" if is_link and inner else ""))
        return "".join(parts)

    def _plain_path(self, left: int, right: int) -> str:
        """A path from the phrase that a name belongs to: apposition, coordination and compounds make no difference."""
        tokens = self.analysis.tokens
        for _ in range(HIGHEST):
            if (
                left == right
                or left >= len(tokens)
                or tokens[left].dep not in SIDE_BY_SIDE
                or tokens[left].head == left
            ):
                break
            left = tokens[left].head
        return self._path(left, right)

    def trigger(self, index: int) -> Iterator[str]:
        """Whether a word names an event, and of what type."""
        token, words = self.analysis.tokens[index], self.words
        word, number = f"{words[index]}/{token.tag[:1]}", self.sentence(index)
        yield "all"
        yield f"word {word}"
        yield f"stem {words[index][:5]}"
        yield f"tag {token.tag}"
        yield f"dep {token.dep}"
        for step in (-2, -1, 1, 2):
            near = self.word(index + step)
            yield f"{step} {near}"
            yield f"{word} {step} {near}"
        yield f"{word} dep {token.dep}"
        yield f"{word} tag {token.tag}"
        if token.head != index:
            yield f"head {words[token.head]} {token.dep}"
            yield f"{word} head {words[token.head]}"
        for child in self.children.get(index, ()):
            dep = self.analysis.tokens[child].dep
            yield f"child {dep} {words[child]}"
            yield f"{word} child {dep}"
            if dep in ("det", "amod", "compound", "prep", "neg", "aux", "dobj"):
                yield f"{word} child {dep} {words[child]}"
        verb = self.verb(index)
        yield f"verb {words[verb]}"
        yield f"verb tag {self.analysis.tokens[verb].tag}"
        names, _ = self._group(number)
        kinds = sorted({str(self.names.entities[name.entity].kind) for name in self.names_near(index, number)})
        yield f"names {min(3, len(names))}"
        yield f"{word} names {min(3, len(names))}"
        yield f"kinds {' '.join(kinds)}"
        size = self.size
        yield size
        yield f"{size} {bucket(number)}"
        yield f"{word} {size}"
        for frame in self.known.frames.values():
            sent = [
                c.root for c in self.chunks_in(number) if self.analysis.tokens[c.root].text.casefold() in frame.force
            ]
            if sent:
                nearest = min(sent, key=lambda root: (abs(root - index), root))
                yield f"force {frame.type} {self._path(nearest, index)}"
                yield f"{word} force {frame.type} {min(6, len(self.path(nearest, index) or range(6)))}"
            elif frame.force:
                yield f"{word} no force {frame.type}"
        left = self.span(number).begin
        yield f"at {bucket(index - self.analysis.token_at(left))}"
        yield f"said {self.source(number) is not None}"

    def part(self, index: int, type_: str, name: Name) -> Iterator[str]:
        """What part a named entity has in a trigger's event."""
        analysis, words = self.analysis, self.words
        entity = self.names.entities[name.entity]
        last = analysis.token_at(name.end - 1)
        first = analysis.token_at(name.begin)
        here, there = self.sentence(index), self.sentence(last)
        kind = f"{entity.kind} {name.label if name.label in (CITY, 'CAPITAL', 'DEMONYM', 'PROPER') else ''}"
        where = f"{there - here}"
        yield "all"
        yield f"kind {kind}"
        yield f"{type_} kind {kind}"
        yield f"where {where}"
        yield f"kind {kind} where {where}"
        yield f"{self.size} {type_} where {where}"
        if first - 1 >= 0:
            yield f"before {words[first - 1]}"
            yield f"{type_} {kind} before {words[first - 1]}"
            yield f"{where} before {words[first - 1]}"
        yield f"after {self.word(last + 1)}"
        yield f"{kind} after {self.word(last + 1)}"
        dep = analysis.tokens[last].dep if last < len(analysis.tokens) else ""
        yield f"{where} dep {dep}"
        head = analysis.tokens[last].head
        yield f"{where} head {words[head]}"
        yield f"{where} sayer {words[head] in self.known.sources.verbs}"
        yield f"{where} {kind} source {self.source(there) is name}"
        yield f"times {bucket(self._times[name.entity])}"
        group, spoken_for = self._group(here)
        yield f"{where} group {min(4, len(group))}"
        spoken = name.entity in spoken_for
        yield f"spoken {spoken}"
        yield f"{type_} spoken {spoken}"
        if here != there:
            subject = self._subject(index)
            yield f"{where} subject {subject}"
            yield f"{where} {dep} subject {subject}"
            yield f"{where} alone {len(group)}"
            yield f"{where} word {words[index]}"
            return
        side = "left" if last < index else "right" if first > index else "in"
        begin = analysis.tokens[min(last, index)].end
        between = {n.entity for n in self.names_between(here, begin, max(first, index))}
        path = self._path(last, index)
        tag = analysis.tokens[index].tag[:1]
        yield f"{side} {bucket(abs(index - (last if side == 'left' else first)))}"
        yield f"{type_} {kind} {side}"
        yield f"{tag} {side} between {min(3, len(between))}"
        yield f"path {path}"
        plain = self._plain_path(last, index)
        yield f"plain {plain}"
        yield f"{type_} {tag} plain {plain}"
        yield f"{words[index]} plain {plain}"
        yield f"{type_} {tag} path {path}"
        yield f"{kind} path {path}"
        yield f"{words[index]} {side}"
        yield f"{words[index]} path {path}"
        chain = self.path(last, index)
        length = len(chain) if chain else 99
        yield f"length {min(length, 9)}"
        yield f"{self.size} length {min(length, 9)}"
        yield f"{type_} {kind} length {min(length, 9)}"
        verb = self.verb(last)
        yield f"same verb {verb == self.verb(index)} {side}"
        yield f"verb {words[verb]}"

    def _group(self, number: int) -> tuple[frozenset[int], frozenset[int]]:
        """The entities that a sentence names, and those that people among them represent."""
        if number not in self._groups:
            group = frozenset(name.entity for name in self.names_in(number) if name.label != CITY)
            spoken_for = frozenset(whom for person in group for whom in self.people.get(person, ()))
            self._groups[number] = group, spoken_for
        return self._groups[number]

    def _subject(self, index: int) -> str:
        """The subject of a trigger's verb, as its word; "none" where it has none."""
        verb = self.verb(index)
        subjects = (c for c in self.children.get(verb, ()) if self.analysis.tokens[c].dep.startswith("nsubj"))
        return next((self.words[c] for c in subjects), "none")

    def by_rule(self, index: int) -> Status:
        """The status that cue words speak for."""
        return status.status(self.analysis, index, self.span(self.sentence(index)), self.known.cues)

    def status(self, index: int, type_: str) -> Iterator[str]:
        """What status a trigger's event has."""
        tokens, words, number = self.analysis.tokens, self.words, self.sentence(index)
        rule, verb = self.by_rule(index), self.verb(index)
        yield "all"
        yield f"rule {rule}"
        yield f"{type_} rule {rule}"
        yield f"word {words[index]}"
        yield f"{type_} tag {tokens[index].tag}"
        yield f"verb tag {tokens[verb].tag} {type_}"
        yield f"verb {words[verb]}"
        for child in self.children.get(verb, ()):
            if tokens[child].dep in ("aux", "auxpass", "neg", "mark", "xcomp", "ccomp", "prt"):
                yield f"verb child {tokens[child].dep} {words[child]}"
        for child in self.children.get(index, ()):
            yield f"child {words[child]}"
        token = index
        for _ in range(6):
            if tokens[token].head == token:
                break
            token = tokens[token].head
            yield f"above {words[token]}"
            yield f"above tag {tokens[token].tag}"
        for step in range(-WINDOW, WINDOW + 1):
            near = index + step
            if step and 0 <= near < len(tokens) and self.sentence(near) == number:
                yield f"{'left' if step < 0 else 'right'} {words[near]}"
                if abs(step) < 3:
                    yield f"{step} {words[near]}"
        yield f"{self.size} {bucket(number)}"
        yield from hints.clues(self, index, type_)

    def mode(self, index: int) -> Iterator[str]:
        """How the parties of a trigger's meeting met."""
        words, number = self.words, self.sentence(index)
        yield "all"
        for frame in self.known.frames.values():
            if frame.modes:
                yield f"rule {status.mode(self.analysis, self.span(number), frame)}"
        yield f"word {words[index]}"
        for near in range(max(0, index - WINDOW), min(len(words), index + WINDOW + 1)):
            if near != index and self.sentence(near) == number:
                yield f"near {words[near]}"
        yield f"next {self.word(index + 1)}"
        yield f"last {self.word(index - 1)}"

    def date(self, index: int, type_: str, said: Expression | None) -> Iterator[str]:
        """Whether an expression (None: the day of publication) tells when a trigger's event is."""
        tokens, words, number = self.analysis.tokens, self.words, self.sentence(index)
        verb, size = self.verb(index), self.size
        what = "published" if said is None else "said"
        mine = len(self.expressions_in(number))
        yield what
        yield f"{what} {type_}"
        yield f"{what} word {words[index]}"
        yield f"{what} tag {tokens[index].tag}"
        yield f"{what} verb tag {tokens[verb].tag} {size}"
        yield f"{what} {type_} verb tag {tokens[verb].tag} rule {self.by_rule(index)}"
        yield f"{what} rule {self.by_rule(index)}"
        yield f"{what} dep {tokens[index].dep} {size}"
        yield f"{what} root {tokens[verb].head == verb} {tokens[verb].tag} {size}"
        yield f"{what} steps {min(4, len(self.path(index, verb) or ''))} {tokens[verb].tag}"
        yield f"{what} before {self.word(index - 1)}"
        yield f"{what} after {self.word(index + 1)}"
        yield f"{what} head {words[tokens[index].head]}"
        yield f"{what} {size} {bucket(number)} {min(2, mine)}"
        for child in self.children.get(verb, ()):
            if tokens[child].dep in ("aux", "auxpass", "neg"):
                yield f"{what} aux {words[child]}"
        if said is None:
            return
        first, last = self.analysis.token_at(said.begin), self.analysis.token_at(said.end - 1)
        last = min(last, len(tokens) - 1)
        apart = self.sentence(first) - number
        side = "left" if last < index else "right"
        form = " ".join(masked(w, "") for w in self.analysis.article.text[said.begin : said.end].split())[:30]
        yield f"apart {apart} {min(2, mine)}"
        yield f"form {form}"
        yield f"readings {len(said.readings)}"
        if apart == 0:
            path = self._path(last, index)
            yield f"{side} {bucket(abs(index - first))}"
            yield f"path {path}"
            yield f"length {min(9, len(self.path(last, index) or range(99)))}"
            yield f"same verb {self.verb(last) == verb}"
            yield f"prep {self.word(first - 1)}"
            yield f"{side} count {min(3, mine)}"

    def same(self, one: Stand, other: Stand) -> Iterator[str]:
        """Whether two triggers of one type speak of one event; ``one`` stands first."""
        words, type_ = self.words, one.type
        left, right = words[one.token], words[other.token]
        apart = bucket(self.sentence(other.token) - self.sentence(one.token))
        shared, either = one.actors & other.actors, min(len(one.actors), len(other.actors))
        common = "none" if not either else "all" if len(shared) == either else "some" if shared else "no"
        definite = self._determiner(other.token)
        yield "all"
        yield type_
        yield f"apart {apart}"
        yield f"{type_} apart {apart} common {common}"
        yield f"common {common} {len(one.actors) == len(other.actors)}"
        yield f"{type_} words {' '.join(sorted((left[:5], right[:5])))}"
        yield f"same word {left == right} {apart == 0}"
        yield f"same stem {left[:5] == right[:5]} common {common}"
        yield f"tags {self.analysis.tokens[one.token].tag[:2]} {self.analysis.tokens[other.token].tag[:2]}"
        yield f"determiner {definite}"
        yield f"determiner {definite} common {common}"
        yield f"statuses {' '.join(sorted((one.status, other.status)))}"
        yield f"status {one.status == other.status} {common}"
        days = "none" if one.days is None or other.days is None else str(one.days == other.days)
        yield f"days {days} {common}"
        yield f"{type_} days {days}"
        places = "none" if one.place is None or other.place is None else str(one.place == other.place)
        yield f"places {places}"
        if apart == 0:
            yield f"steps {bucket(other.token - one.token)}"
            yield f"between {self._path(one.token, other.token)}"
            yield f"joined {self.word(one.token + 1) if other.token - one.token == 2 else ''}"

    def _determiner(self, index: int) -> str:
        """The determiner before a trigger's noun phrase."""
        for child in self.children.get(index, ()):
            if self.analysis.tokens[child].dep in ("det", "poss"):
                return self.words[child]
        return "none"
