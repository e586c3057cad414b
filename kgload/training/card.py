"""The model card: what a model was made from and how, what it may be used under, and how well it does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import TYPE_CHECKING

from kgload.evaluation.scores import Scores, Tally
from kgload.training.base import SHA256

if TYPE_CHECKING:
    from kgload.training.plan import Built, Plan
    from kgload.training.train import Recipe

HEAD = """\
# {name}

An encoder of 6 layers, 384 wide (22 million parameters), that finds events in news and reads who takes part in them.
Made by `kgload train`; run by the extractor `encoder`, one sequence at a time, in 32 bits, from weights
that are kept in 8, and without torch.

- Base weights: `sentence-transformers/all-MiniLM-L6-v2`, Apache-2.0, SHA-256 {sha}.
- Licence of this model: Apache-2.0.
- Learned from: {texts} texts in {files}; event types {types}. `docs/events.md` says what they annotate.
- Made again by `kgload train {command}`.

Not for: other languages than English, texts that are no news, decisions about people. It reports what a text says,
not what is true.
"""

HALF_WAY = "Half way between those of the model that it started from and those that do best on texts held back."


def write_card(built: Built, plan: Plan, recipe: Recipe) -> None:
    """Write the card into the model's folder, as ``README.md``."""
    (plan.folder / "README.md").write_text(card(built, plan, recipe), encoding="utf-8")


def card(built: Built, plan: Plan, recipe: Recipe) -> str:
    """The card's text, Markdown."""
    lines = [
        HEAD.format(
            name=plan.name,
            sha=SHA256,
            texts=built.texts,
            files=", ".join(path.name for path in plan.gold) + (", further than OLD" if plan.start else ""),
            types=", ".join(built.settings.types),
            command=" ".join(_arguments(plan)),
        ),
        "## Settings\n",
        *(f"- {one.name}: {getattr(recipe, one.name)}" for one in fields(recipe)),
        "\n## Thresholds\n",
        f"{HALF_WAY if plan.held else 'Chosen in cross-validation.'}\n",
        *(f"- {name}: {value}" for name, value in sorted(built.settings.thresholds.items())),
    ]
    if built.scores:
        lines += ["\n## Figures\n", _of(plan)]
        lines += list(_table(built.scores))
    return "\n".join(lines) + "\n"


def _arguments(plan: Plan) -> Iterator[str]:
    yield from (path.name for path in plan.gold)
    if plan.start:
        yield "--from OLD"
    yield from (f"--rehearse {path.name}" for path in plan.before)
    yield from (f"--held {path.name}" for path in plan.held)
    yield f"--folds {plan.folds} --seed {plan.seed} --threads {plan.threads}"
    if plan.thresholds_of:
        yield "--thresholds-of OLD"


def _of(plan: Plan) -> str:
    if plan.held:
        return f"Of texts that were held back: {', '.join(path.name for path in plan.held)}.\n"
    return f"Cross-validated over {plan.folds} folds of the texts that it learned from.\n"


def _table(scores: dict[str, Scores]) -> Iterator[str]:
    rows = {name: dict(_rows(one)) for name, one in scores.items()}
    names = list(dict.fromkeys(name for table in rows.values() for name in table))
    yield "| | " + " | ".join(rows) + " |"
    yield "| --- |" + " --- |" * len(rows)
    for name in names:
        yield f"| {name} | " + " | ".join(table.get(name, "") for table in rows.values()) + " |"


def _rows(scores: Scores) -> Iterator[tuple[str, str]]:
    yield "texts", str(scores.documents)
    for type_, tally in sorted(scores.events.items()):
        yield f"{type_} F1", _share(tally)
    yield "event F1", _share(scores.total(scores.events))
    for role in ("participant", "place", "date"):
        yield f"{role} F1", _share(scores.arguments[role])
    yield "argument F1", _share(scores.total(scores.arguments))
    yield "strict F1", _share(scores.strict)
    for role, tally in sorted(scores.roles.items()):
        yield f"{role} F1", _share(tally)
    for name, (right, every) in sorted(scores.attributes.items()):
        yield f"{name} right", f"{right / max(1, every):.3f}"


def _share(tally: Tally) -> str:
    return f"{tally.f1:.3f}"
