"""How deep brackets stand in each other, counted before a parser that goes down with them ends the process."""

from __future__ import annotations

import re
from collections.abc import Iterable

# The library's parsers call themselves for each level: 200 go well, 20,000 overrun the stack. Nobody writes as many.
DEEPEST = 100
# Strings, addresses and comments are passed over whole. Possessive, so that hostile text costs no more than other text.
_TOKEN = re.compile(
    rb'"""(?:[^"\\]|\\.|"(?!""))*+"""|' + rb"'''(?:[^'\\]|\\.|'(?!''))*+'''|"
    rb'"(?:[^"\\\n]|\\.)*+"|' + rb"'(?:[^'\\\n]|\\.)*+'|"
    rb"<[^\x00-\x20<>\"{}|^`\\]*+>|#[^\n]*+|(?P<open><<|[(\[{])|(?P<close>>>|[)\]}])|(?P<not>!(?:\s*+!)*+)",
    re.DOTALL,
)


class TooDeep(ValueError):
    """Brackets stand deeper in each other than :data:`DEEPEST`."""

    def __init__(self) -> None:
        super().__init__(f"brackets stand more than {DEEPEST} deep in each other")


def check(text: bytes) -> None:
    """Let pass a line of N-Quads, or a SPARQL text, that a parser can go down.

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


def is_suspect(pieces: Iterable[bytes], opening: bytes) -> bool:
    """Whether a file, in pieces, holds an opening bracket often enough to be worth a :func:`check`."""
    count, last = 0, b""
    for piece in pieces:
        count += (last + piece).count(opening)
        last = piece[-len(opening) + 1 :] if len(opening) > 1 else b""
        if count > DEEPEST:
            return True
    return False
