"""The things of the graph: an address for each, a page for people, data for programs (linked data)."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kgload.mapping.vocabulary import PREFIXES
from kgload.querying.results import shorten
from kgload.serving import description, formats, seeing
from kgload.serving.addresses import data_of, iri_of, page_of
from kgload.serving.negotiation import preferred
from kgload.serving.pages import selection
from kgload.serving.pages.rendering import page as rendered
from kgload.serving.problems import Problem
from kgload.serving.site import Site
from kgload.views.data import Order
from kgload.views.filters import Filters

# Longer names bear nothing, and belong in no log.
_LONGEST = 4_000
_HTML = "text/html"


async def thing(request: Request) -> Response:
    """The address of a thing itself, which cannot be sent: to its page, or to what the graph says of it (303)."""
    site: Site = request.app.state.site
    return _see(request, iri_of(_raw(request), site.base))


async def describe(request: Request) -> Response:
    """What is said of a thing of any name: the page, or the data itself."""
    iri = _asked(request)
    media_type = preferred(request.headers.get("accept", ""), (_HTML, *formats.GRAPH_TYPES))
    if media_type == _HTML:
        return _see(request, iri)
    return await _data(request, iri, request.headers.get("accept", ""))


async def data(request: Request) -> Response:
    """What is said of a thing, in a format that the address names, or that the client likes best."""
    iri = _asked(request)
    wanted = request.query_params.get("format")
    if wanted is None:
        return await _data(request, iri, request.headers.get("accept", ""))
    if wanted not in formats.SUFFIXES:
        raise Problem(400, f"a format is one of {', '.join(formats.SUFFIXES)}")
    return await _data(request, iri, formats.SUFFIXES[wanted])


async def page(request: Request) -> Response:
    """The page about a thing."""
    site: Site = request.app.state.site
    iri = iri_of(_raw(request, "/page/"), site.base) if "rest" in request.path_params else _asked(request)
    found = await site.known(seeing.thing, iri)
    if found is None:
        raise Problem(404, "the graph says nothing of what bears that name")
    links = [(name, data_of(iri, site.base, suffix), formats.SUFFIXES[suffix]) for name, suffix in _FORMATS]
    values: dict[str, Any] = {"iri": iri, "links": links}
    if found.event:
        return rendered(request, "event.html", {**values, "event": found.event})
    chosen = selection.read(request.query_params)
    if found.party:
        filters, order = Filters(entity=iri), chosen.order
        events = await site.known(seeing.page, filters, chosen.number, selection.PAGE_SIZE, order)
        around = await site.known(seeing.ties_of, iri, 20)
        return rendered(request, "entity.html", {**values, "party": found.party, "found": events, "around": around})
    if found.source:
        events = await site.known(
            seeing.page, Filters(source=found.source.id), chosen.number, selection.PAGE_SIZE, Order.OLDEST
        )
        return rendered(request, "document.html", {**values, "source": found.source, "found": events})
    said = ((getattr(t.subject, "value", str(t.subject)), t.predicate.value, t.object) for t in found.triples)
    rows = sorted(said, key=lambda row: (row[0] != iri, str(row)))
    return rendered(
        request, "thing.html",
        {**values, "rows": rows, "is_cut": found.is_cut, "short": lambda name: shorten(name, PREFIXES)},
    )  # fmt: skip


_FORMATS = (("Turtle", "ttl"), ("JSON-LD", "jsonld"), ("N-Triples", "nt"), ("RDF/XML", "rdf"))


def _see(request: Request, iri: str) -> Response:
    site: Site = request.app.state.site
    accept = request.headers.get("accept", "")
    media_type = preferred(accept, (_HTML, *formats.GRAPH_TYPES))
    if media_type is None:
        raise Problem(406, f"this comes as {', '.join((_HTML, *formats.GRAPH_TYPES))}")
    if media_type == _HTML:
        target = page_of(iri, site.base)
    else:
        suffixes = {each: suffix for suffix, each in formats.SUFFIXES.items()}
        target = data_of(iri, site.base, suffixes.get(media_type, "jsonld" if "json" in media_type else "nt"))
    return RedirectResponse(target, 303, {"Vary": "Accept"})


async def _data(request: Request, iri: str, accept: str) -> Response:
    site: Site = request.app.state.site
    triples, is_cut = await site.known(seeing.said, iri)
    if not triples:
        raise Problem(404, "the graph says nothing of what bears that name")
    response = description.as_data(request, list(triples), accept)
    if is_cut:
        response.headers["X-Kgload-Incomplete"] = f"the first {len(triples)} statements"
    return response


def _asked(request: Request) -> str:
    names = request.query_params.getlist("iri")
    if len(names) != 1 or not names[0] or len(names[0]) > _LONGEST:
        raise Problem(400, "name one thing, in the parameter iri")
    return names[0]


def _raw(request: Request, front: str = "/") -> str:
    """The address's path as it was sent, its escapes as they stand: they are part of a name."""
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    path = raw.partition(b"?")[0].decode("ascii", "replace").removeprefix(front)
    if len(path) > _LONGEST:
        raise Problem(404, "there is nothing at this address")
    return path
