"""spaCy, imported without its command line, which is two fifths of what importing it takes."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

CLI, INFO = "spacy.cli", "spacy.cli.info"


def import_spacy() -> ModuleType:
    """The module ``spacy``.

    It imports its command line, and with it a project manager, an HTTP client and templates, for one function:
    ``info``.
    A stand-in takes the command line's place until spaCy is there, and gives way: whoever imports it later gets it,
    and ``spacy.info`` works.
    """
    if "spacy" in sys.modules:
        return sys.modules["spacy"]
    stand_ins = {CLI: ModuleType(CLI), INFO: ModuleType(INFO)}
    stand_ins[CLI].__path__ = []
    stand_ins[INFO].info = _info  # type: ignore[attr-defined]
    sys.modules.update(stand_ins)
    try:
        return importlib.import_module("spacy")
    finally:
        for name, stand_in in stand_ins.items():
            if sys.modules.get(name) is stand_in:
                del sys.modules[name]
        # Importing a submodule leaves it as an attribute of its package, where later imports would find it.
        spacy = sys.modules.get("spacy")
        if spacy is not None and getattr(spacy, "cli", None) is stand_ins[CLI]:
            del spacy.cli


def _info(*args: Any, **options: Any) -> Any:
    return importlib.import_module(INFO).info(*args, **options)
