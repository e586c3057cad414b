"""What large poisonous inputs cost: for each, what became of it, in how many seconds, with how much memory.

    python scripts/poison.py [--only NAME]

Each is converted by `kgload convert` with one worker and the limits that it has by default. Small ones are tests
(tests/conversion/test_poison.py).
"""

from __future__ import annotations

import argparse
import gzip
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

KGLOAD = (sys.executable, "-m", "kgload.cli.main")
NAMES = ("Anna", "Bela", "Carl", "Dora", "Egon", "Fred", "Gina", "Hugo", "Ida", "Jan", "Karl", "Lena", "Mara", "Nils")
FAMILIES = ("Adler", "Brandt", "Cole", "Dunn", "Ekman", "Frost", "Gray", "Holm", "Irving", "Jansen", "Keller", "Lund")


def rows(path: Path, *texts: str) -> Path:
    path = path.with_suffix(".jsonl")
    path.write_text("".join(json.dumps({"id": f"{n}", "text": text}) + "\n" for n, text in enumerate(texts)))
    return path


def line_of_50_mb(at: Path) -> Path:
    return rows(at, "Norland met Sudmark. " * 2_500_000)


def text_of_50_mb(at: Path) -> Path:
    path = at.with_suffix(".txt")
    path.write_text("x" * 50_000_000)
    return path


def line_that_is_allowed(at: Path) -> Path:
    return rows(at, "Norland met Sudmark in Ketterby. " * 300_000)


def nested_tags(at: Path) -> Path:
    path = at.with_suffix(".html")
    path.write_text("<html><body>" + "<div>" * 100_000 + "<p>Norland met Sudmark.</p>" + "</div>" * 100_000)
    return path


def bomb_gz(at: Path) -> Path:
    path = at.with_suffix(".jsonl.gz")
    block = gzip.compress(b"\n" * (1 << 26), 9)
    with path.open("wb") as stream:
        for _ in range(160):
            stream.write(block)
    return path


def bomb_zst(at: Path) -> Path:
    from kgload.files import zstd

    path = at.with_suffix(".jsonl.zst")
    block = zstd.compress(b" " * (1 << 26))
    with path.open("wb") as stream:
        for _ in range(1_600):
            stream.write(block)
    return path


def names_in_a_sentence(at: Path) -> Path:
    names = [f"{a} {b}{n}" for n in range(60) for a in NAMES for b in FAMILIES][:10_000]
    return rows(at, f"{', '.join(names)} met in Ketterby on Monday.")


def meetings_in_a_sentence(at: Path) -> Path:
    return rows(at, " and ".join(f"{a} met {b}" for _ in range(20) for a in NAMES for b in FAMILIES) + ".")


def regex_killers(at: Path) -> Path:
    return rows(
        at,
        "1" * 100_000,
        "1," * 50_000,
        "January " * 12_000,
        "a" * 50_000 + "@" + "b." * 25_000,
        "http://" + "a/" * 50_000,
        "U.S." * 20_000,
        "(" * 50_000 + ")" * 50_000,
        "-" * 100_000,
        " \t" * 50_000 + "x",
        "\n" * 100_000 + "x",
        '{"(' * 30_000,
        '"' * 90_000,
        "A. " * 30_000,
        "of the " * 15_000,
    )


POISONS: list[Callable[[Path], Path]] = [
    line_of_50_mb,
    text_of_50_mb,
    line_that_is_allowed,
    nested_tags,
    bomb_gz,
    bomb_zst,
    names_in_a_sentence,
    meetings_in_a_sentence,
    regex_killers,
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", help="one of " + ", ".join(make.__name__ for make in POISONS))
    only = parser.parse_args().only
    print("input                     packed, MB  seconds  command, MB  worker, MB  what became of it")
    for make in POISONS:
        if only not in (None, make.__name__):
            continue
        folder = Path(tempfile.mkdtemp(prefix="kgload-poison-"))
        try:
            measured(make, folder)
        finally:
            shutil.rmtree(folder)


def measured(make: Callable[[Path], Path], folder: Path) -> None:
    source = make(folder / make.__name__)
    options = ("--workers", "1", "-o", "out.nq", "--failures", "bad.jsonl", "--report", "run.json")
    begun = time.monotonic()
    done = subprocess.run(
        [*KGLOAD, "convert", source, *options], cwd=folder, capture_output=True, text=True, check=False
    )
    seconds = time.monotonic() - begun
    if done.returncode not in (0, 1):
        print(f"{make.__name__:<24}  exit code {done.returncode}: {done.stderr[-300:]}")
        return
    report = json.loads((folder / "run.json").read_text())
    memory = report["peak_memory_mb"]
    outcome = f"{report['documents']} converted"
    for code, count in report["failures"].items():
        outcome += f", {count} {code}"
    row = f"{make.__name__:<24}  {source.stat().st_size / 1e6:>10.1f}  {seconds:>7.1f}"
    print(f"{row}  {memory['this']:>11.0f}  {memory['largest_worker']:>10.0f}  {outcome}", flush=True)


if __name__ == "__main__":
    main()
