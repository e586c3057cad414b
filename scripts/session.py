"""Run the terminal sessions that the docs show, so that what a reader sees is what the commands say.

    python scripts/session.py README.md            run the session in `demo/` for a person to watch (`make demo`)
    python scripts/session.py --check README.md …  run it in an empty folder and compare with what the page shows
    python scripts/session.py --write README.md …  run it in an empty folder and put its output on the page

A session is what stands in the ```console blocks of a page: lines that begin with `$ ` are run, in order, in one folder
that holds a copy of `examples/`; the other lines are what they print (stdout and stderr). A line `…` alone stands for
any lines. A block under `<!-- session: skip -->` is not run.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"(?P<skip><!-- session: skip -->\n)?```console\n(?P<body>.*?)```", re.S)


def environment() -> dict[str, str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    plain = {"COLUMNS": "110", "NO_COLOR": "1", "TERM": "dumb", "PYTHONIOENCODING": "utf-8"}
    kept = {k: v for k, v in os.environ.items() if not k.startswith("KGLOAD_")}
    return {**kept, **plain, "PATH": path}


def steps(body: str) -> Iterator[tuple[str, str]]:
    """The commands of a block, each with the output that the page shows."""
    for part in re.split(r"^\$ ", body, flags=re.M)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def run(command: str, folder: Path) -> str:
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return "\n".join(line.rstrip() for line in done.stdout.splitlines()) + ("\n" if done.stdout else "")


def shows(expected: str, actual: str) -> bool:
    """Whether the page shows this output; `…` alone on a line stands for any lines."""
    parts = re.split(r"^…\n", expected, flags=re.M)
    return re.fullmatch(".*?".join(re.escape(part) for part in parts), actual, re.S) is not None


def new_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="kgload-session-"))
    shutil.copytree(ROOT / "examples", folder / "examples")
    return folder


def check(page: Path) -> list[str]:
    """What the page shows differently from what its commands print."""
    folder, problems = new_folder(), []
    try:
        for block in BLOCK.finditer(page.read_text("utf-8")):
            if block["skip"]:
                continue
            for command, expected in steps(block["body"]):
                actual = run(command, folder)
                if not shows(expected, actual):
                    problems.append(f"{page.name}: $ {command}\n--- the page shows\n{expected}--- it prints\n{actual}")
    finally:
        shutil.rmtree(folder)
    return problems


def write(page: Path) -> None:
    folder = new_folder()

    def step(command: str, expected: str) -> str:
        actual = run(command, folder)
        if "Traceback (most recent call last)" in actual:
            sys.exit(f"{page}: $ {command}\n{actual}A page shows no command that breaks; it stays as it is.")
        return f"$ {command}\n{expected if shows(expected, actual) else actual}"

    def anew(block: re.Match[str]) -> str:
        if block["skip"]:
            return block[0]
        body = "".join(step(command, expected) for command, expected in steps(block["body"]))
        return f"```console\n{body}```"

    try:
        page.write_text(BLOCK.sub(anew, page.read_text("utf-8")), encoding="utf-8")
    finally:
        shutil.rmtree(folder)


def play(page: Path) -> int:
    """Run the session in the folder `demo/`, made anew, for a person to watch."""
    folder = ROOT / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "examples", folder / "examples")
    for block in BLOCK.finditer(page.read_text("utf-8")):
        if block["skip"]:
            continue
        for command, _ in steps(block["body"]):
            print(f"\n$ {command}", flush=True)
            env = {k: v for k, v in environment().items() if k not in ("NO_COLOR", "TERM", "COLUMNS")}
            done = subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=folder, env=env, check=False)
            if done.returncode:
                return done.returncode
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("pages", nargs="+", type=Path)
    options = parser.parse_args()
    if options.write:
        for page in options.pages:
            write(page)
        return 0
    if options.check:
        problems = [problem for page in options.pages for problem in check(page)]
        print("\n".join(problems))
        return bool(problems)
    return max(play(page) for page in options.pages)


if __name__ == "__main__":
    sys.exit(main())
