"""Everything that can go wrong, through the real command: a code, an exit code, one line, nothing half-written."""

from __future__ import annotations

import gzip
import http.server
import json
import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from record_samples import invented
from running import run, told

from kgload import errors, records_json

ROOT = Path(__file__).parents[2]
STORY = "Mara Dunn of Norland met Sorin Vale in Ketterby on Tuesday."
RECORD = records_json.dump(invented())


def in_tree(error: type[errors.KgloadError] = errors.KgloadError) -> Iterator[type[errors.KgloadError]]:
    yield error
    for kind in error.__subclasses__():
        yield from in_tree(kind)


EXIT_CODES = {error.code: error.exit_code for error in in_tree()}


@dataclass
class Case:
    """Files to make, a command to run in their folder, and the code that must come of it.

    The file ``stdin`` is standard input as well.
    """

    code: str
    command: str
    files: dict[str, str | bytes]
    says: str = ""


CONVERT = "convert in.{} -o out.nq"
CASES = {
    "a missing file": Case("KGL-101", "convert none.txt -o out.nq", {}, "none.txt"),
    "a missing file after a good one": Case("KGL-101", "convert a.txt none.txt -o out.nq", {"a.txt": STORY}),
    "a missing graph": Case("KGL-101", "validate none.nq", {}),
    "a folder without articles": Case("KGL-102", "convert in -o out.nq", {"in/photo.jpg": b"\xff\xd8"}),
    "a file without lines": Case("KGL-102", CONVERT.format("jsonl"), {"in.jsonl": "\n"}),
    "text that is not UTF-8": Case("KGL-103", CONVERT.format("txt"), {"in.txt": b"caf\xe9 talks"}, "byte 3 (0xe9)"),
    "half a character": Case("KGL-103", CONVERT.format("jsonl"), {"in.jsonl": '{"text": "a\\ud800"}'}, "in.jsonl:1"),
    "an unknown suffix": Case("KGL-104", CONVERT.format("docx"), {"in.docx": STORY}),
    "an unknown input format": Case("KGL-104", CONVERT.format("txt") + " --input-format pdf", {"in.txt": STORY}),
    "an unknown graph suffix": Case("KGL-104", "convert in.txt -o out.pdf", {"in.txt": STORY}),
    "an unknown graph format": Case("KGL-104", "convert in.txt --format rdfxml", {"in.txt": STORY}),
    "an unknown answer format": Case("KGL-104", "query counts --file g.nq --format xls", {"g.nq": ""}),
    "a broken page": Case("KGL-105", CONVERT.format("html"), {"in.html": "<html><body><div>"}),
    "an empty text": Case("KGL-106", CONVERT.format("txt"), {"in.txt": " \n"}),
    "a line without text": Case("KGL-106", CONVERT.format("jsonl"), {"in.jsonl": '{"text": ""}'}, "in.jsonl:1"),
    "a wrong date in the options": Case("KGL-107", CONVERT.format("txt") + " --date 13.8.2025", {"in.txt": STORY}),
    "a wrong date in a line": Case("KGL-107", CONVERT.format("jsonl"), {"in.jsonl": '{"text": "a", "date": "May"}'}),
    "a line that is no JSON": Case("KGL-108", CONVERT.format("jsonl"), {"in.jsonl": RECORD + "\n{,}\n"}, "in.jsonl:2"),
    "a line that is nothing we know": Case("KGL-108", CONVERT.format("jsonl"), {"in.jsonl": '{"body": "a"}'}),
    "a text beyond the limit": Case("KGL-109", CONVERT.format("txt"), {"in.txt": b"word " * 2_000_001}),
    "a graph that does not parse": Case("KGL-110", "load in.nq --store s", {"in.nq": "<a> <b> .\n"}),
    "a page that claims to be a graph": Case("KGL-110", "query counts --file in.ttl", {"in.ttl": "<html>"}),
    "one id for two articles": Case(
        "KGL-111", CONVERT.format("jsonl"), {"in.jsonl": '{"id": "1", "text": "a"}\n{"id": "1", "text": "b"}'}, ":2:"
    ),
    "a file that is not packed": Case("KGL-100", CONVERT.format("jsonl.gz"), {"in.jsonl.gz": b"plain"}),
    "a packed file that is cut off": Case("KGL-100", CONVERT.format("txt.gz"), {"in.txt.gz": gzip.compress(b"a")[:9]}),
    "one id given to a folder": Case("KGL-100", "convert in --id x -o out.nq", {"in/a.txt": STORY}),
    "a base that is no IRI": Case("KGL-100", "convert in.jsonl --base a>b -o out.nq", {"in.jsonl": RECORD}),
    "a record that breaks the schema": Case(
        "KGL-201", CONVERT.format("jsonl"), {"in.jsonl": '{"article": {"id": "1", "text": "a", "x": 1}}'}, "article.x"
    ),
    "neither name nor SPARQL": Case("KGL-400", "query", {}),
    "an unknown query": Case("KGL-401", "query dinners --file g.nq", {"g.nq": ""}),
    "a parameter that the query lacks": Case("KGL-402", "query counts -p colour=red --file g.nq", {"g.nq": ""}),
    "SPARQL that does not parse": Case("KGL-403", "query -q SELECT --file g.nq", {"g.nq": ""}),
    "SPARQL that is no text": Case("KGL-403", "query -q - --file g.nq", {"g.nq": "", "stdin": b"SELECT \xff"}, "UTF-8"),
    "a parameter for SPARQL of one's own": Case("KGL-402", "query -q ASK{} -p a=b --file g.nq", {"g.nq": ""}),
    "a query that fails while it is answered": Case(
        "KGL-500", "query -q SELECT*{SERVICE<http://127.0.0.1:9/>{?s?p?o}} --file g.nq", {"g.nq": ""}
    ),
    "a store below a folder that is not there": Case("KGL-500", "load in.jsonl --store no/s", {"in.jsonl": RECORD}),
    "a store that is a file": Case("KGL-500", "load in.jsonl --store s", {"in.jsonl": RECORD, "s": "text"}),
    "a store that is not there": Case("KGL-501", "query counts --store none", {}),
    "a store of garbage": Case("KGL-505", "query counts --store s", {"s/CURRENT": "garbage"}),
    "a server that is not there": Case("KGL-503", "load in.jsonl --endpoint http://127.0.0.1:1/", {"in.jsonl": RECORD}),
    "an address that is none": Case("KGL-503", "load in.jsonl --endpoint ftp://u:secret@h/", {"in.jsonl": RECORD}),
    "an address that cannot be parsed": Case("KGL-503", "query counts --endpoint http://u:secret@[h", {}),
    "an address with a port beyond all": Case("KGL-503", "query counts --endpoint http://u:secret@h:99999", {}),
    "an address with a password": Case(
        "KGL-503", "query counts --endpoint http://u:secret@127.0.0.1:1", {}, "password"
    ),
    "an output folder that is not there": Case("KGL-601", "convert in.jsonl -o no/out.nq", {"in.jsonl": RECORD}),
    "an output that is a folder": Case(
        "KGL-601", "convert in.jsonl -o out --format trig", {"in.jsonl": RECORD, "out/x": ""}
    ),
    "an unknown extractor": Case("KGL-701", CONVERT.format("txt") + " --extractor none", {"in.txt": STORY}),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_failure_is_one_line_with_its_code(case: Case, tmp_path: Path) -> None:
    for name, content in case.files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    there = set(tmp_path.rglob("*"))
    stdin = case.files.get("stdin", b"")
    done = run(*case.command.split(), cwd=tmp_path, stdin=stdin)
    assert told(done) == case.code
    assert done.returncode == EXIT_CODES[case.code]
    assert case.says in done.stderr
    assert "secret" not in done.stderr
    assert done.stdout == ""
    # A store may be made before what is to go into it turns out to be unreadable.
    assert {p for p in set(tmp_path.rglob("*")) - there if p.parts[len(tmp_path.parts)] != "s"} == set()


@pytest.mark.parametrize(
    ("name", "code", "command"),
    [
        ("queries/counts.rq", "KGL-301", "query --list"),
        ("ontology/kgload.ttl", "KGL-301", "convert in.jsonl"),
        ("kgload/data/gazetteer/core.sqlite", "KGL-301", "convert in.txt"),
        ("ontology/shapes.ttl", "KGL-801", "validate in.nq"),
    ],
)
def test_a_broken_data_file_is_named(name: str, code: str, command: str, tmp_path: Path) -> None:
    for part in ("kgload", "ontology", "queries"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / name).write_text("@prefix broken\n", encoding="utf-8")
    (tmp_path / "in.jsonl").write_text(RECORD, encoding="utf-8")
    (tmp_path / "in.txt").write_text(STORY, encoding="utf-8")
    run("convert", "in.jsonl", "-o", tmp_path / "in.nq", cwd=ROOT)
    done = run(*command.split(), cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)})
    assert told(done) == code
    assert done.returncode == 2


