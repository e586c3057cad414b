"""`kgload evaluate`: measure a graph against gold events."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from kgload.cli.app import Json, app

if TYPE_CHECKING:
    from kgload.evaluation.scores import Scores


class Length(StrEnum):
    """Which texts to measure."""

    BRIEF = "brief"
    ARTICLE = "article"


@app.command(epilog="Example: `kgload evaluate out.nq gold/dev.jsonl --length article --errors 20`")
def evaluate(
    graph: Annotated[Path, typer.Argument(help="Graph that kgload wrote.", metavar="GRAPH")],
    gold: Annotated[Path, typer.Argument(help="Gold events, JSON Lines.", metavar="GOLD")],
    length: Annotated[
        Optional[Length],  # noqa: UP045
        typer.Option("--length", help="Only texts of fewer than 5 sentences, or only those of 5 and more."),
    ] = None,
    source: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--source", help="Only texts whose id begins so, up to its first underscore.", metavar="NAME"),
    ] = None,
    errors: Annotated[
        int, typer.Option("--errors", help="Print this many single errors of each class.", metavar="N", min=0)
    ] = 0,
    as_json: Json = False,
) -> None:
    """Measure a graph's events against gold events.

    Prints precision, recall and F1 of events, arguments, single roles and whole events (strict), the share of right
    statuses and modes; the four measures by event type, length and source; precision and recall of the events at and
    above each level of confidence, and how well it is calibrated; and the errors by class. `docs/events.md` says what
    is right.
    """
    from kgload import gold as gold_texts
    from kgload.evaluation.graph import read_graph
    from kgload.evaluation.groups import groups
    from kgload.evaluation.scores import score

    documents = [
        document
        for document in gold_texts.read(gold)
        if (length is None or document.is_article == (length is Length.ARTICLE))
        and (source is None or document.source == source)
    ]
    events = read_graph(graph)
    scores = score(documents, events)
    parts = list(groups(documents, events))
    if as_json:
        import json

        from kgload.evaluation.report import figures, summary

        by: dict[str, dict[str, object]] = {}
        for kind, name, group in parts:
            by.setdefault(kind, {})[name] = summary(group)
        typer.echo(json.dumps(figures(scores) | {"by": by}, indent=1))
    else:
        _print(scores, parts, errors)


def _print(scores: Scores, parts: list[tuple[str, str, Scores]], errors: int) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from kgload.evaluation.report import calibration_error, levels, rows, summary

    console = Console()
    table = Table("", "precision", "recall", "F1", "right", "spurious", "missed", title=f"{scores.documents} documents")
    for column in table.columns[1:]:
        column.justify = "right"
    for name, tally in rows(scores):
        shares = (f"{value:.3f}" for value in (tally.precision, tally.recall, tally.f1))
        table.add_row(name, *shares, str(tally.right), str(tally.spurious), str(tally.missed))
    console.print(table)
    for name, (right, every) in sorted(scores.attributes.items()):
        console.print(f"{name}: {right / max(1, every):.3f} of {every} paired events right")
    by = Table("by", "", "gold events", "event F1", "argument F1", "status", "strict F1")
    for kind, name, group in parts:
        figures = summary(group)
        by.add_row(kind, Text(name), str(figures.pop("gold")), *(f"{figure:.3f}" for figure in figures.values()))
    for column in by.columns[2:]:
        column.justify = "right"
    console.print(by)
    table = Table("at least", "events", "precision", "recall", title="confidence")
    for level in levels(scores):
        shares = (f"{level[name]:.3f}" for name in ("precision", "recall"))
        table.add_row(f"{level['min_confidence']:.1f}", str(level["events"]), *shares)
    for column in table.columns:
        column.justify = "right"
    console.print(table)
    console.print(f"expected calibration error: {calibration_error(scores):.3f}")
    for kind, count in scores.errors.most_common():
        console.print(f"{count:5}  {kind}", markup=False, highlight=False)
        for line in scores.examples[kind][:errors]:
            plain = "".join(c if c.isprintable() else " " for c in line)
            console.print(f"       {plain}", markup=False, highlight=False)
