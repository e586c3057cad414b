"""Asking a store and writing its answer down: what `kgload query` does, for Python."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgload.errors import UnknownFormat
from kgload.loading.graphs import read_graphs
from kgload.loading.records import is_empty
from kgload.mapping.vocabulary import PREFIXES
from kgload.querying.binding import bind
from kgload.querying.catalogue import CannedQuery, catalogue, find
from kgload.querying.results import AnswerFormat, Layout, with_sorted_lists, write_rows, write_triples
from kgload.stores import Server, open_store
from kgload.stores.base import Answer as StoreAnswer
from kgload.stores.base import Rows, Store, Term, Triples

if TYPE_CHECKING:
    from kgload.stores.embedded import EmbeddedStore


@dataclass(frozen=True, slots=True)
class Answer:
    """A query's answer: rows of terms, a graph, or yes or no.

    ``rows`` and ``variables`` are empty for a graph, ``triples`` for rows; ``boolean`` is None but for ASK.
    ``store_empty`` says that the store held no document's graph.
    """

    variables: tuple[str, ...] = ()
    rows: tuple[tuple[Term | None, ...], ...] = ()
    triples: tuple[ox.Triple, ...] = ()
    boolean: bool | None = None
    store_empty: bool = False
    is_graph: bool = False
    layout: Layout = field(default_factory=Layout)

    @property
    def is_empty(self) -> bool:
        """Whether there is no row and no triple."""
        return self.boolean is None and not self.rows and not self.triples

    def write(self, format_: str | None = None, width: int | None = None) -> str:
        """The answer as text: ``table``, ``csv``, ``tsv``, ``json``, ``markdown``, or ``turtle`` for a graph.

        Raises:
            UnknownFormat: there is no such format, or it is none for this answer.
        """
        kind = _format(format_, graph=self.is_graph)
        if self.is_graph:
            return write_triples(self.triples, kind, PREFIXES)
        if self.boolean is not None:
            word = "true" if self.boolean else "false"
            return f'{{"head": {{}}, "boolean": {word}}}\n' if kind is AnswerFormat.JSON else f"{word}\n"
        return write_rows(Rows(self.variables, self.rows), kind, PREFIXES, self.layout, width)


def _format(name: str | None, *, graph: bool) -> AnswerFormat:
    if name is None:
        return AnswerFormat.TURTLE if graph else AnswerFormat.TABLE
    try:
        kind = AnswerFormat(name)
    except ValueError:
        raise UnknownFormat(f"{name!r} is no answer format; there are {', '.join(AnswerFormat)}") from None
    if graph != (kind is AnswerFormat.TURTLE):
        raise UnknownFormat(f"{kind.value} is no format for {'a graph' if graph else 'rows'}")
    return kind


def ask(
    text: str, *, name: str | None = None, store: Path | None = None, endpoint: str | Server | None = None,
    file: Path | None = None,
) -> Answer:  # fmt: skip
    """Answer SPARQL, over a file in memory, a server, or the embedded store.

    ``name`` is the canned query that the text comes from: what it says of its columns is heeded.

    Raises:
        QueryError: the query does not parse.
        StoreError: the store is not there, or fails.
        InputError: the file cannot be read.
    """
    with opened(store, endpoint, file) as asked:
        found = asked.query(text)
        canned = find(name) if name else None
        answer = _answer(found, canned.lists if canned else ())
        empty = answer.is_empty and is_empty(asked, asked.own_graphs)
    return replace(answer, store_empty=empty, layout=Layout(canned.evidence, canned.span) if canned else Layout())


def _answer(found: StoreAnswer, lists: Sequence[str]) -> Answer:
    if isinstance(found, bool):
        return Answer(boolean=found)
    if isinstance(found, Triples):
        return Answer(triples=found.triples, is_graph=True)
    columns = [found.variables.index(name) for name in lists if name in found.variables]
    return Answer(found.variables, tuple(with_sorted_lists(found.rows, columns)))


@contextlib.contextmanager
def opened(store: Path | None, endpoint: str | Server | None, file: Path | None) -> Iterator[Store]:
    """What a command is to ask: a graph file in memory where one is named, else the server or the embedded store.

    Raises:
        StoreError: the store is not there, or cannot be opened.
        InputError: the file cannot be read.
    """
    if file is None:
        with open_store(store, endpoint, read_only=True) as found:
            yield found
        return
    with _in_memory(file) as memory:
        yield memory


def _in_memory(file: Path) -> EmbeddedStore:
    from kgload.stores.embedded import EmbeddedStore

    memory = EmbeddedStore()
    for graph in read_graphs(file):
        memory.insert(graph.lines)
    return memory


def bound(name: str, values: Mapping[str, str]) -> str:
    """The SPARQL of a canned query with its parameters in place.

    Raises:
        UnknownQuery, BadParameter: there is no such query, or a value is missing or not of its type.
    """
    return bind(find(name), values)


def listing(*, as_json: bool = False) -> str:
    """The canned queries with summaries and parameters, for a person or as JSON."""
    queries = catalogue().values()
    if as_json:
        import json

        return json.dumps([_described(q) for q in queries], ensure_ascii=False, indent=1) + "\n"
    lines = []
    for query in queries:
        lines.append(f"{query.name:18} {query.summary}")
        for p in query.parameters:
            need = "" if p.required else " (optional)"
            lines.append(f"{'':18}   --param {p.name}={_quoted(p.example)}  {p.comment}{need}")
    return "\n".join(lines) + "\n"


def _quoted(example: str) -> str:
    return example if example.isalnum() else f'"{example}"'


def _described(query: CannedQuery) -> dict[str, object]:
    parameters = [
        {"name": p.name, "type": p.type.value, "required": p.required, "example": p.example, "comment": p.comment}
        for p in query.parameters
    ]
    return {"name": query.name, "summary": query.summary, "parameters": parameters}
