"""What tells SPARQL servers apart: their addresses and their quirks. Nothing else in kgload knows a server by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from kgload.errors import StoreError


@dataclass(frozen=True, slots=True)
class Profile:
    """Where a server answers, as paths added to the address that the user gives, and what is peculiar to it.

    Attributes:
        name: what ``--profile`` calls it.
        query: SPARQL 1.1 Protocol, query operation.
        update: the protocol's update operation.
        graphs: SPARQL 1.1 Graph Store HTTP Protocol.
        graph_parameter: the parameter of ``graphs`` that names a graph.
        dataset: what gives and takes N-Quads of many graphs, a request a transaction; None where there is no such
            thing, and graphs are then written one by one.
        at_once: how many statements go well in one transaction.
        streams: whether ``dataset`` takes a body in chunks, whose end is not known when it begins, and stores it whole
            or not at all.
        compact: the administration's, before a dataset's name, at the root that datasets stand under.
        server: the administration's, which tells the version.
        header: a header of its answers, and words in it, that no other server has.
        path: a part of its addresses that no other server has.
        union_default_graph: whether patterns outside GRAPH match the named graphs too.
        request_triples: how many triples a request may bring; 0 where there is no limit.
        unfit: characters that may not stand in a graph's name.
        own_graphs: graphs that it keeps for itself.
    """

    name: str
    query: str
    update: str
    graphs: str
    graph_parameter: str = "graph"
    dataset: str | None = None
    at_once: int = 100_000
    streams: bool = False
    compact: str | None = None
    server: str | None = None
    header: tuple[str, str] | None = None
    path: str | None = None
    union_default_graph: bool = False
    request_triples: int = 0
    unfit: str = ""
    own_graphs: frozenset[str] = frozenset()

    def is_marked(self, url: str, headers: Mapping[str, str]) -> bool:
        """Whether an answer is this server's by a mark of its own."""
        if self.path is not None:
            return self.path in urlsplit(url).path
        return self.header is not None and self.header[0] in headers and self.header[1] in headers[self.header[0]]


FUSEKI = Profile(
    "fuseki",
    "/query",
    "/update",
    "/data",
    dataset="/data",
    # Each transaction writes the blocks of its trees anew: in a load of a million, 50,000 at a time take twice the room
    # and nearly twice the time of one.
    at_once=1_000_000,
    streams=True,
    compact="/$/compact/",
    server="/$/server",
    header=("Fuseki-Request-Id", ""),
)
# In the order in which a server is asked whether it is one.
PROFILES = (
    Profile("oxigraph", "/query", "/update", "/store", dataset="/store", header=("Server", "Oxigraph")),
    FUSEKI,
    # GraphDB speaks this too.
    Profile(
        "rdf4j",
        "",
        "/statements",
        "/rdf-graphs/service",
        dataset="/statements",
        path="/repositories/",
        union_default_graph=True,
    ),
    Profile(
        "virtuoso",
        "/sparql",
        "/sparql-auth",
        "/sparql-graph-crud-auth",
        graph_parameter="graph-uri",
        header=("Server", "Virtuoso"),
        union_default_graph=True,
        # A POST of 106 MB once hung it.
        request_triples=100_000,
        # It pastes the graph's name into SQL.
        unfit="'",
        own_graphs=frozenset(
            (
                "http://www.openlinksw.com/schemas/virtrdf#",
                "http://www.w3.org/ns/ldp#",
                "http://www.w3.org/2002/07/owl#",
                "http://localuriqaserver/sparql",
                "http://localhost:8890/DAV/",
                "http://localhost:8890/sparql",
            )
        ),
    ),
)
NAMES = tuple(profile.name for profile in PROFILES)
# An address that is a query endpoint already: the store's own is beside it.
QUERY_ENDINGS = ("/query", "/sparql")


def named(name: str) -> Profile:
    """The profile that a user names.

    Raises:
        StoreError: there is none of this name.
    """
    for profile in PROFILES:
        if profile.name == name:
            return profile
    raise StoreError(f"{name[:40]!r} is no profile; there are {', '.join(NAMES)}")


def address(url: str) -> str:
    """The address that profiles add to: without a trailing slash or a query endpoint's ending."""
    trimmed = url.rstrip("/")
    for ending in QUERY_ENDINGS:
        if trimmed.endswith(ending) and urlsplit(trimmed).path != "":
            return trimmed.removesuffix(ending)
    return trimmed
