"""Between kgload and a real server things go wrong: nothing is lost or doubled, and the user is told in one line."""

from __future__ import annotations

import base64
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from faulty_proxy import Fault, Proxy, faulty
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from real_servers import running
from running import run, told
from wire import wire

from kgload import library
from kgload.errors import EndpointRefused, StoreError
from kgload.stores import Server, open_store
from kgload.stores.base import canonical
from kgload.stores.sparql import SparqlStore

SELECT = "SELECT ?g { GRAPH ?g { ?s ?p ?o } } LIMIT 1"


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """No credentials but those that a test gives."""
    for name in ("KGLOAD_USER", "KGLOAD_PASSWORD", "KGLOAD_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NETRC", "/dev/null")


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    library.write(wire(), tmp_path / "wire.nq")
    return tmp_path / "wire.nq"


@pytest.fixture
def empty_server(tmp_path: Path) -> Iterator[str]:
    with running("oxigraph", tmp_path / "server") as server:
        yield server.url


@pytest.fixture
def proxy(empty_server: str) -> Iterator[Proxy]:
    with faulty(empty_server) as between:
        yield between


def content(**where: object) -> dict[str, frozenset[object]]:
    with open_store(**where, read_only=True) as opened:  # type: ignore[arg-type]
        return {name: frozenset(canonical(list(opened.graph(name)))) for name in opened.graphs()}


def assert_undisturbed(url: str, graph: Path) -> None:
    library.load([graph], store=graph.parent / "undisturbed")
    assert content(endpoint=url) == content(path=graph.parent / "undisturbed")


@pytest.mark.parametrize("fault", [Fault.DROPPED, Fault.STORED_AND_DROPPED, Fault.BUSY, Fault.HALF])
@pytest.mark.parametrize("at", [0, 1])
def test_a_write_that_is_cut_off_is_sent_again_and_stored_once(
    fault: Fault, at: int, proxy: Proxy, empty_server: str, graph: Path
) -> None:
    proxy.writes += [Fault.NONE] * at + [fault] * 2
    report = library.load([graph], endpoint=proxy.url)
    assert not proxy.writes, "the faults have happened"
    assert (report.added, report.replaced, report.unchanged) == (4, 0, 0)
    assert_undisturbed(empty_server, graph)


@pytest.mark.parametrize("fault", [Fault.DROPPED, Fault.BUSY, Fault.HALF])
def test_a_read_that_is_cut_off_is_asked_again(fault: Fault, proxy: Proxy, empty_server: str, graph: Path) -> None:
    library.load([graph], endpoint=empty_server)
    with open_store(endpoint=proxy.url) as opened:
        expected = opened.query(SELECT)
        proxy.reads += [fault] * 2
        assert opened.query(SELECT) == expected
        name = next(iter(opened.graphs()))
        proxy.reads += [fault] * 2
        assert opened.graph(name)
    assert not proxy.reads


@pytest.mark.parametrize("at", [0, 1])
def test_a_server_that_fails_after_it_has_stored_is_told_and_the_next_load_mends_it(
    at: int, proxy: Proxy, empty_server: str, graph: Path
) -> None:
    proxy.writes += [Fault.NONE] * at + [Fault.STORED_AND_FAILED]
    with pytest.raises(EndpointRefused, match="500: out of order"):
        library.load([graph], endpoint=proxy.url)
    assert not proxy.writes, "500 is not tried again"
    library.load([graph], endpoint=proxy.url)
    assert_undisturbed(empty_server, graph)


def test_a_server_that_stalls_is_not_waited_for_nor_asked_again(proxy: Proxy, empty_server: str, graph: Path) -> None:
    proxy.writes += [Fault.STALLED] * 3
    done = run("load", graph, "--endpoint", proxy.url, env={"KGLOAD_TIMEOUT": "1"})
    assert (done.returncode, told(done)) == (3, "KGL-503")
    assert len(proxy.writes) == 2
    proxy.writes.clear()
    library.load([graph], endpoint=proxy.url)
    assert_undisturbed(empty_server, graph)


def test_a_busy_server_is_left_alone_for_as_long_as_it_asks(proxy: Proxy, graph: Path) -> None:
    proxy.retry_after = "0"
    with SparqlStore(proxy.url) as opened:
        proxy.reads += [Fault.BUSY] * 4
        opened.query(SELECT)
        proxy.retry_after = "9999"
        proxy.reads += [Fault.BUSY] * 2
        with pytest.raises(EndpointRefused, match="503"):
            opened.query(SELECT)
        assert len(proxy.reads) == 1, "hours are not waited for"


