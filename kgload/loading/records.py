"""What a store remembers of loading: each graph's hash, the files that were loaded, and when that was last.

It stands in a named graph of its own (``RECORDS``), beside what was loaded and not in it. A graph's hash is written
with the graph, in one transaction; where a server has no such thing, it is taken away before and written last, so that
a graph with a hash is whole.
"""

from __future__ import annotations

import datetime
import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol

import pyoxigraph as ox

from kgload import ontology
from kgload.errors import EndpointRefused
from kgload.loading.graphs import Graph
from kgload.stores.base import RECORDS, Answer, Rows

GRAPH = ox.NamedNode(RECORDS)
HASH = ox.NamedNode("urn:kgload:hash")
HELD = ox.NamedNode("urn:kgload:held")
MODIFIED = ox.NamedNode("http://purl.org/dc/terms/modified")
DATE_TIME = ox.NamedNode("http://www.w3.org/2001/XMLSchema#dateTime")
# Names that are asked for at a time.
ASKED = 1_000


class Records(Protocol):
    """What records ask of a store."""

    def query(self, sparql: str) -> Answer:
        """Answer a query."""
        ...

    def update(self, sparql: str) -> None:
        """Carry out a SPARQL update."""
        ...


def hashes(store: Records, names: Sequence[str]) -> dict[str, set[str]]:
    """The hashes on record of those graphs that the store holds; more than one where two loaders met."""
    found: dict[str, set[str]] = defaultdict(set)
    for values in _values(names):
        text = (
            f"SELECT ?g ?hash WHERE {{ {values} GRAPH {GRAPH} {{ ?g {HASH} ?hash }} "
            "FILTER EXISTS { GRAPH ?g { ?s ?p ?o } } }"
        )
        for name, hash_ in _rows(store, text):
            found[name].add(hash_)
    return found


def twice(store: Records, names: Sequence[str]) -> set[str]:
    """Those of the graphs of which the store has more than one hash on record."""
    found: set[str] = set()
    for values in _values(names):
        text = (
            f"SELECT DISTINCT ?g WHERE {{ {values} GRAPH {GRAPH} {{ ?g {HASH} ?one , ?other }} "
            "FILTER(STR(?one) < STR(?other)) }"
        )
        found |= {name for (name,) in _rows(store, text)}
    return found


def present(store: Records, names: Sequence[str]) -> set[str]:
    """Those of the graphs that hold a statement."""
    text = "SELECT ?g WHERE {{ {} FILTER EXISTS {{ GRAPH ?g {{ ?s ?p ?o }} }} }}"
    return {name for values in _values(names) for (name,) in _rows(store, text.format(values))}


def is_empty(store: Records) -> bool:
    """Whether the store holds no graph but the ontology's."""
    return not store.query(
        f"ASK {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(?g NOT IN ({GRAPH}, {ox.NamedNode(ontology.GRAPH)})) }}"
    )


def line(graph: Graph) -> bytes:
    """A graph's record as a line of N-Quads."""
    return f'<{graph.name}> {HASH} "{graph.hash}" {GRAPH} .\n'.encode()


def forgetting(names: Iterable[str], *, with_graphs: bool = True) -> str:
    """The update that takes graphs and their records, or the records alone, out of a store."""
    steps = []
    for name in names:
        graph = ox.NamedNode(name)
        steps.append(f"DELETE WHERE {{ GRAPH {GRAPH} {{ {graph} {HASH} ?hash }} }}")
        if with_graphs:
            steps.append(f"DROP SILENT GRAPH {graph}")
    return " ;\n".join(steps)


def replacing(graphs: Sequence[Graph]) -> str:
    """The update that makes graphs hold what they hold now, with their records."""
    inserted = []
    for graph in graphs:
        end = f" <{graph.name}> .\n".encode()
        triples = graph.lines.replace(end, b" .\n").decode()
        inserted.append(f"GRAPH <{graph.name}> {{\n{triples}}}\nGRAPH {GRAPH} {{ {_record(graph)} }}")
    return f"{forgetting(graph.name for graph in graphs)} ;\nINSERT DATA {{\n{chr(10).join(inserted)}\n}}"


def recording(graph: Graph) -> str:
    """The update that writes a graph's record alone."""
    return f"INSERT DATA {{ GRAPH {GRAPH} {{ {_record(graph)} }} }}"


def file(store: Records, digest: str) -> str | None:
    """What is on record of a file that was loaded whole, by the hash of its bytes."""
    found = _rows(store, f"SELECT ?held WHERE {{ GRAPH {GRAPH} {{ {_file(digest)} {HELD} ?held }} }}")
    return found[0][0] if len(found) == 1 else None


def stamp(store: Records, digest: str | None = None, held: str = "") -> None:
    """Write down that something was loaded now, and what a file holds; ``SOURCE_DATE_EPOCH`` (seconds) tells the time.

    Args:
        digest: the hash of a file's bytes, where it was loaded whole.
        held: what :func:`file` is to tell of it.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    now = datetime.datetime.now(datetime.UTC)
    if epoch.isdigit():
        now = datetime.datetime.fromtimestamp(int(epoch), datetime.UTC)
    time = ox.Literal(now.strftime("%Y-%m-%dT%H:%M:%SZ"), datatype=DATE_TIME)
    store.update(
        f"DELETE WHERE {{ GRAPH {GRAPH} {{ {GRAPH} {MODIFIED} ?time }} }} ;\n"
        f"INSERT DATA {{ GRAPH {GRAPH} {{ {GRAPH} {MODIFIED} {time} }} }}"
        + (
            f" ;\nDELETE WHERE {{ GRAPH {GRAPH} {{ {_file(digest)} {HELD} ?held }} }} ;\n"
            f"INSERT DATA {{ GRAPH {GRAPH} {{ {_file(digest)} {HELD} {ox.Literal(held)} }} }}"
            if digest
            else ""
        )
    )


def last_load(store: Records) -> str | None:
    """When something was loaded last (ISO 8601, UTC); None where that is not on record."""
    found = _rows(store, f"SELECT ?time WHERE {{ GRAPH {GRAPH} {{ {GRAPH} {MODIFIED} ?time }} }}")
    return max((time for (time,) in found), default=None)


def _file(digest: str) -> ox.NamedNode:
    return ox.NamedNode(f"urn:kgload:file:{digest}")


def _record(graph: Graph) -> str:
    return f'<{graph.name}> {HASH} "{graph.hash}"'


def _values(names: Sequence[str]) -> Iterable[str]:
    for at in range(0, len(names), ASKED):
        yield f"VALUES ?g {{ {' '.join(str(ox.NamedNode(name)) for name in names[at : at + ASKED])} }}"


def _rows(store: Records, text: str) -> list[tuple[str, ...]]:
    found = store.query(text)
    if not isinstance(found, Rows):
        raise EndpointRefused("the store gave an answer that is no table")
    return [tuple(str(getattr(term, "value", "")) for term in row) for row in found.rows]
