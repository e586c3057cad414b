"""The pages that show many events: overview, list, timeline, network, map. Each is whole without a script."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from kgload.errors import ViewsNotBuilt
from kgload.ontology import vocabulary
from kgload.records import Status
from kgload.serving import drawing, seeing
from kgload.serving.pages import selection
from kgload.serving.pages.rendering import page
from kgload.serving.site import Site
from kgload.views.assets import outline
from kgload.views.data import Order

# So many events are drawn one by one; more as bars.
FEW = 120
_TIES = 150
_PLACES = 500
_LATEST = 10


async def overview(request: Request) -> Response:
    """What there is, and where to go on."""
    site: Site = request.app.state.site
    chosen = selection.read(request.query_params)
    # Asked side by side, here and below: two workers take less time than one after the other.
    values, latest = await asyncio.gather(
        _common(site, chosen), site.known(seeing.page, chosen.filters, 1, _LATEST, Order.NEWEST)
    )
    bars = drawing.bars(values["counts"].months)
    return _page(request, "overview.html", {**values, "events": latest.events, "bars": bars})


async def events(request: Request) -> Response:
    """The events that match, a page at a time."""
    site: Site = request.app.state.site
    chosen = selection.read(request.query_params)
    values, found = await asyncio.gather(
        _common(site, chosen),
        site.known(seeing.page, chosen.filters, chosen.number, selection.PAGE_SIZE, chosen.order),
    )
    return _page(request, "events.html", {**values, "found": found})


async def timeline(request: Request) -> Response:
    """When: each event where there are few, bars by month or year where there are many."""
    site: Site = request.app.state.site
    chosen = selection.read(request.query_params)
    values = await _common(site, chosen)
    counts = values["counts"]
    few = None
    if 0 < counts.total - counts.undated <= FEW:
        found = await site.known(seeing.page, chosen.filters, 1, FEW * 4, Order.OLDEST)
        few = drawing.lanes([event for event in found.events if event.when.earliest or event.when.latest])
    return _page(request, "timeline.html", {**values, "bars": drawing.bars(counts.months), "few": few})


async def network(request: Request) -> Response:
    """Who dealt with whom."""
    site: Site = request.app.state.site
    chosen = selection.read(request.query_params)
    values, ties = await asyncio.gather(_common(site, chosen), site.known(seeing.ties, chosen.filters, _TIES))
    nodes, lines = await asyncio.to_thread(drawing.network, ties)
    return _page(request, "network.html", {**values, "ties": ties, "nodes": nodes, "lines": lines})


async def map_(request: Request) -> Response:
    """Where events take place."""
    site: Site = request.app.state.site
    chosen = selection.read(request.query_params)
    values, places = await asyncio.gather(_common(site, chosen), site.known(seeing.places, chosen.filters, _PLACES))
    try:
        spots, unknown = drawing.spots(places)
        land: dict[str, Any] | None = outline()
    except ViewsNotBuilt:
        spots, unknown, land = [], list(places), None
    return _page(request, "map.html", {**values, "places": places, "spots": spots, "unknown": unknown, "outline": land})


async def _common(site: Site, chosen: selection.Selection) -> dict[str, Any]:
    """What all these pages are told: the selection, and how many events match."""
    counts = await site.known(seeing.counts, chosen.filters)
    entity = None
    if chosen.filters.entity and ":" in chosen.filters.entity:
        entity = await site.known(seeing.party, chosen.filters.entity)
    return {
        "chosen": chosen,
        "counts": counts,
        "entity": entity,
        "types": sorted(vocabulary().event_types),
        "statuses": [status.value for status in Status],
        "orders": {Order.NEWEST: "newest first", Order.OLDEST: "oldest first", Order.SUREST: "surest first"},
    }


def _page(request: Request, template: str, values: dict[str, Any]) -> Response:
    wrong = values["chosen"].wrong
    return page(request, template, values, status=400 if wrong else 200)
