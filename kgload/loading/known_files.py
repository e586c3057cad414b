"""What a store remembers of files that were loaded whole, so that one that comes again need not be read.

A file is known by the hash of its bytes. Each of its graphs has it on record that it came in this file, and with which
hash, so that this says nothing once the graph has another; the file has on record how many they are. Where as many are
still there, each with that hash and no other, the store holds all that the file says.

A graph is on record for one file, the last one that brought something new. A file of which a graph is forgotten,
replaced, or comes in a later one is on record no longer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

import pyoxigraph as ox

from kgload.loading.flat import DOCUMENT, TYPE
from kgload.loading.records import ALL_OF, GRAPH, HASH, Records, file_iri, rows, values, without_files

GRAPHS = ox.NamedNode("urn:kgload:graphs")
TRIPLES = ox.NamedNode("urn:kgload:triples")
# What the version before had on record of a file.
HELD = ox.NamedNode("urn:kgload:held")
# Graphs that are put on record for a file in one update.
TOGETHER = 1_000
_DOCUMENTS = f"GRAPH ?g {{ ?g {TYPE} {DOCUMENT} }}"


class Known(NamedTuple):
    """How many graphs a file holds, and statements in them."""

    graphs: int
    triples: int


def known(store: Records, digest: str) -> Known | None:
    """What is on record of a file, by the hash of its bytes; None unless the store still holds all of it."""
    pattern = f"{file_iri(digest)} {GRAPHS} ?graphs ; {TRIPLES} ?triples"
    found = rows(store, f"SELECT ?graphs ?triples WHERE {{ GRAPH {GRAPH} {{ {pattern} }} }}")
    if len(found) != 1:
        return None
    known_ = Known(*map(int, found[0]))
    return known_ if holds(store, digest, known_.graphs) else None


def holds(store: Records, digest: str, graphs: int) -> bool:
    """Whether so many graphs are on record for a file, and each is there and as it brought them.

    Where they are a good part of the store, all records are looked through, and all documents: quicker than to look up
    each, by far in a folder whose files have not been merged yet. That fails where one of them is no document.
    """
    of_file, hashes = f"GRAPH {GRAPH} {{ ?g {file_iri(digest)} ?hash }}", f"GRAPH {GRAPH} {{ ?g {HASH} ?now }}"
    most = ALL_OF * graphs
    ((all_,),) = rows(store, f"SELECT (COUNT(*) AS ?n) WHERE {{ {{ SELECT ?g WHERE {{ {hashes} }} LIMIT {most} }} }}")
    if int(all_) < most:
        parts = (f"?g ?hash WHERE {{ {of_file} }}", f"?g ?now WHERE {{ {hashes} }}", f"?g WHERE {{ {_DOCUMENTS} }}")
        if _count(store, " ".join(f"{{ SELECT {part} }}" for part in parts)) == (graphs, graphs):
            return True
    return _count(store, f"{of_file} {hashes} FILTER EXISTS {{ GRAPH ?g {{ ?s ?p ?o }} }}") == (graphs, graphs)


def _count(store: Records, pattern: str) -> tuple[int, int]:
    """How many solutions a pattern has, and in how many of them the hash is that of now."""
    text = f"SELECT (COUNT(*) AS ?all) (SUM(IF(?hash = ?now, 1, 0)) AS ?same) WHERE {{ {pattern} }}"
    # The sum of nothing is unbound in some stores.
    ((all_, same),) = rows(store, text)
    return int(all_ or 0), int(same or 0)


def is_on_record(store: Records, digest: str) -> bool:
    """Whether anything is on record of the file itself, of this version's or the one before."""
    return bool(store.query(f"ASK {{ GRAPH {GRAPH} {{ {file_iri(digest)} ?p ?o }} }}"))


def claim(store: Records, digest: str, hashes: Iterable[tuple[str, str]]) -> None:
    """Put graphs that were there already, by their names and hashes, on record for a file, and for no other."""
    left: Iterator[tuple[str, str]] = iter(hashes)
    file = file_iri(digest)
    while some := list(islice(left, TOGETHER)):
        named = values(name for name, _ in some)
        triples = " .\n".join(f'<{name}> {file} "{hash_}"' for name, hash_ in some)
        store.update(
            f"{without_files(named, f'FILTER(?file != {file})')} ;\n"
            f"DELETE {{ GRAPH {GRAPH} {{ ?g ?file ?hash }} }} "
            f"WHERE {{ {named} GRAPH {GRAPH} {{ ?g ?file ?hash }} FILTER(?file NOT IN ({HASH}, {file})) }} ;\n"
            f"INSERT DATA {{ GRAPH {GRAPH} {{\n{triples}\n}} }}"
        )


def putting(digest: str, holds: Known) -> str:
    """The update that puts a file on record whose graphs are on record for it."""
    file = file_iri(digest)
    return (
        f"DELETE WHERE {{ GRAPH {GRAPH} {{ {file} ?p ?o }} }} ;\n"
        f'INSERT DATA {{ GRAPH {GRAPH} {{ {file} {GRAPHS} "{holds.graphs}" ; {TRIPLES} "{holds.triples}" }} }}'
    )


def dropping(digest: str) -> str:
    """The update after which no graph is on record for a file, nor the file itself."""
    file = file_iri(digest)
    return (
        f"DELETE WHERE {{ GRAPH {GRAPH} {{ {file} ?p ?o }} }} ;\nDELETE WHERE {{ GRAPH {GRAPH} {{ ?g {file} ?hash }} }}"
    )
