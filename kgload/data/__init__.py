"""The data that ships with kgload, and how it is found: frames, names, gazetteer, ontology, queries.

In a wheel the ontology and the queries lie beside the other data; in a checkout they stand at its top.
"""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent


def path(*parts: str) -> Path:
    """Path of a data file that ships inside the package (``path("frames", "meeting.toml")``)."""
    return _HERE.joinpath(*parts)


def ontology(*parts: str) -> Path:
    """Path of a file of the ontology folder, or of the folder itself."""
    return _top("ontology").joinpath(*parts)


def queries() -> Path:
    """Path of the folder of canned queries."""
    return _top("queries")


def _top(name: str) -> Path:
    inside = _HERE / name
    return inside if inside.is_dir() else _HERE.parents[1] / name
