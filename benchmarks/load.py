"""`kgload load` beside the plainest way to do the same, each pair in one run: ratios, and the client's peak memory.

    python benchmarks/load.py [ARTICLES…] [--quads N] [--converted N] [--rounds N] [--only PART…]
                              [--cache FOLDER] [--json]

So many quads of articles are converted once into N-Quads, which are kept in the cache folder; in the file that is
loaded they come again under other ids until there are enough. Parts:

- fuseki: into a fresh Fuseki (TDB2), against one `curl` POST of the same file to another fresh one; then the same file
  again, unchanged.
- queries: the canned queries over a tenth of it in Fuseki, each in this process against `curl` with the same SPARQL.
- embedded: into a fresh folder, against pyoxigraph's bulk load, both flushed to disk; then the same file again.
- memory: the client's peak for a tenth of the file and for all of it, into Fuseki and into a folder.

Each load is a process of its own, start included; the sides take turns, and the best round of each counts. Beside the
ratio of times stands that of processor seconds (the server's and the client's), which other work on the machine does
not change as much.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import itertools
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from convert import SAMPLE, articles, machine

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))
import servers

KGLOAD = (sys.executable, "-m", "kgload.cli.main")
PARTS = ("fuseki", "embedded", "memory", "queries")
BULK = """
import sys, pyoxigraph
store = pyoxigraph.Store(sys.argv[1])
store.bulk_load(path=sys.argv[2], format=pyoxigraph.RdfFormat.N_QUADS)
store.flush()
"""
ASKED = 3


def material(inputs: list[str], quads: int, converted: int, cache: Path) -> Path:
    """A file of so many quads and the rest of the last document, made once."""
    sizes = [[path, Path(path).stat().st_size] for path in sorted(inputs)]
    key = hashlib.sha256(json.dumps([sizes, converted]).encode()).hexdigest()[:12]
    made = cache / f"news-{key}-{quads}.nq"
    if not made.exists():
        cache.mkdir(parents=True, exist_ok=True)
        once, part = cache / f"once-{key}.nq", made.with_suffix(".part")
        if not once.exists():
            cut(_converted(articles(inputs, sys.maxsize)), converted, part)
            part.rename(once)
        cut(_copies(once), quads, part)
        part.rename(made)
    return made


def _converted(endless: Iterator[object]) -> Iterator[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        source, graph = Path(folder, "in.jsonl"), Path(folder, "out.nq")
        while True:
            with source.open("w", encoding="utf-8") as rows:
                for article in itertools.islice(endless, 2_000):
                    row = {"id": article.id, "text": article.text, "date": str(article.date or "2025-01-01")}  # type: ignore[attr-defined]
                    rows.write(json.dumps(row) + "\n")
            command = [*KGLOAD, "convert", source, "-o", graph, "--quiet", "--skip-bad"]
            if subprocess.run(command, check=False).returncode > 1:
                raise SystemExit("the articles cannot be converted")
            with graph.open("rb") as lines:
                yield from lines


OWN = re.compile(rb"(<https://w3id\.org/kgload/(?:document|event|entity)/)(?!Q[0-9]+>)")


def _copies(once: Path) -> Iterator[bytes]:
    """The documents over and over, each time under other ids."""
    for number in itertools.count():
        with once.open("rb") as lines:
            for line in lines:
                yield OWN.sub(rb"\g<1>%d-" % number, line) if number else line


def cut(lines: Iterable[bytes], quads: int, target: Path) -> None:
    """Write the first quads and the rest of the last one's document."""
    name = b""
    with target.open("wb") as stream:
        for count, line in enumerate(lines):
            of = line.rpartition(b" <")[2]
            if count >= quads and of != name:
                break
            name = of
            stream.write(line)


def first(source: Path, quads: int) -> Path:
    """The beginning of the file, of so many quads, in a file beside it."""
    made = source.with_name(f"{source.stem}-first-{quads}.nq")
    if not made.exists():
        with source.open("rb") as lines:
            cut(lines, quads, made)
    return made


class Took(NamedTuple):
    """What a process took that must succeed: seconds, processor seconds, peak megabytes."""

    seconds: float
    processor: float
    peak: float


def timed(command: list[object], server: servers.Server | None = None, **environment: str) -> Took:
    """Run a process; the server's processor seconds count, too."""
    before = _processor(server)
    start = time.perf_counter()
    process = subprocess.Popen(
        list(map(str, command)), env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command}: {said.decode()[-500:]}")
    spent = usage.ru_utime + usage.ru_stime + _processor(server) - before
    return Took(time.perf_counter() - start, spent, usage.ru_maxrss / 1024)


def _processor(server: servers.Server | None) -> float:
    if server is None:
        return 0.0
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def ratios(name: str, other: str, ours: list[Took], theirs: list[Took]) -> dict[str, float]:
    """The best of both sides and how they compare."""
    best = [min(took.seconds for took in side) for side in (theirs, ours)]
    spent = [min(took.processor for took in side) for side in (theirs, ours)]
    return {
        f"{name}: {other}, s": best[0],
        f"{name}: kgload, s": best[1],
        f"{name}: kgload ÷ {other}": best[1] / best[0],
        f"{name}: kgload ÷ {other}, processor": spent[1] / spent[0],
    }


