"""Templates, with what all pages need; all values are escaped."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from kgload import __version__
from kgload.serving.site import Site


@functools.cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("kgload.serving"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["version"] = __version__
    return made


def page(
    request: Request,
    template: str,
    values: Mapping[str, Any],
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> HTMLResponse:
    """A page made of a template."""
    site: Site = request.app.state.site
    text = _environment().get_template(template).render(store=site.name, path=request.url.path, **values)
    return HTMLResponse(text, status, {"Vary": "Accept", **(headers or {})})
