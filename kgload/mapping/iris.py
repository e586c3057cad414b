"""IRIs, made from content: document ids, spans and items, never from labels, counters or clocks."""

from __future__ import annotations

import hashlib
from urllib.parse import quote

DEFAULT_BASE = "https://w3id.org/kgload/"
LONGEST_ID = 120
WIKIDATA = "http://www.wikidata.org/entity/"


def slug(document_id: str) -> str:
    """A document id as one segment of a path: percent-encoded, or a hash where it is long or means something in a path.

    Two ids never share a slug: an encoded id has no colon, a hash begins with one algorithm's name and a colon.
    """
    encoded = quote(document_id, safe="", errors="surrogatepass")
    if encoded in ("", ".", "..") or len(encoded) > LONGEST_ID:
        return "sha256:" + hashlib.sha256(document_id.encode("utf-8", "surrogatepass")).hexdigest()
    return encoded


def document(base: str, document_id: str) -> str:
    """IRI of a document, and of the graph that holds what it says."""
    return f"{base}document/{slug(document_id)}"


def span(document_iri: str, begin: int, end: int) -> str:
    """IRI of a span of a document's text, with an RFC 5147 fragment."""
    return f"{document_iri}#char={begin},{end}"


def event(base: str, document_id: str, type_: str, begin: int, end: int, nth: int = 0) -> str:
    """IRI of an event: its document, type and first mention; ``nth`` tells apart those that share all three."""
    return f"{base}event/{slug(document_id)}/{type_.lower()}-{begin}-{end}" + (f"-{nth + 1}" if nth else "")


def entity(base: str, document_id: str, kind: str, begin: int, end: int, nth: int = 0) -> str:
    """IRI of an entity that is not linked: scoped to its document."""
    return f"{base}entity/{slug(document_id)}/{kind.lower()}-{begin}-{end}" + (f"-{nth + 1}" if nth else "")


def linked_entity(base: str, item: str) -> str:
    """IRI of an entity that is linked to an item, the same in every document: ``{base}entity/Q159``."""
    if item.startswith(WIKIDATA):
        return f"{base}entity/{item.removeprefix(WIKIDATA)}"
    return f"{base}entity/sha256:{hashlib.sha256(item.encode()).hexdigest()}"


def run(base: str, *parts: str) -> str:
    """IRI of a run: a hash of all that it depended on."""
    content = "\n".join(parts)
    return f"{base}run/{hashlib.sha256(content.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"
