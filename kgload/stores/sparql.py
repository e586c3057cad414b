"""SPARQL servers: queries by SPARQLWrapper, graphs by the SPARQL 1.1 Graph Store HTTP Protocol."""

from __future__ import annotations

import contextlib
import functools
import json
import time
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urlsplit

import pyoxigraph as ox
import urllib3

from kgload.errors import BadSparql, EndpointRefused, EndpointUnreachable, StoreError
from kgload.stores import shown
from kgload.stores.base import RECORDS, Answer, Rows, Term, Triples, canonical
from kgload.stores.profiles import PROFILES, Profile, address

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 300.0
EXCERPT = 160
NTRIPLES = "application/n-triples"
NQUADS = "application/n-quads"


class SparqlStore:
    """A SPARQL server at an address (``http://127.0.0.1:7878``, ``https://host/dataset``).

    Raises:
        EndpointUnreachable: nothing answers there.
        EndpointRefused: what answers there is no SPARQL server that is known.
    """

    def __init__(self, url: str) -> None:
        _check(url)
        self._shown = shown(url)
        self._address = address(url)
        self._pool = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=ANSWER_SECONDS), retries=False
        )
        self._profile = self._detect()

    @property
    def name(self) -> str:
        """The server's address, without credentials."""
        return self._shown

    def _detect(self) -> Profile:
        status = 404
        for profile in PROFILES:
            response = self._send("GET", f"{self._address}{profile.query}?query=ASK%7B%7D")
            if response.status == 200:
                graphs = self._send("HEAD", f"{self._address}{profile.graphs}?default")
                if graphs.status < 500 and graphs.status not in (400, 404, 405):
                    return profile
            else:
                status = response.status
        raise EndpointRefused(f"no SPARQL server that kgload knows answers at {self._shown} (HTTP {status})")

    def query(self, sparql: str) -> Answer:
        """Answer a query.

        Raises:
            BadSparql: the server says that it does not parse.
            EndpointUnreachable, EndpointRefused: the server does not answer, or with an error.
        """
        from http.client import HTTPException
        from urllib.error import HTTPError

        from SPARQLWrapper import JSON, POST, SPARQLExceptions, SPARQLWrapper

        # The library tells the form by patterns, and a word in a comment or a string can mislead it.
        form = _form(sparql)
        wrapper = SPARQLWrapper(f"{self._address}{self._profile.query}")
        wrapper.setQuery(sparql)
        wrapper.setMethod(POST)
        wrapper.setReturnFormat(JSON)
        # By Accept alone: the library's own parameters beside it (format, output) are no part of the protocol, and
        # Fuseki refuses the value that it would send for N-Triples.
        wrapper.setOnlyConneg(True)
        wrapper.setTimeout(int(ANSWER_SECONDS))
        wrapper.queryType = form
        if form == "CONSTRUCT":
            wrapper.setReturnFormat("n3")
            wrapper.addCustomHttpHeader("Accept", NTRIPLES)
        try:
            response = wrapper.query().response
            content = response.read()
        except SPARQLExceptions.QueryBadFormed as error:
            raise BadSparql(f"{self.name} says that the query does not parse: {_excerpt(str(error))}") from error
        except SPARQLExceptions.SPARQLWrapperException as error:
            raise EndpointRefused(f"{self.name}: {_excerpt(str(error))}") from error
        except HTTPError as error:  # an OSError too, but of a server that did answer
            with error:
                said = error.read(EXCERPT * 4).decode("utf-8", "replace")
            raise self._refused(error.code, said) from error
        except (OSError, HTTPException) as error:
            raise EndpointUnreachable(f"{self.name} does not answer: {_reason(error)}") from error
        try:
            return _answer(content, form)
        except (ValueError, KeyError, TypeError, AttributeError, SyntaxError, RecursionError) as error:
            raise self._unreadable(error) from error

    def graph(self, name: str) -> frozenset[ox.Triple]:
        """The triples of a named graph."""
        response = self._send("GET", self._graph_url(name), headers={"Accept": NTRIPLES})
        if response.status == 404:
            return frozenset()
        self._expect(response, (200,))
        try:
            return frozenset(q.triple for q in ox.parse(response.data, format=ox.RdfFormat.N_TRIPLES))
        except (SyntaxError, ValueError) as error:
            raise self._unreadable(error) from error

    def holds(self, name: str, triples: Sequence[ox.Triple]) -> bool:
        """Whether a named graph holds these triples and no others, both in the form that Oxigraph would keep."""
        return canonical(list(self.graph(name))) == canonical(triples)

    def replace(self, name: str, triples: Sequence[ox.Triple]) -> None:
        """Make a named graph hold these triples and no others: one PUT."""
        self._write("PUT", name, triples)

    def add(self, name: str, triples: Sequence[ox.Triple]) -> None:
        """Add triples to a named graph: one POST."""
        self._write("POST", name, triples)

    def _write(self, method: str, name: str, triples: Sequence[ox.Triple]) -> None:
        content = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
        response = self._send(method, self._graph_url(name), body=content, headers={"Content-Type": NTRIPLES})
        self._expect(response, (200, 201, 204))

    def graphs(self) -> Iterator[str]:
        """Names of the named graphs, sorted; kgload's own records are left out."""
        found = self.query("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }")
        assert isinstance(found, Rows)  # noqa: S101 - a SELECT query has rows
        names = (row[0].value for row in found.rows if isinstance(row[0], ox.NamedNode))
        yield from sorted(name for name in names if name != RECORDS)

    @property
    def takes_quads(self) -> bool:
        """Whether the server takes many graphs in one request, as one transaction."""
        return self._profile.dataset is not None

    def insert(self, quads: bytes) -> None:
        """Add N-Quads: one POST."""
        headers = {"Content-Type": NQUADS}
        response = self._send("POST", f"{self._address}{self._profile.dataset}", body=quads, headers=headers)
        self._expect(response, (200, 201, 204))

    def update(self, sparql: str) -> None:
        """Carry out a SPARQL update: one POST."""
        headers = {"Content-Type": "application/sparql-update; charset=utf-8"}
        url = f"{self._address}{self._profile.update}"
        self._expect(self._send("POST", url, body=sparql.encode(), headers=headers), (200, 201, 204))

    def quads(self) -> Iterator[bytes]:
        """All that stands in the store, as N-Quads in pieces."""
        if self._profile.dataset is None:
            for name in [*self.graphs(), RECORDS]:
                found = (ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(name)) for t in self.graph(name))
                yield ox.serialize(found, format=ox.RdfFormat.N_QUADS) or b""
            return
        url = f"{self._address}{self._profile.dataset}"
        response = self._send("GET", url, headers={"Accept": NQUADS}, preload_content=False)
        try:
            self._expect(response, (200,))
            yield from response.stream(1 << 18)
        except urllib3.exceptions.HTTPError as error:
            raise EndpointUnreachable(f"{self.name} broke off its answer: {_reason(error)}") from error
        finally:
            response.release_conn()

    def compact(self) -> None:
        """Tell the server to give back the room of what was replaced, and wait until it has.

        Raises:
            StoreError: it cannot be told to.
        """
        if self._profile.compact is None:
            raise StoreError(f"{self.name}: {self._profile.name} is not compacted from outside")
        root, _, dataset = self._address.rpartition("/")
        response = self._send("POST", f"{root}{self._profile.compact}{quote(dataset)}?deleteOld=true")
        self._expect(response, (200, 201, 202, 204))
        task = json.loads(response.data or b"{}").get("taskId")
        while task is not None:
            state = self._send("GET", f"{root}/$/tasks/{quote(str(task))}")
            self._expect(state, (200,))
            told = json.loads(state.data)
            if "finished" in told:
                if told.get("success") is False:
                    raise StoreError(f"{self.name} could not be compacted; its log says why")
                return
            time.sleep(0.2)

    def version(self) -> str:
        """What the server is, as it says itself; the profile's name where it says nothing."""
        if self._profile.server is not None:
            root = self._address.rpartition("/")[0]
            response = self._send("GET", f"{root}{self._profile.server}")
            with contextlib.suppress(ValueError, AttributeError):
                if response.status == 200 and (said := json.loads(response.data).get("version")):
                    return _excerpt(f"{self._profile.name} {said}")
        response = self._send("GET", f"{self._address}{self._profile.query}?query=ASK%7B%7D")
        return _excerpt(response.headers.get("Server") or self._profile.name)

    def close(self) -> None:
        """Close the connections."""
        self._pool.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _graph_url(self, name: str) -> str:
        return f"{self._address}{self._profile.graphs}?graph={quote(name, safe='')}"

    def _send(self, method: str, url: str, **options: Any) -> urllib3.BaseHTTPResponse:
        try:
            return self._pool.request(method, url, redirect=False, **options)
        except urllib3.exceptions.HTTPError as error:
            raise EndpointUnreachable(f"{self.name} does not answer: {_reason(error)}") from error

    def _expect(self, response: urllib3.BaseHTTPResponse, statuses: tuple[int, ...]) -> None:
        if response.status not in statuses:
            raise self._refused(response.status, response.data.decode("utf-8", "replace"))

    def _refused(self, status: int, said: str) -> EndpointRefused:
        return EndpointRefused(f"{self.name} answered HTTP {status}: {_excerpt(said)}")

    def _unreadable(self, error: Exception) -> StoreError:
        return StoreError(f"{self.name} gave an answer that is no SPARQL result: {_excerpt(str(error))}")


