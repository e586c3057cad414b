"""The web application: which address leads to what, and what every request goes through."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from starlette.applications import Starlette
from starlette.convertors import PathConvertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from kgload.errors import KgloadError
from kgload.serving import description, problems, sparql
from kgload.serving.addresses import KINDS
from kgload.serving.negotiation import preferred
from kgload.serving.pages import editor, queries, things, views
from kgload.serving.pages.rendering import page
from kgload.serving.problems import Problem
from kgload.serving.security import Guard
from kgload.serving.site import Site
from kgload.views.assets import STATIC

logger = logging.getLogger("kgload.serving")
_READ = ["GET", "HEAD"]


class _Name(PathConvertor):
    """The rest of a path, whatever it holds: a document's name may have line breaks in it."""

    regex = "(?s:.*)"


register_url_convertor("name", _Name())


def make(site: Site, *, names: Iterable[str] = (), origins: Iterable[str] = ()) -> Starlette:
    """The application over a store that has been started.

    Args:
        names: names by which the server may be asked, besides ``localhost`` and addresses in numbers.
        origins: origins whose pages may ask (CORS); ``*`` is any.
    """
    allowed = list(origins)
    middleware = [Middleware(Guard, names=list(names), origins=allowed)]
    if allowed:
        headers = ["Accept", "Content-Type"]
        middleware.append(
            Middleware(CORSMiddleware, allow_origins=allowed, allow_methods=["GET", "POST"], allow_headers=headers)
        )

    app = Starlette(
        routes=[
            Route("/sparql", sparql.endpoint, methods=sparql.METHODS),
            Route("/", views.overview, methods=_READ),
            Route("/events", views.events, methods=_READ),
            Route("/timeline", views.timeline, methods=_READ),
            Route("/network", views.network, methods=_READ),
            Route("/map", views.map_, methods=_READ),
            Route("/queries", queries.index, methods=_READ),
            Route("/queries/{name}", queries.one, methods=_READ),
            Route("/editor", editor.page, methods=_READ),
            Route("/describe", things.describe, methods=_READ),
            Route("/data", things.data, methods=_READ),
            Route("/page", things.page, methods=_READ),
            Route("/page/{rest:name}", things.page, methods=_READ),
            *(Route(f"/{kind}/{{rest:name}}", things.thing, methods=_READ) for kind in KINDS),
            Route("/.well-known/void", description.void, methods=_READ),
            Mount("/static", StaticFiles(directory=STATIC, check_dir=False)),
        ],
        middleware=middleware,
        exception_handlers={
            KgloadError: _of_ours,
            Problem: _problem,
            HTTPException: _of_http,
            Exception: _unexpected,
        },
    )
    app.state.site = site
    return app


async def _of_ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, KgloadError)  # noqa: S101 - by its registration
    return await _problem(request, problems.of(error))


async def _of_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    said = {404: "there is nothing at this address", 405: "that cannot be done at this address"}
    return await _problem(
        request, Problem(error.status_code, said.get(error.status_code, error.detail), dict(error.headers or {}))
    )


async def _unexpected(request: Request, error: Exception) -> Response:
    # What arose where is for the log; a client is told nothing of the server's inside.
    logger.error("an error of kgload's own at %s", request.url.path, exc_info=error)
    return await _problem(request, Problem(500, "an error of kgload's own; its log says which"))


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101
    accept = request.headers.get("accept", "")
    if accept and preferred(accept, ("text/plain", "text/html")) == "text/html" and request.method in _READ:
        title = problems.TITLES.get(error.status, "That did not work")
        values = {"status": error.status, "title": title, "message": error.message}
        return page(request, "problem.html", values, status=error.status, headers=error.headers)
    return PlainTextResponse(f"{error.message}\n", error.status, error.headers)
