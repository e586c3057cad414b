"""SPARQL servers to try kgload with: fetched at pinned versions, started on loopback, stopped by their process.

``python scripts/servers.py fetch``              fetch those that Maven carries, and check their SHA-256
``python scripts/servers.py run KIND [FOLDER]``  start one, say how to load and query it, stop at Ctrl-C

Fuseki and RDF4J come through the machine's own Maven settings; the Oxigraph server comes with the development
dependencies; Virtuoso is Debian's package virtuoso-opensource-7-bin. ``tests/conftest.py`` starts all of them by this.
"""

from __future__ import annotations

import argparse
import contextlib
import secrets
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Callable
from pathlib import Path

from server_process import (
    START_SECONDS,
    Missing,
    Server,
    fetched,
    free_port,
    locked,
    private,
    process_of,
    program,
    started,
)

__all__ = ["KINDS", "Missing", "Server", "fetched", "free_port", "program", "run"]
ASK = "query=ASK%7B%7D"
JAVA = ("java", "-Xmx1g")

# Fuseki's container keeps no sessions, and a login that wants one is answered with 500.
SHIRO = """
[main]
securityManager.subjectDAO.sessionStorageEvaluator.sessionStorageEnabled = false
[users]
admin = {password}
[urls]
/$/ping = anon
/** = authcBasic
"""


def fuseki(folder: Path, port: int, password: str = "", memory: bool = False) -> Server:
    """Apache Jena Fuseki with one dataset, /news, in TDB2; with a password, only the user admin gets in."""
    library = fetched("fuseki")
    base = folder / "run"
    base.mkdir(parents=True, exist_ok=True)
    private(base / "shiro.ini", SHIRO.format(password=password) if password else "[urls]\n/** = anon\n")
    (folder / "news").mkdir(exist_ok=True)
    place = ["--mem"] if memory else ["--tdb2", f"--loc={folder / 'news'}"]
    command = [*JAVA, "-cp", f"{library}/*", "org.apache.jena.fuseki.main.cmds.FusekiServerCmd", *place]
    command += ["--update", "--localhost", f"--port={port}", "--ping", "--compact", "/news"]
    process, log = process_of(command, folder, FUSEKI_BASE=str(base))
    url = f"http://127.0.0.1:{port}/news"
    return started(Server("fuseki", url, process, f"{url}/query?{ASK}", "admin" if password else "", password), log)


def oxigraph(folder: Path, port: int) -> Server:
    """The Oxigraph server. It has no authentication."""
    folder.mkdir(parents=True, exist_ok=True)
    found = program("oxigraph", "`make setup`")
    command = [found, "serve", "--location", str(folder / "store"), "--bind", f"127.0.0.1:{port}"]
    process, log = process_of(command, folder)
    url = f"http://127.0.0.1:{port}"
    return started(Server("oxigraph", url, process, f"{url}/query?{ASK}"), log)


RDF4J_REPOSITORY = """
@prefix rep: <http://www.openrdf.org/config/repository#> .
@prefix sr: <http://www.openrdf.org/config/repository/sail#> .
@prefix sail: <http://www.openrdf.org/config/sail#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
[] a rep:Repository ; rep:repositoryID "news" ; rdfs:label "news" ;
  rep:repositoryImpl [ rep:repositoryType "openrdf:SailRepository" ;
    sr:sailImpl [ sail:sailType "openrdf:NativeStore" ] ] .
"""


def rdf4j(folder: Path, port: int) -> Server:
    """RDF4J server with one repository, news, in its native store."""
    library = fetched("rdf4j")
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (war,), (runner,) = library.glob("*.war"), library.glob("jetty-runner-*.jar")
    command = [*JAVA, f"-Dorg.eclipse.rdf4j.appdata.basedir={folder / 'data'}", f"-Djava.io.tmpdir={folder}"]
    command += ["-jar", str(runner), "--host", "127.0.0.1", "--port", str(port), "--path", "/rdf4j-server", str(war)]
    process, log = process_of(command, folder)
    base = f"http://127.0.0.1:{port}/rdf4j-server"
    url = f"{base}/repositories/news"
    server = started(Server("rdf4j", url, process, f"{base}/protocol"), log)
    if not (folder / "data" / "server" / "repositories" / "news").exists():
        made = urllib.request.Request(
            url, RDF4J_REPOSITORY.encode(), {"Content-Type": "text/turtle; charset=utf-8"}, method="PUT"
        )
        urllib.request.urlopen(made, timeout=60).close()
    return server


