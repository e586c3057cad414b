"""Faults while documents are loaded, into a real Fuseki and a folder: what is lost, doubled or in part, in figures.

    python scripts/faults.py GRAPH.nq [--kills N] [--only PART…] [--seed N]

- client: `kgload load` is killed at random moments, N times; the store is Fuseki.
- server: Fuseki is killed (SIGKILL) at random moments of a load and started again on its files, N times.
- folder: as client; the store is a folder.
- together: two loads of the same documents at a time, then of two versions of them.
- full: Fuseki and a folder on a small tmpfs that fills up, and is then made larger (needs root).
- growth: all documents replaced again and again: the size of Fuseki's files, and what `kgload compact` leaves.

Loads take turns between two versions of all documents, so that each has new graphs or old ones to write; now and then
the store is emptied. After each fault every document must be wholly one version or the other, or absent; after one load
that nothing disturbs, the store must hold what an undisturbed one holds. The exit code is 1 where it is not so.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import servers

KGLOAD = (sys.executable, "-m", "kgload.cli.main")
Documents = dict[bytes, frozenset[bytes]]
FOLDER_MB, FUSEKI_MB = 5, 10


class Place:
    """A store to load into: a folder, or a Fuseki that may be killed and started again on its files."""

    def __init__(self, folder: Path, *, has_server: bool) -> None:
        self.folder = folder
        self.server = servers.fuseki(folder, servers.free_port()) if has_server else None

    @property
    def options(self) -> tuple[str, str]:
        return ("--endpoint", self.server.url) if self.server else ("--store", str(self.folder / "store"))

    def started(self, source: Path) -> subprocess.Popen[bytes]:
        command = [*KGLOAD, "load", str(source), *self.options, "--quiet"]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def loaded(self, source: Path) -> float:
        """Seconds of a load that must succeed."""
        begun = time.monotonic()
        process = self.started(source)
        _, said = process.communicate()
        if process.returncode:
            raise SystemExit(f"a load that nothing disturbed failed: {said.decode()}")
        return time.monotonic() - begun

    def documents(self) -> Documents:
        """What each document says."""
        done = subprocess.run([*KGLOAD, "dump", *self.options, "--quiet"], capture_output=True, check=False)
        if done.returncode and b"KGL-501" not in done.stderr:
            raise SystemExit(f"it cannot be dumped: {done.stderr.decode()}")
        found = collections.defaultdict(set)
        for line in done.stdout.splitlines():
            found[line.rpartition(b" <")[2]].add(line)
        return {name: frozenset(lines) for name, lines in found.items()}

    def empty(self) -> None:
        if self.server is None:
            shutil.rmtree(self.folder / "store", ignore_errors=True)
            return
        import urllib.request

        body, headers = b"DROP ALL", {"Content-Type": "application/sparql-update"}
        urllib.request.urlopen(urllib.request.Request(f"{self.server.url}/update", body, headers)).close()

    def kill_server(self) -> None:
        assert self.server
        self.server.kill()
        (self.folder / "news" / "tdb.lock").unlink(missing_ok=True)
        self.server = servers.fuseki(self.folder, servers.free_port())

    def megabytes(self) -> float:
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        return sum(path.stat().st_blocks * 512 for path in files) / 1e6

    def close(self) -> None:
        if self.server:
            self.server.stop()


@contextlib.contextmanager
def place(*, has_server: bool, under: Path | None = None) -> Iterator[Place]:
    with tempfile.TemporaryDirectory(dir=under) as folder:
        made = Place(Path(folder), has_server=has_server)
        try:
            yield made
        finally:
            made.close()


class Trial:
    """Two versions of a file, what stores make of them when nothing disturbs, and what was found wrong."""

    def __init__(self, source: Path, folder: Path) -> None:
        self.files = (source, folder / "second.nq")
        self.is_bad = False
        self._expected: dict[bool, tuple[Documents, Documents]] = {}
        with source.open("rb") as lines, self.files[1].open("wb") as second:
            last = b""
            for line in lines:
                name = line.rpartition(b" <")[2]
                if name != last:
                    second.write(b'<urn:kgload:trial> <urn:kgload:version> "second" <' + name)
                last = name
                second.write(line)

    def expected(self, *, has_server: bool) -> tuple[Documents, Documents]:
        if has_server not in self._expected:
            found = []
            for file in self.files:
                with place(has_server=has_server) as clean:
                    clean.loaded(file)
                    found.append(clean.documents())
            self._expected[has_server] = (found[0], found[1])
        return self._expected[has_server]

    def in_part(self, where: Place) -> int:
        """Documents that are there, and are neither version."""
        one, two = self.expected(has_server=where.server is not None)
        return sum(lines not in (one[name], two[name]) for name, lines in where.documents().items())

    def judge(self, part: str, where: Place, parts: int, *more: str) -> None:
        """Load once more, compare with a load that nothing disturbed, and print a line."""
        where.loaded(self.files[0])
        wanted = self.expected(has_server=where.server is not None)[0]
        found = where.documents()
        lost = sum(len(lines - found.get(name, frozenset())) for name, lines in wanted.items())
        more_than = sum(len(lines - wanted.get(name, frozenset())) for name, lines in found.items())
        self.is_bad = self.is_bad or bool(lost or more_than or parts)
        said = f"{part:18} {lost} quads lost, {more_than} too many, {parts} documents in part"
        print("; ".join((said, *more)), flush=True)


def kills(trial: Trial, part: str, count: int) -> None:
    has_server = part != "folder"
    trial.expected(has_server=has_server)
    parts, met = 0, collections.Counter[str]()
    with place(has_server=has_server) as where:
        where.loaded(trial.files[0])
        longest = where.loaded(trial.files[1])
        for turn in range(count):
            if random.random() < 0.3:
                where.empty()
            process = where.started(trial.files[turn % 2 == 0])
            time.sleep(random.uniform(0.2, longest))
            if part == "server":
                where.kill_server()
            elif process.poll() is None:
                process.kill()
            process.communicate()
            met["done before" if process.returncode == 0 else f"exit {process.returncode}"] += 1
            parts += trial.in_part(where)
        told = ", ".join(f"{number} {what}" for what, number in sorted(met.items()))
        trial.judge(f"{count} {part} kills", where, parts, told)


def together(trial: Trial) -> None:
    with place(has_server=True) as where:
        for files in ((trial.files[0],) * 2, trial.files):
            where.empty()
            both = [where.started(file) for file in files]
            codes = [process.wait() for process in both if not process.communicate()[1]]
            trial.judge(f"two {'versions' if files == trial.files else 'loads'} at once", where,
                        trial.in_part(where), f"exit codes {codes}")  # fmt: skip


def full(trial: Trial, folder: Path) -> None:
    for has_server, size in ((True, FUSEKI_MB), (False, FOLDER_MB)):
        trial.expected(has_server=has_server)
        disk = folder / f"disk-{has_server}"
        disk.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", f"size={size}m", "tmpfs", str(disk)]
        if subprocess.run(mount, check=False, capture_output=True).returncode:
            print("full: no tmpfs can be mounted here; left out")
            return
        try:
            with place(has_server=has_server, under=disk) as where:
                process = where.started(trial.files[0])
                said = process.communicate()[1].decode().strip()
                subprocess.run(["mount", "-o", "remount,size=2g", str(disk)], check=True)
                if has_server:
                    where.kill_server()
                told = f"exit {process.returncode}, {len(said.splitlines())} line: {said[-110:]}"
                trial.judge("full disk, " + ("Fuseki" if has_server else "folder"), where, trial.in_part(where), told)
        finally:
            subprocess.run(["umount", str(disk)], check=False)


def growth(trial: Trial, rounds: int = 6) -> None:
    with place(has_server=True) as where:
        sizes, seconds = [], []
        for turn in range(rounds + 1):
            seconds.append(where.loaded(trial.files[turn % 2]))
            sizes.append(where.megabytes())
        subprocess.run([*KGLOAD, "compact", *where.options, "--quiet"], check=True)
        grown = " → ".join(f"{size:.0f}" for size in sizes)
        print(
            f"growth: {grown} MB with all replaced {rounds} times, {where.megabytes():.0f} MB compacted; "
            f"{seconds[0]:.1f} s at first, {min(seconds[1:]):.1f} to {max(seconds[1:]):.1f} s to replace",
            flush=True,
        )
        trial.judge("growth, compacted", where, trial.in_part(where))


def main() -> None:
    parts = ("client", "server", "folder", "together", "full", "growth")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("--kills", type=int, default=25)
    parser.add_argument("--only", nargs="+", choices=parts, default=parts)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    random.seed(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(options.source, Path(folder))
        for part in options.only:
            if part in ("client", "server", "folder"):
                kills(trial, part, options.kills)
        if "together" in options.only:
            together(trial)
        if "full" in options.only:
            full(trial, Path(folder))
        if "growth" in options.only:
            growth(trial)
    sys.exit(int(trial.is_bad))


if __name__ == "__main__":
    main()
