"""Count how often words trigger events in gold texts: the light extractor's table of triggers.

    python scripts/count_triggers.py GOLD.jsonl ARTICLES.jsonl

For each word (with the first letter of its tag: V, N or another) and each pair of a word and the next one, the table
holds how often it was seen and how often it stood in a trigger of each type. Only words that triggered at least twice
are kept, and frequent pairs with them: no text can be read back from it.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from kgload import data, gold
from kgload.extraction.analysis import analyse
from kgload.extraction.triggers import keys
from kgload.records import Article
from kgload.sources.reader import read

LEAST = 2
OFTEN = 6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("articles", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=data.path("frames", "triggers.tsv"))
    options = parser.parse_args()
    documents = {document.id: document for document in gold.read(options.gold)}
    articles = [item for item in read([options.articles]) if isinstance(item, Article) and item.id in documents]
    seen: Counter[str] = Counter()
    hits: Counter[tuple[str, str]] = Counter()
    for analysis in analyse(articles):
        events = documents[analysis.article.id].events
        spans = [(m.begin, m.end, e.type, e.optional) for e in events for m in e.mentions]
        for index in range(len(analysis.tokens)):
            token = analysis.tokens[index]
            over = [(t, optional) for b, e, t, optional in spans if b < token.end and token.begin < e]
            if over and all(optional for _, optional in over):
                continue
            if token.tag[:1] not in ("V", "N") or not token.text.replace("-", "").isalpha():
                continue
            for key in keys(analysis, index):
                seen[key] += 1
                for type_ in {t for t, optional in over if not optional}:
                    hits[key, type_] += 1
    kept = {(key, type_) for (key, type_), n in hits.items() if n >= LEAST}
    words = {key: type_ for key, type_ in kept if " " not in key}
    # A frequent pair that never triggered tells as much as one that did.
    kept |= {
        (pair, words[w]) for pair, n in seen.items() if n >= OFTEN for w in pair.split() if w in words and w != pair
    }
    rows = sorted((type_, key, hits[key, type_], seen[key]) for key, type_ in kept)
    lines = ["type\tkey\ttriggers\tseen", *("\t".join(map(str, row)) for row in rows)]
    options.output.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(rows)} rows from {len(documents)} texts")


if __name__ == "__main__":
    main()
