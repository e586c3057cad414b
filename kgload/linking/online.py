"""Live look-up of names: Wikidata's `wbsearchentities`, or any service of the Reconciliation API 0.2."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from kgload.errors import EndpointRefused, EndpointUnreachable, StoreError
from kgload.linking.disambiguation import Candidate
from kgload.linking.names import key
from kgload.linking.polite import Service
from kgload.linking.weights import Weights, weights
from kgload.record_checks import is_link
from kgload.records import EntityKind, KnownName

WIKIDATA_API = "https://www.wikidata.org/w/api.php"
# The word for Wikidata's own search in place of an address.
WIKIDATA = "wikidata"
LIMIT = 10
# After so many failures one after the other the service is left alone for the rest of the run.
PATIENCE = 3
# Pages that list what a name may mean are items too, and mean none of it.
LISTS = re.compile(r"disambiguation page|Wikimedia (list|category|template)", re.IGNORECASE)


class Asking(Protocol):
    """How a service is asked."""

    def ask(self, name: str, kind: EntityKind, weights: Weights) -> list[Candidate]:
        """Candidates for a name.

        Raises:
            StoreError: the service fails.
            LookupError, TypeError, ValueError: its answer is not of the form that was asked for.
        """
        ...


class Online:
    """A live service as the linker asks it. Never fails: what goes wrong is told to ``on_trouble``, once for each way,
    and counts as nothing found.
    """

    def __init__(self, protocol: Asking, on_trouble: Callable[[str], None] = lambda message: None) -> None:
        self._protocol, self._on_trouble, self._weights = protocol, on_trouble, weights()
        self._told: set[str] = set()
        self._failures = 0
        self._found: dict[tuple[str, EntityKind], Sequence[Candidate]] = {}

    def candidates(self, name: str, kind: EntityKind) -> Sequence[Candidate]:
        """Items that a name may mean, best first; empty where none is found or the service fails."""
        asked = (" ".join(name.split()), kind)
        if asked not in self._found and self._failures < PATIENCE:
            try:
                self._found[asked] = self._protocol.ask(*asked, self._weights)
                self._failures = 0
            except EndpointUnreachable as error:
                # It was tried several times already.
                self._failures = PATIENCE - 1
                self._failed(error.message)
            except StoreError as error:
                self._failed(error.message)
            except (LookupError, TypeError, ValueError, AttributeError) as error:
                self._failed(f"the service's answer is not of the form that was asked for: {error!r}")
        return self._found.get(asked, ())

    def _failed(self, message: str) -> None:
        self._failures += 1
        if self._failures == PATIENCE:
            message += "; it is not asked again in this run"
        if message not in self._told:
            self._told.add(message)
            self._on_trouble(message)


class Search:
    """Wikidata's `wbsearchentities`. It says nothing of kinds, so that what it finds is never trusted."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def ask(self, name: str, kind: EntityKind, weights: Weights) -> list[Candidate]:
        """Items whose label or alias is the name itself; they share the weight of a search evenly."""
        parameters = {
            "action": "wbsearchentities", "search": name, "language": "en", "uselang": "en", "type": "item",
            "limit": str(LIMIT), "format": "json",
        }  # fmt: skip
        answer = self._service.get(parameters, holding="search")
        if "error" in answer:
            raise ValueError(str(answer["error"].get("code", "error"))[:80])
        items = [item for item in answer["search"] if _is_named(item, name)]
        named = [KnownName(str(item["concepturi"]), str(item.get("label") or item["id"]), kind) for item in items]
        found = [known for known in named if _is_usable(known)]
        features = (("online_search", weights.online_search), ("candidates", float(len(found))))
        return [Candidate(known, name, features, weights.online_search / len(found)) for known in found]


class Reconciliation:
    """A service of the Reconciliation API 0.2 (W3C Entity Reconciliation Community Group)."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._space: str | None = None

    def ask(self, name: str, kind: EntityKind, weights: Weights) -> list[Candidate]:
        """The service's candidates; the one that it is sure of, if any, has the weight of a match."""
        if self._space is None:
            self._space = str(self._service.get({}, holding="identifierSpace")["identifierSpace"])
        queries = json.dumps({"q0": {"query": name, "limit": LIMIT}})
        results = self._service.get({}, form={"queries": queries}, holding="q0")["q0"]["result"]
        sure = [result for result in results if result.get("match") is True]
        found = []
        for result in results:
            iri = str(result["id"])
            known = KnownName(iri if is_link(iri) else self._space + iri, str(result["name"]), kind)
            if not _is_usable(known):
                continue
            feature = (
                ("online_match", weights.online_match)
                if len(sure) == 1 and result is sure[0]
                else ("online_search", weights.online_search / len(results))
            )
            found.append(Candidate(known, name, (feature,), feature[1]))
        return found


def online(which: str, *, cache: Path | None, on_trouble: Callable[[str], None] = lambda message: None) -> Online:
    """A live look-up by ``which``: ``wikidata``, the address of a MediaWiki API (`…/api.php`), or of a reconciliation
    service.

    Raises:
        EndpointRefused: that is no address.
    """
    address = WIKIDATA_API if which == WIKIDATA else which
    try:
        service = Service(address, cache=cache)
    except EndpointRefused as error:
        raise EndpointRefused(f"a live look-up is `{WIKIDATA}` or an address: {error.message}") from None
    is_search = urlsplit(address).path.endswith("/api.php")
    return Online(Search(service) if is_search else Reconciliation(service), on_trouble)


def _is_named(item: dict[str, Any], name: str) -> bool:
    names = [item.get("label", ""), *item.get("aliases", ()), item.get("match", {}).get("text", "")]
    return key(name) in {key(other) for other in names} and not LISTS.search(item.get("description", ""))


def _is_usable(known: KnownName) -> bool:
    """Whether records can hold what a service answers: an IRI for a link, and a label of characters."""
    try:
        known.label.encode()
    except UnicodeEncodeError:
        return False
    return is_link(known.iri)
