"""Learn the light extractor's weights of clues from gold texts.

    python scripts/learn_weights.py GOLD.jsonl…

Each file of gold has its texts beside it (``train.jsonl``, ``train.articles.jsonl``).
Each question is a logistic model over the clues that were seen at least three times, with a quadratic penalty, learnt
from all texts at once: the same texts give the same bytes. Names are masked in clues; no text can be read back.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from kgload import data
from kgload.annotating.files import read_gold
from kgload.extraction.analysis import analyse
from kgload.extraction.frames import frames
from kgload.extraction.weights import write
from kgload.linking.gazetteer import Gazetteer
from kgload.training.clues import learn, lesson, of_examples


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("-o", "--output", type=Path, default=data.path("frames", "weights.tsv"))
    options = parser.parse_args()
    texts = [one for path in options.gold for one in read_gold(path)]
    lexicon, known = Gazetteer.core(), frames()
    analyses = analyse(one.article for one in texts)
    lessons = [lesson(one.gold, analysis, lexicon, known) for one, analysis in zip(texts, analyses, strict=True)]
    table = learn([*lessons, *of_examples(known, lexicon)])
    write(options.output, table)
    for name, question in table.items():
        print(f"{name}: {len(question.weights)} clues")


if __name__ == "__main__":
    main()
