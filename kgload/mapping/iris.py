"""IRIs, made from content: document ids, spans and items, never from labels, counters or clocks."""

from __future__ import annotations

import functools
import hashlib
import json
import re
from urllib.parse import quote

from kgload.errors import InputError

DEFAULT_BASE = "https://w3id.org/kgload/"
BASE = re.compile(r"https?://[^/?#]+/([^?#]*/)?|urn:[^?#]*:")
LONGEST_ID = 120
WIKIDATA_ITEM = re.compile(r"https?://www\.wikidata\.org/(?:entity|wiki)/(Q[1-9][0-9]*)")


@functools.cache
def checked_base(base: str) -> str:
    """The base itself, where IRIs can be made from it by adding to its end.

    Raises:
        InputError: it is no http, https or urn IRI, has a query or fragment, or does not end in ``/`` (a urn in ``:``).
    """
    import pyoxigraph as ox

    try:
        ox.NamedNode(base)
    except ValueError as error:
        raise InputError(f"the base {base[:80]!r} is no IRI: {error}") from error
    if not BASE.fullmatch(base):
        raise InputError(
            f"the base {base[:80]!r} must be as https://news.example/ or urn:news: with no query or fragment"
        )
    return base


def slug(document_id: str) -> str:
    """A document id as one segment of a path: percent-encoded, or a hash where it is long or means something in a path.

    Two ids never share a slug: an encoded id has no colon, a hash begins with its algorithm's name and a colon.
    """
    encoded = quote(document_id, safe="", errors="surrogatepass")
    unsafe = encoded in ("", ".", "..") or any("\ud800" <= char <= "\udfff" for char in document_id)
    return _hash(document_id) if unsafe or len(encoded) > LONGEST_ID else encoded


def document(base: str, document_id: str) -> str:
    """IRI of a document, and of the graph that holds what it says."""
    return f"{base}document/{slug(document_id)}"


def span(document_iri: str, begin: int, end: int) -> str:
    """IRI of a span of a document's text, with an RFC 5147 fragment."""
    return f"{document_iri}#char={begin},{end}"


def event(base: str, document_id: str, type_: str, begin: int, end: int, nth: int = 0) -> str:
    """IRI of an event: its document, type and first mention; ``nth`` tells apart those that share all three."""
    return f"{base}event/{slug(document_id)}/{_part(type_, begin, end, nth)}"


def entity(base: str, document_id: str, kind: str, begin: int, end: int, nth: int = 0) -> str:
    """IRI of an entity that is not linked: scoped to its document."""
    return f"{base}entity/{slug(document_id)}/{_part(kind, begin, end, nth)}"


def linked_entity(base: str, item: str) -> str:
    """IRI of an entity that is linked to an item, the same in every document: ``{base}entity/Q159``.

    An item of another knowledge base than Wikidata gives a hash.
    """
    return f"{base}entity/{wikidata_id(item) or _hash(item)}"


def wikidata_id(item: str) -> str | None:
    """``Q159`` of the IRI or page of a Wikidata item; None for anything else."""
    found = WIKIDATA_ITEM.fullmatch(item)
    return found[1] if found else None


def run(base: str, **parts: object) -> str:
    """IRI of a run: a hash of all that it depended on (what JSON can hold)."""
    return f"{base}run/{_hash(json.dumps(parts, sort_keys=True)).removeprefix('sha256:')[:32]}"


def _part(kind: str, begin: int, end: int, nth: int) -> str:
    return f"{kind.lower()}-{begin}-{end}" + (f"-{nth + 1}" if nth else "")


def _hash(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