def again_ratio(name: str, again: list[Took], ours: list[Took]) -> dict[str, float]:
    """How long loading the same once more takes."""
    return {
        f"{name}: again, s": min(took.seconds for took in again),
        f"{name}: again ÷ first": min(took.seconds for took in again) / min(took.seconds for took in ours),
        f"{name}: again ÷ first, processor": min(t.processor for t in again) / min(t.processor for t in ours),
    }


@contextlib.contextmanager
def fuseki() -> Iterator[servers.Server]:
    """A fresh Fuseki."""
    with tempfile.TemporaryDirectory() as folder:
        server = servers.fuseki(Path(folder), servers.free_port())
        try:
            yield server
        finally:
            server.stop()


def by_curl(source: Path, server: servers.Server) -> Took:
    command = ["curl", "--silent", "--show-error", "--fail", "-X", "POST", "-H", "Content-Type: application/n-quads"]
    return timed([*command, "-T", source, f"{server.url}/data"], server)


def on_fuseki(source: Path, rounds: int) -> dict[str, float]:
    curl, ours, again = [], [], []
    for _ in range(rounds):
        with fuseki() as server:
            curl.append(by_curl(source, server))
        with fuseki() as server:
            load = [*KGLOAD, "load", source, "--endpoint", server.url]
            ours.append(timed(load, server))
            again.append(timed(load, server))
    return ratios("fuseki", "curl", ours, curl) | again_ratio("fuseki", again, ours)


def queries(source: Path) -> dict[str, float]:
    with fuseki() as server:
        timed([*KGLOAD, "load", source, "--endpoint", server.url])
        return asked(server.url)


def asked(url: str) -> dict[str, float]:
    """Milliseconds by which the canned queries, with their examples, are slower than curl with the same SPARQL."""
    from kgload import asking
    from kgload.querying.catalogue import catalogue

    more = {}
    for name, query in catalogue().items():
        text = asking.bound(name, {p.name: p.example for p in query.parameters if p.required})
        accept = "application/n-triples" if "CONSTRUCT" in text else "application/sparql-results+json"
        curl, ours = [], []
        for _ in range(ASKED):
            command = ["curl", "--silent", "--show-error", "--fail", "-H", f"Accept: {accept}", f"{url}/query"]
            curl.append(
                timed([*command, "-H", "Content-Type: application/sparql-query", "--data-binary", text]).seconds
            )
            start = time.perf_counter()
            asking.ask(text, name=name, endpoint=url).write()
            ours.append(time.perf_counter() - start)
        more[name] = (statistics.median(ours) - statistics.median(curl)) * 1000
    slowest = max(more, key=lambda name: more[name])
    return {
        "fuseki: queries, median ms beyond curl": statistics.median(more.values()),
        f"fuseki: {slowest}, most ms beyond curl": more[slowest],
    }


def embedded(source: Path, rounds: int) -> dict[str, float]:
    bulk, ours, again = [], [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            bulk.append(timed([sys.executable, "-c", BULK, f"{folder}/bulk", source]))
            shutil.rmtree(f"{folder}/bulk")
            ours.append(timed([*KGLOAD, "load", source, "--store", f"{folder}/ours"]))
            again.append(timed([*KGLOAD, "load", source, "--store", f"{folder}/ours"]))
    return ratios("embedded", "bulk_load", ours, bulk) | again_ratio("embedded", again, ours)


def memory(source: Path, quads: int) -> dict[str, float]:
    found = {}
    for part in (first(source, quads // 10), source):
        size = quads // 10 if part != source else quads
        with fuseki() as server:
            load = [*KGLOAD, "load", part, "--endpoint", server.url]
            found[f"memory: into Fuseki, {size:,} quads, MB"] = timed(load).peak
        with tempfile.TemporaryDirectory() as folder:
            found[f"memory: into a folder, {size:,} quads, MB"] = timed([*KGLOAD, "load", part, "--store", folder]).peak
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", nargs="*", default=[str(SAMPLE)])
    parser.add_argument("--quads", type=int, default=1_000_000)
    parser.add_argument("--converted", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "kgload-benchmark")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    source = material(options.inputs, options.quads, options.converted, options.cache)
    found: dict[str, float] = {}
    if "embedded" in options.only:
        found |= embedded(source, options.rounds)
    if "fuseki" in options.only:
        found |= on_fuseki(source, options.rounds)
    if "memory" in options.only:
        found |= memory(source, options.quads)
    if "queries" in options.only:
        found |= queries(first(source, options.quads // 10))
    if options.json:
        print(json.dumps({"machine": machine(), "quads": options.quads, "rounds": options.rounds, **found}, indent=1))
        return
    for name, value in found.items():
        print(f"{name:55} {value:10,.2f}")


if __name__ == "__main__":
    main()
