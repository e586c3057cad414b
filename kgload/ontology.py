"""The event types, roles and classes that the ontology defines: what records may say, and what follows from it.

The ontology is read, not repeated: a new class of events or a new sub-property of `kgl:participant` in a Turtle file of
the `ontology/` folder, or in one that the environment variable ``KGLOAD_ONTOLOGY`` names, is known everywhere without a
change of code.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kgload import data
from kgload.errors import DataError

if TYPE_CHECKING:
    import pyoxigraph as ox

KGL = "https://w3id.org/kgload/ontology#"
GRAPH = "https://w3id.org/kgload/ontology"
SHAPES = "shapes.ttl"
OWN = "KGLOAD_ONTOLOGY"
"""Environment variable that names Turtle files of the user's own, with the system's separator of paths between them."""

_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SUB_CLASS, SUB_PROPERTY = _RDFS + "subClassOf", _RDFS + "subPropertyOf"
DOMAIN, RANGE = _RDFS + "domain", _RDFS + "range"


@dataclass(frozen=True, slots=True)
class Role:
    """A property that leads from an event to an entity.

    ``implies``: the properties to be written for it, itself first (``deployer`` → ``deployer``, ``participant``).
    ``types``: the event types that it can be said of. ``fillers``: the classes that follow for who or what fills it.
    """

    implies: tuple[str, ...]
    types: frozenset[str]
    fillers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the ontology defines, all under local names.

    ``event_types`` and ``classes`` (of entities) each give the classes that follow from one, itself first
    (``State`` → ``State``, ``Actor``, ``Place``, ``Entity``). ``modal`` holds the event types that can have a mode.
    """

    event_types: dict[str, tuple[str, ...]]
    classes: dict[str, tuple[str, ...]]
    roles: dict[str, Role]
    modal: frozenset[str]

    @property
    def sending(self) -> frozenset[str]:
        """The event types in which a force is sent."""
        role = self.roles.get("deployedForce")
        return role.types if role else frozenset()


@functools.cache
def vocabulary() -> Vocabulary:
    """The event types, classes of entities and roles of the shipped ontology and the user's own.

    Raises:
        DataError: the ontology does not parse, or a role has no single domain and range.
    """
    terms = _Terms(triples())
    event_types = {t: terms.above(t, SUB_CLASS, until="Event") for t in terms.below("Event", SUB_CLASS) if t != "Event"}
    classes = {c: terms.above(c, SUB_CLASS, until="Entity") for c in terms.below("Entity", SUB_CLASS) if c != "Entity"}
    roles = {}
    for name in sorted(s for s, p in terms.objects if p == DOMAIN):
        domain, range_ = terms.one(name, DOMAIN), terms.one(name, RANGE)
        if (domain == "Event" or domain in event_types) and range_ in classes:
            roles[name] = Role(
                implies=terms.above(name, SUB_PROPERTY),
                types=frozenset(terms.below(domain, SUB_CLASS)) - {"Event"},
                fillers=terms.above(range_, SUB_CLASS, until="Entity"),
            )
    modal = frozenset(terms.below(terms.one("mode", DOMAIN), SUB_CLASS))
    return Vocabulary(event_types, classes, roles, modal)


def triples() -> list[ox.Triple]:
    """The ontology: all Turtle files of the shipped folder but the shapes, in the order of their names, then the
    user's own.

    Raises:
        DataError: one does not parse, or a file of the user's own defines no term of kgload's namespace.
    """
    found = []
    for path in sorted(data.ontology().glob("*.ttl")):
        if path.name != SHAPES:
            found += _parsed(path)
    for path in map(Path, filter(None, os.environ.get(OWN, "").split(os.pathsep))):
        own = _parsed(path)
        if not any(str(getattr(triple.subject, "value", "")).startswith(KGL) for triple in own):
            raise DataError(f"{path.name}: defines no term of {KGL}")
        found += own
    return found


def _parsed(path: Path) -> list[ox.Triple]:
    import pyoxigraph as ox

    try:
        return [quad.triple for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)]
    except (OSError, SyntaxError) as error:
        raise DataError(f"{path.name}: {error}") from error


class _Terms:
    """kgload's own terms, by local names, as they hang together."""

    def __init__(self, statements: Iterable[ox.Triple]) -> None:
        self.objects: dict[tuple[str, str], list[str]] = {}
        self.subjects: dict[tuple[str, str], list[str]] = {}
        for triple in statements:
            subject, object_ = (str(getattr(node, "value", "")) for node in (triple.subject, triple.object))
            if subject.startswith(KGL):
                predicate = triple.predicate.value
                subject, object_ = subject.removeprefix(KGL), object_.removeprefix(KGL)
                self.objects.setdefault((subject, predicate), []).append(object_)
                self.subjects.setdefault((object_, predicate), []).append(subject)

    def one(self, subject: str, predicate: str) -> str:
        found = self.objects.get((subject, predicate), [])
        if len(found) != 1:
            raise DataError(f"ontology: {subject} has {len(found)} values for {predicate}, one was expected")
        return found[0]

    def below(self, top: str, relation: str) -> list[str]:
        found = [top]
        for name in found:
            found += [s for s in sorted(self.subjects.get((name, relation), ())) if s not in found]
        return found

    def above(self, bottom: str, relation: str, until: str | None = None) -> tuple[str, ...]:
        """The term and all of kgload's own terms above it, nearest first, none above ``until``."""
        found = [bottom]
        for name in found:
            if name != until:
                over = sorted(self.objects.get((name, relation), ()))
                found += [o for o in over if o not in found and ":" not in o]
        return tuple(found)
