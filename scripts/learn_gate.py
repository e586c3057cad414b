"""Learn the gate's weights from annotated texts, and from what the encoder's tagger says of texts of which nobody did.

    python scripts/learn_gate.py GOLD.jsonl TEXTS.jsonl… [-o kgload/data/gate.tsv]

``GOLD.articles.jsonl`` must stand beside GOLD. A sentence is a positive example where it holds a mention of an event,
by the annotators or, in TEXTS, by the tagger. ``least`` is the highest weight at which, with weights that were learned
without them, no more than COST of the gold events are lost of which the tagger sees a mention. Of TEXTS a tenth, by a
hash of the id, is left for measuring (``benchmarks/convert.py``). The tagger's answers are kept in a cache, so that a
second run takes minutes.
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
from kgload.extraction.encoder.reading import FAINT
from kgload.extraction.encoder.windows import stretches
from kgload.extraction.gate import Gate
from kgload.gold import GoldDocument
from kgload.gold import read as read_gold
from kgload.records import Span
from kgload.training.logistic import Example, fit

COST = 0.002
"""The share of events that the gate may lose."""
LIKELY, UNLIKELY = 0.4, 0.2
"""The tagger's probabilities from which a sentence that nobody annotated is an example for, and up to which against."""
HELD_BACK = 10
"""Of so many texts one is left for measuring."""
PENALTY, LEAST_SEEN = 3e-5, 3
SCALE = 100
"""Weights are whole numbers: a hundredth of log-odds each."""
FOLDS = 2
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


Text = tuple[GoldDocument, list[Sentence]]


def highest(halves: list[tuple[Gate, list[Text]]], cost: float) -> int:
    """How much higher than even odds the threshold may lie."""
    best: list[int] = []
    for gate, texts in halves:
        for document, sentences in texts:
            for event in document.events:
                if event.optional:
                    continue
                over = [
                    s for s in sentences
                    if s.tagged >= FAINT and any(m.begin < s.span.end and s.span.begin < m.end for m in event.mentions)
                ]  # fmt: skip
                if over:
                    best.append(max(gate.score(gates.words(s.text)) for s in over) - gate.least)
    best.sort()
    print({share: best[int(share * len(best))] for share in (0.002, 0.003, 0.005, 0.0075, 0.01, 0.02)}, len(best))
    return best[int(cost * len(best))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("texts", type=Path, nargs="*")
    parser.add_argument("-o", "--output", type=Path, default=Path("kgload/data/gate.tsv"))
    parser.add_argument("--cache", type=Path, default=Path("gate-tags.jsonl"))
    options = parser.parse_args()
    tagger = Tagger(options.cache)
    articles = dict(records(options.gold.with_suffix(".articles.jsonl")))
    texts = [(document, cut(articles[document.id], tagger, document)) for document in read_gold(options.gold)]
    others = [text for path in options.texts for id_, text in records(path) if hash_of(id_) % HELD_BACK]
    examples = [one for text in others for one in by_tagger(cut(text, tagger))]
    print(f"{len(texts)} annotated texts, {len(others)} others")
    halves = []
    for fold in range(FOLDS):
        known = [one for document, one in texts if hash_of(document.id) % FOLDS != fold]
        gate = learned(examples + [one for text in known for one in by_gold(text)])
        halves.append((gate, [one for one in texts if hash_of(one[0].id) % FOLDS == fold]))
    above = highest(halves, COST)
    gate = learned(examples + [one for _, text in texts for one in by_gold(text)])
    gate = replace(gate, least=gate.least + above)
    options.output.write_text(gates.dump(gate), encoding="utf-8")
    every = [sentence for _, text in texts for sentence in text]
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
