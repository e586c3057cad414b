"""kgload: news articles in, a knowledge graph of meetings, deployments and agreements out.

>>> import kgload
>>> kgload.convert(["articles/"], "news.trig")
>>> kgload.load(["news.trig"], store="news.db")
>>> kgload.query("meetings-of", name="Putin", store="news.db").rows
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from kgload.asking import Answer
    from kgload.conversion.shard import Settings
    from kgload.errors import KgloadError
    from kgload.library import convert, extract, load, query, read, to_dataset
    from kgload.records import Article, Document, Entity, Event

_WHERE = {
    "Answer": "kgload.asking",
    "Article": "kgload.records",
    "Document": "kgload.records",
    "Entity": "kgload.records",
    "Event": "kgload.records",
    "KgloadError": "kgload.errors",
    "Settings": "kgload.conversion.shard",
    "convert": "kgload.library",
    "extract": "kgload.library",
    "load": "kgload.library",
    "query": "kgload.library",
    "read": "kgload.library",
    "to_dataset": "kgload.library",
}

__all__ = [
    "Answer",
    "Article",
    "Document",
    "Entity",
    "Event",
    "KgloadError",
    "Settings",
    "__version__",
    "convert",
    "extract",
    "load",
    "query",
    "read",
    "to_dataset",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that `import kgload` and `kgload --help` cost nothing."""
    if name in _WHERE:
        import importlib

        return getattr(importlib.import_module(_WHERE[name]), name)
    raise AttributeError(f"module 'kgload' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
