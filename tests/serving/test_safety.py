"""Nothing leaves the host, nobody asks behind a reader's back, nothing of the host's is shown."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from web_server import Web, web

from kgload.serving.security import HEADERS

ASK = "/sparql?query=ASK%7B%7D"


@pytest.mark.parametrize("name", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "a@localhost",
                                  "", "[::1", "localhost:x", "localhost/x"])  # fmt: skip
def test_a_request_by_another_name_is_refused(served: Web, name: str) -> None:
    assert served.ask(ASK, headers={"Host": name}).status in (400, 421)


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST:8000", "127.0.0.1", "[::1]:8000", "192.0.2.7"])
def test_its_own_names_and_addresses_in_numbers_are_answered(served: Web, name: str) -> None:
    assert served.ask(ASK, headers={"Host": name}).status == 200


def test_two_names_in_one_request_are_refused(served: Web) -> None:
    connection = http.client.HTTPConnection(served.host, served.port, timeout=30)
    connection.putrequest("GET", ASK, skip_host=True)
    connection.putheader("Host", "localhost")
    connection.putheader("Host", "evil.example")
    connection.endheaders()
    assert connection.getresponse().status in (400, 421)
    connection.close()


@pytest.mark.parametrize("path", ["/", "/sparql", "/nothing", "/events", ASK, "/static/server/none.js"])
def test_every_answer_bears_the_headers_of_safety(served: Web, path: str) -> None:
    reply = served.page(path)
    for name, value in HEADERS.items():
        assert reply.headers[name.casefold()] == value
    assert "unsafe" not in reply.headers["content-security-policy"]
    assert "access-control-allow-origin" not in reply.headers
    assert "server" not in reply.headers


def test_pages_of_other_sites_may_not_ask_unless_they_are_let(served: Web, stored: Path) -> None:
    there = {"Origin": "https://other.example", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}
    assert served.ask(ASK, headers=there).status == 403
    assert served.ask("/", headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}).status == 200
    with web("--store", stored, "--cors", "https://other.example", "--allow-host", "news.example") as open_:
        reply = open_.ask(ASK, headers=there)
        assert (reply.status, reply.headers["access-control-allow-origin"]) == (200, "https://other.example")
        asked = open_.ask("/sparql", "OPTIONS", headers={**there, "Access-Control-Request-Method": "POST",
                                                         "Access-Control-Request-Headers": "content-type"})  # fmt: skip
        assert asked.status == 200
        assert open_.ask(ASK, headers={**there, "Origin": "https://third.example"}).status == 403
        assert open_.ask(ASK, headers={"Host": "news.example"}).status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py", "/static/server/../../data.py", "/static/%2e%2e/data.py", "/static/..%2fdata.py",
        "/static//etc/passwd", "/static/server/..%5c..%5cdata.py", "/page/../../etc/passwd", "/static/%00",
        "/queries/..%2f..%2fpyproject", "/queries/%2e%2e", "/entity/../../../etc/passwd",
    ],
)  # fmt: skip
def test_no_path_leads_out(served: Web, path: str) -> None:
    reply = served.page(path)
    assert reply.status in (303, 400, 404, 405)
    assert b"root:" not in reply.body
    assert b"import " not in reply.body


def test_service_reaches_nobody(served: Web) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(1)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        for form in ("SERVICE <{}> {{ ?s ?p ?o }}", "\\u0053ERVICE <{}> {{ }}", "SERVICE SILENT <{}> {{ ?s ?p ?o }}"):
            assert served.sparql(f"SELECT * {{ {form.format(address)} }}").status in (400, 403)
        with pytest.raises(TimeoutError):
            listener.accept()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux is told to refuse connections")
def test_a_process_that_answers_reaches_nobody_whatever_it_is_told() -> None:
    program = (
        "import pyoxigraph as ox, sys\nfrom kgload.serving import confinement\n"
        "if not confinement.refuse_network(): sys.exit('no such thing here')\n"
        "try:\n    list(ox.Store().query('SELECT * { SERVICE <http://127.0.0.1:%d/> { ?s ?p ?o } }'))\n"
        "except OSError as error: print(error)\n"
    )
    with socket.create_server(("127.0.0.1", 0)) as listener:
        accepted = threading.Event()
        listener.settimeout(20)

        def wait() -> None:
            try:
                listener.accept()
                accepted.set()
            except OSError:
                pass

        threading.Thread(target=wait, daemon=True).start()
        done = subprocess.run([sys.executable, "-c", program % listener.getsockname()[1]], capture_output=True,
                              text=True, timeout=60, check=False)  # fmt: skip
        if "no such thing" in done.stderr:
            pytest.skip("this machine's system cannot be told to refuse connections")
        assert done.stdout.strip()
        assert not accepted.is_set()


def test_beyond_loopback_it_warns(stored: Path) -> None:
    with web("--store", stored, "--host", "0.0.0.0") as started:
        assert "warning" in started.said[0]
        assert started.ask("/", headers={"Host": "evil.example"}).status == 421


def test_a_query_that_runs_when_it_is_stopped_is_told_so(stored: Path) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"GRAPH ?g{n} {{ ?a{n} ?b{n} ?c{n} }}" for n in range(4)) + " }"
    with web("--store", stored) as started, ThreadPoolExecutor(1) as thread:
        asked = thread.submit(started.sparql, endless)
        time.sleep(1)
        assert started.stop() == 143
        reply = asked.result()
        assert (reply.status, "being stopped" in reply.text) == (503, True)
    assert not any("Traceback" in line for line in started.said)


def test_it_stops_when_it_is_told_and_leaves_nothing(stored: Path) -> None:
    before = set(stored.parent.iterdir())
    for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
        with web("--store", stored) as started:
            beside = set(stored.parent.iterdir()) - before
            assert beside, "its snapshot is beside the store"
            assert started.stop(number) == code
        assert not any(path.exists() for path in beside)
