"""A store keeps named graphs whole, whichever store it is."""

from __future__ import annotations

import http.server
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from servers import free_port

from kgload.errors import (
    BadSparql,
    EndpointRefused,
    EndpointUnreachable,
    StoreDamaged,
    StoreError,
    StoreLocked,
    StoreNotFound,
)
from kgload.stores import open_store, shown
from kgload.stores.base import Rows, Store, Triples
from kgload.stores.embedded import EmbeddedStore

HOSTILE = 'quote " newline \n brace } hash # backslash \\ right-to-left \u202e beyond \U0001f6d1 <tag>'
GRAPH = "http://example.org/g"


def triple(value: str, number: int = 1) -> ox.Triple:
    return ox.Triple(
        ox.NamedNode(f"http://example.org/s{number}"),
        ox.NamedNode("http://example.org/p"),
        ox.Literal(value, language="en"),
    )


@pytest.fixture(params=["memory", "folder", "server"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "memory":
        opened: Store = EmbeddedStore()
    elif request.param == "folder":
        opened = open_store(tmp_path / "store", create=True)
    else:
        opened = open_store(endpoint=request.getfixturevalue("oxigraph_server"))
        for name in list(opened.graphs()):
            opened.replace(name, [])
    with opened:
        yield opened


def test_a_graph_comes_back_as_it_was_put_in(store: Store) -> None:
    store.replace(GRAPH, [triple(HOSTILE), triple("second", 2)])
    assert store.graph(GRAPH) == {triple(HOSTILE), triple("second", 2)}
    assert GRAPH in set(store.graphs())


def test_replacing_a_graph_leaves_nothing_of_the_old_one_and_the_others_alone(store: Store) -> None:
    store.replace(GRAPH, [triple("old"), triple("older", 2)])
    store.replace(GRAPH + "/other", [triple("other")])
    store.replace(GRAPH, [triple("new")])
    assert store.graph(GRAPH) == {triple("new")}
    assert store.graph(GRAPH + "/other") == {triple("other")}


def test_adding_keeps_what_is_there(store: Store) -> None:
    store.replace(GRAPH, [triple("one")])
    store.add(GRAPH, [triple("two", 2)])
    assert store.graph(GRAPH) == {triple("one"), triple("two", 2)}


def test_a_store_knows_its_own_way_to_write_a_number(store: Store) -> None:
    index = ox.Literal("7", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#nonNegativeInteger"))
    numbered = ox.Triple(ox.NamedNode("http://example.org/s"), ox.NamedNode("http://example.org/p"), index)
    store.replace(GRAPH, [numbered])
    assert store.holds(GRAPH, [numbered])
    assert not store.holds(GRAPH, [numbered, triple("more")])


def test_a_graph_that_is_not_there_is_empty(store: Store) -> None:
    assert store.graph("http://example.org/nowhere") == frozenset()


def test_each_form_of_query_has_its_answer(store: Store) -> None:
    store.replace(GRAPH, [triple(HOSTILE)])
    rows = store.query(f"SELECT ?o ?nothing WHERE {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }}")
    assert rows == Rows(("o", "nothing"), ((ox.Literal(HOSTILE, language="en"), None),))
    assert store.query(f"ASK {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }}") is True
    assert store.query("ASK { GRAPH <http://example.org/nowhere> { ?s ?p ?o } }") is False
    made = store.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }}")
    assert made == Triples((triple(HOSTILE),))


@pytest.mark.parametrize(
    "text", ["SELECT WHERE {", "", "INSERT DATA { <a:s> <a:p> <a:o> }", "SELECT * { ?s ?p '\ud800' }"]
)
def test_a_query_that_does_not_parse_is_refused(store: Store, text: str) -> None:
    with warnings.catch_warnings(), pytest.raises(BadSparql):
        warnings.simplefilter("error")
        store.query(text)


@pytest.mark.parametrize("form", ["SELECT *", "CONSTRUCT { ?s ?p ?o }", "ASK"])
def test_a_query_that_fails_while_it_is_answered_is_told(store: Store, form: str) -> None:
    with pytest.raises(StoreError):
        store.query(f"{form} {{ SERVICE <http://127.0.0.1:9/> {{ ?s ?p ?o }} }}")


def test_what_was_written_is_there_when_the_folder_is_opened_again(tmp_path: Path) -> None:
    with open_store(tmp_path / "s", create=True) as first:
        first.replace(GRAPH, [triple("kept")])
    with open_store(tmp_path / "s", read_only=True) as again:
        assert again.graph(GRAPH) == {triple("kept")}


def test_a_folder_that_is_written_is_locked_for_others(tmp_path: Path) -> None:
    with open_store(tmp_path / "s", create=True), pytest.raises(StoreLocked):
        open_store(tmp_path / "s", create=True)


def test_two_can_read_at_a_time(tmp_path: Path) -> None:
    with open_store(tmp_path / "s", create=True) as first:
        first.replace(GRAPH, [triple("kept")])
    with open_store(tmp_path / "s", read_only=True) as one, open_store(tmp_path / "s", read_only=True) as other:
        assert one.graph(GRAPH) == other.graph(GRAPH) == {triple("kept")}


def test_a_missing_store_is_said_to_be_missing_and_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreNotFound, match="kgload load"):
        open_store(tmp_path / "none", read_only=True)
    assert not (tmp_path / "none").exists()


