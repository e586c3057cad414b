"""Kill conversions at random moments (kill -9), take each up with --resume, and compare with a run left alone.

    python scripts/kills.py ARTICLES… --documents 600 --kills 20 --seed 7

Each kill has a folder of its own. What is killed is, by the seed, the command alone, its workers with it, or one
worker, which the command replaces. The last line says of how many the folder and the failures are the same bytes.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

KGLOAD = (sys.executable, "-m", "kgload.cli.main")
# In each run some documents fail: what is resumed must know of them too.
FAULTS = [{"id": "no-text", "text": ""}, {"id": "half", "text": "\ud800"}]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("articles", nargs="+", type=Path, help="JSON Lines of articles")
    parser.add_argument("--documents", type=int, default=600)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--workers", default="2")
    parser.add_argument("--extractor", default="encoder")
    told = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="kgload-kills-"))
    try:
        return killed(told, folder)
    finally:
        shutil.rmtree(folder)


def killed(told: argparse.Namespace, folder: Path) -> int:
    chance = random.Random(told.seed)
    source = sample(told.articles, told.documents, chance, folder / "articles.jsonl")
    begun = time.monotonic()
    start(told, source, folder / "whole").wait()
    whole = time.monotonic() - begun
    expected = content(folder / "whole")
    shards = sum(name.startswith("part-") for name in expected)
    print(f"{told.documents:,} documents, {shards} shards, left alone {whole:.1f} s; seed {told.seed}")
    print("kill   at, s  victim    shards there  done again  resumed, s  same bytes")
    same = 0
    for number in range(1, told.kills + 1):
        target = folder / f"cut-{number}"
        at, victim = chance.uniform(0, whole), chance.choice(("command", "group", "worker"))
        run = start(told, source, target)
        time.sleep(at)
        kill(run, victim)
        if victim != "worker":
            run.wait()
        there = {p.name: p.stat().st_mtime_ns for p in target.glob("part-*")} if victim != "worker" else {}
        begun = time.monotonic()
        if victim == "worker":
            run.wait()
        else:
            start(told, source, target, "--resume").wait()
        seconds = time.monotonic() - begun
        again = sum((target / name).stat().st_mtime_ns != stamp for name, stamp in there.items())
        is_same = content(target) == expected
        same += is_same
        row = f"{number:>4}  {at:>6.1f}  {victim:<8}  {len(there):>12}  {again:>10}  {seconds:>10.1f}"
        print(f"{row}  {'yes' if is_same else 'NO'}", flush=True)
        shutil.rmtree(target)
    print(f"{same} of {told.kills} ended with the bytes of the run that was left alone")
    return 0 if same == told.kills else 1


def sample(paths: list[Path], count: int, chance: random.Random, target: Path) -> Path:
    rows = [line for path in paths for line in path.read_text("utf-8").splitlines()]
    picked = chance.sample(rows, min(count, len(rows)))
    for fault in FAULTS:
        picked.insert(chance.randrange(len(picked)), json.dumps(fault))
    target.write_text("\n".join(picked) + "\n", "utf-8")
    return target


def start(told: argparse.Namespace, source: Path, target: Path, *more: str) -> subprocess.Popen[bytes]:
    failures = target.with_suffix(".failures")
    options = ("--shards", target, "--shard-size", 25, "--failures", failures, "--workers", told.workers)
    command = (*KGLOAD, "convert", source, *options, "--extractor", told.extractor, "--quiet", *more)
    return subprocess.Popen([str(part) for part in command], start_new_session=True, stderr=subprocess.DEVNULL)


def kill(run: subprocess.Popen[bytes], victim: str) -> None:
    with contextlib.suppress(ProcessLookupError, OSError):
        if victim == "group":
            os.killpg(run.pid, signal.SIGKILL)
            return
        if victim == "worker":
            children = Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()
            for child in itertools.islice(children, 1):
                os.kill(int(child), signal.SIGKILL)
            return
        run.send_signal(signal.SIGKILL)


def content(target: Path) -> dict[str, bytes]:
    files = {path.name: path.read_bytes() for path in target.iterdir()} if target.exists() else {}
    failures = target.with_suffix(".failures")
    return files | {"failures": failures.read_bytes() if failures.exists() else b""}


if __name__ == "__main__":
    sys.exit(main())
