"""Extractors by name: the built-in ones and those of other packages, all from one entry-point group."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points

from kgload.errors import ExtractorError
from kgload.records import Extractor, Gated, Lexicon

GROUP = "kgload.extractors"


def names() -> list[str]:
    """Names of the extractors that are installed."""
    return sorted({entry.name for entry in entry_points(group=GROUP)})


def create(name: str, lexicon: Lexicon, *, exhaustive: bool = False) -> Extractor:
    """The extractor of that name, ready to run; where it has a gate, ``exhaustive`` leaves that out.

    Raises:
        ExtractorError: there is none, or it cannot be loaded.
    """
    found = [entry for entry in entry_points(group=GROUP) if entry.name == name]
    if not found:
        raise ExtractorError(f"there is no extractor {name!r}; there are {', '.join(names())}")
    extractor = _load(found[0], lexicon)
    return extractor.exhaustive() if exhaustive and isinstance(extractor, Gated) else extractor


def _load(entry: EntryPoint, lexicon: Lexicon) -> Extractor:
    try:
        extractor: Extractor = entry.load()(lexicon)
    except (ImportError, AttributeError, TypeError) as error:
        raise ExtractorError(f"extractor {entry.name!r} ({entry.value}) cannot be loaded: {error}") from error
    return extractor
