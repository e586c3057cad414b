"""Build the core gazetteer that ships with kgload.

    python scripts/build_gazetteer.py ITEMS.tsv.gz --links LINKS.jsonl --dump DUMP.json.gz --news TEXTS.jsonl…

ITEMS lists Wikidata items with label, type and the lists that hold each; LINKS are links that Wikipedia's editors set;
DUMP is a part of Wikidata's dump; TEXTS are news. Without --links the gazetteer holds only what two of the other
sources agree on. Writes the table (core.tsv), which people read and compare, and the index
that is made of it (core.sqlite), which ships.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from kgload import data
from kgload.linking import rows as tables
from kgload.linking.build import build, tell_apart, write
from kgload.linking.dump import items
from kgload.linking.reference import cues, read_reference, texts

# The day on which the lists of the reference were last brought together.
AS_OF = "2026-11-24"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("items", type=Path)
    parser.add_argument("--links", type=Path)
    parser.add_argument("--dump", type=Path)
    parser.add_argument("--news", type=Path, nargs="*", default=[])
    parser.add_argument("--lookups", action="store_true", help="count titles that were looked up as a list too")
    parser.add_argument("--without", type=Path, help="leave out the news texts of these ids (JSON Lines)")
    parser.add_argument("-o", "--output", type=Path, default=data.path("gazetteer", "core.tsv"))
    parser.add_argument("--as-of", default=AS_OF, help="the day that the sources are as of")
    options = parser.parse_args()
    folder = data.path("gazetteer")
    reference = read_reference(options.items, options.links, options.dump, options.news, options.without, cues(folder))
    reference.lookups = options.lookups
    rows = build(reference, folder)
    dump = items(options.dump) if options.dump else ()
    tell_apart(rows, reference, folder, texts(options.news, options.without), dump)
    write(rows, options.output)
    tables.write_index(options.output, options.output.with_suffix(".sqlite"), as_of=options.as_of)
    kinds = Counter(row.kind.value for row in rows)
    print(f"{len(rows)} items: " + ", ".join(f"{n} {kind}" for kind, n in sorted(kinds.items())))


if __name__ == "__main__":
    main()
