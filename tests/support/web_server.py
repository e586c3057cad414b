"""`kgload serve` as a process of its own, and what it answers."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from running import COMMAND

HTML = {"Accept": "text/html"}


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Web:
    """A server that runs: where, its process, and all that it has said on stderr."""

    host: str
    port: int
    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """One request over a connection of its own; headers as they are given."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        try:
            connection.request(method, path, body, dict(headers or {}))
            response = connection.getresponse()
            kept = {name.casefold(): value for name, value in response.getheaders()}
            return Reply(response.status, kept, response.read())
        finally:
            connection.close()

    def page(self, path: str, **parameters: str) -> Reply:
        return self.ask(f"{path}?{urlencode(parameters)}" if parameters else path, headers=HTML)

    def sparql(self, query: str, accept: str = "application/sparql-results+json", **more: str) -> Reply:
        path = f"/sparql?{urlencode({'query': query, **more})}"
        return self.ask(path, headers={"Accept": accept} if accept else {})

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)


@contextmanager
def web(*options: object, cwd: Path | None = None) -> Iterator[Web]:
    """`kgload serve` on a free port for as long as the block runs."""
    command = [*COMMAND, "serve", "--port", "0", *map(str, options)]
    with (
        tempfile.TemporaryDirectory() as cache,
        subprocess.Popen(
            command, cwd=cwd, stderr=subprocess.PIPE, text=True, env=os.environ | {"XDG_CACHE_HOME": cache}
        ) as process,
    ):
        assert process.stderr
        said: list[str] = []
        try:
            for line in process.stderr:
                said.append(line)
                if found := re.search(r" at http://(\[[^]]+\]|[^:/]+):(\d+)/ ", line):
                    break
            else:
                raise AssertionError(f"it did not start: {''.join(said)}")
            # What it says later must not fill the pipe.
            threading.Thread(target=lambda: said.extend(process.stderr or ()), daemon=True).start()
            yield Web(found[1].strip("[]"), int(found[2]), process, said)
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(30)
                except subprocess.TimeoutExpired:
                    process.kill()
