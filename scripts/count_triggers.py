"""Count how often words trigger events in gold texts: the light extractor's table of triggers.

    python scripts/count_triggers.py GOLD.jsonl ARTICLES.jsonl

`kgload/training/counting.py` says what is counted. No text can be read back from the table.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from kgload import data, gold
from kgload.extraction.analysis import analyse
from kgload.records import Article
from kgload.sources.reader import read
from kgload.training.counting import count, table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("articles", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=data.path("frames", "triggers.tsv"))
    options = parser.parse_args()
    documents = {document.id: document for document in gold.read(options.gold)}
    articles = [item for item in read([options.articles]) if isinstance(item, Article) and item.id in documents]
    rows = count((one, documents[one.article.id].events) for one in analyse(articles))
    options.output.write_text(table(rows), encoding="utf-8")
    print(f"{len(rows)} rows from {len(documents)} texts")


if __name__ == "__main__":
    main()
