"""What a store remembers of loading: each graph's hash, the file that it came in, and when something was loaded last.

It stands in a named graph of its own (``RECORDS``), beside what was loaded and not in it. A graph's hash is written
with the graph, in one transaction; where a server has no such thing, it is taken away before and written last, so that
a graph with a hash is whole.
"""

from __future__ import annotations

import datetime
import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Protocol

import pyoxigraph as ox

from kgload import ontology
from kgload.errors import EndpointRefused
from kgload.loading.graphs import Graph
from kgload.stores.base import RECORDS, Answer, Rows

GRAPH = ox.NamedNode(RECORDS)
HASH = ox.NamedNode("urn:kgload:hash")
MODIFIED = ox.NamedNode("http://purl.org/dc/terms/modified")
# With the hash of a file's bytes: the file itself, and what a graph that came in it has to its hash.
FILE = "urn:kgload:file:"
DATE_TIME = ox.NamedNode("http://www.w3.org/2001/XMLSchema#dateTime")
# Names that are asked for at a time.
ASKED = 1_000
# A server looks through this many of all graphs in the time in which it reads the name of one and looks that up.
ALL_OF = 8


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
    for some in _parts(names):
        text = (
            f"SELECT ?g ?hash WHERE {{ {values(some)} GRAPH {GRAPH} {{ ?g {HASH} ?hash }} "
            "FILTER EXISTS { GRAPH ?g { ?s ?p ?o } } }"
        )
        for name, hash_ in rows(store, text):
            found[name].add(hash_)
    return found


def twice(store: Records, names: Sequence[str], *, among: int | None = None) -> set[str]:
    """Those of the graphs of which the store has more than one hash on record.

    ``among`` is how many graphs the store holds, where that is known: where those named are a good part of them, one
    query over all is quicker than many that name them.
    """
    pattern = f"GRAPH {GRAPH} {{ ?g {HASH} ?one , ?other }} FILTER(STR(?one) < STR(?other))"
    if among is not None and among < ALL_OF * len(names):
        found = {name for (name,) in rows(store, f"SELECT DISTINCT ?g WHERE {{ {pattern} }}")}
        return found.intersection(names)
    texts = (f"SELECT DISTINCT ?g WHERE {{ {values(some)} {pattern} }}" for some in _parts(names))
    return {name for text in texts for (name,) in rows(store, text)}


def present(store: Records, names: Sequence[str]) -> set[str]:
    """Those of the graphs that hold a statement."""
    text = "SELECT ?g WHERE {{ {} FILTER EXISTS {{ GRAPH ?g {{ ?s ?p ?o }} }} }}"
    return {name for some in _parts(names) for (name,) in rows(store, text.format(values(some)))}


def is_empty(store: Records, own: Collection[str] = ()) -> bool:
    """Whether the store holds no graph but the ontology's, kgload's records and its ``own``."""
    left_out = ", ".join(str(ox.NamedNode(name)) for name in sorted({RECORDS, ontology.GRAPH, *own}))
    return not store.query(f"ASK {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(?g NOT IN ({left_out})) }}")


def line(graph: Graph, file: str | None = None) -> bytes:
    """A graph's record as N-Quads; ``file`` is the hash of the bytes of the file that it comes in."""
    return "".join(f"{triple} {GRAPH} .\n" for triple in _record(graph, file)).encode()


def forgetting(names: Sequence[str], *, with_graphs: bool = True) -> str:
    """The update that takes graphs and their records, or the records alone, out of a store.

    Files that hold one of them go from the records, too.
    """
    steps = [
        without_files(values(names)),
        f"DELETE {{ GRAPH {GRAPH} {{ ?g ?p ?o }} }} WHERE {{ {values(names)} GRAPH {GRAPH} {{ ?g ?p ?o }} }}",
    ]
    if with_graphs:
        steps += [f"DROP SILENT GRAPH {ox.NamedNode(name)}" for name in names]
    return " ;\n".join(steps)


def without_files(named: str, which: str = "") -> str:
    """The update that takes files from the records which hold one of the graphs ``?g`` that are ``named``.

    ``which`` can leave out one ``?file`` or another.
    """
    return (
        f"DELETE {{ GRAPH {GRAPH} {{ ?file ?p ?o }} }} "
        f"WHERE {{ {named} GRAPH {GRAPH} {{ ?g ?file ?hash . ?file ?p ?o }} {which} }}"
    )


def replacing(graphs: Sequence[Graph], file: str | None = None) -> str:
    """The update that makes graphs hold what they hold now, with their records."""
    inserted = []
    for graph in graphs:
        end = f" <{graph.name}> .\n".encode()
        triples = graph.lines.replace(end, b" .\n").decode()
        inserted.append(f"GRAPH <{graph.name}> {{\n{triples}}}\n{_recorded(graph, file)}")
    return f"{forgetting([graph.name for graph in graphs])} ;\nINSERT DATA {{\n{chr(10).join(inserted)}\n}}"


def recording(graph: Graph, file: str | None = None) -> str:
    """The update that writes a graph's record alone."""
    return f"INSERT DATA {{ {_recorded(graph, file)} }}"


def stamp(store: Records, *more: str) -> None:
    """Write down that something was loaded now, and do more updates with that; ``SOURCE_DATE_EPOCH`` (seconds) tells
    the time.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    now = datetime.datetime.now(datetime.UTC)
    if epoch.isdigit():
        now = datetime.datetime.fromtimestamp(int(epoch), datetime.UTC)
    time = ox.Literal(now.strftime("%Y-%m-%dT%H:%M:%SZ"), datatype=DATE_TIME)
    steps = (
        f"DELETE WHERE {{ GRAPH {GRAPH} {{ {GRAPH} {MODIFIED} ?time }} }}",
        f"INSERT DATA {{ GRAPH {GRAPH} {{ {GRAPH} {MODIFIED} {time} }} }}",
        *more,
    )
    store.update(" ;\n".join(steps))


def last_load(store: Records) -> str | None:
    """When something was loaded last (ISO 8601, UTC); None where that is not on record."""
    found = rows(store, f"SELECT ?time WHERE {{ GRAPH {GRAPH} {{ {GRAPH} {MODIFIED} ?time }} }}")
    return max((time for (time,) in found), default=None)


def file_iri(digest: str) -> ox.NamedNode:
    """The name of a file, by the hash of its bytes."""
    return ox.NamedNode(FILE + digest)


def values(names: Iterable[str]) -> str:
    """The block of a query that binds ``?g`` to these names."""
    return f"VALUES ?g {{ {' '.join(str(ox.NamedNode(name)) for name in names)} }}"


def rows(store: Records, text: str) -> list[tuple[str, ...]]:
    """The values that a query finds; empty where one is unbound.

    Raises:
        EndpointRefused: the answer is no table.
    """
    found = store.query(text)
    if not isinstance(found, Rows):
        raise EndpointRefused("the store gave an answer that is no table")
    return [tuple(str(getattr(term, "value", "")) for term in row) for row in found.rows]


def _recorded(graph: Graph, file: str | None) -> str:
    return f"GRAPH {GRAPH} {{ {' . '.join(_record(graph, file))} }}"


def _record(graph: Graph, file: str | None) -> list[str]:
    predicates = [HASH] if file is None else [HASH, file_iri(file)]
    return [f'<{graph.name}> {predicate} "{graph.hash}"' for predicate in predicates]


def _parts(names: Sequence[str]) -> Iterable[Sequence[str]]:
    return (names[at : at + ASKED] for at in range(0, len(names), ASKED))