def test_a_server_that_stays_busy_is_given_up(proxy: Proxy) -> None:
    proxy.retry_after = "0"
    with SparqlStore(proxy.url, tries=3) as opened:
        proxy.reads += [Fault.BUSY] * 9
        with pytest.raises(EndpointRefused, match="503: busy"):
            opened.query(SELECT)
    assert len(proxy.reads) == 6


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def test_a_wrong_password_is_told_in_one_line_without_it_and_is_not_tried_again(proxy: Proxy, graph: Path) -> None:
    proxy.authorization = basic("ana", "right")
    wrong = {"KGLOAD_USER": "ana", "KGLOAD_PASSWORD": "wr0ng!", "NETRC": "/dev/null"}
    done = run("load", graph, "--endpoint", proxy.url, "--profile", "oxigraph", env=wrong)
    assert (done.returncode, told(done)) == (3, "KGL-504")
    assert "wr0ng!" not in done.stderr + done.stdout
    assert len(proxy.seen) == 2, "once without, once with the password"


def test_no_password_is_told_with_where_it_would_come_from(proxy: Proxy) -> None:
    proxy.authorization = basic("ana", "right")
    with pytest.raises(EndpointRefused, match="KGLOAD_PASSWORD"):
        open_store(endpoint=proxy.url)


printable = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(user=printable.filter(lambda name: ":" not in name), password=printable)
def test_any_password_arrives_as_it_is(user: str, password: str, oxigraph_server: str) -> None:
    with faulty(oxigraph_server) as proxy, pytest.MonkeyPatch.context() as patch:
        proxy.authorization = basic(user, password)
        patch.setenv("KGLOAD_USER", user)
        patch.setenv("KGLOAD_PASSWORD", password)
        with open_store(endpoint=proxy.url) as opened:
            assert opened.query("ASK {}") is True


