"""Answers on the page: a table, CSV, TSV, JSON, Markdown; Turtle for graphs."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

import pyoxigraph as ox

from kgload.querying import tables

LIST_SEPARATOR = " | "


class AnswerFormat(StrEnum):
    """How to write an answer down."""

    TABLE = "table"
    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    MARKDOWN = "markdown"
    TURTLE = "turtle"


Term = ox.NamedNode | ox.BlankNode | ox.Literal | None


class Table(Protocol):
    """Rows of terms with the names of their columns."""

    @property
    def variables(self) -> Sequence[str]:
        """Names of the columns."""
        ...

    @property
    def rows(self) -> Iterable[Sequence[Term]]:
        """The rows, a term or None a column."""
        ...


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is laid out for people: see :class:`kgload.querying.catalogue.CannedQuery`."""

    evidence: str | None = None
    span: tuple[str, ...] = ()


def write_rows(
    table: Table, format_: AnswerFormat, prefixes: dict[str, str], layout: Layout, width: int | None = None
) -> str:
    """A SELECT query's answer as text. CSV, TSV and JSON follow the W3C's formats of SPARQL 1.1 results.

    A table for people shows a span of days as one column, and the evidence beneath.
    """
    if format_ is AnswerFormat.CSV:
        return _csv(table)
    if format_ is AnswerFormat.TSV:
        lines = ["\t".join(f"?{name}" for name in table.variables)]
        lines += ["\t".join("" if term is None else _tsv_term(term) for term in row) for row in table.rows]
        return "\n".join(lines) + "\n"
    if format_ is AnswerFormat.JSON:
        return json.dumps(_json(table), ensure_ascii=False, indent=1) + "\n"
    names, cells = _cells(table, prefixes, layout)
    if format_ is AnswerFormat.MARKDOWN:
        return _markdown(names, cells)
    return _table(names, cells, layout, width)


def write_triples(triples: Sequence[ox.Triple], format_: AnswerFormat, prefixes: dict[str, str]) -> str:
    """A CONSTRUCT query's answer as Turtle, with prefixes in order; N-Triples' order makes it the same each time."""
    ordered = sorted(triples, key=str)
    content = (ox.serialize(ordered, format=ox.RdfFormat.TURTLE, prefixes=prefixes) or b"").decode()
    lines = content.splitlines(keepends=True)
    header = sorted(line for line in lines if line.startswith("@prefix "))
    return "".join([*header, *(line for line in lines if not line.startswith("@prefix "))])


def with_sorted_lists(rows: Iterable[Sequence[Term]], columns: Sequence[int]) -> list[tuple[Term, ...]]:
    """Rows whose cells of several values are in order: GROUP_CONCAT leaves the order to the store.

    A cell of no values is None: some stores leave it unbound, others give the empty string that the standard asks for.
    """
    return [tuple(_sorted_cell(term) if i in columns else term for i, term in enumerate(row)) for row in rows]


def _sorted_cell(term: Term) -> Term:
    if isinstance(term, ox.Literal) and not term.value:
        return None
    if isinstance(term, ox.Literal) and LIST_SEPARATOR in term.value:
        return ox.Literal(LIST_SEPARATOR.join(sorted(set(term.value.split(LIST_SEPARATOR)))))
    return term


def plain(term: Term, prefixes: dict[str, str]) -> str:
    """A term for a person to read: a literal's text, an IRI shortened by a prefix; without control characters."""
    if term is None:
        return ""
    text = term.value
    if isinstance(term, ox.NamedNode):
        text = shorten(text, prefixes)
    return text if text.isprintable() else "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in text)


def shorten(iri: str, prefixes: dict[str, str]) -> str:
    """An IRI with a prefix, where one fits and the rest is a plain local name."""
    for prefix, namespace in prefixes.items():
        local = iri.removeprefix(namespace)
        if local != iri and local.replace("_", "").replace("-", "").isalnum():
            return f"{prefix}:{local}"
    return iri


def _csv(table: Table) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(table.variables)
    for row in table.rows:
        writer.writerow("" if term is None else term.value for term in row)
    return buffer.getvalue()


def _tsv_term(term: ox.NamedNode | ox.BlankNode | ox.Literal) -> str:
    return str(term).replace("\t", "\\t")


def _json(table: Table) -> dict[str, Any]:
    bindings = [
        {name: _json_term(term) for name, term in zip(table.variables, row, strict=True) if term is not None}
        for row in table.rows
    ]
    return {"head": {"vars": list(table.variables)}, "results": {"bindings": bindings}}


def _json_term(term: ox.NamedNode | ox.BlankNode | ox.Literal) -> dict[str, str]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if term.language:
        return {"type": "literal", "value": term.value, "xml:lang": term.language}
    if term.datatype.value == "http://www.w3.org/2001/XMLSchema#string":
        return {"type": "literal", "value": term.value}
    return {"type": "literal", "value": term.value, "datatype": term.datatype.value}


def _cells(table: Table, prefixes: dict[str, str], layout: Layout) -> tuple[list[str], list[list[str]]]:
    """Names of columns and rows of plain text, the first and last day of a span put together as ``when``."""
    names = list(table.variables)
    rows = [[plain(term, prefixes) for term in row] for row in table.rows]
    if len(layout.span) == 2 and set(layout.span) <= set(names):
        first, last = (names.index(name) for name in layout.span)
        names = ["when" if i == first else name for i, name in enumerate(names) if i != last]
        rows = [
            [_days(row[first], row[last]) if i == first else cell for i, cell in enumerate(row) if i != last]
            for row in rows
        ]
    return names, rows


def _days(first: str, last: str) -> str:
    """A span of days as short as it can be said: a day, a month, a year, or both ends."""
    if first == last:
        return first
    if first[:4] == last[:4] and first.endswith("-01-01") and last.endswith("-12-31"):
        return first[:4]
    if first[:7] == last[:7] and first.endswith("-01") and _is_last_of_month(last):
        return first[:7]
    return f"{first} to {last}"


def _is_last_of_month(day: str) -> bool:
    try:
        return (dt.date.fromisoformat(day) + dt.timedelta(days=1)).day == 1
    except (ValueError, OverflowError):
        return False


def _markdown(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    def cell(text: str) -> str:
        for sign in "\\`*_[]<>|":
            text = text.replace(sign, "\\" + sign)
        return " ".join(text.split())

    lines = ["| " + " | ".join(cell(name) for name in names) + " |", "|" + " --- |" * len(names)]
    lines += ["| " + " | ".join(cell(text) for text in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _table(names: Sequence[str], rows: Sequence[Sequence[str]], layout: Layout, width: int | None) -> str:
    from rich.console import Console

    buffer = io.StringIO()
    console = Console(file=buffer, width=width, highlight=False, color_system=None)
    beneath = names.index(layout.evidence) if layout.evidence in names else None
    source = names.index("document") if beneath is not None and "document" in names else None
    shown = [i for i in range(len(names)) if i not in (beneath, source)]
    numbered = beneath is not None
    found = tables.lines(
        console,
        [*([""] if numbered else []), *(names[i] for i in shown)],
        [[*([f"{number}"] if numbered else []), *(row[i] for i in shown)] for number, row in enumerate(rows, start=1)],
    )
    buffer.writelines(f"{line}\n" for line in found)
    for number, row in enumerate(rows, start=1) if beneath is not None else ():
        where = f"  ({row[source]})" if source is not None else ""
        said = f"{number:>3}  “{' '.join(row[beneath].split())}”{where}" if beneath is not None else ""
        buffer.writelines(f"{line}\n" for line in tables.wrapped(console, said, console.width))
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + "\n"