def test_a_file_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError):
        open_store(tmp_path / "file", create=True)


def test_a_store_of_garbage_is_said_to_be_damaged(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    with open_store(folder, create=True) as store:
        store.replace(GRAPH, [triple("kept")])
    for path in folder.glob("MANIFEST*"):
        path.write_bytes(b"garbage")
    with pytest.raises(StoreDamaged):
        open_store(folder, create=True)


def test_a_port_where_nothing_listens_is_said_to_be_unreachable() -> None:
    with pytest.raises(EndpointUnreachable, match="does not answer"):
        open_store(endpoint=f"http://127.0.0.1:{free_port()}")


@pytest.mark.parametrize(
    "url",
    ["ftp://e.org", "e.org", "http://", "file:///etc/passwd", "http://[e", "http://e:0", "http://e:x", "http://e:99999",
     "http://ana@e.org", "http://e.org/x?y=z", ""],
)  # fmt: skip
def test_an_address_that_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(EndpointUnreachable):
        open_store(endpoint=url)


@pytest.mark.parametrize("port", ["{}", "99999", "x", "[", ""])
def test_credentials_in_an_address_are_never_shown(port: str) -> None:
    url = f"http://ana:secret@127.0.0.1:{port.format(free_port())}/x?token=secret"
    assert "secret" not in shown(url)
    with pytest.raises(EndpointUnreachable) as refused:
        open_store(endpoint=url)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    ["alice:hunter2@host", "http://alice:hun/ter2@host/", "http://alice:hun#ter2@host/", "http://alice:hun?ter2@host/",
     "http:/alice:hunter2@host", "alice:hunter2://x@host", "http://alice:ter2@hun@host/", "http://[alice:ter2@host"],
)  # fmt: skip
def test_what_stands_before_an_at_sign_is_never_shown(url: str) -> None:
    assert not [word for word in ("alice", "hun", "ter2") if word in shown(url)]
    with pytest.raises(EndpointUnreachable) as refused:
        open_store(endpoint=url)
    assert not [word for word in ("alice", "hun", "ter2") if word in str(refused.value)]


class _WebSite(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b"<html>\x1b[31mhello\x1b[0m</html>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815

    def do_HEAD(self) -> None:
        self.send_response(404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_a_web_site_is_no_sparql_server() -> None:
    server = http.server.HTTPServer(("127.0.0.1", 0), _WebSite)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with pytest.raises(EndpointRefused):
            open_store(endpoint=f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_folder_of_other_files_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    for name in ("000123.sst", "000007.dbtmp", "LOG", "MANIFEST-000001"):
        (tmp_path / name).write_text("mine")
    with pytest.raises(StoreError, match="other files"):
        open_store(tmp_path, create=True)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == dict.fromkeys(
        ("000123.sst", "000007.dbtmp", "LOG", "MANIFEST-000001"), "mine"
    )


def test_a_store_without_a_name_is_refused() -> None:
    with pytest.raises(StoreError, match="no name"):
        open_store(Path(), create=True)
