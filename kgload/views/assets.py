"""What `make web` built: scripts, styles, the map's outline and the coordinates of places."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kgload.errors import ViewsNotBuilt
from kgload.mapping.iris import wikidata_id

STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True, slots=True)
class Located:
    """Where a place lies: degrees east and north, and the point in the box of :func:`outline`."""

    longitude: float
    latitude: float
    x: float
    y: float


def path(*parts: str) -> Path:
    """The path of a built file (``path("report", "report.js")``).

    Raises:
        ViewsNotBuilt: it is not there: the checkout's web parts were never built.
    """
    found = STATIC.joinpath(*parts)
    if not found.is_file():
        raise ViewsNotBuilt("the web parts are not built; `make web` builds them, and an installed kgload has them")
    return found


def text(*parts: str) -> str:
    """A built file's text.

    Raises:
        ViewsNotBuilt: as for :func:`path`.
    """
    return path(*parts).read_text("utf-8")


@functools.cache
def outline() -> dict[str, Any]:
    """The outline of countries: ``width``, ``height``; the SVG paths ``sphere``, ``graticule``, ``land``, ``borders``.

    Raises:
        ViewsNotBuilt: as for :func:`path`.
    """
    found: dict[str, Any] = json.loads(text("shared", "outline.json"))
    return found


def located(item: str | None) -> Located | None:
    """Where a Wikidata item lies, by its IRI; None where the shipped table does not know.

    Raises:
        ViewsNotBuilt: as for :func:`path`.
    """
    qid = wikidata_id(item) if item else None
    found = _coordinates().get(qid) if qid else None
    return Located(*found) if found else None


@functools.cache
def _coordinates() -> dict[str, list[float]]:
    found: dict[str, list[float]] = json.loads(text("shared", "coordinates.json"))
    return found
