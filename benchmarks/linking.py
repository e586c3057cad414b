"""Linking, measured: the index's speed, linking's share of a conversion, and how right links are.

    python benchmarks/linking.py [ARTICLES…] [--limit N] [--items N]
    python benchmarks/linking.py --links LINKS.jsonl --texts TEXTS.jsonl [--gazetteer TABLE.tsv] [--kinds ITEMS.tsv.gz]
        [--names]

The first form prints how fast the core opens and answers, the same of an index of a million invented items, and the
time and memory of linking beside extraction, in one process with one thread; times are the processor's, so that other
work on the machine matters little. The second scores links that editors set (`id`, `mentions` with `start`, `end`,
`qid`) in texts of these ids, by the kind of the item and by whether the gazetteer holds it; ITEMS (qid, label, type, …)
tell the kinds of items that it does not hold. --names finds names and no events, in a fifth of the time: recall was the
same to .001.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import os
import random
import resource
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

SAMPLE = Path(__file__).parents[1] / "examples" / "articles"
LOOKUPS = 200_000
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")
KINDS = {"person": "Person", "org": "Organization", "place": "Place"}


def megabytes() -> float:
    """What this process holds now."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def measure_index(count: int) -> None:
    from kgload import data
    from kgload.linking.index import Index, Item, Sense, write
    from kgload.records import EntityKind

    def told(what: str, path: Path, names: list[str]) -> None:
        before, start = megabytes(), time.process_time()
        index = Index.open(path)
        index.senses(names[0])
        opened = time.process_time() - start
        start = time.process_time()
        for name in names:
            index.senses(name)
        hits = len(names) / (time.process_time() - start)
        start = time.process_time()
        for name in names:
            index.senses(name + " x")
        misses = len(names) / (time.process_time() - start)
        print(f"{what:28} {path.stat().st_size / 1e6:8.1f} MB   opened in {opened * 1e3:5.2f} ms   "
              f"{hits:9,.0f} hits/s   {misses:9,.0f} misses/s   +{megabytes() - before:.0f} MB held")  # fmt: skip

    dice = random.Random(1)
    core = data.path("gazetteer", "core.sqlite")
    names = [" ".join(words) for words, _ in Index.open(core).entries()]
    told("core", core, dice.choices(names, k=LOOKUPS))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "million.sqlite"
        invented = sorted(f"name {n:x} {n % 977}" for n in range(count))
        items = (
            Item(f"http://www.wikidata.org/entity/Q{n}", name, EntityKind.PLACE) for n, name in enumerate(invented)
        )
        write(path, items, ((tuple(name.split()), (Sense(n, "name", 1.0),)) for n, name in enumerate(invented)), {})
        told(f"{count:,} invented items", path, dice.choices(invented, k=LOOKUPS))


def measure_share(inputs: list[str], limit: int) -> None:
    import kgload
    from kgload.conversion.shard import Settings, Stage

    good = [item for item in kgload.read(inputs) if isinstance(item, kgload.Article)]
    articles = [replace(a, id=f"{n}/{a.id}") for n, a in enumerate(itertools.islice(itertools.cycle(good), limit))]
    stage = Stage(Settings())
    extractor, linker = stage._parts
    assert linker is not None
    list(extractor.extract(articles[:8]))
    start = time.process_time()
    documents = list(extractor.extract(articles))
    extracting = time.process_time() - start
    before, start = megabytes(), time.process_time()
    for document in documents:
        linker.link(document)
    linking = time.process_time() - start
    print(f"{len(articles):,} documents: extraction {extracting:.1f} s, linking {linking:.2f} s: "
          f"{linking / (linking + extracting):.1%} of both; +{megabytes() - before:.0f} MB by linking")  # fmt: skip


def without_events(articles: list[Any], gazetteer: Any) -> Iterator[Any]:
    """Documents with their names alone."""
    from kgload.extraction.analysis import analyse
    from kgload.extraction.documents import assemble
    from kgload.extraction.names import find
    from kgload.records import Run

    for analysis in analyse(articles):
        yield assemble(analysis, find(analysis, gazetteer), [], Run("names", ""))


def linked(
    texts: Path, ids: set[str], table: Path | None, *, names: bool
) -> Iterator[tuple[str, dict[tuple[int, int], set[str]]]]:
    """For each text its id, and the trusted items of each span."""
    import kgload
    from kgload.extraction import registry
    from kgload.linking.gazetteer import Gazetteer
    from kgload.linking.linker import Linker

    gazetteer = Gazetteer.read(table) if table else Gazetteer.core()
    articles = [a for a in kgload.read([texts]) if isinstance(a, kgload.Article) and a.id in ids]
    linker = Linker(gazetteer)
    extracted = (
        without_events(articles, gazetteer) if names else registry.create("encoder", gazetteer).extract(articles)
    )
    for document in extracted:
        spans: dict[tuple[int, int], set[str]] = defaultdict(set)
        for entity in linker.link(document).entities:
            if entity.link and entity.link.trusted:
                for mention in entity.mentions:
                    spans[mention.begin, mention.end].add(entity.link.iri.rpartition("/")[2])
        yield document.article.id, spans


def measure_links(links: Path, texts: Path, table: Path | None, kinds: Path | None, *, names: bool = False) -> None:
    from kgload.linking.gazetteer import Gazetteer

    gold = {row["id"]: row["mentions"] for row in map(json.loads, links.open(encoding="utf-8"))}
    held = Gazetteer.read(table) if table else Gazetteer.core()
    kind_of = {item.iri.rpartition("/")[2]: item.kind.value for index in held.indexes for item in index.items()}
    core = set(kind_of)
    for qid, type_ in types(kinds) if kinds else ():
        kind_of.setdefault(qid, KINDS.get(type_, "other"))
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for id_, spans in linked(texts, set(gold), table, names=names):
        for mention in gold[id_]:
            got = spans.get((mention["start"], mention["end"]), set())
            outcome = "right" if mention["qid"] in got else "wrong" if got else "missed"
            where = "in the gazetteer" if mention["qid"] in core else "not in it"
            for row in ("all", kind_of.get(mention["qid"], "other"), where):
                counts[row][outcome] += 1
    print("| item | names | precision | recall | right | wrong | missed |\n| --- | --- | --- | --- | --- | --- | --- |")
    for row, n in sorted(counts.items(), key=lambda pair: -sum(pair[1].values())):
        told, total = n["right"] + n["wrong"], sum(n.values())
        precision = f"{n['right'] / told:.3f}" if told else "-"
        recall, ways = n["right"] / total, " | ".join(str(n[way]) for way in ("right", "wrong", "missed"))
        print(f"| {row} | {total:,} | {precision} | {recall:.3f} | {ways} |")


def types(path: Path) -> Iterable[tuple[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        next(lines)
        for line in lines:
            qid, _, type_, _ = line.split("\t")
            yield qid, type_.partition("|")[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", nargs="*", default=[str(SAMPLE)])
    parser.add_argument("--limit", type=int, default=300, help="number of articles")
    parser.add_argument("--items", type=int, default=1_000_000, help="invented items in the index")
    for name in ("--links", "--texts", "--gazetteer", "--kinds"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--names", action="store_true", help="find names alone, and no events")
    options = parser.parse_args()
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    if options.links:
        measure_links(options.links, options.texts, options.gazetteer, options.kinds, names=options.names)
        return
    measure_index(options.items)
    measure_share(options.inputs, options.limit)


if __name__ == "__main__":
    main()