def _check(url: str) -> None:
    """Refuse what is no address of a server, before a library puts it into a message with its password.

    Raises:
        EndpointUnreachable: it is none, or holds what would not be sent.
    """
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        raise EndpointUnreachable(f"{shown(url)} is no http or https address")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise EndpointUnreachable(f"{shown(url)}: an address takes no user, password or query; give it without")


def _form(sparql: str) -> str:
    """SELECT, ASK or CONSTRUCT (DESCRIBE is answered like it), by the library's own grammar.

    Raises:
        BadSparql: it does not parse.
    """
    try:
        found = ox.Store().query(sparql)
    except SyntaxError as error:
        raise BadSparql(f"the query does not parse: {error}") from error
    except UnicodeEncodeError as error:
        raise BadSparql("the query holds a lone surrogate, which is no character") from error
    except (OSError, RuntimeError, ValueError):
        return "SELECT"
    kinds = {ox.QueryBoolean: "ASK", ox.QueryTriples: "CONSTRUCT"}
    return kinds.get(type(found), "SELECT")


def _answer(content: bytes, form: str) -> Answer:
    if form == "CONSTRUCT":
        found = canonical([q.triple for q in ox.parse(content, format=ox.RdfFormat.N_TRIPLES)])
        return Triples(tuple(sorted(found, key=str)))
    table = json.loads(content)
    if "boolean" in table:
        return bool(table["boolean"])
    names = tuple(table["head"]["vars"])
    rows = (tuple(_term(row.get(name)) for name in names) for row in table["results"]["bindings"])
    return Rows(names, tuple(rows))


