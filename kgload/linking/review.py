"""Doubtful links as a CSV file for a person to decide; decided, it is a list of the user's own names."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kgload.errors import DataError, InputNotFound
from kgload.files import replacing
from kgload.linking.disambiguation import Decision
from kgload.linking.own import FORMULA, plain
from kgload.records import Document, Entity

# `iri` is what a person fills in: an IRI, a QID, or `none`. The others help to decide.
COLUMNS = ("name", "kind", "iri", "candidates", "sentence", "document")
CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class Row:
    """A name to decide, or decided; as :data:`COLUMNS`."""

    name: str
    kind: str
    iri: str
    candidates: str
    sentence: str
    document: str


def doubtful(document: Document, entity: Entity, decision: Decision) -> Row | None:
    """The row of an entity whose item is in doubt: there are candidates, and none of them is trusted."""
    if not decision.candidates or (decision.link and decision.link.trusted) or not entity.mentions:
        return None
    candidates = "; ".join(
        f"{c.known.iri.removeprefix('http://www.wikidata.org/entity/')} {c.known.label} {c.score:.2f}"
        for c in decision.candidates[:CANDIDATES]
    )
    sentence = _sentence(document, entity.mentions[0].begin)
    return Row(entity.name, entity.kind.value, "", candidates, sentence, document.article.id)


def read(path: Path) -> list[Row]:
    """The rows of a review file; none where there is no file yet.

    Raises:
        InputNotFound, DataError: it cannot be read, or lacks a column.
    """
    if not path.exists():
        return []
    try:
        rows = csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline=""), strict=True)
        if not {"name", "iri"} <= set(rows.fieldnames or ()):
            raise DataError(f"{path.name}:1: there must be columns `name` and `iri`")
        return [Row(*(plain(row.get(column) or "") for column in COLUMNS)) for row in rows]
    except OSError as error:
        raise InputNotFound(f"cannot read {path}: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path.name}: {error}") from error


def write(path: Path, rows: Iterable[Row]) -> int:
    """Write a review file, whole or not at all: each name of a kind once, what is decided first as it came. How many
    rows are left to decide.

    Raises:
        OutputError: it cannot be written.
    """
    kept: dict[tuple[str, str], Row] = {}
    for row in rows:
        kept.setdefault((row.name, row.kind), row)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_safe(getattr(row, column)) for column in COLUMNS] for row in kept.values())
    with replacing(path) as stream:
        stream.write(text.getvalue().encode())
    return sum(not row.iri for row in kept.values())


def _sentence(document: Document, place: int) -> str:
    text = document.article.text
    for span in document.sentences:
        if span.begin <= place < span.end:
            return " ".join(text[span.begin : span.end].split())
    return " ".join(text[max(0, place - 80) : place + 80].split())


def _safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return "'" + cell if cell[:1] in FORMULA else cell
