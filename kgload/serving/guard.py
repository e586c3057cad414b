"""What a query may not be: an update, one that has another server asked, one that names a file of this machine.

A query is read by the terminals of SPARQL's grammar, as its parsers read it: a word in a string, an address, a comment
or a variable is none of the query's own. Where a parser may see a keyword that the grammar does not (``trueSERVICE``,
``SERVICE:a``, after an escape), it counts as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kgload import nesting
from kgload.errors import BadSparql, QueryRefused

# The longest match first, as the grammar has it. Possessive, so that hostile text costs no more than other text.
_TERMINALS = re.compile(
    r'(?P<string>"""(?:"{0,2}(?:[^"\\]|\\.))*+"""|\'\'\'(?:\'{0,2}(?:[^\'\\]|\\.))*+\'\'\''
    r'|"(?:[^"\\\n\r]|\\.)*+"|\'(?:[^\'\\\n\r]|\\.)*+\')'
    r"|(?P<iri><[^\x00-\x20<>\"{}|^`\\]*+>)"
    r"|(?P<comment>#[^\n\r]*+)"
    r"|(?P<other>[?$]\w++|@\w++(?:-\w++)*+)"
    # A name with a prefix may hold dots, colons and escaped signs; the prefix may be empty.
    r"|(?P<name>(?:[^\W\d][\w.·-]*+)?:(?:[\w:·.-]|%[0-9A-Fa-f]{2}|\\.)*+)"
    r"|(?P<word>[^\W\d_]\w*+)"
    r"|(?P<sign>\S)",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
UPDATES = frozenset(("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "WITH"))
FORMS = frozenset(("SELECT", "ASK", "CONSTRUCT", "DESCRIBE"))
# What stands before an address that says where a query's graphs come from.
SOURCES = ("FROM", "NAMED", "BASE")
# SERVICE where a parser may see it: in a word, in what stands before a name's colon, behind a dot in a name.
_SERVICE = re.compile(r"[^:]*SERVICE|.*\.SERVICE", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Token:
    """A terminal of a query: its kind, its text, and where it begins."""

    kind: str
    text: str
    begin: int


def tokens(sparql: str) -> Iterator[Token]:
    """The terminals of a query, in order, without its comments."""
    for found in _TERMINALS.finditer(sparql):
        if found.lastgroup and found.lastgroup != "comment":
            yield Token(found.lastgroup, found.group(), found.start())


def check(sparql: str) -> None:
    """Let a query pass that only reads this graph.

    Raises:
        BadSparql: it is nested too deep for a parser, or is no text.
        QueryRefused: it would change something, ask another server, or name a file.
    """
    try:
        nesting.check_query(sparql)
    except nesting.TooDeep as error:
        raise BadSparql(f"the query does not parse: {error}") from error
    except UnicodeEncodeError as error:
        raise BadSparql("the query holds a lone surrogate, which is no character") from error
    _check(sparql)
    # Some parsers resolve escapes before they read the query, so that an escape may be part of a word.
    if "\\" in sparql and (resolved := _ESCAPE.sub(_resolved, sparql)) != sparql:
        _check(resolved)


def check_graph(iri: str) -> None:
    """Let the name of a graph pass that is no address of a file.

    Raises:
        QueryRefused: it is one.
    """
    if iri.strip().casefold().startswith("file:"):
        raise QueryRefused("graphs are named here, never fetched: file: names none")


def _check(sparql: str) -> None:
    before, began = "", False
    for token in tokens(sparql):
        word = token.text.upper() if token.kind == "word" else ""
        if token.kind in ("word", "name") and _SERVICE.match(token.text):
            raise QueryRefused("SERVICE is refused: no request leaves this server")
        if token.kind == "iri" and (before.endswith(SOURCES) or not began):
            check_graph(token.text[1:-1])
        if word in FORMS:
            began = True
        elif word in UPDATES and not began:
            raise QueryRefused(f"{word} is refused: this endpoint is read-only")
        before = word


def _resolved(escape: re.Match[str]) -> str:
    number = int(escape[1] or escape[2], 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"
