"""Text that is nested deeper than a parser can go down is refused; all other text is let pass."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from running import run, told

from kgload.stores import nesting

DEEP = 20_000
TRIPLE = "<urn:s> <urn:p> " + "<<( <urn:s> <urn:p> " * DEEP + "<urn:o>" + " )>>" * DEEP
FILES = {
    "m.nq": f"{TRIPLE} <urn:g> .\n",
    "m.nt": f"{TRIPLE} .\n",
    "m.ttl": f"{TRIPLE} .\n",
    "m.trig": f"<urn:g> {{ {TRIPLE} }}\n",
    "m.jsonld": '{"urn:p":' * DEEP + '"a"' + "}" * DEEP,
}
QUERIES = {
    "groups": "SELECT * " + "{" * DEEP + "}" * DEEP,
    "parentheses": "SELECT * { FILTER(" + "(" * DEEP + "1" + ")" * DEEP + ") }",
    "blank nodes": "SELECT * { ?s ?p " + "[ ?p " * DEEP + "?o" + "]" * DEEP + "}",
    "negations": "SELECT * { FILTER(" + "! " * DEEP + "1) }",
    "behind a comment": 'SELECT * # " }\n' + "{#}\n" * DEEP + "}" * DEEP,
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_nested_too_deep_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(FILES[name], encoding="utf-8")
    done = run("load", name, "--quiet", cwd=tmp_path)
    assert (done.returncode, told(done)) == (2, "KGL-110")
    assert "deep" in done.stderr


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_that_is_nested_too_deep_is_refused(name: str, tmp_path: Path, oxigraph_server: str) -> None:
    (tmp_path / "a.nq").write_text("<urn:s> <urn:p> <urn:o> <urn:g> .\n", encoding="utf-8")
    run("load", "a.nq", cwd=tmp_path)
    for where in ([], ["--endpoint", oxigraph_server]):
        done = run("query", "-q", QUERIES[name], *where, cwd=tmp_path)
        assert (done.returncode, told(done)) == (2, "KGL-403")


@given(st.sampled_from(["<{}>", '"{}"', "'{}'", '"""{}"""', "'''{}'''", "#{}\n"]))
def test_brackets_in_strings_addresses_and_comments_do_not_count(form: str) -> None:
    inner = "(" if form.startswith("<") else "<<([{"
    nesting.check((form.format(inner * 1000) + " . ").encode())


def test_brackets_beside_each_other_do_not_count() -> None:
    nesting.check(b"({[<<>>]}) " * 1000)
