"""The events of a graph, as evaluation compares them."""

from __future__ import annotations

import datetime as dt
import zlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kgload import nesting
from kgload.errors import BadGraph
from kgload.evaluation.names import normal
from kgload.files import reading
from kgload.ontology import vocabulary

if TYPE_CHECKING:
    import pyoxigraph as ox

KGL = "https://w3id.org/kgload/ontology#"
NIF = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"
LABELS = ("http://www.w3.org/2000/01/rdf-schema#label", "http://www.w3.org/2004/02/skos/core#altLabel")
IDENTIFIER = "http://purl.org/dc/terms/identifier"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

Names = frozenset[str]


@dataclass(frozen=True, slots=True)
class GraphEvent:
    """An event of the graph; a name is the set of its normal forms. ``roles`` maps a role to its fillers."""

    type: str
    mentions: tuple[tuple[int, int], ...]
    label: str
    roles: dict[str, tuple[Names, ...]]
    dates: tuple[dt.date, dt.date] | None
    status: str | None
    mode: str | None
    quantity: int | None
    confidence: float | None


def read_graph(path: Path) -> dict[str, list[GraphEvent]]:
    """Events by document identifier: whatever is reported in a document and has a class of its own beside kgl:Event.

    Raises:
        InputNotFound: the file cannot be read.
        BadGraph: it does not parse, or its suffix names no RDF format.
    """
    import pyoxigraph as ox

    suffix = path.name.removesuffix(".gz").rpartition(".")[2]
    kind = ox.RdfFormat.from_extension(suffix)
    if kind is None:
        raise BadGraph(f"{path}: .{suffix} is no RDF format that is read here")
    triples: dict[str, dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]]] = {}
    try:
        nesting.check_file(lambda: reading(path), b"{" if kind == ox.RdfFormat.JSON_LD else b"<<")
        with reading(path) as stream:
            for quad in ox.parse(stream, kind):
                about = triples.setdefault(getattr(quad.subject, "value", str(quad.subject)), defaultdict(list))
                about[quad.predicate.value].append(quad.object)
        return _Events(triples).by_document()
    except (SyntaxError, ValueError, EOFError, OSError, zlib.error) as error:
        raise BadGraph(f"{path}: {error}") from error
    except MemoryError as error:
        raise BadGraph(f"{path}: a statement is too long to be read") from error


def above(classes: Iterable[str]) -> set[str]:
    """The classes that follow from others: an event counts once, under the most specific."""
    known = vocabulary().event_types
    return {"Event", *(over for name in classes for over in known.get(name, ())[1:])}


class _Events:
    def __init__(
        self, triples: dict[str, dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]]]
    ) -> None:
        self.triples = triples

    def values(self, subject: str, predicate: str) -> list[str]:
        return [str(getattr(o, "value", o)) for o in self.triples.get(subject, {}).get(predicate, ())]

    def value(self, subject: str, predicate: str) -> str | None:
        return min(self.values(subject, predicate), default=None)

    def by_document(self) -> dict[str, list[GraphEvent]]:
        found: dict[str, list[GraphEvent]] = defaultdict(list)
        for subject in sorted(self.triples):
            documents = self.values(subject, KGL + "reportedIn")
            classes = {c.removeprefix(KGL) for c in self.values(subject, TYPE) if c.startswith(KGL)}
            for kind in sorted(classes - above(classes)) if documents else ():
                event = self.event(subject, kind)
                for document in documents:
                    found[self.value(document, IDENTIFIER) or document].append(event)
        return found

    def names(self, entity: str) -> Names:
        labels = [normal(label) for predicate in LABELS for label in self.values(entity, predicate)]
        return frozenset(labels or [normal(entity.rpartition("/")[2])])

    def event(self, subject: str, kind: str) -> GraphEvent:
        mentions, label = [], []
        for mention in sorted(set(self.values(subject, KGL + "mention"))):
            begin, end = self.value(mention, NIF + "beginIndex"), self.value(mention, NIF + "endIndex")
            if begin is not None and end is not None:
                mentions.append((int(begin), int(end)))
                label.append(self.value(mention, NIF + "anchorOf") or "")
        earliest, latest = self.value(subject, KGL + "earliestDate"), self.value(subject, KGL + "latestDate")
        ends = [dt.date.fromisoformat(day[:10]) for day in (earliest or latest, latest or earliest) if day]
        roles = {
            predicate.removeprefix(KGL): tuple(self.names(o) for o in sorted(set(self.values(subject, predicate))))
            for predicate in self.triples[subject]
            if predicate.startswith(KGL)
        }
        forces = self.values(subject, KGL + "deployedForce")
        quantity = next((q for f in forces if (q := self.value(f, KGL + "quantity"))), None)
        status, mode = self.value(subject, KGL + "status"), self.value(subject, KGL + "mode")
        confidence = self.value(subject, KGL + "confidence")
        return GraphEvent(
            type=kind,
            mentions=tuple(sorted(mentions)),
            label="; ".join(label),
            roles=roles,
            dates=(ends[0], ends[1]) if ends else None,
            status=status.removeprefix(KGL) if status else None,
            mode=mode.removeprefix(KGL) if mode else None,
            quantity=int(quantity) if quantity else None,
            confidence=float(confidence) if confidence else None,
        )
