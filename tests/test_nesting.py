"""Text that is nested deeper than a parser can go down is refused; all other text is let pass."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from running import run, told

from kgload import nesting

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
    "unions": "SELECT * {" + " UNION ".join(["{?s ?p ?o}"] * DEEP) + "}",
    "alternatives": "SELECT * { ?s ?p ?o FILTER(" + "||".join(["?s=?o"] * DEEP) + ") }",
    "optional parts": "SELECT * {" + "OPTIONAL{?s ?p ?o}" * DEEP + "}",
    "sums": "SELECT * { FILTER(" + "+".join(["1"] * DEEP) + ") }",
    "statements": "SELECT * {" + "?s ?p ?o." * DEEP + "}",
    "objects": "SELECT * {?s ?p " + "?o, " * DEEP + "?o}",
    "paths": "SELECT * {?s " + "/".join(["<urn:p>"] * DEEP) + " ?o}",
    "a list": "SELECT * {?s ?p (" + " 1" * DEEP + ")}",
    "behind values": "SELECT * { VALUES ?x { 1 } " + "MINUS{?s ?p ?o}" * DEEP + "}",
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
        done = run("query", "-q", "-", *where, cwd=tmp_path, stdin=QUERIES[name])
        assert (done.returncode, told(done)) == (2, "KGL-403")


@pytest.mark.parametrize("name", FILES)
def test_each_way_to_read_a_file_refuses_it(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(FILES[name], encoding="utf-8")
    for command in (["validate", name], ["evaluate", name, "gold.jsonl"]):
        (tmp_path / "gold.jsonl").write_text("", encoding="utf-8")
        done = run(*command, cwd=tmp_path)
        assert done.returncode == 2, done.stderr
        assert told(done).startswith("KGL-")


def test_many_values_are_no_chain(tmp_path: Path) -> None:
    many = " ".join(f'<urn:{n}> "{n}.5" -{n}.25' for n in range(2_000))
    nesting.check_query(f"SELECT * {{ VALUES ?x {{ {many} }} ?x ?p ?o }}")
    nesting.check_query(f"SELECT * {{ values (?x ?y) {{ {'(1.5 <urn:a>) ' * 4_000} }} ?x ?p ?o }}")
    nesting.check_query(f"SELECT * {{ ?x ?p ?o FILTER(?x IN ({','.join(['<urn:a>'] * 4_000)})) }}")
    nesting.check_query(f'SELECT * {{ ?x ?p "{"{+." * 4_000}" }} # {"||" * 4_000}')


@given(st.sampled_from(["<{}>", '"{}"', "'{}'", '"""{}"""', "'''{}'''", "#{}\n"]))
def test_brackets_in_strings_addresses_and_comments_do_not_count(form: str) -> None:
    inner = "(" if form.startswith("<") else "<<([{"
    nesting.check((form.format(inner * 1000) + " . ").encode())


def test_brackets_beside_each_other_do_not_count() -> None:
    nesting.check(b"({[<<>>]}) " * 1000)
