"""What may be asked at most; and that whoever asks for more is told so, and nobody else is troubled."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from running import run, told
from web_server import Web, web

ALL = "SELECT ?s WHERE { GRAPH ?g { ?s ?p ?o } }"
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?a ?b ?c } GRAPH ?h { ?d ?e ?f } GRAPH ?i { ?j ?k ?l } " \
    "GRAPH ?m { ?n1 ?o ?p } FILTER(?a != ?d || ?e != ?k) }"  # fmt: skip
QUERY = {"Content-Type": "application/sparql-query"}


@pytest.fixture(scope="module")
def strict(stored: Path) -> object:
    with web("--store", stored, "--time-limit", 1, "--max-rows", 5, "--workers", 2) as started:
        yield started


def is_well(served: Web) -> bool:
    reply = served.sparql("ASK { GRAPH ?g { ?s ?p ?o } }")
    return reply.status == 200 and bool(json.loads(reply.body)["boolean"])


def test_a_query_that_takes_too_long_is_stopped(strict: Web) -> None:
    reply = strict.sparql(ENDLESS)
    assert (reply.status, reply.text) == (503, "the query took longer than 1 seconds and was stopped [KGL-405]\n")
    assert is_well(strict)


def test_queries_that_take_too_long_leave_a_worker_for_the_pages(strict: Web) -> None:
    with ThreadPoolExecutor(6) as threads:
        slow = [threads.submit(strict.sparql, ENDLESS) for _ in range(4)]
        assert strict.page("/events").status == 200
        assert {reply.result().status for reply in slow} == {503}
    assert is_well(strict)


def test_an_answer_of_too_many_rows_is_no_part_of_one(strict: Web) -> None:
    reply = strict.sparql(ALL)
    assert reply.status == 400
    assert "more than 5 rows" in reply.text
    assert "KGL-406" in reply.text
    assert strict.sparql(f"{ALL} LIMIT 5").status == 200
    assert strict.sparql("CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }", "text/turtle").status == 400


@pytest.mark.parametrize(
    "sparql",
    [
        "ASK { " + " UNION ".join(["{ ?s ?p ?o }"] * 20_000) + " }",
        "ASK { FILTER(" + "+".join(["1"] * 60_000) + " > 0) }",
        "ASK { ?s " + "/".join(["<urn:p>"] * 40_000) + " ?o }",
    ],
    ids=["unions", "sums", "paths"],
)
def test_a_query_on_which_the_parser_crashes_costs_one_answer(served: Web, sparql: str) -> None:
    reply = served.ask("/sparql", "POST", sparql.encode(), QUERY)
    assert reply.status in (200, 400, 500)
    if reply.status == 500:
        assert "KGL-407" in reply.text
    assert is_well(served)


def test_brackets_in_brackets_are_told_of(served: Web) -> None:
    sparql = "SELECT * " + "{" * 100_000 + "}" * 100_000
    reply = served.ask("/sparql", "POST", sparql.encode(), QUERY)
    assert (reply.status, "KGL-403" in reply.text) == (400, True)


def test_a_body_without_an_end_is_not_waited_for(served: Web) -> None:
    import socket

    with socket.create_connection((served.host, served.port), 30) as connection:
        head = f"POST /sparql HTTP/1.1\r\nHost: {served.host}\r\nContent-Type: application/sparql-query\r\n"
        connection.sendall(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode())
        piece = b"x" * 65536
        answer = b""
        try:
            for _ in range(64):
                connection.sendall(b"10000\r\n" + piece + b"\r\n")
            answer = connection.recv(100)
        except OSError:  # it has hung up on us
            pass
    assert answer.startswith(b"HTTP/1.1 413") or not answer
    assert is_well(served)


def test_a_port_that_is_taken_is_told_in_one_line(served: Web, stored: Path) -> None:
    done = run("serve", "--store", stored, "--port", served.port)
    assert (told(done), done.returncode) == ("KGL-950", 2)
    assert told(run("serve", "--store", stored, "--host", "203.0.113.7", "--port", 0)) == "KGL-950"


def test_a_store_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    assert told(run("serve", "--store", tmp_path / "none.db", "--port", 0)) == "KGL-501"
    assert told(run("serve", "--endpoint", "http://127.0.0.1:1/none", "--port", 0)) == "KGL-503"
    assert list(tmp_path.iterdir()) == []
