"""A server's program on this machine, and a process of it: fetched or found, started, waited for, stopped."""

from __future__ import annotations

import base64
import contextlib
import fcntl
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PINS = Path(__file__).parent / "pins"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kgload" / "servers"
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"
START_SECONDS = 300
STOP_SECONDS = 30


class Missing(Exception):
    """A server's program is not on this machine and cannot be fetched; the message says what would bring it."""


@dataclass
class Server:
    """A server that runs: the address for ``--endpoint``, and who may write where that is not everybody."""

    kind: str
    url: str
    process: subprocess.Popen[bytes]
    ready: str
    user: str = ""
    password: str = field(default="", repr=False)

    def stop(self) -> None:
        """Ask the process to end, and make sure that it does."""
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End the process at once, as a power cut would."""
        self.process.kill()
        self.process.wait(STOP_SECONDS)


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def program(name: str, source: str) -> str:
    """The path of a program.

    Raises:
        Missing: it is not installed.
    """
    beside = str(Path(sys.executable).parent)
    found = shutil.which(name) or shutil.which(name, path=beside)
    if found is None:
        raise Missing(f"{name} is not installed; {source} has it")
    return found


def fetched(kind: str) -> Path:
    """The folder of a server's Java archives, brought by Maven where it is not there yet.

    Raises:
        Missing: there is no Java or Maven, or Maven cannot bring them.
        SystemExit: an archive is not the one that was pinned.
    """
    program("java", "Debian's openjdk-17-jre-headless")
    pinned = (PINS / f"{kind}.sha256").read_text(encoding="utf-8")
    sums = {name: digest for digest, name in (line.split() for line in pinned.splitlines())}
    folder = CACHE / f"{kind}-{hashlib.sha256(pinned.encode()).hexdigest()[:12]}"
    if not folder.is_dir():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as made:
            command = [program("mvn", "Debian's maven"), "--quiet", "--batch-mode", "--file", str(PINS / f"{kind}.xml")]
            command += [COPY, "-DincludeScope=runtime", f"-DoutputDirectory={made}/lib"]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                raise Missing(f"Maven cannot bring {kind}: {done.stdout[-300:]}")
            wrong = {p.name for p in Path(made, "lib").iterdir() if sums.get(p.name) != _digest(p)}
            if wrong or len(sums) != len(list(Path(made, "lib").iterdir())):
                raise SystemExit(f"{kind}: not the archives that are pinned: {sorted(wrong)}")
            if not folder.is_dir():
                Path(made, "lib").rename(folder)
    return folder


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def started(server: Server, log: Path) -> Server:
    """The server, when it answers.

    Raises:
        RuntimeError: it has ended, or does not answer in time.
    """
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            raise RuntimeError(f"{server.kind} ended at once: {log.read_text(errors='replace')[-500:]}")
        request = urllib.request.Request(server.ready)
        if server.user:
            basic = base64.b64encode(f"{server.user}:{server.password}".encode()).decode()
            request.add_header("Authorization", f"Basic {basic}")
        try:
            with urllib.request.urlopen(request, timeout=5):
                return server
        except urllib.error.HTTPError as error:
            error.close()
            if error.code == 401:  # it is there, and wants another kind of authentication
                return server
        except OSError:
            pass
        time.sleep(0.1)
    server.kill()
    raise RuntimeError(f"{server.kind} did not start in {START_SECONDS} s: {log.read_text(errors='replace')[-500:]}")


def process_of(command: list[str], folder: Path, **environment: str) -> tuple[subprocess.Popen[bytes], Path]:
    """A process that holds its folder as long as it lives, and the file that it writes to.

    Raises:
        RuntimeError: another one has the folder.
    """
    log = folder / "server.log"
    with log.open("ab") as out, locked(folder) as lock:
        # The server holds the lock on after this, and lets go of it however it ends.
        process = subprocess.Popen(
            command, cwd=folder, env=os.environ | environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
            pass_fds=(lock,),
        )  # fmt: skip
        return process, log


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[int]:
    """Hold a server's folder: one server at a time has it.

    Raises:
        RuntimeError: another one has it.
    """
    lock = os.open(folder / "server.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield lock
    except BlockingIOError:
        raise RuntimeError(f"a server runs on {folder} already") from None
    finally:
        os.close(lock)


def private(path: Path, text: str) -> None:
    """Write a file that only its owner can read."""
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(text, encoding="utf-8")
