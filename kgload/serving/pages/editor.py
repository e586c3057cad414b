"""The page on which queries are written and answered."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kgload.serving.pages.rendering import page as rendered


async def page(request: Request) -> Response:
    """The editor; without scripts, a plain form."""
    return rendered(request, "editor.html", {})
