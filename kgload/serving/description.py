"""What the server says of itself and of its data: a SPARQL service description, and VoID."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from kgload import ontology
from kgload.mapping import vocabulary as v
from kgload.serving import formats
from kgload.serving.negotiation import preferred
from kgload.serving.problems import Problem
from kgload.serving.site import Site
from kgload.serving.worker import Opened
from kgload.stores.base import RECORDS, Rows

VOID = "http://rdfs.org/ns/void#"
SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
COUNTS = (
    "SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(?g != <{records}>) }}",
    "SELECT (COUNT(DISTINCT ?g) AS ?n) WHERE {{ GRAPH ?g {{ ?d a <{kgl}Document> }} }}",
)


def counted(opened: Opened) -> tuple[int, int]:
    """How many triples a store holds, and how many documents."""
    numbers = []
    for query in COUNTS:
        found = opened.store.query(query.format(records=RECORDS, kgl=v.KGL))
        cell = found.rows[0][0] if isinstance(found, Rows) and found.rows else None
        numbers.append(int(cell.value) if isinstance(cell, ox.Literal) else 0)
    return numbers[0], numbers[1]


async def service(request: Request) -> Response:
    """The endpoint's description, by SPARQL 1.1 Service Description."""
    here = ox.NamedNode(_address(request, "/sparql"))
    sd = _names(SD)
    triples = [
        ox.Triple(here, v.A, sd("Service")),
        ox.Triple(here, sd("endpoint"), here),
        ox.Triple(here, sd("supportedLanguage"), sd("SPARQL11Query")),
        ox.Triple(here, sd("defaultDataset"), ox.NamedNode(_address(request, "/.well-known/void"))),
        *(
            ox.Triple(here, sd("resultFormat"), ox.NamedNode(FORMATS + name))
            for name in ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
        ),
        *(
            ox.Triple(here, sd("resultFormat"), ox.NamedNode(FORMATS + name))
            for name in ("Turtle", "N-Triples", "JSON-LD", "RDF_XML")
        ),
    ]
    return as_data(request, triples)


async def void(request: Request) -> Response:
    """The data's description, by VoID, where it is looked for (``/.well-known/void``)."""
    site: Site = request.app.state.site
    triples, documents = await site.known(counted)
    return as_data(request, list(_void(request, triples, documents)))


def _void(request: Request, triples: int, documents: int) -> Iterator[ox.Triple]:
    here = ox.NamedNode(_address(request, "/.well-known/void"))
    void = _names(VOID)
    yield ox.Triple(here, v.A, void("Dataset"))
    yield ox.Triple(here, v.A, ox.NamedNode(SD + "Dataset"))
    yield ox.Triple(here, v.TITLE, ox.Literal("Events in the news", language="en"))
    yield ox.Triple(here, void("sparqlEndpoint"), ox.NamedNode(_address(request, "/sparql")))
    yield ox.Triple(here, void("triples"), _number(triples))
    yield ox.Triple(here, void("documents"), _number(documents))
    yield ox.Triple(here, void("uriLookupEndpoint"), ox.NamedNode(_address(request, "/describe?iri=")))
    for namespace in (v.KGL, v.NIF, v.PROV, v.SKOS, v.DCTERMS, v.SCHEMA):
        yield ox.Triple(here, void("vocabulary"), ox.NamedNode(namespace))
    for name in ("Turtle", "N-Triples", "JSON-LD", "RDF_XML"):
        yield ox.Triple(here, void("feature"), ox.NamedNode(FORMATS + name))
    for name in sorted(ontology.vocabulary().event_types):
        part = ox.NamedNode(f"{here.value}#{name}")
        yield ox.Triple(here, void("classPartition"), part)
        yield ox.Triple(part, void("class"), ox.NamedNode(v.KGL + name))


def as_data(request: Request, triples: list[ox.Triple], accept: str | None = None) -> Response:
    """Triples in the form that the client likes best.

    Raises:
        Problem: it takes none that there is (406).
    """
    wanted = request.headers.get("accept", "") if accept is None else accept
    media_type = preferred(wanted, formats.GRAPH_TYPES)
    # A browser that looks at data gets it as text that it can show.
    if media_type is None and preferred(wanted, ("text/html",)):
        media_type = formats.TURTLE
    if media_type is None:
        raise Problem(406, f"this comes as {', '.join(formats.GRAPH_TYPES)}")
    content = formats.graph(triples, media_type)
    shown = f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
    return Response(content, media_type=shown, headers={"Vary": "Accept"})


def _address(request: Request, path: str) -> str:
    # The host has been checked to be this server's own.
    return f"{request.url.scheme}://{request.headers['host']}{path}"


def _number(count: int) -> ox.Literal:
    return ox.Literal(str(count), datatype=v.INTEGER)


class _names:  # noqa: N801 - reads as a function does
    def __init__(self, namespace: str) -> None:
        self.namespace = namespace

    def __call__(self, name: str) -> ox.NamedNode:
        return ox.NamedNode(self.namespace + name)
