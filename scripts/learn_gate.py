"""Learn the gate's weights from annotated texts, and from what the encoder's tagger says of texts of which nobody did.

    python scripts/learn_gate.py GOLD.jsonl TEXTS.jsonl… [--without DEV.articles.jsonl] [-o kgload/data/gate.tsv]

``GOLD.articles.jsonl`` must stand beside GOLD. A sentence is a positive example where it holds a mention of an event,
by the annotators or, in TEXTS, by the tagger. Of TEXTS a tenth, by a hash of the id, is left for measuring
(``benchmarks/convert.py`` draws from it), and all that stand in GOLD or ``--without``. ``least`` is the highest weight
at which no more than COST of the sentences are lost in which the tagger is sure of a mention in the texts held back.
The tagger's answers are kept in a cache, so that a second run takes minutes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from kgload import data
from kgload.extraction import gate as gates
from kgload.extraction.encoder.model import Model
from kgload.extraction.encoder.pieces import split
from kgload.extraction.encoder.windows import stretches
from kgload.extraction.gate import Gate
from kgload.gold import GoldDocument
from kgload.gold import read as read_gold
from kgload.records import Span
from kgload.training.logistic import Example, fit

COST = 0.0075
"""The share of sentences with a mention that the gate may lose, among texts that it did not learn from."""
SURE = 0.95
"""The tagger's probability from which on it counts as sure there."""
SHARES = (0.002, 0.0075, 0.01, 0.02)
"""Losses of which it is told what threshold they go with."""
LIKELY, UNLIKELY = 0.4, 0.2
"""The tagger's probabilities from which a sentence that nobody annotated is an example for, and up to which against."""
HELD_BACK = 10
"""Of so many texts one is left for measuring."""
PENALTY, LEAST_SEEN = 3e-5, 3
SCALE = 100
"""Weights are whole numbers: a hundredth of log-odds each."""
YES, NO, ALL = "yes", "no", "all"


@dataclass(frozen=True)
class Sentence:
    """A sentence with the tagger's greatest probability, and whether it holds a mention (None: an optional one)."""

    text: str
    span: Span
    tagged: float
    is_mention: bool | None


class Tagger:
    """The encoder's tagger over the gate's sentences, with a cache file of its answers."""

    def __init__(self, cache: Path) -> None:
        self._model = Model(data.path("model"))
        lines = cache.read_text("utf-8").splitlines() if cache.exists() else []
        self._known: dict[str, list[float]] = dict(map(json.loads, lines))
        self._cache = cache.open("a", encoding="utf-8")

    def tagged(self, text: str, sentences: list[Span]) -> list[float]:
        key = hashlib.sha256(text.encode()).hexdigest()
        if key not in self._known:
            pieces = split(text, sentences, self._model.vocabulary)
            best = [0.0] * len(pieces.ids)
            for stretch in stretches(pieces, self._model.settings.widths):
                tags = self._model.tags(stretch)
                best[stretch.wanted : stretch.end] = (1 - tags[:, 0]).tolist()
            self._known[key] = [round(max(best[first:last], default=0.0), 3) for first, last in pieces.sentences]
            self._cache.write(json.dumps([key, self._known[key]]) + "\n")
        return self._known[key]


def cut(text: str, tagger: Tagger, document: GoldDocument | None = None) -> list[Sentence]:
    spans = list(gates.sentences(text))
    mentions = [
        (mention.begin, mention.end, event.optional)
        for event in (document.events if document else ())
        for mention in event.mentions
    ]
    found = []
    for span, tagged in zip(spans, tagger.tagged(text, spans), strict=True):
        over = [optional for begin, end, optional in mentions if begin < span.end and span.begin < end]
        is_mention = None if over and all(over) else bool(over)
        found.append(Sentence(text[span.begin : span.end], span, tagged, is_mention))
    return found


def clues(sentence: Sentence) -> list[str]:
    return [ALL, *sorted(gates.clues(gates.words(sentence.text)))]


def by_gold(sentences: Iterable[Sentence]) -> Iterator[Example]:
    for sentence in sentences:
        if sentence.is_mention is not None:
            yield clues(sentence), YES if sentence.is_mention else NO


def by_tagger(sentences: Iterable[Sentence]) -> Iterator[Example]:
    for sentence in sentences:
        if not UNLIKELY < sentence.tagged < LIKELY:
            yield clues(sentence), YES if sentence.tagged >= LIKELY else NO


def learned(examples: list[Example]) -> Gate:
    question = fit(examples, PENALTY, least=LEAST_SEEN)
    yes, no = question.answers.index(YES), question.answers.index(NO)
    weights = {clue: round(SCALE * (row[yes] - row[no])) for clue, row in question.weights.items()}
    # What every sentence weighs goes into the threshold.
    return Gate({c: w for c, w in weights.items() if w and c != ALL}, -weights[ALL])


def highest(gate: Gate, sentences: Iterable[Sentence], cost: float) -> int:
    """The highest threshold that loses no more than a share of the sentences of whose mention the tagger is sure."""
    sure = sorted(gate.score(gates.words(one.text)) for one in sentences if one.tagged >= SURE)
    for share in SHARES:
        print(f"{share:.1%} of {len(sure)} sentences lost at {sure[int(share * len(sure))]}")
    return sure[int(cost * len(sure))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("texts", type=Path, nargs="*")
    parser.add_argument("-o", "--output", type=Path, default=Path("kgload/data/gate.tsv"))
    parser.add_argument("--cache", type=Path, default=Path("gate-tags.jsonl"))
    parser.add_argument("--without", type=Path, nargs="*", default=[], help="texts that must not be learned from")
    options = parser.parse_args()
    tagger = Tagger(options.cache)
    articles = dict(records(options.gold.with_suffix(".articles.jsonl")))
    texts = [cut(articles[document.id], tagger, document) for document in read_gold(options.gold)]
    apart = {text for path in options.without for _, text in records(path)} | set(articles.values())
    others: dict[bool, list[str]] = {True: [], False: []}
    for path in options.texts:
        for id_, text in records(path):
            if text not in apart:
                others[hash_of(id_) % HELD_BACK == 0].append(text)
    print(f"{len(texts)} annotated texts, {len(others[False])} others, {len(others[True])} held back")
    examples = [one for text in others[False] for one in by_tagger(cut(text, tagger))]
    gate = learned(examples + [one for text in texts for one in by_gold(text)])
    gate = replace(gate, least=highest(gate, (one for text in others[True] for one in cut(text, tagger)), COST))
    options.output.write_text(gates.dump(gate), encoding="utf-8")
    every = [sentence for text in texts for sentence in text]
    closed = sum(not gate.passes(sentence.text) for sentence in every) / len(every)
    print(f"{len(gate.weights):,} clues, least {gate.least}; of the annotated texts' sentences {closed:.0%} are closed")


def records(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            record = json.loads(line)
            yield record["id"], record["text"]


def hash_of(id_: str) -> int:
    return int(hashlib.sha256(id_.encode()).hexdigest(), 16)


if __name__ == "__main__":
    main()
