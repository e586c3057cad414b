"""Tables for people: as the library rich lays them out, in a tenth of the time or less."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

# A word with the space around it; a text is broken before one.
WORD = re.compile(r"\s*\S+\s*")


def lines(console: Console, names: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The lines of a table with names above its columns; long cells are folded, so that nothing is cut.

    The library finds the columns' widths, from the few rows that decide them.
    """
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(*names, box=box.SIMPLE_HEAD)
    for column in table.columns:
        column.overflow = "fold"  # an IRI that is cut is of no use
    for row in _widest(rows, len(names)):
        # Text, not markup: what an article holds is shown, never obeyed.
        table.add_row(*map(Text, row))
    inner = console.options.update_width(console.width - table._extra_width)
    widths = [width - 2 for width in table._calculate_column_widths(console, inner)]
    yield ""
    yield from _folded(console, names, widths, at_bottom=True)
    yield " " + "─" * (sum(widths) + 3 * len(widths) - 1)
    for row in rows:
        yield from _folded(console, row, widths)
    yield ""


def _widest(rows: Sequence[Sequence[str]], columns: int) -> list[Sequence[str]]:
    """For each column the row with the longest cell and that with the longest word."""
    if not rows:
        return []
    found = [max(rows, key=lambda row: max(map(_width, row[i].split("\n")))) for i in range(columns)]
    return found + [max(rows, key=lambda row: max(map(_width, row[i].split()), default=0)) for i in range(columns)]


def wrapped(console: Console, text: str, width: int) -> list[str]:
    """A text in lines of a width, broken between words, and within one that is wider; without space at their ends."""
    words = WORD.findall(text)
    bare = [_width(word.rstrip()) for word in words]
    if not words or not text.isprintable() or max(bare) > width:
        from rich.text import Text

        return [line.plain.rstrip() for line in Text(text).wrap(console, width, overflow="fold")]
    lines, line, taken = list[str](), "", 0
    for word, least in zip(words, bare, strict=True):
        if taken and least > width - taken:
            lines.append(line.rstrip())
            line, taken = "", 0
        line += word
        taken += _width(word)
    return [*lines, line.rstrip()]


def _folded(console: Console, cells: Sequence[str], widths: Sequence[int], *, at_bottom: bool = False) -> Iterator[str]:
    cut = [
        [cell] if "\n" not in cell and _width(cell) <= width else wrapped(console, cell, width)
        for cell, width in zip(cells, widths, strict=True)
    ]  # fmt: skip
    if at_bottom:
        height = max(map(len, cut))
        cut = [[""] * (height - len(part)) + part for part in cut]
    for parts in itertools.zip_longest(*cut, fillvalue=""):
        padded = (f" {part}{' ' * (width - _width(part))} " for part, width in zip(parts, widths, strict=True))
        yield f" {' '.join(padded)}".rstrip()


def _width(text: str) -> int:
    """Columns of a terminal that a text takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)
