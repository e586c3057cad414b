"""Who dealt with whom as a network: parties that take part in the same events, for GraphML and for pictures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import combinations
from typing import TYPE_CHECKING, BinaryIO

from kgload.views.assets import located
from kgload.views.shown import Party, Shown

if TYPE_CHECKING:
    import networkx as nx

ASIDE = frozenset(("place", "origin", "destination", "deployedForce", "attributedTo"))
# What XML 1.0 cannot hold, even escaped.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def key(party: Party) -> str:
    """What makes two parties one: the linked item, else the spelling and the kind."""
    if party.item is not None and party.is_trusted:
        return party.iri
    return f"{party.kind} {' '.join(party.label.split()).casefold()}"


def actors(event: Shown) -> dict[str, Party]:
    """Who takes part in an event, by :func:`key`."""
    return {key(part.party): part.party for part in event.parts if part.role not in ASIDE}


def network(events: Iterable[Shown]) -> nx.Graph[str]:
    """The network of all events: nodes in the order in which they first take part, edges weighted by events.

    A node has ``label``, ``kind``, ``item``, ``events`` and, where known, ``longitude`` and ``latitude``; an edge
    ``weight`` and a count of each type of event, as ``Meeting``.
    """
    import networkx as nx

    graph: nx.Graph[str] = nx.Graph()
    numbers: Counter[str] = Counter()
    for event in events:
        found = actors(event)
        for name, party in found.items():
            numbers[name] += 1
            if name not in graph:
                graph.add_node(name, **_described(party))
        for one, other in combinations(found, 2):
            graph.add_edge(one, other)
            said = graph.edges[one, other]
            for what in ("weight", xml_text(event.type) or "Event"):
                said[what] = said.get(what, 0) + 1
    for name, number in numbers.items():
        graph.nodes[name]["events"] = number
    return graph


def _described(party: Party) -> dict[str, str | float]:
    said: dict[str, str | float] = {"label": xml_text(party.label), "kind": party.kind}
    if party.item:
        said["item" if party.is_trusted else "perhaps"] = xml_text(party.item)
    place = located(party.item) if party.is_trusted and party.kind in ("Place", "State") else None
    if place:
        said |= {"longitude": place.longitude, "latitude": place.latitude}
    return said


def xml_text(text: str) -> str:
    """A text without what XML cannot hold."""
    return _NO_XML.sub("\ufffd", text)


def write_graphml(graph: nx.Graph[str], stream: BinaryIO) -> None:
    """The network as GraphML, which Gephi opens; nodes are numbered, so that no text of an article is an identifier."""
    import networkx as nx

    numbered = nx.convert_node_labels_to_integers(graph)
    nx.write_graphml(nx.relabel_nodes(numbered, lambda n: f"n{n}"), stream, encoding="utf-8")
