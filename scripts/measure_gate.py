"""What the gate costs and saves on annotated texts: the measures of `kgload evaluate` without it and with it.

    python scripts/measure_gate.py GOLD.jsonl… [--gate TABLE.tsv] [--words-only]

``GOLD.articles.jsonl`` must stand beside each GOLD. With ``--words-only`` nothing is extracted: only told is how many
gold events have no mention in a sentence that passes, found or not, which takes a second. Otherwise a text of which
every sentence passes is read once: there the gate changes nothing, which tests hold.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import kgload
from kgload.evaluation.graph import GraphEvent
from kgload.evaluation.scores import Scores, score
from kgload.extraction import gate as gates
from kgload.extraction.encoder.extractor import Encoder
from kgload.extraction.gate import Gate
from kgload.gold import GoldDocument
from kgload.gold import read as read_gold
from kgload.linking.gazetteer import Gazetteer
from kgload.records import Article
from kgload.training.light import graph_events

Events = dict[str, list[GraphEvent]]


def both(articles: list[Article], gate: Gate) -> tuple[Events, Events]:
    """The events of articles by id, without the gate and with it."""
    gated = Encoder(Gazetteer.core())
    gated._gate = gate
    every = {document.article.id: graph_events(document) for document in gated.exhaustive().extract(articles)}
    some = [article for article in articles if not all(map(gate.passes, cut(article.text)))]
    return every, every | {document.article.id: graph_events(document) for document in gated.extract(some)}


def cut(text: str) -> list[str]:
    return [text[sentence.begin : sentence.end] for sentence in gates.sentences(text)]


def share_open(articles: list[Article], gate: Gate) -> tuple[float, float]:
    """The shares of characters in sentences that pass, and of texts of which one passes."""
    passed = [sum(span.end - span.begin for span in gate.open(article.text)) for article in articles]
    return sum(passed) / max(1, sum(len(article.text) for article in articles)), sum(map(bool, passed)) / len(passed)


def closed(gold: list[GoldDocument], articles: list[Article], gate: Gate) -> tuple[int, int]:
    """How many gold events there are, and how many have no mention in a sentence that passes."""
    passed = {article.id: gate.open(article.text) for article in articles}
    every = [(document.id, event) for document in gold for event in document.events if not event.optional]
    kept = [
        any(m.begin < span.end and span.begin < m.end for m in event.mentions for span in passed[id_])
        for id_, event in every
    ]
    return len(every), kept.count(False)


def line(name: str, scores: Scores) -> str:
    events, arguments = scores.total(scores.events), scores.total(scores.arguments)
    return (
        f"{name:12} events {events.f1:.3f} (precision {events.precision:.3f}, recall {events.recall:.4f}: "
        f"{events.right} of {events.right + events.missed})  arguments {arguments.f1:.3f}  status {scores.status:.3f}  "
        f"strict {scores.strict.f1:.3f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--gate", type=Path, help="another table than the one that ships")
    parser.add_argument("--words-only", action="store_true", help="extract nothing")
    parser.add_argument("--least", type=int, help="another threshold than the table's")
    options = parser.parse_args()
    gate = gates.read(options.gate) if options.gate else gates.gate()
    gate = replace(gate, least=options.least) if options.least is not None else gate
    for path in options.gold:
        gold: list[GoldDocument] = list(read_gold(path))
        wanted = {document.id for document in gold}
        items = kgload.read([path.with_suffix(".articles.jsonl")])
        articles = [item for item in items if isinstance(item, Article) and item.id in wanted]
        characters, texts = share_open(articles, gate)
        print(f"{path.name}: {len(articles)} texts; the gate passes {characters:.1%} of the characters, and of "
              f"{texts:.1%} of the texts a sentence")  # fmt: skip
        events, shut = closed(gold, articles, gate)
        print(
            f"  of {events} gold events {shut} have no mention in a sentence that passes: {100 * shut / events:.2f} %"
        )
        if options.words_only:
            continue
        every, gated = both(articles, gate)
        for length in ("all", "brief", "article"):
            some = [d for d in gold if length == "all" or d.is_article == (length == "article")]
            without, with_it = score(some, every), score(some, gated)
            print(line(f"  {length}", without))
            print(line("    gated", with_it))
            lost = without.total(without.events).recall - with_it.total(with_it.events).recall
            print(f"    recall of events that the gate costs: {100 * lost:.2f} points")
        changed = sorted(id_ for id_ in every if every[id_] != gated[id_])
        print(json.dumps({"texts with other events": len(changed)}))


if __name__ == "__main__":
    main()
