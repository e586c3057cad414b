"""Explanations for the terminal, and as JSON Lines for programs."""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import Iterator

from kgload.explaining.facts import Table, heading, rejected, tables
from kgload.explaining.sentences import Shown, shown
from kgload.explanations import Explanation

WIDTH = 120
OPEN, CLOSE = "[", "]"


def lines(explanation: Explanation) -> Iterator[str]:
    """What is printed of a document: for each event its sentences with the words that count, and tables. Nothing in
    them steers a terminal."""
    for line in _lines(explanation):
        yield "".join(c if c.isprintable() else " " for c in line)


def _lines(explanation: Explanation) -> Iterator[str]:
    article = explanation.document.article
    yield article.title or article.id
    for why in explanation.events:
        yield ""
        yield heading(explanation, why)
        for sentence in shown(explanation, why):
            yield f"  {sentence.number + 1}  {marked(article.text, sentence)}"
        for table in tables(explanation, why):
            yield ""
            yield from _drawn(table)
    if not explanation.events:
        yield "no events"
    if last := rejected(explanation):
        yield ""
        yield from _drawn(last)


def marked(text: str, sentence: Shown) -> str:
    """A sentence with its marks in brackets: ``[met|trigger]``."""
    at, words = sentence.span.begin, ""
    for mark in sentence.marks:
        words += f"{text[at : mark.begin]}{OPEN}{text[mark.begin : mark.end]}|{mark.label}{CLOSE}"
        at = mark.end
    return " ".join((words + text[at : sentence.span.end]).split())


def as_json(explanation: Explanation) -> str:
    """A document's explanation in one line of JSON: fields as in :mod:`kgload.explanations`, days as ISO 8601."""
    return json.dumps(dataclasses.asdict(explanation), default=str, ensure_ascii=False)


def _drawn(table: Table) -> Iterator[str]:
    from rich.console import Console
    from rich.table import Table as Drawn
    from rich.text import Text

    drawn = Drawn(title=table.title, title_justify="left", box=None, padding=(0, 2, 0, 0))
    drawn.add_column("")
    for column in table.columns:
        drawn.add_column(column)
    for row, taken in zip(table.rows, table.taken, strict=True):
        drawn.add_row("✓" if taken else "", *(Text(cell) for cell in row))
    console = Console(file=io.StringIO(), width=WIDTH, color_system=None, legacy_windows=False)
    console.print(drawn)
    if table.note:
        console.print(Text(f"   {table.note}"))
    file = console.file
    assert isinstance(file, io.StringIO)  # noqa: S101 - it was made above
    yield from (line.rstrip() for line in file.getvalue().splitlines())