VIRTUOSO_INI = """
[Database]
DatabaseFile = virtuoso.db
TransactionFile = virtuoso.trx
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = temp.db
TransactionFile = temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DirsAllowed = .
NumberOfBuffers = 20000
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = .
[SPARQL]
ResultSetMaxRows = 10000000
"""


def _remove_left_lock(folder: Path) -> None:
    """Remove Virtuoso's own lock, where the process that made it was killed.

    Raises:
        RuntimeError: it runs.
    """
    lock = folder / "virtuoso.lck"
    if not lock.exists():
        return
    number = lock.read_text(errors="replace").partition("VIRT_PID=")[2].split("\n")[0].strip()
    with contextlib.suppress(OSError):
        if number.isdigit() and b"virtuoso" in Path("/proc", number, "cmdline").read_bytes():
            raise RuntimeError(f"a Virtuoso (process {number}) runs on {folder} already")
    lock.unlink()


def virtuoso(folder: Path, port: int, password: str = "") -> Server:
    """Virtuoso, open source edition. Reading is open to all who reach it, writing is for the user dba."""
    found = program("virtuoso-t", "Debian's virtuoso-opensource-7-bin")
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)  # the database holds the passwords
    with locked(folder):
        _remove_left_lock(folder)
    ini = folder / "virtuoso.ini"
    kept = folder / "password"
    ini.write_text(VIRTUOSO_INI.format(port=port, sql=free_port()), encoding="utf-8")
    command = [found, "+foreground", "+configfile", str(ini)]
    if not (folder / "virtuoso.db").exists():
        private(kept, password or secrets.token_urlsafe(12))  # of 20 characters works, of 24 not
        # With these it makes its database, sets the password, and ends.
        first = [*command, "+pwdold", "dba", "+pwddba", kept.read_text(encoding="utf-8")]
        subprocess.run(first, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=START_SECONDS)
    process, log = process_of(command, folder)
    url = f"http://127.0.0.1:{port}/sparql"
    return started(Server("virtuoso", url, process, f"{url}?{ASK}", "dba", kept.read_text(encoding="utf-8")), log)


KINDS: dict[str, Callable[..., Server]] = {
    "fuseki": fuseki, "oxigraph": oxigraph, "rdf4j": rdf4j, "virtuoso": virtuoso,
}  # fmt: skip


def _refuse_taken(port: int) -> None:
    """Make sure that whoever answers at a port will be the server that is started.

    Raises:
        SystemExit: something listens there already.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise SystemExit(f"port {port} cannot be had: {error.strerror}; name another one with --port") from None


def run(kind: str, folder: Path, port: int) -> None:
    """Start a server, print the commands that load and query it, and wait for Ctrl-C."""
    _refuse_taken(port)
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    options: dict[str, str] = {}
    kept = folder / "password"
    if kind == "fuseki":
        if not kept.exists():
            private(kept, secrets.token_urlsafe(18))
        options["password"] = kept.read_text(encoding="utf-8")
    server = KINDS[kind](folder, port, **options)
    login = f'KGLOAD_USER={server.user} KGLOAD_PASSWORD="$(cat {kept})" ' if server.user else ""
    print(f"{kind} runs at {server.url}, its data in {folder}; Ctrl-C stops it. To load it and to ask it:")
    print(f"  {login}kgload load news.trig --endpoint {server.url}")
    print(f"  {login}kgload query who-met-whom --endpoint {server.url}", flush=True)
    # Whoever stops this stops the server.
    signal.signal(signal.SIGTERM, lambda *_: server.process.terminate())
    try:
        server.process.wait()
    except KeyboardInterrupt:
        pass
    finally:
        server.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("fetch")
    running = commands.add_parser("run")
    running.add_argument("kind", choices=KINDS)
    running.add_argument("folder", type=Path, nargs="?")
    running.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    given = parser.parse_args()
    try:
        if given.command == "fetch":
            for kind in ("fuseki", "rdf4j"):
                print(f"{kind}: {fetched(kind)}")
        else:
            run(given.kind, given.folder or Path(f"{given.kind}.data"), given.port or free_port())
    except (Missing, RuntimeError) as failed:
        raise SystemExit(" ".join(str(failed).split())) from None


if __name__ == "__main__":
    main()
