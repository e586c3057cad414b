"""Graph files to quads, whatever their format."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from kgload import nesting
from kgload.errors import BadGraph
from kgload.files import reading
from kgload.mapping.writers import GraphFormat, format_of


def parse(path: Path) -> Iterator[ox.Quad]:
    """Yield the quads of a file as they stand in it; its suffix names the format, ``.gz`` is unpacked.

    Raises:
        UnknownFormat: the suffix names no graph format.
        InputNotFound: the file cannot be read.
        BadGraph: it does not parse; the message gives line and column where the parser knows them.
    """
    format_ = format_of(path.name)
    try:
        nesting.check_file(lambda: reading(path), b"{" if format_ is GraphFormat.JSONLD else b"<<")
        with reading(path) as stream:
            yield from ox.parse(stream, format_.rdf)
    except (SyntaxError, ValueError, EOFError, OSError, zlib.error) as error:
        raise BadGraph(f"{path}: {_where(error)}{error.args[0] if error.args else error}") from error
    except MemoryError as error:
        raise BadGraph(f"{path}: a statement is too long to be read") from error


def _where(error: Exception) -> str:
    return f"line {error.lineno}: " if isinstance(error, SyntaxError) and error.lineno else ""
