"""What the light extractor learns from gold texts: for each question that its clues answer, the right answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from kgload.evaluation.names import normal, same
from kgload.extraction import dates, names, triggers
from kgload.extraction.analysis import Analysis, analyse
from kgload.extraction.clues import Clues
from kgload.extraction.dates import Days, Expression
from kgload.extraction.frames import Frames
from kgload.extraction.names import CITY, Name
from kgload.extraction.readings import dates_around, days_of, names_around, read
from kgload.extraction.representing import represented
from kgload.extraction.triggers import Trigger
from kgload.extraction.weights import Question, Weights
from kgload.gold import GoldDocument, GoldEvent, GoldMention
from kgload.ontology import vocabulary
from kgload.records import Article, Lexicon
from kgload.training.gold import close_dates
from kgload.training.logistic import LEAST_SEEN, Example, fit

PENALTIES = {"trigger": 3e-5, "part": 3e-5, "status": 2e-4, "mode": 1e-4, "date": 1e-4, "same": 1e-4}
PAIRS_WITHIN = 12
"""Further triggers with which one is compared."""
NONE = "none"
TIMES = 6
"""How often each example of the frames counts."""


@dataclass(frozen=True)
class Lesson:
    """A gold text with what the extractor knows of it."""

    gold: GoldDocument
    clues: Clues
    known: Frames

    def tokens(self, event: GoldEvent) -> list[int]:
        """The words of an event's triggers that the extractor would ask about, or their last words."""
        tokens = self.clues.analysis.tokens
        wanted = set(triggers.candidates(self.clues.analysis, self.known))
        found = []
        for mention in event.mentions:
            inside = range(
                self.clues.analysis.token_at(mention.begin), self.clues.analysis.token_at(mention.end - 1) + 1
            )
            found += [i for i in inside if i in wanted] or [i for i in inside if i < len(tokens)][-1:]
        return found


Maker = Callable[[Lesson], Iterator[Example]]


def lesson(document: GoldDocument, analysis: Analysis, lexicon: Lexicon, known: Frames) -> Lesson:
    """A gold text with its clues."""
    found = names.find(analysis, lexicon)
    said = dates.find(analysis.article.text, analysis.article.date)
    return Lesson(document, Clues(analysis, found, said, known, represented(analysis, found)), known)


def of_examples(known: Frames, lexicon: Lexicon) -> Iterator[Lesson]:
    """The frames' examples as gold texts: what they say must hold, so that they count for several."""
    for frame in known.frames.values():
        for example in frame.examples:
            analysis = next(iter(analyse([Article("example", example.text)])))
            begin = example.text.index(example.trigger)
            event = GoldEvent(
                frame.type,
                (GoldMention(begin, begin + len(example.trigger), 0, example.trigger),),
                tuple(example.participants),
                place=(example.place,) if example.place else (),
                date_scored=False,
            )
            document = GoldDocument("example", ((0, len(example.text)),), (event,), {})
            yield from [lesson(document, analysis, lexicon, known)] * TIMES


def of_triggers(one: Lesson) -> Iterator[Example]:
    """Whether a word names an event, and of what type; what the gold leaves open teaches nothing."""
    types: dict[int, str | None] = {}
    for event in sorted(one.gold.events, key=lambda event: not event.optional):
        types |= dict.fromkeys(one.tokens(event), None if event.optional else event.type)
    for index in triggers.candidates(one.clues.analysis, one.known):
        answer = types.get(index, NONE)
        if answer:
            yield list(one.clues.trigger(index)), answer


def of_parts(one: Lesson) -> Iterator[Example]:
    """What part a name near a trigger has in its event."""
    for event in one.gold.events:
        if event.optional:
            continue
        for index in one.tokens(event):
            for name in names_around(one.clues, index):
                answer = _part(one, event, name)
                if answer:
                    yield list(one.clues.part(index, event.type, name)), answer


