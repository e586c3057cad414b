"""The endpoint as programs of others ask it: SPARQLWrapper, rdflib, curl."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest
from web_server import Web

COUNT = "SELECT (COUNT(?e) AS ?n) WHERE { GRAPH ?g { ?e a <https://w3id.org/kgload/ontology#Event> } }"
GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH <https://w3id.org/kgload/document/wire%2Fmet> { ?s ?p ?o } }"


@pytest.fixture(scope="module")
def number(served: Web) -> int:
    return int(json.loads(served.sparql(COUNT).body)["results"]["bindings"][0]["n"]["value"])


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_sparqlwrapper_reads_every_form(served: Web, number: int, method: str, form: str) -> None:
    from SPARQLWrapper import SPARQLWrapper

    wrapper = SPARQLWrapper(f"{served.url}/sparql")
    wrapper.setQuery(COUNT)
    wrapper.setMethod(method)
    wrapper.setReturnFormat(form)
    found = wrapper.query().convert()
    if form == "json":
        assert int(found["results"]["bindings"][0]["n"]["value"]) == number
    elif form == "xml":
        assert f">{number}</literal>" in found.toxml()
    else:
        assert str(number).encode() in found


def test_sparqlwrapper_reads_graphs_and_is_told_of_errors(served: Web) -> None:
    from SPARQLWrapper import RDFXML, SPARQLWrapper
    from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

    wrapper = SPARQLWrapper(f"{served.url}/sparql")
    wrapper.setQuery(GRAPH)
    wrapper.setReturnFormat(RDFXML)
    assert len(wrapper.query().convert()) > 10
    wrapper.setQuery("SELECT nonsense")
    with pytest.raises(QueryBadFormed, match="does not parse"):
        wrapper.query()


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_asks_it_as_a_store(served: Web, number: int, method: str) -> None:
    import rdflib
    from rdflib.plugins.stores.sparqlstore import SPARQLStore

    store = SPARQLStore(f"{served.url}/sparql", method=method)
    graph = rdflib.Graph(store)
    [[found]] = graph.query(COUNT)
    assert int(found) == number
    met = rdflib.Graph(store, identifier=rdflib.URIRef("https://w3id.org/kgload/document/wire%2Fmet"))
    # The graph's name goes out as default-graph-uri.
    assert len(list(met.triples((None, rdflib.RDF.type, None)))) > 3
    assert len(graph.query(GRAPH).graph) > 10


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl on this machine")
def test_curl_asks_it_both_ways(served: Web, number: int) -> None:
    def curl(*arguments: str) -> str:
        done = subprocess.run(["curl", "-sS", "--fail", *arguments], capture_output=True, text=True, check=True)
        return done.stdout

    address = f"{served.url}/sparql"
    assert str(number) in curl("--data-urlencode", f"query={COUNT}", "-H", "Accept: text/csv", address)
    assert str(number) in curl("-G", "--data-urlencode", f"query={COUNT}", "-H", "Accept: text/csv", address)
    body = curl("-H", "Content-Type: application/sparql-query", "--data-binary", COUNT, address)
    assert int(json.loads(body)["results"]["bindings"][0]["n"]["value"]) == number
