"""Documents out of a store. A document's graph holds all that only it supports, so that its graph is what goes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

import pyoxigraph as ox

from kgload.errors import InputNotFound
from kgload.loading import records
from kgload.stores.base import RECORDS, Answer, Rows

IDENTIFIER = ox.NamedNode("http://purl.org/dc/terms/identifier")
# Graphs in one update.
TOGETHER = 500
NAMED = 5


class Forgetful(Protocol):
    """What forgetting asks of a store."""

    @property
    def name(self) -> str:
        """What to call it."""
        ...

    @property
    def takes_quads(self) -> bool:
        """Whether an update of several graphs is one transaction."""
        ...

    def query(self, sparql: str) -> Answer:
        """Answer a query."""
        ...

    def update(self, sparql: str) -> None:
        """Carry out a SPARQL update."""
        ...

    def replace(self, name: str, triples: Sequence[ox.Triple]) -> None:
        """Make a named graph hold these triples and no others."""
        ...


def forget(store: Forgetful, documents: Iterable[str], *, dry_run: bool = False) -> list[str]:
    """Take documents out, by their identifiers or IRIs; the names of the graphs that went, sorted.

    Entities, mentions and events of other documents stay, those of linked entities too: each document's graph has its
    own statements of them.

    Raises:
        InputNotFound: the store holds no such document; nothing has been taken out then.
        StoreError: the store failed.
    """
    wanted = list(dict.fromkeys(documents))
    found: dict[str, set[str]] = {document: set() for document in wanted}
    texts = [document for document in wanted if _is_text(document)]
    for at in range(0, len(texts), records.ASKED):
        for document, name in _by_identifier(store, texts[at : at + records.ASKED]):
            found[document].add(name)
    iris = [document for document in wanted if _is_iri(document) and document != RECORDS]
    for name in records.present(store, iris):
        found[name].add(name)
    missing = [document for document, names in found.items() if not names]
    if missing:
        more = f" and {len(missing) - NAMED} more" if len(missing) > NAMED else ""
        named = ", ".join(document[:100] for document in missing[:NAMED])
        raise InputNotFound(f"{store.name} holds no document {named}{more}; nothing was taken out")
    names = sorted(set().union(*found.values()))
    if not dry_run:
        _remove(store, names)
    return names


def _remove(store: Forgetful, names: Sequence[str]) -> None:
    if not store.takes_quads:
        for name in names:
            store.update(records.forgetting([name], with_graphs=False))
            store.replace(name, [])
        return
    for at in range(0, len(names), TOGETHER):
        store.update(records.forgetting(names[at : at + TOGETHER]))


def _by_identifier(store: Forgetful, documents: Sequence[str]) -> Iterable[tuple[str, str]]:
    values = " ".join(str(ox.Literal(document)) for document in documents)
    found = store.query(f"SELECT ?id ?g WHERE {{ VALUES ?id {{ {values} }} GRAPH ?g {{ ?g {IDENTIFIER} ?id }} }}")
    assert isinstance(found, Rows)  # noqa: S101 - a SELECT query has rows
    for identifier, graph in found.rows:
        if isinstance(identifier, ox.Literal) and isinstance(graph, ox.NamedNode):
            yield identifier.value, graph.value


def _is_text(given: str) -> bool:
    """Whether it is characters; an argument that is no UTF-8 comes with lone surrogates."""
    return not any("\ud800" <= character <= "\udfff" for character in given)


def _is_iri(text: str) -> bool:
    try:
        ox.NamedNode(text)
    except ValueError:  # of which what is no Unicode is a kind
        return False
    return True
