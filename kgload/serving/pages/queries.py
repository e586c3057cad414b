"""The canned queries as forms."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from kgload.errors import BadParameter, KgloadError, UnknownQuery
from kgload.mapping.vocabulary import PREFIXES
from kgload.querying.binding import bind, term
from kgload.querying.catalogue import CannedQuery, ParameterType, catalogue, find
from kgload.querying.results import plain
from kgload.serving import seeing
from kgload.serving.pages.rendering import page
from kgload.serving.problems import Problem, of
from kgload.serving.site import Site

# Rows on a page; the endpoint gives all.
SHOWN = 500
_LONGEST = 2_000
INPUTS = {ParameterType.DATE: "date", ParameterType.INTEGER: "number"}


async def index(request: Request) -> Response:
    """All canned queries."""
    return page(request, "queries.html", {"queries": list(catalogue().values())})


async def one(request: Request) -> Response:
    """One canned query: its form, and its answer where the form has been sent."""
    try:
        query = find(request.path_params["name"])
    except UnknownQuery as error:
        raise Problem(404, error.message) from None
    given = {p.name: request.query_params.get(p.name, "")[:_LONGEST].strip() for p in query.parameters}
    is_sent = not query.parameters or any(name in request.query_params for name in given)
    values: dict[str, Any] = {
        "query": query,
        "given": given,
        "wrong": {},
        "answer": None,
        "inputs": INPUTS,
        "sparql": query.text,
        "failed": None,
        "most": SHOWN,
    }
    status = 200
    if is_sent:
        kept = {name: value for name, value in given.items() if value}
        values["wrong"] = _wrong(query, given)
        if values["wrong"]:
            status = 400
        else:
            try:
                values["sparql"] = bind(query, kept)
                site: Site = request.app.state.site
                values["answer"] = await site.ask(seeing.canned, query.name, kept, SHOWN, by_user=True)
            except KgloadError as error:
                status, values["failed"] = of(error).status, error.message
    values["plain"] = _plain
    values["is_iri"] = lambda cell: isinstance(cell, ox.NamedNode)
    return page(request, "query.html", values, status=status)


def _wrong(query: CannedQuery, given: dict[str, str]) -> dict[str, str]:
    """What is wrong with the values, by parameter, in words for whoever filled in the form."""
    wrong = {}
    for parameter in query.parameters:
        value = given[parameter.name]
        if not value:
            if parameter.required:
                wrong[parameter.name] = f"This is needed; such as {parameter.example}"
            continue
        try:
            term(parameter.type, value, parameter.name)
        except BadParameter as error:
            wrong[parameter.name] = error.message.removeprefix(f"{parameter.name}: ")
    return wrong


def _plain(cell: Any) -> str:
    return plain(cell, PREFIXES)
