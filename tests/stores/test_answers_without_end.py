"""Answers that trickle, have no end, are too large or are packed end in one line, and what broke off is not kept."""

from __future__ import annotations

import gzip
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from running import run, told
from scripted import scripted

from kgload.errors import AnswerTooLarge, EndpointRefused, EndpointUnreachable
from kgload.loading.growing import Growing
from kgload.stores.sparql import SparqlStore

Send = Callable[[bytes], None]
SELECT = "SELECT ?s { GRAPH ?g { ?s ?p ?o } }"
EMPTY = b'{"head": {"vars": ["s"]}, "results": {"bindings": []}}'
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\nConnection: close\r\n"
QUAD = b"<http://e/s> <http://e/p> <http://e/o> <http://e/g> .\n"


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KGLOAD_USER", "KGLOAD_PASSWORD", "KGLOAD_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NETRC", "/dev/null")


def store(url: str, **options: float) -> SparqlStore:
    return SparqlStore(url, profile="fuseki", **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("beginning", [b"HTTP/1.1 200", HEAD, HEAD + b"Content-Length: 1000000\r\n\r\n"])
def test_an_answer_that_trickles_has_an_end(beginning: bytes) -> None:
    stopped = threading.Event()

    def trickle(request: bytes, send: Send) -> None:
        send(beginning)
        while not stopped.wait(0.1):
            send(b"x")

    with scripted(trickle) as url, store(url, answer_seconds=1) as opened:
        begun = time.monotonic()
        with pytest.raises(EndpointUnreachable):
            opened.query(SELECT)
        assert time.monotonic() - begun < 30, "each byte on its own is in time"
        stopped.set()


def test_a_slow_reader_is_no_slow_server() -> None:
    def answer(request: bytes, send: Send) -> None:
        send(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % (len(QUAD) * 50_000))
        for _ in range(50):
            send(QUAD * 1_000)

    with scripted(answer) as url, store(url, answer_seconds=1) as opened:
        size = 0
        for piece in opened.quads():
            size += len(piece)
            time.sleep(0.2)
        assert size == len(QUAD) * 50_000


@pytest.mark.parametrize("has_length", [True, False])
def test_an_answer_that_is_too_large_is_not_read_to_its_end(has_length: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KGLOAD_ANSWER_MB", "1.5")
    sent = 0

    def flood(request: bytes, send: Send) -> None:
        nonlocal sent
        send(HEAD + (b"Content-Length: 99000000\r\n" if has_length else b"") + b"\r\n")
        while sent < 99_000_000:
            send(b" " * 100_000)
            sent += 100_000

    with scripted(flood) as url, store(url) as opened, pytest.raises(AnswerTooLarge, match="more than 2 MB"):
        opened.query(SELECT)
    assert sent < 30_000_000


@pytest.mark.parametrize("status", [b"200 OK", b"500 Gone", b"401 Who"])
def test_a_packed_answer_that_was_not_asked_for_is_refused(status: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KGLOAD_USER", "ana")
    monkeypatch.setenv("KGLOAD_PASSWORD", "secret")
    bomb = gzip.compress(bytes(50_000_000))

    def answer(request: bytes, send: Send) -> None:
        assert b"accept-encoding: identity" in request.lower()
        send(b"HTTP/1.1 %s\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % (status, len(bomb)) + bomb)

    with scripted(answer) as url, store(url) as opened:
        for ask in (lambda: opened.query(SELECT), lambda: b"".join(opened.quads())):
            with pytest.raises(EndpointRefused, match="packed form that was not asked for"):
                ask()


def test_lines_without_an_end_that_is_told_are_not_taken(tmp_path: Path) -> None:
    def answer(request: bytes, send: Send) -> None:
        send(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + QUAD)

    with scripted(answer) as url:
        done = run("dump", "-o", tmp_path / "dump.nq", "--endpoint", url, "--profile", "fuseki")
        assert (done.returncode, told(done)) == (3, "KGL-503")
        assert not (tmp_path / "dump.nq").exists()
        with store(url) as opened:
            for ask in (lambda: opened.graph("http://e/g"), lambda: opened.query("CONSTRUCT WHERE { ?s ?p ?o }")):
                with pytest.raises(EndpointUnreachable, match="does not say where its answer ends"):
                    ask()


def test_rows_end_where_they_end() -> None:
    with scripted(lambda _, send: send(HEAD + b"\r\n" + EMPTY)) as url, store(url) as opened:
        assert opened.query(SELECT).rows == ()  # type: ignore[union-attr]


def test_compacting_is_not_waited_for_without_end() -> None:
    def answer(request: bytes, send: Send) -> None:
        said = b'{"taskId": "1"}'
        send(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(said) + said)

    with (
        scripted(answer) as url,
        store(f"{url}/news", answer_seconds=0.1) as opened,
        pytest.raises(EndpointUnreachable, match="may still be at it"),
    ):
        opened.compact()


@pytest.mark.parametrize("challenge", [b'Basic realm="x"', b'Digest realm="x", nonce="n", qop="auth"', b""])
def test_a_stream_arrives_whole_after_a_question_for_the_password(
    challenge: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KGLOAD_USER", "ana")
    monkeypatch.setenv("KGLOAD_PASSWORD", "secret")
    stored: list[bytes] = []
    lines = [QUAD * n for n in (1, 9_000, 3, 20_000)]

    def answer(request: bytes, send: Send) -> None:
        if challenge and b"authorization:" not in request.lower():
            send(
                b"HTTP/1.1 401 Who\r\nConnection: close\r\nContent-Length: 0\r\nWWW-Authenticate: %s\r\n\r\n"
                % challenge
            )
            return
        head, _, chunks = request.partition(b"\r\n\r\n")
        assert b"transfer-encoding: chunked" in head.lower()
        body = b""
        while chunks:
            size, _, chunks = chunks.partition(b"\r\n")
            body, chunks = body + chunks[: int(size, 16)], chunks[int(size, 16) + 2 :]
        stored.append(body)
        send(b"HTTP/1.1 204 Done\r\nConnection: close\r\n\r\n")

    with scripted(answer) as url, store(url) as opened, tempfile.TemporaryFile() as file:
        flow = Growing(file)

        def write() -> None:
            for some in lines:
                flow.write(some)
            flow.end()

        writer = threading.Thread(target=write)
        writer.start()
        opened.insert(flow)
        writer.join()
        assert flow.leave()
    assert stored == [b"".join(lines)]
