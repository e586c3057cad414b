"""What the commands call, for Python: read, extract, convert, write, load, query.

>>> import kgload
>>> for document in kgload.extract(kgload.read(["articles/"])):
...     for event in document.events:
...         print(event.type, event.status, [m.text for m in event.mentions])
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from kgload.conversion.shard import Settings
from kgload.errors import BadParameter, KgloadError
from kgload.files import replacing_or_stdout
from kgload.filling import PathLike
from kgload.filling import load_all as load_all
from kgload.filling import read_all as read_all
from kgload.mapping.iris import DEFAULT_BASE
from kgload.records import Article, Document

if TYPE_CHECKING:
    import rdflib

    from kgload.asking import Answer
    from kgload.explanations import Explanation
    from kgload.loading.loader import Report
    from kgload.stores import Server


def read(
    inputs: Iterable[PathLike],
    *,
    date: str | None = None,
    id: str | None = None,
    input_format: str | None = None,
    columns: Mapping[str, str] | None = None,
    on_other: Callable[[PurePath], None] | None = None,
) -> Iterator[Article | Document | KgloadError]:
    """Articles (and ready records) of files, folders and standard input (``-``), one at a time.

    ``date`` (ISO 8601) serves articles without one, ``id`` a single text or page, ``input_format`` (``text``, ``html``,
    ``jsonl``, ``parquet``, ``warc``) files whose suffix says nothing, ``columns`` the names that tables and JSON Lines
    have for ``id``, ``title``, ``date``, ``url`` and ``text``; ``on_other`` is told of files in folders that are passed
    over. An article that cannot be used comes as its error. Files are opened when the iterator reaches them.

    Raises:
        InputNotFound, NoArticles, UnknownFormat, BadDate: nothing can be read for that reason.
    """
    from kgload.sources.reader import parsed

    found = read_all(inputs, date=date, id=id, input_format=input_format, columns=columns, on_other=on_other)
    return parsed(found)


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
    from kgload.conversion.converting import documents

    return documents(articles, settings or Settings(), on_bad)


def convert(
    inputs: Iterable[PathLike],
    output: PathLike,
    *,
    format: str | None = None,
    date: str | None = None,
    base: str = DEFAULT_BASE,
    settings: Settings | None = None,
    workers: int = 0,
) -> int:
    """Articles to a graph file; the number of documents. The file is complete, or not there.

    ``format`` is ``turtle``, ``trig``, ``nquads``, ``ntriples``, ``jsonld`` or ``nif``; the suffix says it otherwise.
    ``workers`` processes convert, this one where it is 0; the bytes are the same. A worker that dies of an article, or
    takes longer than two minutes for it, is replaced, and the article's error raised.

    Raises:
        InputError: an article cannot be read.
        OutputError: the file cannot be written.
    """
    from kgload.conversion import converting
    from kgload.conversion.batches import Plan
    from kgload.conversion.copies import marked

    form = converting.form(Path(output), format, base)
    plan = Plan(settings or Settings(), form)
    found = converting.results(read_all(inputs, date=date), plan, converting.Engine(workers))
    return converting.write(marked(converting.pieces(found), form), Path(output), form)


def write(
    documents: Iterable[Document], output: Path | None, *, format: str | None = None, base: str = DEFAULT_BASE
) -> None:
    """Write documents as a graph, to a file (whole or not at all) or to standard output.

    Raises:
        UnknownFormat: neither ``format`` nor the suffix names a format.
        OutputError: the file cannot be written.
        RecordError: a document breaks the ontology.
    """
    from kgload.conversion import converting

    form = converting.form(output, format, base)
    with replacing_or_stdout(output) as stream:
        for piece in form.joined(map(form.piece, documents)):
            stream.write(piece)


def write_records(documents: Iterable[Document], output: Path | None) -> None:
    """Write documents as JSON Lines of records, to a file (whole or not at all) or to standard output.

    Raises:
        OutputError: the file cannot be written.
    """
    from kgload import records_json

    with replacing_or_stdout(output) as stream:
        for document in documents:
            stream.write(records_json.dump(document).encode() + b"\n")


def explain(
    articles: Iterable[Article | Document | KgloadError],
    *,
    extractor: str = "encoder",
    document: str | None = None,
    event: int | None = None,
) -> Iterator[Explanation]:
    """Why the events of each article are what they are; :mod:`kgload.explanations` says what is told.

    ``document`` picks the document of an id; ``event`` the event of a number (from 1) in each document.

    Raises:
        ExtractorError: there is no such extractor, or it does not explain itself.
        InputError: an article cannot be read, or nothing has that id or number.
    """
    from kgload.conversion.explained import explained

    return explained(articles, extractor, document, event)


def annotate(
    inputs: Iterable[PathLike],
    output: PathLike,
    *,
    source: str = "articles",
    target: str = "gold",
    date: str | None = None,
    id: str | None = None,
    input_format: str | None = None,
    settings: Settings | None = None,
) -> int:
    """Texts for a person to annotate; how many.

    ``source`` says what the inputs are: ``articles``, in which events are found, or ``gold``, ``brat``, ``doccano``,
    which hold them. ``target`` is ``gold`` (with its articles beside it), ``brat`` (a new folder) or ``doccano``.

    Raises:
        InputError: something cannot be read.
        OutputError: the output cannot be written; a folder that is not empty is left alone.
    """
    from kgload.conversion import annotated

    if source == "articles":
        articles = read(inputs, date=date, id=id, input_format=input_format)
        texts = annotated.drafts(extract(articles, settings=settings or Settings(exhaustive=True, link=False)))
    else:
        texts = annotated.read(annotated.form(source), map(Path, inputs))
    return annotated.write(annotated.form(target), texts, Path(output))


def write_explanations(explanations: Iterable[Explanation], output: Path | None, format: str) -> None:
    """Write explanations as ``table``, ``json`` (JSON Lines) or ``html`` (one page).

    Raises:
        OutputError: the file cannot be written.
    """
    from kgload.explaining.writing import pieces

    with replacing_or_stdout(output) as stream:
        for piece in pieces(explanations, format):
            stream.write(piece.encode("utf-8", "backslashreplace"))


def to_dataset(documents: Iterable[Document], *, base: str = DEFAULT_BASE) -> rdflib.Dataset:
    """Documents as an rdflib Dataset, a named graph each, in memory.

    Raises:
        RecordError: a document breaks the ontology.
    """
    from kgload.mapping import writers

    return writers.to_dataset(documents, base)


def load(
    inputs: Iterable[PathLike],
    *,
    store: PathLike | None = None,
    endpoint: str | Server | None = None,
    base: str = DEFAULT_BASE,
    date: str | None = None,
    settings: Settings | None = None,
) -> Report:
    """Load graph files, or articles, into the embedded store (``store``, else ``./kgload.db``) or a server.

    A document that is loaded again replaces its graph; an unchanged one is left alone.

    Raises:
        InputError: something cannot be read; what was complete before it is loaded.
        StoreError: the store failed.
    """
    from kgload.loading.loader import Report

    report = Report()
    where = Path(store) if store else None
    for _ in load_all(inputs, store=where, endpoint=endpoint, base=base, date=date, settings=settings, report=report):
        pass
    return report


def query(
    name_or_sparql: str,
    *,
    store: PathLike | None = None,
    endpoint: str | Server | None = None,
    file: PathLike | None = None,
    **parameters: str,
) -> Answer:
    """Ask a canned query by its name, or SPARQL; of the embedded store, a server, or a graph file.

    Raises:
        QueryError: there is no such query, a parameter is wrong, or the SPARQL does not parse.
        StoreError: the store is not there, or fails.
    """
    from kgload import asking
    from kgload.querying.catalogue import catalogue

    where = {"store": Path(store) if store else None, "file": Path(file) if file else None}
    is_name = name_or_sparql in catalogue() or not re.search(r"[\s{]", name_or_sparql.strip())
    if parameters and not is_name:
        raise BadParameter(f"SPARQL holds its values itself; it takes no {', '.join(parameters)}")
    text = asking.bound(name_or_sparql, parameters) if is_name else name_or_sparql
    return asking.ask(text, name=name_or_sparql if is_name else None, endpoint=endpoint, **where)
