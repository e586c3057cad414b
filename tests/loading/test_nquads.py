"""Lines that are recognised without the parser are what the parser would make of them; all others go through it."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterable

import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kgload.loading import nquads

S, P, G = (f"http://example.org/{name}" for name in "spg")


def given_back(content: bytes) -> list[tuple[bytes, bytes]]:
    return list(nquads.runs(nquads.blocks(io.BytesIO(content))))


def library(content: bytes) -> bytes:
    return ox.serialize(ox.parse(content, ox.RdfFormat.N_QUADS), format=ox.RdfFormat.N_QUADS) or b""


PIECES = st.sampled_from(
    ["<", ">", '"', " ", "\\", "\\n", "\\u0041", "\\U0001F6D1", "\t", "@en", "@en-GB", "@en-gb", "^^", ".", "#", "_:b",
     "http://", "http:", "urn:", "urn:x:", "e.org", "e.org:8", ":x", "/", "a", "%41", "%zz", "%", "?q", "[", "]", "é",
     "\u0085", "\u2028", "\ufffe", "\uffff", "\U0001f6d1", "\U0001fffe", "\x7f", "\x01", "\r", "'", "{", "|", "^", "`",
     "http://www.w3.org/2001/XMLSchema#string", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString", "//", "-", "1"]
)  # fmt: skip
TEXT = st.lists(PIECES, max_size=8).map("".join)


@settings(max_examples=3000, deadline=None)
@given(subject=TEXT, object_=TEXT, graph=TEXT, as_iri=st.booleans(), tail=TEXT, base=st.sampled_from(["", S, "urn:x:"]))
@example(subject=S, object_="\\", graph=G, as_iri=False, tail="", base="")
@example(subject="e.org/", object_="x", graph="e.org:99999/", as_iri=False, tail="", base="http://")
def test_a_line_that_is_recognised_is_what_the_parser_makes_of_it(
    subject: str, object_: str, graph: str, as_iri: bool, tail: str, base: str
) -> None:
    term = f"<{base}{object_}>" if as_iri else f'"{object_}"{tail}'
    line = f"<{base}{subject}> <{P}> {term} <{base}{graph}> .\n".encode()
    found = nquads.RUN.fullmatch(line)
    if found:
        (quad,) = ox.parse(line, ox.RdfFormat.N_QUADS)
        assert ox.serialize([quad], format=ox.RdfFormat.N_QUADS) == line
        assert str(quad.graph_name) == f"<{found[1].decode()}>"


@settings(max_examples=500, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), st.sampled_from([None, "en", "zh-hant"]))
def test_what_the_library_writes_is_recognised_but_for_rare_characters(text: str, language: str | None) -> None:
    literal = ox.Literal(text, language=language) if language else ox.Literal(text)
    quad = ox.Quad(ox.NamedNode(S), ox.NamedNode(P), literal, ox.NamedNode(G))
    line = ox.serialize([quad], format=ox.RdfFormat.N_QUADS) or b""
    assert given_back(line) == [(G.encode(), line)]
    rare = any(c < " " and c not in "\b\t\n\f\r" for c in text) or any(c in "\x7f\ufffe\uffff" for c in text)
    assert rare or nquads.RUN.fullmatch(line)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT), max_size=12), st.integers(min_value=1, max_value=90))
def test_lines_in_any_spelling_come_out_as_the_parser_reads_them(lines: list[tuple[str, str]], block: int) -> None:
    content = "".join(f' <{S}>\t<{P}> "{text}"{tail}<{G}>.# {text}\n' for text, tail in lines).encode()
    pieces = [content[at : at + block] for at in range(0, len(content), block)]
    try:
        expected = library(content)
    except SyntaxError:
        with pytest.raises(nquads.Unreadable, match=r"^line \d+"):
            list(nquads.runs(pieces, unnamed=True))
        return
    assert b"".join(run for _, run in nquads.runs(pieces, unnamed=True)) == expected


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ab"), TEXT, TEXT), max_size=8))
@example([("a", "", ""), ("b", "", " # <http://example.org/g/a> ."), ("a", "", "")])
@example([("a", "", ""), ("b", "", ""), ("\\u0061", "", "")])
@example([("a", "", ""), ("b", "", " .  # <http://example.org/g/a> ."), ("a", "", "")])
@example([("a", "", ""), ("b", "", "  # <http://example.org/g/a> ."), ("a", "", "")])
@example([("a", "", "\n# <http://example.org/g/b> ."), ("a", "", "")])
def test_names_of_runs_are_those_of_the_runs(lines: list[tuple[str, str, str]]) -> None:
    content = "".join(f'<{S}> <{P}> "{text}" <{G}/{name}> .{tail}\n' for name, text, tail in lines).encode()
    try:
        expected = [name for name, _ in nquads.runs([content])]
    except nquads.Unreadable:
        return
    assert _once(nquads.names([content])) == _once(expected)


def _once(names: Iterable[bytes]) -> list[bytes]:
    return [name for name, _ in itertools.groupby(names)]


def test_a_run_ends_where_another_graph_begins() -> None:
    one, two = (f'<{S}> <{P}> "{n}" <{G}/{n}> .\n'.encode() for n in (1, 2))
    assert given_back(one + one + two + one) == [
        (f"{G}/1".encode(), one + one), (f"{G}/2".encode(), two), (f"{G}/1".encode(), one),
    ]  # fmt: skip


def test_blocks_may_end_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = b"".join(f'<{S}> <{P}> "{n} é" <{G}/{n // 3}> .\n'.encode() for n in range(20))
    for size in (1, 7, 64, 100):
        monkeypatch.setattr(nquads, "BLOCK", size)
        assert b"".join(run for _, run in given_back(lines.removesuffix(b"\n"))) == lines


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"<nonsense", "line 3"),
        (f"<{S}> <{P}> <{S}> .".encode(), "no named graph"),
        (b'<a:b> <a:b> "\xff" <a:b> .', "line 3"),
    ],
)  # fmt: skip
def test_a_line_that_is_none_is_named_and_those_before_it_are_given(line: bytes, words: str) -> None:
    good = f'<{S}> <{P}> "x" <{G}> .\n'.encode()
    read = []
    with pytest.raises(nquads.Unreadable, match=words):
        for run in nquads.runs([good + b"# comment\n" + line + b"\n" + good]):
            read.append(run)
    assert read == [(G.encode(), good)]


def test_a_line_without_end_is_refused_when_it_is_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nquads, "LONGEST", 1_000)
    monkeypatch.setattr(nquads, "BLOCK", 100)
    read = io.BytesIO(f'<{S}> <{P}> "x" <{G}> .\n<{S}> <{P}> "{"x" * 100_000}'.encode())
    with pytest.raises(nquads.Unreadable, match="line 2 is longer than 1,000 bytes"):
        list(nquads.runs(nquads.blocks(read)))
    assert read.tell() < 2_000, "no more is read than tells it"
