"""Filling the columns (:mod:`kgload.serving.columns`) from a store, by SPARQL; and keeping them in a file.

Each query has one pattern or few, so that a store reads its own order through, whatever its size.
"""

from __future__ import annotations

import datetime as dt
import os
import pickle
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from kgload.mapping import vocabulary as v
from kgload.ontology import KGL, vocabulary
from kgload.records import Status
from kgload.serving.columns import NO_DAY, Columns, Ints, Parties, Texts
from kgload.stores.base import Rows, Store, Term
from kgload.views import wholesale
from kgload.views.details import parties_of
from kgload.views.shown import Party

T = TypeVar("T", int, float)
S = TypeVar("S", bound=np.generic)
Row = tuple[Term | None, ...]
PREFIXES = f"PREFIX kgl: <{KGL}> PREFIX nif: <{v.NIF}> PREFIX rdfs: <{v.RDFS}> "
FILE = "columns"


def gather(store: Store) -> Columns:
    """The columns of a store's present state.

    Raises:
        StoreError: the store fails.
    """
    type_names = sorted(vocabulary().event_types)
    kinds = {name: {s for s, _ in _pairs(store, v.A.value, KGL + name)} for name in type_names}
    reported = dict(sorted(_pairs(store, KGL + "reportedIn"), reverse=True))
    iris = sorted({iri for found in kinds.values() for iri in found if iri in reported})
    events = {iri: i for i, iri in enumerate(iris)}
    documents = sorted(set(reported.values()))
    document_numbers = {iri: i for i, iri in enumerate(documents)}
    status_names = [status.value for status in Status]
    bits = {KGL + name: 1 << i for i, name in enumerate(status_names)}

    types, statuses = np.zeros(len(iris), np.int64), np.zeros(len(iris), np.int64)
    for bit, name in enumerate(type_names):
        types[[events[iri] for iri in kinds[name] if iri in events]] |= 1 << bit
    for iri, status in _pairs(store, KGL + "status"):
        if iri in events:
            statuses[events[iri]] |= bits.get(status, 0)
    roles = {
        role: [(events[e], party) for e, party in _pairs(store, KGL + role) if e in events]
        for role in dict.fromkeys((*vocabulary().roles, "participant", "place"))
    }
    parties, labels = _parties(store, {party for found in roles.values() for _, party in found})
    numbers = {party.iri: i for i, party in enumerate(parties)}

    def relation(*names: str) -> tuple[Ints, Ints]:
        found = {(e, numbers[p]) for name in names for e, p in roles.get(name, ()) if p in numbers}
        ordered = np.array(sorted(found), np.int64).reshape(-1, 2)
        return ordered[:, 0].copy(), ordered[:, 1].copy()

    identifiers, titles, urls = (
        _firsts(store, node.value, document_numbers) for node in (v.IDENTIFIER, v.TITLE, v.URL)
    )
    sentences = [(events[e], text) for e, text in _sentences(store) if e in events]
    return Columns(
        iris=iris,
        types=types,
        statuses=statuses,
        first=_column(store, "earliestDate", events, _day, NO_DAY, np.int64),
        last=_column(store, "latestDate", events, _day, NO_DAY, np.int64),
        confidence=_column(store, "confidence", events, float, float("nan"), np.float64),
        documents=np.array([document_numbers[reported[iri]] for iri in iris], np.int64),
        type_names=type_names,
        status_names=status_names,
        identifiers=[identifiers.get(i, "") for i in range(len(documents))],
        hosts=[_host(urls.get(i, "")) for i in range(len(documents))],
        titles=Texts(titles.get(i, "") for i in range(len(documents))),
        sentence_events=np.array([event for event, _ in sentences], np.int64),
        sentences=Texts(text for _, text in sentences),
        parties=Parties(parties),
        labels=Texts(label for _, label in labels),
        label_parties=np.array([numbers[iri] for iri, _ in labels], np.int64),
        parts=relation(*roles),
        participants=relation("participant"),
        places=relation("place"),
    )


def write(columns: Columns, folder: Path) -> None:
    """Keep columns in a folder, whole or not at all.

    Raises:
        OSError: there is no room.
    """
    # Only their owner may write there: reading them back trusts them.
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, prefix=f"{FILE}.", suffix=".part", delete=False) as stream:
        try:
            pickle.dump(columns, stream, protocol=pickle.HIGHEST_PROTOCOL)
            stream.flush()
            Path(stream.name).rename(folder / FILE)
        except OSError:
            Path(stream.name).unlink(missing_ok=True)
            raise


def read(folder: Path) -> Columns | None:
    """The columns that a folder of this user's own holds; None where it has none, or they cannot be read."""
    try:
        if os.name == "posix" and folder.stat().st_uid != os.getuid():
            return None
        with (folder / FILE).open("rb") as stream:
            found: Columns = pickle.load(stream)  # noqa: S301 - nobody else can write there
            return found
    except (OSError, EOFError, pickle.UnpicklingError, AttributeError, ImportError, TypeError):
        return None


def _rows(store: Store, sparql: str) -> tuple[Row, ...]:
    found = store.query(PREFIXES + sparql)
    return found.rows if isinstance(found, Rows) else ()


def _pairs(store: Store, predicate: str, of: str | None = None) -> list[tuple[str, str]]:
    """Subjects and objects of a property, or the subjects of one object."""
    if of:
        rows = _rows(store, f"SELECT ?s WHERE {{ GRAPH ?g {{ ?s <{predicate}> <{of}> }} }}")
        return [(row[0].value, of) for row in rows if row[0]]
    rows = _rows(store, f"SELECT ?s ?o WHERE {{ GRAPH ?g {{ ?s <{predicate}> ?o }} }}")
    return [(s.value, o.value) for s, o in rows if s and o]


def _firsts(store: Store, predicate: str, numbers: Mapping[str, int]) -> dict[int, str]:
    """The least value of a property, by the subject's number."""
    found: dict[int, str] = {}
    for subject, value in _pairs(store, predicate):
        if subject in numbers:
            i = numbers[subject]
            found[i] = min(found.get(i, value), value)
    return found


def _column(
    store: Store, name: str, events: Mapping[str, int], read: Callable[[str], T], none: T, kind: type[S]
) -> npt.NDArray[S]:
    column = np.full(len(events), none, kind)
    for i, value in _firsts(store, KGL + name, events).items():
        try:
            column[i] = read(value)
        except ValueError:
            continue
    return column


def _day(text: str) -> int:
    return dt.date.fromisoformat(text[:10]).toordinal()


def _host(url: str) -> str:
    return (url.partition("://")[2] + "/").partition("/")[0].lower()


def _sentences(store: Store) -> Iterable[tuple[str, str]]:
    """The sentences of events, each once. The store joins: parties have mentions too, and far more of them."""
    rows = _rows(
        store,
        "SELECT DISTINCT ?e ?text WHERE { GRAPH ?g { ?e kgl:reportedIn ?d . ?e kgl:mention ?m . "
        "?m nif:sentence ?s . ?s nif:anchorOf ?text } }",
    )
    return [(e.value, text.value) for e, text in rows if e and text]


def _parties(store: Store, wanted: set[str]) -> tuple[list[Party], list[tuple[str, str]]]:
    """Parties in the order of their IRIs, and all their labels."""
    said = list(wholesale.statements(store, wanted))
    known = parties_of(said)
    labels = sorted({(subject.value, label.value) for subject, predicate, label in said if predicate == v.LABEL})
    return [known[iri] for iri in sorted(known)], labels
