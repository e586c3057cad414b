"""A table looks as the library rich would lay it out."""

from __future__ import annotations

import io

from hypothesis import given, settings
from hypothesis import strategies as st
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kgload.querying import tables

WORDS = st.text(st.sampled_from("ab日é .-\n"), max_size=40)


def by_rich(console: Console, names: list[str], rows: list[list[str]]) -> list[str]:
    table = Table(*names, box=box.SIMPLE_HEAD)
    for column in table.columns:
        column.overflow = "fold"
    for row in rows:
        table.add_row(*map(Text, row))
    with console.capture() as captured:
        console.print(table)
    return [line.rstrip() for line in captured.get().splitlines()]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_table_is_as_the_library_lays_it_out(data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from(["n", "who", "document", "mentions"]), min_size=1, max_size=4))
    row = st.lists(WORDS, min_size=len(names), max_size=len(names))
    rows = data.draw(st.lists(row, max_size=6))
    console = Console(file=io.StringIO(), width=data.draw(st.integers(30, 120)), highlight=False, color_system=None)
    assert [line.rstrip() for line in tables.lines(console, names, rows)] == by_rich(console, names, rows)


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("ab日é“ .-\n\t\u00a0"), max_size=60), st.integers(4, 30))
def test_a_text_is_broken_as_the_library_breaks_it(text: str, width: int) -> None:
    console = Console(file=io.StringIO(), width=width, highlight=False, color_system=None)
    expected = [line.plain.rstrip() for line in Text(text).wrap(console, width, overflow="fold")]
    assert tables.wrapped(console, text, width) == expected
