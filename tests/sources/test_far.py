"""Articles from elsewhere: addresses of files, folders and patterns, and what goes wrong on the way."""

from __future__ import annotations

import gzip
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from running import run, told

from kgload.errors import InputError, InputNotFound, KgloadError
from kgload.records import Article
from kgload.sources.reader import read

fsspec = pytest.importorskip("fsspec")
LINE = b'{"id": "%d", "text": "Norland met Sudmark."}\n'


@pytest.fixture
def memory() -> Iterator[object]:
    system = fsspec.filesystem("memory")
    system.pipe("/news/b/2.jsonl", LINE % 2)
    system.pipe("/news/a.jsonl.gz", gzip.compress(LINE % 1))
    system.pipe("/news/.hidden.jsonl", LINE % 9)
    system.pipe("/news/c.txt", b"They met.")
    system.pipe("/news/logo.png", b"")
    yield system
    system.rm("/news", recursive=True)


def ids(*addresses: str) -> list[str]:
    return [item.id if isinstance(item, Article) else str(item) for item in read(addresses)]


def test_folders_patterns_and_files_are_read_in_order(memory: object) -> None:
    seen: list[str] = []
    found = list(read(["memory://news"], on_other=lambda path: seen.append(path.name)))
    assert [item.id for item in found if isinstance(item, Article)] == ["1", "2", "c"]
    assert seen == ["logo.png"]
    assert ids("memory://news/**/*.jsonl") == ["9", "2"]
    assert ids("memory://news/a.jsonl.gz", "memory://news/c.txt") == ["1", "c"]


def test_what_is_not_there_is_told(memory: object) -> None:
    with pytest.raises(InputNotFound):
        read(["memory://news/none.jsonl"])
    with pytest.raises(InputError):
        read(["nonesuch://news/a.jsonl"])


class Server(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        if "broken" in self.path:
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(LINE % 1)
            return
        super().do_GET()

    def do_HEAD(self) -> None:
        if "broken" in self.path:
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            return
        super().do_HEAD()


@pytest.fixture
def web(tmp_path: Path) -> Iterator[str]:
    pytest.importorskip("aiohttp")
    root = tmp_path / "root"
    root.mkdir()
    (root / "a.jsonl").write_bytes(LINE % 1 + LINE % 2)

    def handler(*arguments: object) -> Server:
        return Server(*arguments, directory=str(root))  # type: ignore[arg-type]

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_web_addresses_are_read_and_their_secrets_not_shown(web: str) -> None:
    assert ids(f"{web}/a.jsonl?signature=s3cret") == ["1", "2"]
    done = run("convert", f"{web}/none.jsonl?signature=s3cret")
    assert told(done) == "KGL-101"
    assert "s3cret" not in done.stderr
    with_password = web.replace("//", "//me:s3cret@")
    done = run("convert", f"{with_password}/none.jsonl")
    assert (told(done), "s3cret" in done.stderr) == ("KGL-101", False)


def test_a_file_that_breaks_off_is_an_error_after_what_came(web: str) -> None:
    found = list(read([f"{web}/broken.jsonl"]))
    assert isinstance(found[-1], KgloadError)


def test_a_server_that_is_not_there_is_one_line() -> None:
    assert told(run("convert", "http://127.0.0.1:9/a.jsonl")) == "KGL-101"
