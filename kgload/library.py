"""What the commands call, for Python: read, extract, convert, write, load, query.

>>> import kgload
>>> for document in kgload.extract(kgload.read(["articles/"])):
...     for event in document.events:
...         print(event.type, event.status, [m.text for m in event.mentions])
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from kgload.conversion.shard import Settings
from kgload.errors import KgloadError, UnknownFormat
from kgload.files import replacing
from kgload.records import Article, Document

if TYPE_CHECKING:
    import rdflib

DEFAULT_BASE = "https://w3id.org/kgload/"
PathLike = str | Path


def read(
    inputs: Iterable[PathLike], *, date: str | None = None, id: str | None = None, input_format: str | None = None
) -> Iterator[Article | Document | KgloadError]:
    """Articles (and ready records) of files, folders and standard input (``-``), one at a time.

    ``date`` (ISO 8601) serves articles without one, ``id`` a single text or page, ``input_format`` (``text``, ``html``,
    ``jsonl``) files whose suffix says nothing. An article that cannot be used comes as its error.

    Raises:
        InputNotFound, NoArticles, UnknownFormat, BadDate: nothing can be read for that reason.
    """
    from kgload.sources.reader import InputFormat
    from kgload.sources.reader import read as read_all
    from kgload.sources.texts import parse_day

    if input_format is not None and input_format not in set(InputFormat):
        raise UnknownFormat(f"{input_format!r} is no input format; there are {', '.join(InputFormat)}")
    return read_all(
        inputs,
        input_format=InputFormat(input_format) if input_format else None,
        date=parse_day(date, "--date") if date else None,
        id_=id,
    )


def extract(
    articles: Iterable[Article | Document | KgloadError],
    *,
    settings: Settings | None = None,
    on_bad: Callable[[KgloadError], None] | None = None,
) -> Iterator[Document]:
    """Documents with entities, events and links, in the order of the articles.

    What :func:`read` yields as an error is raised, or handed to ``on_bad`` where that is given.

    Raises:
        ExtractorError: there is no such extractor, or its model cannot be used.
        DataError: a data file of kgload's does not validate.
    """
    from kgload.conversion.local import documents

    return documents(articles, settings or Settings(), on_bad)


def convert(
    inputs: Iterable[PathLike],
    output: PathLike,
    *,
    format: str | None = None,
    date: str | None = None,
    base: str = DEFAULT_BASE,
    settings: Settings | None = None,
) -> int:
    """Articles to a graph file; the number of documents. The file is complete, or not there.

    ``format`` is ``turtle``, ``trig``, ``nquads``, ``ntriples`` or ``jsonld``; the suffix says it otherwise.

    Raises:
        InputError: an article cannot be read.
        OutputError: the file cannot be written.
    """
    count = 0

    def counted() -> Iterator[Document]:
        nonlocal count
        for document in extract(read(inputs, date=date), settings=settings):
            count += 1
            yield document

    write(counted(), Path(output), format=format, base=base)
    return count


def write(
    documents: Iterable[Document], output: Path | None, *, format: str | None = None, base: str = DEFAULT_BASE
) -> None:
    """Write documents as a graph, to a file (whole or not at all) or to standard output.

    Raises:
        UnknownFormat: neither ``format`` nor the suffix names a format.
        OutputError: the file cannot be written.
        RecordError: a document breaks the ontology.
    """
    from kgload.mapping import writers

    format_ = writers.GraphFormat.TRIG
    if format is not None:
        format_ = writers.format_named(format)
    elif output is not None:
        format_ = writers.format_of(output.name)
    with _opened(output) as stream:
        writers.write(documents, stream, format_, base)


def write_records(documents: Iterable[Document], output: Path | None) -> None:
    """Write documents as JSON Lines of records, to a file (whole or not at all) or to standard output.

    Raises:
        OutputError: the file cannot be written.
    """
    from kgload import records_json

    with _opened(output) as stream:
        for document in documents:
            stream.write(records_json.dump(document).encode() + b"\n")


def to_dataset(documents: Iterable[Document], *, base: str = DEFAULT_BASE) -> rdflib.Dataset:
    """Documents as an rdflib Dataset, a named graph each, in memory.

    Raises:
        RecordError: a document breaks the ontology.
    """
    from kgload.mapping import writers

    return writers.to_dataset(documents, base)


@contextlib.contextmanager
def _opened(output: Path | None) -> Iterator[BinaryIO]:
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    else:
        with replacing(output) as stream:
            yield stream
