"""Where the things of the graph are found on this server, and which thing an address means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote, urlencode

# What stands below the base of the graph's IRIs and has pages under the same path here.
KINDS = ("entity", "event", "document", "run")
# Paths that no browser or proxy changes on the way: no empty segment, none of dots alone, no escape in the wrong case.
_STEADY = re.compile(r"(?:(?!\.{1,2}(?:/|$))(?:[A-Za-z0-9._~!$'()*+,;=:@-]|%[0-9A-F]{2})+)(?:/(?!\.{1,2}(?:/|$))"
                     r"(?:[A-Za-z0-9._~!$'()*+,;=:@-]|%[0-9A-F]{2})+)*")  # fmt: skip


def page_of(iri: str, base: str) -> str:
    """The address, on this server, of the page about a thing."""
    return _address("/page", iri, base)


def data_of(iri: str, base: str, suffix: str) -> str:
    """The address of what the graph says of a thing, in a format (``ttl``, ``nt``, ``jsonld``, ``rdf``)."""
    return f"/data?{urlencode({'iri': iri, 'format': suffix})}"


def _address(front: str, iri: str, base: str) -> str:
    rest = iri.removeprefix(base)
    if rest != iri and rest.partition("/")[0] in KINDS and "/" in rest and _STEADY.fullmatch(rest):
        return f"{front}/{rest}"
    return f"{front}?{urlencode({'iri': iri})}"


def iri_of(path: str, base: str) -> str:
    """The thing that a path below a kind means (``entity/Q159``), as it stands in the address, escapes and all."""
    return base + path


def with_parameters(path: str, parameters: Mapping[str, str | list[str]]) -> str:
    """An address with parameters, those without a value left out."""
    kept = [(k, v) for k, values in parameters.items() for v in ([values] if isinstance(values, str) else values) if v]
    return f"{path}?{urlencode(kept, quote_via=quote)}" if kept else path
