"""N-Quads as they stream by: runs of statements of one graph, in the one form in which the RDF library writes them.

A line that kgload or the library wrote is recognised by one regular expression, many at a time; that is several times
faster than making terms of it. Any other line goes through the library's parser, so that nothing else decides what is
N-Quads.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

import pyoxigraph as ox

from kgload import nesting

BLOCK = 1 << 20
LONGEST = 1 << 26

# A part of what the grammar allows, in the form that is written: absolute http and urn IRIs of plain characters, the
# escapes that are used, language tags in lower case, datatypes that are not left out. Possessive, so that hostile lines
# cost no more than others.
_PCHAR = rb"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]++|%[0-9A-Fa-f]{2})*+"
_HOST = rb"[A-Za-z0-9.-]++(?::[0-9]{1,5}+)?+(?=[/?#>])"
_IRI = (
    rb"(?:https?://" + _HOST + _PCHAR + rb"|urn:[a-z][a-z0-9-]++:" + _PCHAR + rb")"
    rb"(?:\#" + _PCHAR + rb")?+"
)
_LEFT_OUT = rb"(?!http://www\.w3\.org/(?:2001/XMLSchema\#string|1999/02/22-rdf-syntax-ns\#(?:dirL|l)angString)>)"
_CHARACTERS = rb'(?:[^"\\\x00-\x1f\x7f\xef]++|\\[btnfr"\\]|\xef(?!\xbf[\xbe\xbf]))*+'
_LITERAL = rb'"' + _CHARACTERS + rb'"(?:@[a-z]{1,8}(?:-[a-z0-9]{1,8})*+(?= )|\^\^<' + _LEFT_OUT + _IRI + rb">)?+"
_TERMS = rb"<" + _IRI + rb"> <" + _IRI + rb"> (?:<" + _IRI + rb">|" + _LITERAL + rb") <"
RUN = re.compile(_TERMS + rb"(" + _IRI + rb")> \.\n(?:" + _TERMS + rb"\1> \.\n)*+")

# Where one of these stands, a line's end may not be its graph's name: other line ends, comments.
_SIGNS = (b"\r", b"\t")
_COMMENT = re.compile(rb"\. *#")
_NAME = re.compile(rb" <([^<>\n\\]*)> \.$")


class Unreadable(ValueError):
    """A line that is no N-Quads, or names no graph."""


def blocks(stream: BinaryIO) -> Iterator[bytes]:
    """A stream's bytes, a block at a time."""
    return iter(functools.partial(stream.read, BLOCK), b"")


def runs(pieces: Iterable[bytes], *, unnamed: bool = False) -> Iterator[tuple[bytes, bytes]]:
    """The names of graphs and their statements' lines, as these follow one another; a graph can come again.

    Args:
        pieces: bytes of N-Quads, cut anywhere.
        unnamed: give what stands in no named graph too, under an empty name.

    Raises:
        Unreadable: a line does not parse or names no graph; the message says which. What was before has been given.
    """
    for block, number in _whole_lines(pieces):
        yield from _of_block(block, number, unnamed=unnamed)


def names(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The names that :func:`runs` would give; fast, and less strict with lines that do not parse.

    Raises:
        Unreadable: a line does not parse or names no graph.
    """
    end = b"\n"  # no line holds this
    for block, number in _whole_lines(pieces):
        if any(sign in block for sign in _SIGNS) or _COMMENT.search(block):
            yield from (name for name, _ in _of_block(block, number, unnamed=False))
            end = b"\n"
            continue
        for line in block.split(b"\n"):
            if line.endswith(end):
                continue
            found = _NAME.search(line, max(0, line.rfind(b" <")))
            if found and not line.lstrip().startswith(b"#"):
                end = found[0]
                yield found[1]
            else:
                yield from (name for name, _ in _of_block(line + b"\n", number, unnamed=False))
                end = b"\n"


def _whole_lines(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, int]]:
    """Blocks that end with a line's end, each with the number of its first line.

    Raises:
        Unreadable: a line is too long to be one.
    """
    # What a line that goes on is made of so far; put together once, so that a long one takes no time squared.
    rest, size, number = list[bytes](), 0, 1
    for piece in pieces:
        end = piece.rfind(b"\n") + 1
        if not end:
            rest.append(piece)
            size += len(piece)
            if size > LONGEST:
                raise Unreadable(f"line {number} is longer than {LONGEST:,} bytes")
            continue
        block = b"".join([*rest, piece[:end]])
        rest, size = [piece[end:]], len(piece) - end
        yield block, number
        number += block.count(b"\n")
    if size:
        yield b"".join(rest) + b"\n", number


def _of_block(block: bytes, number: int, *, unnamed: bool) -> Iterator[tuple[bytes, bytes]]:
    try:
        block.decode()
        readable = len(block)
    except UnicodeDecodeError as error:
        readable = block.rfind(b"\n", 0, error.start) + 1
    at = 0
    while at < len(block):
        found = RUN.match(block, at) if at < readable else None
        # What is no UTF-8 may be passed over by the expression; it is the parser's to refuse.
        if found and found.end() <= readable:
            yield found[1], found[0]
            at = found.end()
            continue
        end = block.index(b"\n", at) + 1
        try:
            yield from _parsed(block[at:end], unnamed=unnamed)
        except (SyntaxError, ValueError) as error:
            line = number + block.count(b"\n", 0, at)
            raise Unreadable(f"line {line}: {_words(error)}") from error
        at = end


def _parsed(line: bytes, *, unnamed: bool) -> Iterator[tuple[bytes, bytes]]:
    nesting.check(line)
    for quad in ox.parse(line, ox.RdfFormat.N_QUADS):
        if not unnamed and not isinstance(quad.graph_name, ox.NamedNode):
            raise ValueError("a statement stands in no named graph; kgload loads named graphs")
        name = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
        yield name.encode(), ox.serialize([quad], format=ox.RdfFormat.N_QUADS) or b""


def _words(error: Exception) -> str:
    """What the parser says, without the place in the one line that it was given."""
    return re.sub(r"^Parser error at line 1 (between columns? \d+ and (column )?\d+|column \d+): ", "", str(error))
