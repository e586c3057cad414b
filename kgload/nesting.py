"""How deep brackets stand in each other, and how long a query's chains are, counted before a parser overruns its stack.

Such a parser ends the process; no error comes of it that could be caught.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import BinaryIO

# The library's parsers call themselves for each level: 200 go well, 20,000 overrun the stack. Nobody writes as many.
DEEPEST = 100
# Strings, addresses and comments are passed over whole. Possessive, so that hostile text costs no more than other text.
_TOKEN = re.compile(
    rb'"""(?:[^"\\]|\\.|"(?!""))*+"""|' + rb"'''(?:[^'\\]|\\.|'(?!''))*+'''|"
    rb'"(?:[^"\\\n]|\\.)*+"|' + rb"'(?:[^'\\\n]|\\.)*+'|"
    rb"<[^\x00-\x20<>\"{}|^`\\]*+>|#[^\n]*+|(?P<open><<|[(\[{])|(?P<close>>>|[)\]}])|(?P<not>!(?:\s*+!)*+)",
    re.DOTALL,
)


# What a query chains (patterns, alternatives, operators, a list's members) becomes as deep a tree: 1,000 go well, 5,000
# overrun the stack.
LONGEST_CHAIN = 1_000
_WORD = (
    rb"(?P<join>[{(\[.;|/^+*&!-])|(?P<close>[})\]])|(?P<comma>,)|(?P<values>(?i:VALUES)\b)"
    rb"|(?P<term>[^\s{}()\[\].;,|/^+*&!\"'<>#=-]++)"
)
_QUERY = re.compile(
    rb'(?P<string>"""(?:[^"\\]|\\.|"(?!""))*+"""|' + rb"'''(?:[^'\\]|\\.|'(?!''))*+'''|"
    rb'"(?:[^"\\\n]|\\.)*+"|' + rb"'(?:[^'\\\n]|\\.)*+'|"
    rb"<[^\x00-\x20<>\"{}|^`\\]*+>)|#[^\n]*+|" + _WORD,
    re.DOTALL,
)


class TooDeep(ValueError):
    """Brackets stand deeper in each other than :data:`DEEPEST`, or a chain is longer than :data:`LONGEST_CHAIN`."""

    def __init__(self, words: str = f"brackets stand more than {DEEPEST} deep in each other") -> None:
        super().__init__(words)


def check_query(sparql: str) -> None:
    """Let pass a query that a parser can go down, and one by which its answer is sought.

    What stands in a VALUES block, or between commas in brackets, may be as much as you like.

    Raises:
        TooDeep: it is nested too deep, or chains more than :data:`LONGEST_CHAIN` patterns, operators or members.
        UnicodeEncodeError: it holds a lone surrogate.
    """
    text = sparql.encode()
    check(text)
    if len(text) <= LONGEST_CHAIN:
        return
    joints, open_, last, values = 0, list[bytes](), "", 0
    for token in _QUERY.finditer(text):
        kind, sign = token.lastgroup or "", token.group()
        if kind == "values":
            values = len(open_) + 1
        elif kind == "close":
            del open_[-1:]
            if sign == b"}" and len(open_) < values:
                values = 0
        elif not (values and open_[values - 1 : values] == [b"{"]):
            is_member = kind in ("string", "term") and last in ("string", "term") and open_[-1:] == [b"("]
            joints += kind == "join" or is_member or (kind == "comma" and open_[-1:] != [b"("])
        if kind == "join" and sign in b"{([":
            open_.append(sign)
        if kind:
            last = kind
    if joints > LONGEST_CHAIN:
        raise TooDeep(f"more than {LONGEST_CHAIN:,} patterns, operators and members of lists are chained; use VALUES")


def check(text: bytes) -> None:
    """Let pass a line of N-Quads, or a SPARQL text, whose brackets a parser can go down.

    Raises:
        TooDeep: it is nested deeper than :data:`DEEPEST`, or negated as often.
    """
    # Most texts have not even as many brackets.
    if sum(map(text.count, (b"<<", b"(", b"[", b"{", b"!"))) <= DEEPEST:
        return
    depth = 0
    for token in _TOKEN.finditer(text):
        if token["open"]:
            depth += 1
        elif token["close"]:
            depth = max(0, depth - 1)
        elif token["not"] and token["not"].count(b"!") > DEEPEST:
            raise TooDeep
        if depth > DEEPEST:
            raise TooDeep


def check_file(opened: Callable[[], AbstractContextManager[BinaryIO]], opening: bytes = b"<<") -> None:
    """Let pass a graph file that a parser can go down; it is opened once or twice.

    Args:
        opening: the bracket that the format's parser goes down with: that of triples within triples, or ``{`` in JSON.

    Raises:
        TooDeep: it is nested deeper than :data:`DEEPEST`.
        OSError, EOFError: it cannot be read.
    """
    with opened() as stream:
        is_suspect = _is_suspect(iter(functools.partial(stream.read, 1 << 20), b""), opening)
    if is_suspect:
        with opened() as stream:
            check(stream.read())


def _is_suspect(pieces: Iterable[bytes], opening: bytes) -> bool:
    """Whether a file, in pieces, holds an opening bracket often enough to be worth a :func:`check`."""
    count, last = 0, b""
    for piece in pieces:
        count += (last + piece).count(opening)
        last = piece[-len(opening) + 1 :] if len(opening) > 1 else b""
        if count > DEEPEST:
            return True
    return False
