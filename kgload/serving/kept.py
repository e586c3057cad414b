"""Where what pages are made of is kept, so that the next start over the same state of a store need not find it out."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from pathlib import Path

from kgload import __version__, ontology
from kgload.serving.snapshot import Signature

# Stores that are remembered.
MOST_STORES = 8


def folder(store: Path, signature: Signature) -> Path:
    """The folder for one state of a store, in the user's cache. Those of the store's other states are deleted.

    Another version of kgload, and another ontology, have others.
    """
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kgload" / "served"
    own = home / _digest(os.path.realpath(store))[:24]
    terms = sorted(map(str, ontology.triples()))
    state = own / _digest(repr((__version__, signature, terms)))[:24]
    for other in _folders(own):
        if other != state:
            shutil.rmtree(other, ignore_errors=True)
    for other in [each for each in _folders(home) if each != own][MOST_STORES - 1 :]:
        shutil.rmtree(other, ignore_errors=True)
    return state


def _folders(home: Path) -> list[Path]:
    """The folders in a folder, the latest first."""
    with contextlib.suppress(OSError):
        return sorted(home.iterdir(), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    return []


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
