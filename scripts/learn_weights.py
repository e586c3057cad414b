"""Learn the light extractor's weights of clues from gold texts.

    python scripts/learn_weights.py GOLD.jsonl ARTICLES.jsonl

Each question is a logistic model over the clues that were seen at least three times, with a quadratic penalty, learnt
from all texts at once: the same texts give the same bytes. Names are masked in clues; no text can be read back.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from kgload import data, gold
from kgload.extraction.analysis import analyse
from kgload.extraction.frames import frames
from kgload.extraction.weights import write
from kgload.linking.gazetteer import Gazetteer
from kgload.records import Article
from kgload.sources.reader import read as read_articles
from kgload.training.clues import learn, lesson, of_examples


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
