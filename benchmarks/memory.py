"""Peak memory of `kgload convert` and its speed as the number of articles grows: memory should stay flat.

python benchmarks/memory.py [ARTICLES…] [--sizes 500 2000 8000]
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from convert import SAMPLE, articles


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", nargs="*", default=[str(SAMPLE)])
    parser.add_argument("--sizes", type=int, nargs="+", default=[500, 2000, 8000])
    parser.add_argument("--format", default="nquads")
    options = parser.parse_args()
    print("documents   seconds   documents/s   peak MB")
    for size in sorted(options.sizes):
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "in.jsonl"
            with source.open("w", encoding="utf-8") as stream:
                for article in articles(options.inputs, size):
                    row = {"id": article.id, "text": article.text, "date": str(article.date or "2025-01-01")}  # type: ignore[attr-defined]
                    stream.write(json.dumps(row) + "\n")
            out = Path(folder) / "out.graph"
            command = [
                sys.executable,
                "-m",
                "kgload.cli.main",
                "convert",
                source,
                "-o",
                out,
                "--format",
                options.format,
            ]
            start = time.perf_counter()
            subprocess.run(list(map(str, command)), check=True, stderr=subprocess.DEVNULL)
            seconds = time.perf_counter() - start
        # The greatest of all children so far; sizes go up, so that it is this one's, or no more than an earlier one's.
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"{size:9,}   {seconds:7.1f}   {size / seconds:11.1f}   {peak:7.0f}", flush=True)


if __name__ == "__main__":
    main()