def test_a_store_that_is_being_written_is_locked(tmp_path: Path) -> None:
    import pyoxigraph

    store = pyoxigraph.Store(str(tmp_path / "s"))
    (tmp_path / "in.jsonl").write_text(RECORD, encoding="utf-8")
    done = run("load", "in.jsonl", "--store", "s", cwd=tmp_path)
    assert (told(done), done.returncode) == ("KGL-502", 3)
    del store


def test_a_server_that_refuses_is_told(tmp_path: Path) -> None:
    class Refusing(http.server.BaseHTTPRequestHandler):
        def refuse(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_error(403, "no entry")

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = refuse  # noqa: N815 - the library's names

        def log_message(self, *_: Any) -> None:
            pass

    (tmp_path / "in.jsonl").write_text(RECORD, encoding="utf-8")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        done = run("load", "in.jsonl", "--endpoint", f"http://127.0.0.1:{server.server_port}", cwd=tmp_path)
        server.shutdown()
    assert (told(done), done.returncode) == ("KGL-504", 3)


def test_what_can_be_read_is_converted_where_the_bad_is_skipped(tmp_path: Path) -> None:
    bad = ["{,}", '{"text": ""}', '{"id": "invented", "text": "a", "date": "May"}']
    (tmp_path / "in.jsonl").write_text("\n".join([bad[0], RECORD, *bad[1:]]) + "\n", encoding="utf-8")
    done = run("convert", "in.jsonl", "-o", "out.nq", "--skip-bad", "--json", cwd=tmp_path)
    assert done.returncode == 1
    assert re.findall(r"in\.jsonl:(\d).*\[(KGL-\d+)\]", done.stderr) == [
        ("1", "KGL-108"),
        ("3", "KGL-106"),
        ("4", "KGL-107"),
    ]
    answer = json.loads(done.stdout)
    assert (answer["documents"], answer["events"], answer["skipped"]) == (1, 3, 3)
    assert (tmp_path / "out.nq").stat().st_size > 1000


def test_an_old_output_survives_a_failure(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(RECORD + "\n{,}\n", encoding="utf-8")
    (tmp_path / "out.nq").write_text("old", encoding="utf-8")
    assert run("convert", "in.jsonl", "-o", "out.nq", cwd=tmp_path).returncode == 2
    assert (tmp_path / "out.nq").read_text("utf-8") == "old"
    assert {path.name for path in tmp_path.iterdir()} == {"in.jsonl", "out.nq"}


def test_every_code_has_its_section_and_every_section_its_code() -> None:
    page = (ROOT / "docs" / "errors.md").read_text("utf-8")
    sections = dict(re.findall(r"^## (KGL-\d{3})\b.*\n(?s:(.*?))(?=^## |\Z)", page, re.MULTILINE))
    assert list(sections) == sorted(EXIT_CODES)
    for code, section in sections.items():
        assert "**Meaning.**" in section, code
        assert "**What to do.**" in section, code
        assert f"[{code}]" in section or code in {"KGL-000"}, code
        assert f"Exit code {EXIT_CODES[code]}" in " ".join(section.split()), code


def test_no_two_errors_share_a_code_and_the_tree_in_the_docstring_is_complete() -> None:
    kinds = list(in_tree())
    assert len({kind.code for kind in kinds}) == len(kinds)
    drawn = dict(re.findall(r"(\w+)\s+(KGL-\d{3})", errors.__doc__ or ""))
    assert drawn == {kind.__name__: kind.code for kind in kinds}


def test_no_escape_sequence_of_a_name_reaches_the_terminal(tmp_path: Path) -> None:
    done = run("convert", "\x1b]0;title\x07.nosuch", cwd=tmp_path)
    assert "\x1b" not in done.stderr
    assert "\x07" not in done.stderr
    (tmp_path / "a\x1b[31mred.txt").write_bytes(b"\xff")
    assert "\x1b" not in run("convert", tmp_path, "--skip-bad", "--quiet").stderr
