"""SPARQL servers: queries as SPARQLWrapper writes them, graphs by the SPARQL 1.1 Graph Store HTTP Protocol."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote, urlsplit

import pyoxigraph as ox
import requests

from kgload.errors import BadSparql, EndpointRefused, EndpointUnreachable, StoreError
from kgload.stores import shown
from kgload.stores.answers import form_of, read_answer
from kgload.stores.base import RECORDS, Answer, Outflow, Rows, Scope, canonical, check_size
from kgload.stores.profiles import PROFILES, Profile, address, named
from kgload.stores.transport import TRIES, Transport, excerpt

NTRIPLES = "application/n-triples"
NQUADS = "application/n-quads"
RESULTS = "application/sparql-results+json"
ASK = "query=ASK%7B%7D"
DONE = (200, 201, 204)
# A dataset is compacted while other requests wait; large ones take long.
COMPACTS = 12


class SparqlStore:
    """A SPARQL server at an address (``http://127.0.0.1:7878``, ``https://host/dataset``).

    Args:
        profile: the name of its profile; found out from what it answers where it is not given.
        ca_file: certificates that the server's is checked against.
        answer_seconds: the longest silence before it counts as stalled.
        tries: how often a request is sent to a busy server at most.

    Raises:
        EndpointUnreachable: nothing answers there.
        EndpointRefused: what answers there is no SPARQL server that is known.
        StoreError: there is no such profile.
    """

    def __init__(
        self,
        url: str,
        *,
        profile: str | None = None,
        ca_file: Path | None = None,
        answer_seconds: float | None = None,
        tries: int = TRIES,
    ) -> None:
        _check(url)
        self._shown = shown(url)
        self._address = address(url)
        given = named(profile) if profile else None
        self._http = Transport(url, self._shown, ca_file=ca_file, answer_seconds=answer_seconds, tries=tries)
        self._profile = given or self._detected()

    @property
    def name(self) -> str:
        """The server's address, without credentials."""
        return self._shown

    @property
    def profile(self) -> Profile:
        """What is known of servers of this kind."""
        return self._profile

    def _detected(self) -> Profile:
        answered: list[tuple[Profile, requests.Response]] = []
        for profile in PROFILES:
            url = f"{self._address}{profile.query}"
            response = self._http.send("GET", f"{url}?{ASK}", headers={"Accept": RESULTS})
            for known in PROFILES:
                if response.status_code == 200 and known.is_marked(url, response.headers):
                    return known
            answered.append((profile, response))
        # A proxy before the server may have taken the marks away: whoever answers as a profile does is taken for one.
        for profile, response in answered:
            if response.status_code == 200 and b"boolean" in response.content:
                graphs = self._http.send("HEAD", f"{self._address}{profile.graphs}?default")
                if graphs.status_code < 500 and graphs.status_code not in (400, 404, 405):
                    return profile
        for _, response in answered:
            if response.status_code in (401, 403):
                raise self._http.refused(response)
        statuses = ", ".join(sorted({str(response.status_code) for _, response in answered}))
        raise EndpointRefused(f"no SPARQL server that kgload knows answers at {self._shown} (HTTP {statuses})")

    def query(self, sparql: str, *, scope: Scope | None = None, most: int | None = None) -> Answer:
        """Answer a query.

        Raises:
            BadSparql: the server says that it does not parse.
            AnswerTooLarge: the answer has more than ``most`` rows or triples.
            EndpointUnreachable, EndpointRefused: the server does not answer, or with an error.
        """
        from SPARQLWrapper import JSON, POST, SPARQLWrapper

        # The library tells the form by patterns, and a word in a comment or a string can mislead it.
        form = form_of(sparql)
        wrapper = SPARQLWrapper(f"{self._address}{self._profile.query}")
        wrapper.setQuery(sparql)
        wrapper.setMethod(POST)
        for graph in scope.default if scope else ():
            wrapper.addDefaultGraph(graph)
        for graph in scope.named if scope else ():
            wrapper.addNamedGraph(graph)
        wrapper.setReturnFormat(JSON)
        # By Accept alone: the library's own parameters beside it (format, output) are no part of the protocol, and
        # Fuseki refuses the value that it would send for N-Triples.
        wrapper.setOnlyConneg(True)
        wrapper.queryType = form
        if form == "CONSTRUCT":
            wrapper.setReturnFormat("n3")
            wrapper.addCustomHttpHeader("Accept", NTRIPLES)
        # The library writes the request, and what is right for all requests sends it: the library's own way to send
        # follows redirects to anywhere, password and all.
        request = wrapper._createRequest()
        body = request.data if isinstance(request.data, bytes) else None
        response = self._http.send("POST", request.full_url, body=body, headers=dict(request.header_items()))
        if response.status_code == 400:
            raise BadSparql(f"{self.name} says that the query does not parse: {self._http.excerpt(response.text)}")
        self._expect(response, (200,))
        if form == "CONSTRUCT":
            self._http.expect_an_end(response)
        try:
            answer = read_answer(response.content, form)
        except (ValueError, KeyError, TypeError, AttributeError, SyntaxError, RecursionError, IndexError) as error:
            raise self._unreadable(error) from error
        if not isinstance(answer, bool):
            check_size(len(answer.rows if isinstance(answer, Rows) else answer.triples), most)
        return answer

    def graph(self, name: str) -> frozenset[ox.Triple]:
        """The triples of a named graph."""
        response = self._http.send("GET", self._graph_url(name), headers={"Accept": NTRIPLES})
        if response.status_code == 404:
            return frozenset()
        self._expect(response, (200,))
        self._http.expect_an_end(response)
        try:
            return frozenset(q.triple for q in ox.parse(response.content, format=ox.RdfFormat.N_TRIPLES))
        except (SyntaxError, ValueError) as error:
            raise self._unreadable(error) from error

    def holds(self, name: str, triples: Sequence[ox.Triple]) -> bool:
        """Whether a named graph holds these triples and no others, both in the form that Oxigraph would keep."""
        return canonical(list(self.graph(name))) == canonical(triples)

    def replace(self, name: str, triples: Sequence[ox.Triple]) -> None:
        """Make a named graph hold these triples and no others: one PUT, where the server takes that much at once."""
        if not triples:
            response = self._http.send("DELETE", self._graph_url(name))
            self._expect(response, (*DONE, 404))
            return
        self._write("PUT", name, triples)

    def add(self, name: str, triples: Sequence[ox.Triple]) -> None:
        """Add triples to a named graph: one POST, where the server takes that much at once."""
        self._write("POST", name, triples)

    def _write(self, method: str, name: str, triples: Sequence[ox.Triple]) -> None:
        size = self._profile.request_triples or max(1, len(triples))
        for begin in range(0, max(1, len(triples)), size):
            part = triples[begin : begin + size]
            content = ox.serialize(part, format=ox.RdfFormat.N_TRIPLES)
            # What is sent twice is there once, but for blank nodes, which are new each time.
            again = method == "PUT" or not any(_is_blank(t) for t in part)
            url = self._graph_url(name)
            self._expect(
                self._http.send(method, url, body=content, headers={"Content-Type": NTRIPLES}, again=again), DONE
            )
            method = "POST"

    @property
    def own_graphs(self) -> frozenset[str]:
        """kgload's records, and what a server of this kind keeps for itself."""
        return self._profile.own_graphs | {RECORDS}

    def graphs(self) -> Iterator[str]:
        """Names of the named graphs, sorted; kgload's own records and what the server keeps for itself are left out."""
        # Virtuoso finds no end of it with DISTINCT.
        found = self.query("SELECT ?g WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
        if not isinstance(found, Rows):
            raise EndpointRefused(f"{self.name} gave an answer that is no table")
        names = (row[0].value for row in found.rows if isinstance(row[0], ox.NamedNode))
        yield from sorted(name for name in names if name not in self.own_graphs)

    @property
    def takes_quads(self) -> bool:
        """Whether the server takes many graphs in one request, as one transaction."""
        return self._profile.dataset is not None

    @property
    def at_once(self) -> int:
        """As its profile says."""
        return self._profile.at_once

    @property
    def streams(self) -> bool:
        """As its profile says."""
        return self._profile.streams

    def insert(self, quads: bytes | IO[bytes] | Outflow, *, only_once: bool = False) -> None:
        """Add N-Quads: one POST."""
        url = f"{self._address}{self._profile.dataset}"
        # What is sent twice is there once, but for blank nodes, which are new each time.
        response = self._http.send("POST", url, body=quads, headers={"Content-Type": NQUADS}, again=not only_once)
        self._expect(response, DONE)

    def update(self, sparql: str) -> None:
        """Carry out a SPARQL update: one POST."""
        headers = {"Content-Type": "application/sparql-update; charset=utf-8"}
        url = f"{self._address}{self._profile.update}"
        self._expect(self._http.send("POST", url, body=sparql.encode(), headers=headers), DONE)

    def quads(self) -> Iterator[bytes]:
        """All that stands in the store, as N-Quads in pieces."""
        if self._profile.dataset is None:
            for name in [*self.graphs(), RECORDS]:
                found = (ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(name)) for t in self.graph(name))
                yield ox.serialize(found, format=ox.RdfFormat.N_QUADS) or b""
            return
        with self._http.stream(f"{self._address}{self._profile.dataset}", {"Accept": NQUADS}) as response:
            self._expect(response, (200,))
            yield from self._http.pieces(response)

    def compact(self) -> None:
        """Tell the server to give back the room of what was replaced, and wait until it has.

        Raises:
            StoreError: it cannot be told to.
        """
        if self._profile.compact is None:
            raise StoreError(f"{self.name}: {self._profile.name} is not compacted from outside")
        root, _, dataset = self._address.rpartition("/")
        response = self._http.send("POST", f"{root}{self._profile.compact}{quote(dataset)}?deleteOld=true", again=False)
        self._expect(response, (*DONE, 202))
        task = self._object(response.content or b"{}").get("taskId")
        end = time.monotonic() + COMPACTS * self._http.silence
        rest = 0.1
        while task is not None:
            state = self._http.send("GET", f"{root}/$/tasks/{quote(str(task))}")
            self._expect(state, (200,))
            told = self._object(state.content)
            if "finished" in told:
                if told.get("success") is False:
                    raise StoreError(f"{self.name} could not be compacted; its log says why")
                return
            if time.monotonic() > end:
                raise EndpointUnreachable(
                    f"{self.name} has not said that it is compacted, and may still be at it; KGLOAD_TIMEOUT says how "
                    f"long is waited: {COMPACTS} times as long as for an answer"
                )
            rest = min(2 * rest, 5.0)
            time.sleep(rest)

    def version(self) -> str:
        """What the server is, as it says itself; the profile's name where it says nothing."""
        if self._profile.server is not None:
            root = self._address.rpartition("/")[0]
            response = self._http.send("GET", f"{root}{self._profile.server}")
            with contextlib.suppress(ValueError, AttributeError):
                if response.status_code == 200 and (said := json.loads(response.content).get("version")):
                    return excerpt(f"{self._profile.name} {said}")
        response = self._http.send("GET", f"{self._address}{self._profile.query}?{ASK}")
        server = response.headers.get("Server", "")
        # A server in a container of another make tells that one's name.
        is_own = self._profile.header is not None and self._profile.header[1] in server
        return excerpt(server) if server and is_own else self._profile.name

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _graph_url(self, name: str) -> str:
        for char in self._profile.unfit:
            if char in name:
                raise EndpointRefused(
                    f"{self.name}: {self._profile.name} takes no {char} in the name of a graph: {name}"
                )
        return f"{self._address}{self._profile.graphs}?{self._profile.graph_parameter}={quote(name, safe='')}"

    def _expect(self, response: requests.Response, statuses: tuple[int, ...]) -> None:
        if response.status_code not in statuses:
            raise self._http.refused(response)

    def _object(self, content: bytes) -> dict[str, object]:
        try:
            told = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise EndpointRefused(f"{self.name} gave an answer that is no JSON") from error
        if not isinstance(told, dict):
            raise EndpointRefused(f"{self.name} gave an answer that is no JSON object")
        return told

    def _unreadable(self, error: Exception) -> StoreError:
        return StoreError(f"{self.name} gave an answer that is no SPARQL result: {self._http.excerpt(str(error))}")


def _is_blank(triple: ox.Triple) -> bool:
    return isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode)


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