def test_a_password_is_only_given_to_who_asks_for_it(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KGLOAD_USER", "ana")
    monkeypatch.setenv("KGLOAD_PASSWORD", "secret")
    with open_store(endpoint=proxy.url) as opened:
        opened.query("ASK {}")
    assert not [one for one in proxy.seen if "authorization" in one.headers]


def test_two_that_are_asked_at_once_both_answer(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KGLOAD_USER", "ana")
    monkeypatch.setenv("KGLOAD_PASSWORD", "secret")
    proxy.authorization = basic("ana", "secret")
    for _ in range(5):
        with SparqlStore(proxy.url, profile="oxigraph") as opened, ThreadPoolExecutor(8) as pool:
            assert list(pool.map(opened.query, ["ASK {}"] * 8)) == [True] * 8


def test_half_of_the_credentials_are_none(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KGLOAD_USER", "ana")
    with pytest.raises(EndpointRefused, match="go together"):
        open_store(endpoint=proxy.url)


def test_a_token_goes_with_each_request_and_into_no_message(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KGLOAD_TOKEN", "t0ken.of-mine")
    proxy.authorization = "Bearer t0ken.of-mine"
    with open_store(endpoint=proxy.url) as opened:
        assert opened.query("ASK {}") is True
        proxy.authorization, proxy.echo = "Bearer another", True
        with pytest.raises(EndpointRefused, match="403: who is Bearer •••") as refused:
            opened.query("ASK {}")
    assert "t0ken" not in str(refused.value)


@pytest.mark.parametrize("end", ["\r", "\r\n", " ", "\n"])
def test_a_line_end_after_a_token_or_password_is_none_of_it(
    end: str, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KGLOAD_TOKEN", f"t0ken{end}")
    proxy.authorization = "Bearer t0ken"
    with open_store(endpoint=proxy.url) as opened:
        assert opened.query("ASK {}") is True
    monkeypatch.delenv("KGLOAD_TOKEN")
    monkeypatch.setenv("KGLOAD_USER", "ana")
    monkeypatch.setenv("KGLOAD_PASSWORD", f"secret{end.strip(' ')}")
    proxy.authorization = basic("ana", "secret")
    with open_store(endpoint=proxy.url) as opened:
        assert opened.query("ASK {}") is True


@pytest.mark.parametrize("name", ["KGLOAD_TOKEN", "KGLOAD_USER", "KGLOAD_PASSWORD"])
@pytest.mark.parametrize("value", ["s3cr\rets", "s3cr\nets", "s3cr\x01ets"])
def test_credentials_that_no_header_takes_are_refused_and_not_shown(
    name: str, value: str, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KGLOAD_USER", "ana")
    monkeypatch.setenv("KGLOAD_PASSWORD", "secret")
    monkeypatch.setenv(name, value)
    with pytest.raises(EndpointRefused) as refused:
        open_store(endpoint=proxy.url)
    assert "s3cr" not in str(refused.value)
    assert "ets" not in str(refused.value)


def test_a_password_that_a_server_repeats_as_it_came_is_not_shown(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KGLOAD_USER", "ana")
    monkeypatch.setenv("KGLOAD_PASSWORD", "secret")
    proxy.authorization = basic("ana", "secret")
    with open_store(endpoint=proxy.url) as opened:
        assert opened.query("ASK {}") is True
        proxy.authorization, proxy.echo = "another", True
        with pytest.raises(EndpointRefused, match="403: who is Basic •••") as refused:
            opened.query("ASK {}")
    assert basic("ana", "secret").removeprefix("Basic ").rstrip("=") not in str(refused.value)


def test_netrc_gives_a_hosts_password_and_no_other_hosts(
    proxy: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.touch(mode=0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    proxy.authorization = basic("ana", "of netrc")
    netrc.write_text('machine 127.0.0.1 login ana password "of netrc"\n', encoding="utf-8")
    with open_store(endpoint=proxy.url) as opened:
        assert opened.query("ASK {}") is True
    netrc.write_text('machine elsewhere login ana password "of netrc"\ndefault login a password b\n', encoding="utf-8")
    with pytest.raises(EndpointRefused, match="wants to know"):
        open_store(endpoint=proxy.url)
    netrc.write_text("machine 127.0.0.1 s3cret", encoding="utf-8")
    with pytest.raises(EndpointRefused, match="cannot be read") as refused:
        open_store(endpoint=proxy.url)
    assert "s3cret" not in str(refused.value)


def test_another_server_is_not_followed_to_and_gets_no_password(
    proxy: Proxy, graph: Path, oxigraph_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KGLOAD_TOKEN", "t0ken")
    with faulty(oxigraph_server) as elsewhere, SparqlStore(proxy.url) as opened:
        proxy.redirect = elsewhere.url
        for ask in (
            lambda: opened.query(SELECT),
            lambda: opened.graph("http://e.org/g"),
            lambda: opened.replace("http://e.org/g", []),
            lambda: opened.update("DROP ALL"),
            lambda: b"".join(opened.quads()),
            lambda: open_store(endpoint=proxy.url),
        ):
            with pytest.raises(EndpointRefused, match="sends elsewhere"):
                ask()
        assert elsewhere.seen == []


def test_a_server_may_send_to_itself(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    with SparqlStore(proxy.url) as opened:
        proxy.redirect = proxy.url
        with pytest.raises(EndpointRefused, match="circles"):
            opened.query(SELECT)


@pytest.mark.parametrize("seconds", ["0", "-1", "x", "nan", "inf"])
def test_a_time_out_that_is_none_is_refused(seconds: str, proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KGLOAD_TIMEOUT", seconds)
    with pytest.raises(EndpointRefused, match="KGLOAD_TIMEOUT"):
        open_store(endpoint=proxy.url)


def test_a_profile_that_is_none_is_refused(proxy: Proxy) -> None:
    with pytest.raises(StoreError, match="no profile; there are oxigraph, fuseki, rdf4j, virtuoso"):
        open_store(endpoint=Server(proxy.url, profile="mysql"))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that signs itself, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl, which makes the certificate")
    folder = tmp_path_factory.mktemp("tls")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=kgload test"]
    command += ["-keyout", "key.pem", "-out", "cert.pem", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder / "cert.pem", folder / "key.pem"


def test_a_certificate_is_checked(certificate: tuple[Path, Path], oxigraph_server: str, tmp_path: Path) -> None:
    with faulty(oxigraph_server, certificate) as proxy:
        with pytest.raises(EndpointRefused, match="cannot be trusted"):
            open_store(endpoint=proxy.url)
        with open_store(endpoint=Server(proxy.url, ca_file=certificate[0])) as opened:
            assert opened.query("ASK {}") is True
        # 127.0.0.1 is what it was made for, and localhost not.
        with pytest.raises(EndpointRefused, match="cannot be trusted"):
            open_store(endpoint=Server(proxy.url.replace("127.0.0.1", "localhost"), ca_file=certificate[0]))
        done = run("status", "--endpoint", proxy.url, "--ca-file", certificate[0])
        assert done.returncode == 0, done.stderr
        done = run("status", "--endpoint", proxy.url)
        assert (done.returncode, told(done)) == (3, "KGL-504")
        (tmp_path / "none.pem").write_text("no certificate", encoding="utf-8")
        for path in (tmp_path / "none.pem", tmp_path / "missing.pem"):
            with pytest.raises(EndpointRefused):
                open_store(endpoint=Server(proxy.url, ca_file=path))


def test_a_keyring_is_asked_for_the_servers_password(proxy: Proxy, tmp_path: Path) -> None:
    # A stand-in for the package, which needs a desktop: what it is asked for, and what it answers.
    (tmp_path / "keyring.py").write_text(
        "from types import SimpleNamespace as S\n"
        "def get_credential(service, user):\n"
        f"    assert (service, user) == ('kgload:{proxy.url}', None)\n"
        "    return S(username='ana', password='of the keyring')\n",
        encoding="utf-8",
    )
    proxy.authorization = basic("ana", "of the keyring")
    with_keyring = {"PYTHONPATH": str(tmp_path), "NETRC": "/dev/null"}
    done = run("status", "--endpoint", proxy.url, env=with_keyring)
    assert done.returncode == 0, done.stderr
    (tmp_path / "keyring.py").write_text(
        "def get_credential(*_):\n    raise RuntimeError('locked')\n", encoding="utf-8"
    )
    done = run("status", "--endpoint", proxy.url, env=with_keyring)
    assert (done.returncode, told(done)) == (3, "KGL-504")
