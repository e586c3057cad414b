"""The house: each floor imports only from the floors below it, and folders on one floor don't import each other."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "kgload"

# From the top floor down. A name is a folder or a module of the package.
FLOORS = (
    ("cli",),
    ("library", "spacy_component", "testing"),
    ("asking", "filling"),
    ("serving",),
    ("conversion", "loading", "views"),
    (
        "sources",
        "extraction",
        "training",
        "linking",
        "mapping",
        "stores",
        "querying",
        "evaluation",
        "explaining",
        "annotating",
    ),
    ("records_json", "gold", "explanations"),
    ("record_checks",),
    ("ontology",),
    ("record_checks",),
    ("records", "errors", "files", "nesting", "data", "ontology", "_version"),
)
FLOOR = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}
# A folder may use these rooms of its own floor; each has its reason.
DOORS = {
    ("training", "evaluation"): "gold names are found in texts as evaluation compares them",
    ("training", "extraction"): "training prepares texts with the stages that run them later",
    ("errors", "files"): "",
    ("files", "errors"): "files say what went wrong in the terms of the tree",
    ("data", "errors"): "data files are validated when read",
    ("ontology", "data"): "",
    ("ontology", "errors"): "the ontology is validated when read",
    ("data", "records"): "data files speak of kinds and statuses",
}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    """Rooms of kgload that a module imports at any depth, in functions and in type-checking blocks too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            names.add(node.module or "")
            if node.module == "kgload":
                names |= {f"kgload.{alias.name}" for alias in node.names}
    return {name.split(".")[1] for name in names if name.startswith("kgload.")}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_module_imports_only_from_floors_below(path: Path) -> None:
    here = room_of(path)
    if here == "__init__":
        return
    assert here in FLOOR, f"{here} stands on no floor: give it one in FLOORS and in the README's picture"
    for there in imported_rooms(path) - {here}:
        if there == "__version__":
            continue
        assert there in FLOOR, f"{path.name} imports {there}, which stands on no floor"
        assert FLOOR[there] > FLOOR[here] or (here, there) in DOORS, (
            f"{here}/{path.name} imports {there} upward or sideways"
        )


def test_no_module_outgrows_one_idea() -> None:
    long = {str(p.relative_to(PACKAGE)): n for p in modules() if (n := len(p.read_text("utf-8").splitlines())) > 350}
    assert not long
