"""`kgload train`: learn an extractor from annotated texts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kgload.cli.app import Quiet, app


@app.command(epilog="Example: `kgload train gold/train.jsonl -o model`")
def train(
    gold: Annotated[
        list[Path],
        typer.Argument(help="Gold events, JSON Lines, each with its `.articles.jsonl` beside it.", metavar="GOLD..."),
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder for the model.", metavar="DIR")],
    name: Annotated[str, typer.Option("--name", help="The model's name.")] = "kgload-encoder",
    folds: Annotated[
        int, typer.Option("--folds", help="Networks to train for cross-validation; 0 measures nothing.", min=0)
    ] = 2,
    thresholds_of: Annotated[
        Path | None,
        typer.Option("--thresholds-of", help="With `--folds 0`: keep the thresholds of this model.", metavar="DIR"),
    ] = None,
    start: Annotated[
        Path | None,
        typer.Option("--from", help="Let this model learn further, in a round; implies `--folds 0`.", metavar="DIR"),
    ] = None,
    before: Annotated[
        list[Path] | None,
        typer.Option(
            "--rehearse",
            help="With `--from`: gold that it was made from, a third of which comes in each pass.",
            metavar="GOLD",
        ),
    ] = None,
    held: Annotated[
        list[Path] | None,
        typer.Option(
            "--held", help="With `--from`: gold that it does not learn from, to choose thresholds by.", metavar="GOLD"
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Seed of all that is drawn by chance.")] = 0,
    threads: Annotated[int, typer.Option("--threads", help="Threads; part of what makes the same model.", min=1)] = 2,
    light: Annotated[
        bool, typer.Option("--light", help="Learn frames for the extractor `rules` instead: seconds, no torch.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Learn the extractor `encoder` from annotated texts.

    Event types are those of the texts. Thresholds are chosen, and figures for the model's card given, by
    cross-validation. Needs `pip install 'kgload[train]'`; no GPU. With `--light`, event types are learned for the
    extractor `rules`, as a folder for `kgload --frames`; `docs/new-event-type.md` goes through it.
    """
    if light:
        _light(gold, output, quiet=quiet)
        return
    from kgload.linking.gazetteer import Gazetteer
    from kgload.training.build import build
    from kgload.training.plan import Plan

    if (before or held) and not start:
        raise typer.BadParameter("--rehearse and --held go with --from")
    plan = Plan(
        tuple(gold), output, name, 0 if start else folds, seed, threads, thresholds_of=thresholds_of,
        start=start, before=tuple(before or ()), held=tuple(held or ()),
    )  # fmt: skip
    built = build(plan, Gazetteer.core(), lambda line: None if quiet else typer.echo(line, err=True))
    for kind, scores in built.scores.items():
        events, arguments = scores.total(scores.events).f1, scores.total(scores.arguments).f1
        typer.echo(f"{kind}: event F1 {events:.3f}, argument F1 {arguments:.3f}, status {scores.status:.3f}, "
                   f"strict F1 {scores.strict.f1:.3f}")  # fmt: skip
    typer.echo(f"wrote {output}")


def _light(gold: list[Path], output: Path, *, quiet: bool) -> None:
    from kgload.annotating.files import read_gold
    from kgload.linking.gazetteer import Gazetteer
    from kgload.training.light import build

    texts = [(one.article, one.gold) for path in gold for one in read_gold(path)]
    learned = build(texts, output, Gazetteer.core(), lambda line: None if quiet else typer.echo(line, err=True))
    scores = learned.scores
    for type_, tally in sorted(scores.events.items()):
        typer.echo(f"{type_}: event F1 {tally.f1:.3f} (precision {tally.precision:.3f}, recall {tally.recall:.3f})")
    typer.echo(f"argument F1 {scores.total(scores.arguments).f1:.3f}, status {scores.status:.3f}, "
               f"strict F1 {scores.strict.f1:.3f}, of texts that were not learned from")  # fmt: skip
    typer.echo(f"wrote {output}")
