"""A server that answers badly ends in one error of the tree, whatever it does."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pyoxigraph as ox
import pytest

from kgload.errors import EndpointRefused, EndpointUnreachable, StoreError
from kgload.loading.status import status
from kgload.stores.embedded import EmbeddedStore
from kgload.stores.sparql import SparqlStore

SELECT = "SELECT ?s WHERE { ?s ?p ?o }"
TABLE = "application/sparql-results+json"


@contextmanager
def server(status: int, body: bytes, kind: str, *, promised: int | None = None) -> Iterator[SparqlStore]:
    """A store that is recognised as one, and then answers each POST and each GET of a graph as told."""

    class Faulty(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if "ASK" in self.path:
                self._say(200, b'{"head": {}, "boolean": true}', TABLE, None)
            else:
                self._say(status, body, kind, promised)

        def do_HEAD(self) -> None:
            self._say(200, b"", kind, None)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self._say(status, body, kind, promised)

        def _say(self, status: int, body: bytes, kind: str, promised: int | None) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(promised or len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), Faulty) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        try:
            with SparqlStore(f"http://127.0.0.1:{listening.server_port}", tries=2) as opened:
                yield opened
        finally:
            listening.shutdown()
            thread.join()


@pytest.mark.parametrize("status", [401, 403, 404, 413, 429, 500, 502, 503, 504])
def test_an_http_error_is_told_as_the_servers_refusal_on_one_line(status: int) -> None:
    said = b"no\n\x1b[31mnot now\x1b[0m" + b"x" * 100_000
    with server(status, said, "text/plain") as store, pytest.raises(EndpointRefused) as refused:
        store.query(SELECT)
    assert "\x1b" not in str(refused.value)
    assert len(str(refused.value)) < 400


def test_the_status_of_a_busy_server_is_named() -> None:
    with server(503, b"busy", "text/plain") as store, pytest.raises(EndpointRefused, match="503: busy"):
        store.query(SELECT)


def test_half_an_answer_is_none() -> None:
    half = b'{"head": {"vars": ["s"]}, "results": {"bindings": ['
    with server(200, half, TABLE, promised=9999) as store, pytest.raises(EndpointUnreachable):
        store.query(SELECT)


def test_half_a_graph_is_none() -> None:
    with server(200, b"<http://e.org/s>", "application/n-triples", promised=9999) as store:  # noqa: SIM117
        with pytest.raises(EndpointUnreachable):
            store.graph("http://e.org/g")


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"<html>", b"[]", b'{"head": [], "results": 1}', b'{"head": {"vars": ["s"]}, "results": null}',
     b'{"head": {"vars": ["s"]}, "results": {"bindings": [{"s": "x"}]}}',
     b'{"head": {"vars": ["s"]}, "results": {"bindings": [{"s": {"type": "uri", "value": "no iri"}}]}}'],
)  # fmt: skip
def test_an_answer_that_is_no_result_is_refused(body: bytes) -> None:
    with server(200, body, TABLE) as store, pytest.raises(StoreError, match="no SPARQL result"):
        store.query(SELECT)


def test_a_graph_that_does_not_parse_is_refused() -> None:
    with server(200, b"<html>", "text/html") as store, pytest.raises(StoreError, match="no SPARQL result"):
        store.graph("http://e.org/g")


def test_a_number_is_the_same_from_a_server_that_keeps_it_as_given() -> None:
    integer = "http://www.w3.org/2001/XMLSchema#nonNegativeInteger"
    body = '{"head": {"vars": ["n"]}, "results": {"bindings": [{"n": {"type": "literal", "value": "07", '
    body += f'"datatype": "{integer}"}}}}]}}}}'
    with server(200, body.encode(), TABLE) as store, EmbeddedStore() as memory:
        told = store.query("SELECT ?n WHERE { ?s ?p ?n }")
        number = ox.Literal("07", datatype=ox.NamedNode(integer))
        memory.add("urn:g", [ox.Triple(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), number)])
        assert told == memory.query("SELECT ?n WHERE { GRAPH ?g { ?s ?p ?n } }")


@pytest.mark.parametrize(
    "body", [b'{"head": {}, "boolean": true}', b'{"head": {"vars": ["n"]}, "results": {"bindings": []}}']
)
def test_a_status_that_is_no_count_is_refused(body: bytes) -> None:
    with server(200, body, TABLE) as store, pytest.raises(EndpointRefused):
        status(store)