def _part(one: Lesson, event: GoldEvent, name: Name) -> str | None:
    named = one.clues.names.entities[name.entity]
    forms = {normal(form) for form in (named.name, *named.aliases)} - {""}

    def is_one(wanted: Iterable[str]) -> bool:
        every = {normal(x) for w in wanted for x in (w, *one.gold.aliases.get(w, ()))} - {""}
        return any(same(a, b) for a in every for b in forms)

    is_place = is_one(w.partition(",")[0] for w in event.place)
    if is_one(event.participants) and name.label != CITY and not (is_place and "in" in one.clues.lead(name)):
        return "participant"
    if is_place:
        return "place"
    if event.reported_by and is_one([event.reported_by]) and name.label != CITY:
        return "attributedTo"
    return None if is_one((*event.accept, *event.accept_place, *event.place)) else NONE


def of_statuses(one: Lesson) -> Iterator[Example]:
    """What status a trigger's event has."""
    for event in one.gold.events:
        if not event.optional and event.status:
            for index in one.tokens(event):
                yield list(one.clues.status(index, event.type)), str(event.status)


def of_modes(one: Lesson) -> Iterator[Example]:
    """How the parties of a trigger's meeting met."""
    for event in one.gold.events:
        if not event.optional and event.type in vocabulary().modal:
            for index in one.tokens(event):
                yield list(one.clues.mode(index)), str(event.mode or "")


def of_dates(one: Lesson) -> Iterator[Example]:
    """Whether an expression, or the day of publication, tells a trigger's date."""
    published = one.clues.analysis.article.date
    for event in one.gold.events:
        if event.optional or not event.date_scored:
            continue
        for index in one.tokens(event):
            right: dict[Expression | None, bool] = {}
            for said in dates_around(one.clues, index):
                days = days_of(said, str(event.status or "Occurred"), published)
                given = _days(event)
                right[said] = given is not None and days is not None and close_dates(given, days)
            for said, answer in right.items():
                # Where an expression gives the day of publication, the expression is what tells the date.
                if said is None and answer and sum(right.values()) > 1:
                    continue
                yield list(one.clues.date(index, event.type, said)), "yes" if answer else "no"


def _days(event: GoldEvent) -> Days | None:
    if event.date is None or event.date.earliest is None or event.date.latest is None:
        return None
    return event.date.earliest, event.date.latest


def of_pairs(one: Lesson, weights: Weights) -> Iterator[Example]:
    """Whether two triggers of one type, no more than a dozen apart, speak of one event."""
    stands = []
    for number, event in enumerate(one.gold.events):
        frame = one.known.frames.get(event.type)
        if event.optional or frame is None:
            continue
        for index in one.tokens(event):
            stands.append((number, read(one.clues, Trigger(index, event.type, 1.0), frame, weights).stand))
    stands.sort(key=lambda pair: pair[1].token)
    for place, (mine, stand) in enumerate(stands):
        for other, earlier in stands[max(0, place - PAIRS_WITHIN) : place]:
            if earlier.type == stand.type and earlier.token != stand.token:
                yield list(one.clues.same(earlier, stand)), "yes" if other == mine else "no"


def learn(
    lessons: Sequence[Lesson], prior: Weights | None = None, caution: float = 1.0, least: int = LEAST_SEEN
) -> Weights:
    """The weights that the lessons teach.

    Where there is a ``prior``, they start from it; words that name events of a type are learned anew in any case.
    ``caution`` is how many times the usual penalty it costs to move away from what was before; ``least`` is how often a
    clue must have been seen.
    """

    def gathered(made: Maker, some: Sequence[Lesson]) -> list[Example]:
        return [example for one in some for example in made(one)]

    makers: dict[str, Maker] = {
        "trigger": of_triggers,
        "part": of_parts,
        "status": of_statuses,
        "mode": of_modes,
        "date": of_dates,
    }
    known = prior or {}

    def fitted(name: str, examples: list[Example]) -> Question:
        before = known.get(name) if name != "trigger" else None
        return fit(examples, PENALTIES[name] * caution, before, least)

    first = {name: fitted(name, gathered(make, lessons)) for name, make in makers.items()}
    # Whether two triggers speak of one event is learnt from parts, statuses and dates of texts that these were not
    # learnt from, as they are when the extractor runs.
    pairs: list[Example] = []
    for fold in range(2):
        rest = [one for n, one in enumerate(lessons) if n % 2 != fold]
        other = {name: fitted(name, gathered(makers[name], rest)) for name in ("part", "status", "date")}
        pairs += [e for n, one in enumerate(lessons) if n % 2 == fold for e in of_pairs(one, first | other)]
    return {**first, "same": fitted("same", pairs)}
