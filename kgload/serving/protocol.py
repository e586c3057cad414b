"""SPARQL 1.1 Protocol: what a request asks, and what it is told where it asks wrong."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request

from kgload.errors import QueryRefused
from kgload.serving import guard
from kgload.serving.problems import Problem
from kgload.stores.base import Scope

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
# Parameters of a request beyond which nobody has good ones.
_MOST_FIELDS = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as it was asked, and the graphs that the request names for it."""

    sparql: str
    scope: Scope | None


async def asked(request: Request, most: int) -> Asked | None:
    """The query that a request asks; None for a GET without one.

    Raises:
        Problem: the request is none of the protocol (400, 413, 415).
        QueryRefused, BadSparql: the query is none that is carried out.
    """
    fields = _fields(request.url.query)
    sparql: list[str]
    if request.method == "POST":
        media_type = _media_type(request)
        body = await read_body(request, most)
        if media_type == UPDATE:
            raise QueryRefused("updates are refused: this endpoint is read-only")
        if media_type == QUERY:
            sparql = [_text(body)]
        elif media_type == FORM:
            # By the protocol all parameters stand in the body; some clients leave the graphs' names in the address.
            fields = [*fields, *_fields(_text(body))]
            sparql = [value for name, value in fields if name == "query"]
        else:
            raise Problem(415, f"a query is posted as {QUERY}, or as {FORM}")
    else:
        sparql = [value for name, value in fields if name == "query"]
    if any(name == "update" for name, _ in fields):
        raise QueryRefused("updates are refused: this endpoint is read-only")
    if not sparql and request.method != "POST":
        return None
    if len(sparql) != 1:
        raise Problem(400, "a request asks one query, in the parameter query")
    if len(sparql[0].encode("utf-8", "surrogatepass")) > most:
        raise Problem(413, f"a query may have {most:,} bytes")
    guard.check(sparql[0])
    return Asked(sparql[0], _scope(fields))


def _scope(fields: list[tuple[str, str]]) -> Scope | None:
    default, named = (
        tuple(value for name, value in fields if name == wanted) for wanted in ("default-graph-uri", "named-graph-uri")
    )
    for iri in (*default, *named):
        guard.check_graph(iri)
    return Scope(default, named) if default or named else None


def _fields(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except UnicodeDecodeError:
        raise Problem(400, "the request's parameters are not UTF-8") from None
    except ValueError:
        raise Problem(400, f"a request has at most {_MOST_FIELDS} parameters") from None


def _media_type(request: Request) -> str:
    name, _, parameters = request.headers.get("content-type", "").partition(";")
    for parameter in parameters.split(";"):
        key, _, value = parameter.partition("=")
        if key.strip().casefold() == "charset" and value.strip().strip('"').casefold() not in ("utf-8", "utf8"):
            raise Problem(415, "a query is posted as UTF-8")
    if request.headers.get("content-encoding", "identity").casefold() != "identity":
        raise Problem(415, "a query is posted as it is, not packed")
    return name.strip().casefold()


async def read_body(request: Request, most: int) -> bytes:
    """A request's body.

    Raises:
        Problem: it has more than ``most`` bytes (413).
    """
    too_long = Problem(413, f"a request's body may have {most:,} bytes")
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > most:
        raise too_long
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise too_long
    return bytes(body)


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Problem(400, "the request's body is not UTF-8") from None
