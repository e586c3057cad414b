"""`/sparql`: the endpoint, read-only, by the SPARQL 1.1 Protocol."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from kgload.serving import description, formats, protocol, tasks
from kgload.serving.negotiation import preferred
from kgload.serving.pages import editor
from kgload.serving.problems import Problem
from kgload.serving.site import Site

T = TypeVar("T")
METHODS = ["GET", "HEAD", "POST"]


async def endpoint(request: Request) -> Response:
    """Answer a query; without one, show the editor to a person and the service's description to a program."""
    site: Site = request.app.state.site
    limits = site.limits
    asked = await protocol.asked(request, limits.body_bytes)
    accept = request.headers.get("accept", "")
    if asked is None:
        if preferred(accept, ("text/html", *formats.GRAPH_TYPES)) == "text/html" and accept:
            return await editor.page(request)
        if accept and preferred(accept, formats.GRAPH_TYPES) is None:
            raise Problem(400, "a request asks one query, in the parameter query")
        return await description.service(request)
    found = await _while_there(
        request, tasks.answer, asked.sparql, asked.scope, accept, limits.rows, limits.answer_bytes
    )
    if isinstance(found, formats.NotAcceptable):
        raise Problem(406, str(found))
    media_type, content = found
    return Response(content, media_type=_with_charset(media_type), headers={"Vary": "Accept"})


async def _while_there(request: Request, task: Callable[..., T], *arguments: Any) -> T:
    """The task's answer; its worker is stopped when the client goes away meanwhile."""
    site: Site = request.app.state.site
    asking = asyncio.create_task(site.ask(task, *arguments, by_user=True))
    leaving = asyncio.create_task(_left(request))
    try:
        await asyncio.wait((asking, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not asking.done():
            raise Problem(499, "the client has left")
        return asking.result()
    finally:
        leaving.cancel()
        asking.cancel()


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _with_charset(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