def _term(value: dict[str, str] | None) -> Term | None:
    if value is None:
        return None
    if value["type"] == "uri":
        return ox.NamedNode(value["value"])
    if value["type"] == "bnode":
        return ox.BlankNode(value["value"])
    if language := value.get("xml:lang"):
        return ox.Literal(value["value"], language=language)
    datatype = value.get("datatype")
    return _typed(value["value"], datatype) if datatype else ox.Literal(value["value"])


@functools.lru_cache(maxsize=4096)
def _typed(value: str, datatype: str) -> Term:
    """A typed literal as Oxigraph would keep it, so that an answer is the same from a store that keeps it as given."""
    literal = ox.Literal(value, datatype=ox.NamedNode(datatype))
    nobody = ox.NamedNode("urn:x")
    (kept,) = canonical([ox.Triple(nobody, nobody, literal)])
    return kept.object if isinstance(kept.object, ox.Literal) else literal


def _excerpt(text: str) -> str:
    """The beginning of what a server said, on one line, without control characters."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(plain.split())[:EXCERPT]


def _reason(error: BaseException) -> str:
    reason = getattr(error, "reason", None)
    if isinstance(reason, BaseException):
        return _reason(reason)
    # urllib3 puts the connection's address in memory before the reason.
    return _excerpt(str(error).rpartition(">: ")[2])
