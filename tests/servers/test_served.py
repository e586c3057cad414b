"""`kgload serve` over a real server: pages, data and SPARQL as over the embedded store."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from real_servers import running, signed
from servers import Server
from web_server import Web, web
from wire import wire

from kgload import library

COUNT = "SELECT ?s ?n WHERE { GRAPH ?g { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?n } } ORDER BY ?s ?n"


@pytest.fixture(scope="module")
def fuseki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running("fuseki", tmp_path_factory.mktemp("served")) as started:
        yield started


@pytest.fixture(scope="module")
def both(fuseki: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Web, Web]]:
    folder: Path = tmp_path_factory.mktemp("both")
    library.write(wire(), folder / "wire.nq")
    library.load([folder / "wire.nq"], store=folder / "news.db")
    with signed(fuseki):
        library.load([folder / "wire.nq"], endpoint=fuseki.url)
        with web("--store", folder / "news.db") as here, web("--endpoint", fuseki.url) as there:
            yield here, there


def body(text: str) -> str:
    """A page without the store's name."""
    return re.sub(r"<bdi>(?:news\.db|http://127[^<]*)</bdi>|· [^<]*</title>", "", text)


@pytest.mark.parametrize(
    "path",
    [
        "/", "/events", "/events?type=Meeting&status=Planned", "/events?text=ketterby", "/events?entity=Q900001",
        "/timeline", "/network", "/map", "/queries/who-met-whom", "/queries/meetings-of?name=Norland",
        "/page/entity/Q900001", "/page/document/wire%2Fmet", "/page/entity/none",
    ],
)  # fmt: skip
def test_pages_are_the_same_over_both(both: tuple[Web, Web], path: str) -> None:
    here, there = (served.page(path) for served in both)
    assert there.status == here.status
    assert body(there.text) == body(here.text)


@pytest.mark.parametrize("accept", ["application/sparql-results+json", "text/csv", "text/tab-separated-values"])
def test_sparql_is_answered_alike(both: tuple[Web, Web], accept: str) -> None:
    here, there = (served.sparql(COUNT, accept) for served in both)
    assert (there.status, there.body) == (here.status, here.body)
    assert len(here.body.splitlines()) > 5 or "json" in accept


def test_nothing_is_asked_of_the_server_that_is_refused(both: tuple[Web, Web]) -> None:
    _, there = both
    service, file = "SELECT * { SERVICE <http://127.0.0.1:9/> { } }", "SELECT * FROM <file:///etc/passwd> {}"
    for sparql in (service, "DROP ALL", file):
        assert there.sparql(sparql).status == 403
    assert there.sparql("SELECT * { ?s ?p ?o } LET ?x").status == 400
    graph = "https://w3id.org/kgload/document/wire%2Fmet"
    count = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    found = there.sparql(count, **{"default-graph-uri": graph})
    assert int(json.loads(found.body)["results"]["bindings"][0]["n"]["value"]) > 10


def test_a_server_that_goes_away_is_told_of_and_its_password_is_not(both: tuple[Web, Web], fuseki: Server) -> None:
    _, there = both
    fuseki.stop()
    reply = there.sparql("ASK { GRAPH ?g { ?s ?p ?o } }")
    assert reply.status in (502, 503)
    assert fuseki.password not in reply.text
    assert fuseki.password not in "".join(there.said)
