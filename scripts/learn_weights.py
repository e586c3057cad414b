"""Learn the light extractor's weights of clues from gold texts.

    python scripts/learn_weights.py GOLD.jsonl ARTICLES.jsonl

Each question is a logistic model over the clues that were seen at least three times, with a quadratic penalty, learnt
from all texts at once: the same texts give the same bytes. Names are masked in clues; no text can be read back.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kgload import data, gold
from kgload.evaluation.names import normal, same
from kgload.extraction import dates, names, triggers
from kgload.extraction.analysis import Analysis, analyse
from kgload.extraction.clues import Clues
from kgload.extraction.frames import Frames, frames
from kgload.extraction.names import CITY, Name
from kgload.extraction.readings import dates_around, days_of, names_around, read
from kgload.extraction.representing import represented
from kgload.extraction.triggers import Trigger
from kgload.extraction.weights import Question, Weights, write
from kgload.gold import GoldDocument, GoldEvent, GoldMention
from kgload.linking.gazetteer import Gazetteer
from kgload.records import Article, Lexicon
from kgload.sources.reader import read as read_articles

LEAST_SEEN = 3
STEPS, RATE = 120, 0.12
PENALTIES = {"trigger": 3e-5, "part": 3e-5, "status": 2e-4, "mode": 1e-4, "date": 1e-4, "same": 1e-4}
PAIRS_WITHIN = 12
NONE = "none"
TIMES = 6

Example = tuple[list[str], str]


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


def lesson(document: GoldDocument, analysis: Analysis, lexicon: Lexicon, known: Frames) -> Lesson:
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
    types: dict[int, str | None] = {}
    for event in sorted(one.gold.events, key=lambda event: not event.optional):
        types |= dict.fromkeys(one.tokens(event), None if event.optional else event.type)
    for index in triggers.candidates(one.clues.analysis, one.known):
        answer = types.get(index, NONE)
        if answer:
            yield list(one.clues.trigger(index)), answer


def of_parts(one: Lesson) -> Iterator[Example]:
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
    for event in one.gold.events:
        if not event.optional and event.status:
            for index in one.tokens(event):
                yield list(one.clues.status(index, event.type)), str(event.status)


def of_modes(one: Lesson) -> Iterator[Example]:
    for event in one.gold.events:
        if not event.optional and event.type == "Meeting":
            for index in one.tokens(event):
                yield list(one.clues.mode(index)), str(event.mode or "")


def of_dates(one: Lesson) -> Iterator[Example]:
    published = one.clues.analysis.article.date
    for event in one.gold.events:
        if event.optional or not event.date_scored:
            continue
        for index in one.tokens(event):
            right: dict[object, bool] = {}
            for said in dates_around(one.clues, index):
                days = days_of(said, str(event.status or "Occurred"), published)
                given = (event.date.earliest, event.date.latest) if event.date else None
                right[said] = given is not None and days is not None and _close(given, days)
            for said, answer in right.items():
                # Where an expression gives the day of publication, the expression is what tells the date.
                if said is None and answer and sum(right.values()) > 1:
                    continue
                yield list(one.clues.date(index, event.type, said)), "yes" if answer else "no"


def _close(a: tuple, b: tuple) -> bool:
    if abs((a[0] - b[0]).days) <= 1 and abs((a[1] - b[1]).days) <= 1:
        return True
    shared, union = (min(a[1], b[1]) - max(a[0], b[0])).days + 1, (max(a[1], b[1]) - min(a[0], b[0])).days + 1
    return shared > 0 and shared / union >= 0.5


def of_pairs(one: Lesson, weights: Weights) -> Iterator[Example]:
    stands = []
    for number, event in enumerate(one.gold.events):
        for index in () if event.optional else one.tokens(event):
            frame = one.known.frames[event.type]
            stands.append((number, read(one.clues, Trigger(index, event.type, 1.0), frame, weights).stand))
    stands.sort(key=lambda pair: pair[1].token)
    for place, (mine, stand) in enumerate(stands):
        for other, earlier in stands[max(0, place - PAIRS_WITHIN) : place]:
            if earlier.type == stand.type and earlier.token != stand.token:
                yield list(one.clues.same(earlier, stand)), "yes" if other == mine else "no"


def fit(examples: Sequence[Example], penalty: float) -> Question:
    """A logistic model by full-batch Adam (Kingma and Ba 2015)."""
    seen = Counter(clue for clues, _ in examples for clue in set(clues))
    vocabulary = {clue: n for n, clue in enumerate(sorted(c for c, times in seen.items() if times >= LEAST_SEEN))}
    answers = sorted({answer for _, answer in examples})
    rows = [[vocabulary[c] for c in dict.fromkeys(clues) if c in vocabulary] or [0] for clues, _ in examples]
    columns = np.array([n for row in rows for n in row])
    starts = np.cumsum([0, *map(len, rows)])[:-1]
    lines = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    target = np.zeros((len(rows), len(answers)), np.float32)
    target[np.arange(len(rows)), [answers.index(answer) for _, answer in examples]] = 1
    weights = np.zeros((len(vocabulary), len(answers)), np.float32)
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, STEPS + 1):
        scores = np.add.reduceat(weights[columns], starts)
        shares = np.exp(scores - scores.max(1, keepdims=True))
        shares /= shares.sum(1, keepdims=True)
        error = (shares - target) / len(rows)
        slope = (
            np.stack([np.bincount(columns, error[lines, k], len(vocabulary)) for k in range(len(answers))], 1).astype(
                np.float32
            )
            + penalty * weights
        )
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        rate = RATE * (1 - step / (STEPS + 1))
        weights -= rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    weights -= weights.mean(1, keepdims=True)
    kept = {
        clue: tuple(round(float(w), 2) + 0.0 for w in weights[n])
        for clue, n in vocabulary.items()
        if np.abs(weights[n]).max() >= 0.05
    }
    return Question(tuple(answers), kept)


def learn(lessons: Sequence[Lesson]) -> Weights:
    """The weights that the lessons teach."""

    def gathered(made: object, some: Sequence[Lesson]) -> list[Example]:
        return [example for one in some for example in made(one)]  # type: ignore[operator]

    makers = {"trigger": of_triggers, "part": of_parts, "status": of_statuses, "mode": of_modes, "date": of_dates}
    first = {name: fit(gathered(make, lessons), PENALTIES[name]) for name, make in makers.items()}
    # Whether two triggers speak of one event is learnt from parts, statuses and dates of texts that these were not
    # learnt from, as they are when the extractor runs.
    pairs: list[Example] = []
    for fold in range(2):
        rest = [one for n, one in enumerate(lessons) if n % 2 != fold]
        other = {name: fit(gathered(makers[name], rest), PENALTIES[name]) for name in ("part", "status", "date")}
        pairs += [e for n, one in enumerate(lessons) if n % 2 == fold for e in of_pairs(one, first | other)]
    return {**first, "same": fit(pairs, PENALTIES["same"])}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("articles", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=data.path("frames", "weights.tsv"))
    options = parser.parse_args()
    documents = {document.id: document for document in gold.read(options.gold)}
    articles = [
        item for item in read_articles([options.articles]) if isinstance(item, Article) and item.id in documents
    ]
    lexicon, known = Gazetteer.core(), frames()
    lessons = [lesson(documents[one.article.id], one, lexicon, known) for one in analyse(articles)]
    table = learn([*lessons, *of_examples(known, lexicon)])
    write(options.output, table)
    for name, question in table.items():
        print(f"{name}: {len(question.weights)} clues")


if __name__ == "__main__":
    main()
