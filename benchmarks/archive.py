"""All that is asked of converting an archive, measured in one run and kept: `make bench`.

    python benchmarks/archive.py [TEXTS] [--only PART…] [--documents N] [--rounds N] [--small N] [--large N] [-o FOLDER]

TEXTS as for ``benchmarks/convert.py``. Each row is a ratio of two things that were run in turn, with what was asked of
it. ``--small`` and ``--large`` are how many documents memory and throughput are compared at: the mix over and over,
under ids of its own; 100,000 take hours on two cores. Results go to FOLDER as JSON and as a table.
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from convert import CORPUS, ONE_THREAD, compare, machine, mixed

RESULTS = Path(__file__).parent / "results"
PARTS = ("speed", "start", "workers", "size")


@dataclass(frozen=True)
class Row:
    """One thing measured: how, and what was asked (None: nothing)."""

    what: str
    measured: float
    asked: str
    how: str


def convert(source: Path, folder: Path, *options: str) -> dict[str, float]:
    """Run `kgload convert`; what it reports, and ``whole``: the seconds of the whole command."""
    report = folder / "report.json"
    command = [sys.executable, "-m", "kgload.cli.main", "convert", source, "-o", folder / "out.nq", "--quiet",
               "--report", report, *options]  # fmt: skip
    begun = time.perf_counter()
    subprocess.run(list(map(str, command)), check=True, env=os.environ | ONE_THREAD)
    whole = time.perf_counter() - begun
    told = json.loads(report.read_text())
    memory = told["peak_memory_mb"]
    return {"whole": whole, "rate": told["documents_a_second"], "memory": max(memory.values()), **memory}


def written(folder: Path, texts: Path, count: int) -> Path:
    """A file of so many documents of the mix."""
    path = folder / f"{count}.jsonl"
    some = mixed(texts, min(count, 3_000))
    with path.open("w", encoding="utf-8") as stream:
        for number in range(count):
            stream.write(json.dumps({**some[number % len(some)], "id": f"d{number}"}) + "\n")
    return path


def in_turn(sides: dict[str, tuple[str, ...]], source: Path, folder: Path, rounds: int) -> dict[str, list[float]]:
    """The seconds of whole commands with some options, the sides in turn."""
    found: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, options in sides.items():
            found[name].append(convert(source, folder, *options)["whole"])
    return found


def ratio(over: list[float], under: list[float]) -> float:
    return statistics.median(a / b for a, b in zip(over, under, strict=True))


def speed(texts: Path, documents: int, rounds: int) -> tuple[list[Row], dict[str, object]]:
    found = compare(texts, documents, rounds)
    rows = []
    for side, asked, asked_of_links in (("gate", "≥ 5", ""), ("exhaustive", "≥ 1.3", "≤ 0.15")):
        of_side: dict[str, float] = found[side]  # type: ignore[assignment]
        how = f"{found['documents']} documents, one thread, {rounds} rounds in turn; time of the processor: "
        rows.append(Row(f"{side}, times stock nlp.pipe", of_side["ratio"], asked, how + f"{of_side['ratio_cpu']}"))
        share = of_side["share_of_links_and_writing"]
        rows.append(Row(f"{side}, links and writing, share of time", share, asked_of_links, "the same"))
    return rows, found


def workers(texts: Path, folder: Path, documents: int, rounds: int) -> list[Row]:
    source = written(folder, texts, documents)
    took = in_turn({"one": ("--workers", "1"), "two": ("--workers", "2")}, source, folder, rounds)
    how = f"whole commands over {documents} documents, median of {rounds} pairs"
    rows = [Row("two workers, times one", ratio(took["one"], took["two"]), "≥ 1.7", how)]
    if importlib.util.find_spec("distributed"):
        took = in_turn(
            {"pool": ("--workers", "2"), "dask": ("--workers", "2", "--engine", "dask")}, source, folder, rounds
        )
        rows.append(Row("Dask, times the local pool, two workers", ratio(took["pool"], took["dask"]), "", how))
    return rows


def size(texts: Path, folder: Path, small: int, large: int) -> list[Row]:
    few, many = (convert(written(folder, texts, count), folder, "--workers", "1") for count in (small, large))
    how = f"`--workers 1`, {large:,} documents over {small:,}"
    memory = f"; the largest process {many['memory']:.0f} MB over {few['memory']:.0f}"
    rates = f"; {many['rate']:.1f} documents a second over {few['rate']:.1f}"
    return [
        Row("peak memory, large over small", many["memory"] / few["memory"], "≤ 1.2", how + memory),
        Row("throughput, large over small", many["rate"] / few["rate"], "≥ 0.95", how + rates),
    ]


def start(folder: Path, rounds: int) -> list[Row]:
    source = folder / "one.jsonl"
    text = "France and Germany signed a treaty on fishing in Berlin on Monday."
    source.write_text(json.dumps({"id": "one", "date": "2025-01-08", "text": text}) + "\n")
    took = [convert(source, folder, "--workers", "1")["whole"] for _ in range(rounds + 1)][1:]
    how = f"seconds of a whole command over one document, median of {rounds}, least {min(took):.2f}"
    return [Row("start-up to the first document", statistics.median(took), "≤ 1.5 s", how)]


def table(rows: list[Row], about: dict[str, object], when: str, load: str) -> str:
    lines = [
        f"# {when}",
        "",
        f"{about['processor']}, {about['cores']} cores, Python {about['python']}; load of the machine {load}.",
        "`python benchmarks/archive.py` (`make bench`)",
        "",
        "| | measured | asked | how |",
        "| --- | --- | --- | --- |",
        *(f"| {row.what} | {row.measured:.2f} | {row.asked} | {row.how} |" for row in rows),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="?", type=Path, default=CORPUS)
    parser.add_argument("--documents", type=int, default=40, help="documents a round beside stock")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--pairs", type=int, default=3, help="pairs of whole commands")
    parser.add_argument("--batch", type=int, default=400, help="documents of a whole command")
    parser.add_argument("--small", type=int, default=5_000)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="parts to measure")
    parser.add_argument("-o", "--output", type=Path, default=RESULTS)
    options = parser.parse_args()
    about, when, before = machine(), dt.date.today().isoformat(), os.getloadavg()[1]
    rows: list[Row] = []
    kept: dict[str, object] = {"date": when, "machine": about}
    options.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in options.only:
            if part == "speed":
                found, kept["beside_stock"] = speed(options.texts, options.documents, options.rounds)
                rows += found
            elif part == "start":
                rows += start(folder, options.pairs)
            elif part == "workers":
                rows += workers(options.texts, folder, options.batch, options.pairs)
            else:
                rows += size(options.texts, folder, options.small, options.large)
            # After each part, so that what was measured is kept whatever becomes of the rest.
            load = f"{before:.1f} before, {os.getloadavg()[1]:.1f} after, of which the benchmark itself 1 to 2"
            kept |= {"load": load, "rows": list(map(asdict, rows))}
            said = table(rows, about, when, load)
            (options.output / f"{when}.json").write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", "utf-8")
            (options.output / f"{when}.md").write_text(said, "utf-8")
    print(said, end="")


if __name__ == "__main__":
    main()
