"""The canned queries: plain SPARQL files whose `#+` comments say, in TOML, what they answer and what they take.

::

    #+ summary = "Meetings in which a person took part"
    #+ evidence = "sentence"
    #+ [parameters.person]
    #+ comment = "The name, or a part of it"
    #+ required = true

A parameter is a variable that the query binds once by ``VALUES ?person { "Putin" }``. What stands there is the example,
so that the file can be pasted into any store as it is; kgload puts the value in its place.
"""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from kgload import data
from kgload.errors import DataError, UnknownQuery


class ParameterType(StrEnum):
    """What a parameter's value is."""

    STRING = "string"
    IRI = "iri"
    ITEM = "item"
    DATE = "date"
    INTEGER = "integer"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a query.

    ``begin`` and ``end`` are the place of its value in the query's text, and ``example`` is what stands there. A
    parameter that is not required and not given stays as it is in the file.
    """

    name: str
    type: ParameterType
    comment: str
    required: bool
    example: str
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class CannedQuery:
    """A query of the catalogue.

    What it says of its columns is for people: ``lists`` hold several values with `` | `` between them, ``evidence`` is
    the sentence that shows a row to be true, ``span`` two columns that are the first and last day of one date.
    """

    name: str
    summary: str
    text: str
    parameters: tuple[Parameter, ...]
    lists: tuple[str, ...] = ()
    evidence: str | None = None
    span: tuple[str, ...] = ()


# SPARQL's strings, IRIs and comments: what looks like SPARQL inside them is not.
_OPAQUE = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\''
    r'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|<[^<>"{}|^`\\\s]*>|#[^\n]*',
    re.S,
)
_VALUES = re.compile(r"\bVALUES\s+\?(\w+)\s*\{([^{}]*)\}", re.I)


def catalogue(folder: Path | None = None) -> dict[str, CannedQuery]:
    """The canned queries by name, in alphabetical order.

    Raises:
        DataError: a file's header does not validate; the message names file and reason.
    """
    return _read_all(folder or data.queries())


@functools.cache
def _read_all(folder: Path) -> dict[str, CannedQuery]:
    return {path.stem: read(path) for path in sorted(folder.glob("*.rq"))}


def find(name: str, folder: Path | None = None) -> CannedQuery:
    """The canned query of that name.

    Raises:
        UnknownQuery: there is none; the message names those that are like it.
    """
    queries = catalogue(folder)
    if name not in queries:
        import difflib

        near = difflib.get_close_matches(name, queries, n=3) or ["`kgload query --list` names all"]
        raise UnknownQuery(f"there is no query {name[:60]!r}; perhaps {', '.join(near)}")
    return queries[name]


def read(path: Path) -> CannedQuery:
    """Read one query file.

    Raises:
        DataError: its header does not validate.
    """
    text = path.read_text("utf-8")
    header = "\n".join(line[2:].removeprefix(" ") for line in text.splitlines() if line.startswith("#+"))
    try:
        described = tomllib.loads(header)
        summary = described.pop("summary")
        lists = tuple(described.pop("lists", ()))
        evidence, span = described.pop("evidence", None), tuple(described.pop("span", ()))
        places = _places(text)
        parameters = tuple(_parameter(name, places, fields) for name, fields in described.pop("parameters", {}).items())
        if described:
            raise ValueError(f"unknown field {', '.join(described)}")
    except (tomllib.TOMLDecodeError, ValueError, KeyError, AttributeError) as error:
        raise DataError(f"{path.name}: {error}") from error
    return CannedQuery(path.stem, summary, text, parameters, lists, evidence, span)


def _places(text: str) -> dict[str, tuple[int, int]]:
    """Where the value of each ``VALUES ?name { value }`` stands."""
    blank = _OPAQUE.sub(lambda m: ("x" if m.group()[0] in "\"'<" else " ") * len(m.group()), text)
    found: dict[str, tuple[int, int]] = {}
    for match in _VALUES.finditer(blank):
        begin, end = match.span(2)
        while begin < end and text[begin].isspace():
            begin += 1
        while end > begin and text[end - 1].isspace():
            end -= 1
        found[match[1]] = (begin, end)
    return found


def _parameter(name: str, places: dict[str, tuple[int, int]], fields: dict[str, Any]) -> Parameter:
    unknown = set(fields) - {"type", "comment", "required", "example"}
    if unknown:
        raise ValueError(f"parameter {name}: unknown field {', '.join(sorted(unknown))}")
    if name not in places:
        raise ValueError(f"parameter {name}: the query has no VALUES ?{name} {{ … }}")
    begin, end = places[name]
    return Parameter(
        name,
        ParameterType(fields.get("type", "string")),
        fields["comment"],
        bool(fields.get("required", False)),
        fields["example"],
        begin,
        end,
    )
