"""Templates, with what all pages need; all values are escaped."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import pyoxigraph as ox
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from kgload import __version__
from kgload.serving.addresses import page_of, with_parameters
from kgload.serving.pages.marking import pieces
from kgload.serving.pages.selection import Selection
from kgload.serving.site import Site
from kgload.views.shown import web_address

# Pages that show the same selection in another way.
VIEWS = ("/", "/events", "/timeline", "/network", "/map")


@functools.cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("kgload.serving"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "version": __version__,
        "views": VIEWS,
        "pieces": pieces,
        "web_address": web_address,
        "with_parameters": with_parameters,
        "is_iri": lambda term: isinstance(term, ox.NamedNode),
    }
    return made


def page(
    request: Request, template: str, values: Mapping[str, Any], *, status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:  # fmt: skip
    """A page made of a template."""
    site: Site = request.app.state.site
    every: dict[str, Any] = {
        "store": site.name,
        "path": request.url.path,
        "page_of": functools.partial(page_of, base=site.base),
        "paged": lambda number: str(request.url.include_query_params(page=number).replace(scheme="", netloc="")),
    }
    chosen = values.get("chosen")
    if isinstance(chosen, Selection):
        # From one view of a selection to the others.
        every["carried"] = chosen.address
    text = _environment().get_template(template).render(every | dict(values))
    return HTMLResponse(text, status, {"Vary": "Accept", "Cache-Control": "no-cache", **(headers or {})})
