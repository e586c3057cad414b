"""Articles and graph files into a store: what `kgload load` does, for Python and the command alike."""

from __future__ import annotations

import functools
import itertools
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from kgload.conversion.shard import Settings
from kgload.errors import InputNotFound, UnknownFormat
from kgload.mapping.iris import DEFAULT_BASE

if TYPE_CHECKING:
    from kgload.conversion.batches import Item
    from kgload.conversion.converting import Engine
    from kgload.conversion.outcomes import Failure
    from kgload.loading.graphs import Graph
    from kgload.loading.loader import Report
    from kgload.sources.amounts import Amount
    from kgload.stores import Server
    from kgload.stores.base import Store

PathLike = str | Path


def read_all(
    inputs: Iterable[PathLike],
    *,
    date: str | None = None,
    id: str | None = None,
    input_format: str | None = None,
    columns: Mapping[str, str] | None = None,
    on_other: Callable[[PurePath], None] | None = None,
    amount: Amount | None = None,
) -> Iterator[Item]:
    """What :func:`kgload.read` gives, but that web pages come as they are, to be parsed by whoever converts them."""
    from kgload.sources import reader
    from kgload.sources.texts import parse_day

    if input_format is not None and input_format not in set(reader.InputFormat):
        raise UnknownFormat(f"{input_format!r} is no input format; there are {', '.join(reader.InputFormat)}")
    return reader.read_raw(
        inputs,
        input_format=reader.InputFormat(input_format) if input_format else None,
        date=parse_day(date, "--date") if date else None,
        id_=id,
        columns=columns,
        on_other=on_other,
        amount=amount,
    )


def load_all(
    inputs: Iterable[PathLike],
    *,
    store: Path | None,
    endpoint: str | Server | None,
    report: Report,
    base: str = DEFAULT_BASE,
    date: str | None = None,
    id: str | None = None,
    input_format: str | None = None,
    columns: Mapping[str, str] | None = None,
    settings: Settings | None = None,
    engine: Engine | None = None,
    on_failure: Callable[[Failure], None] | None = None,
    on_other: Callable[[PurePath], None] | None = None,
    dry_run: bool = False,
) -> Iterator[str]:
    """What :func:`kgload.load` does, yielding the name of each graph as it is done; ``report`` is kept up.

    Articles are converted by ``engine`` (without one, by this process); one that fails is handed to ``on_failure``, or
    its error raised. A dry run writes nothing: the report says what would be done.
    """
    from kgload import ontology
    from kgload.conversion.converting import HERE
    from kgload.loading import records
    from kgload.loading.graphs import from_triples, is_graph
    from kgload.loading.loader import Report
    from kgload.loading.loader import load as load_graphs
    from kgload.loading.whole import load_file

    names = [str(name) for name in inputs]
    for name in names:
        is_here = is_graph(name) and input_format is None
        if is_here and not os.path.exists(name):  # noqa: PTH110 - pathlib's raises for names that are too long
            raise InputNotFound(f"cannot read {name}: no such file or folder")
    # Articles that follow one another are read together, so that the model is loaded once. All is looked for before a
    # store is made.
    sources: list[Path | Iterator[Item]] = []
    for graphs, group in itertools.groupby(names, lambda name: is_graph(name) and input_format is None):
        if graphs:
            sources += [Path(name) for name in group]
        else:
            read_more = functools.partial(read_all, date=date, id=id, input_format=input_format, columns=columns)
            sources.append(read_more(list(group), on_other=on_other))
    sizes = {source: source.stat().st_size for source in sources if isinstance(source, Path)}
    with _to_load_into(store, endpoint, dry_run=dry_run) as opened:
        # The ontology has a graph of its own, so that a store explains itself; that it came is no load.
        for _ in load_graphs(opened, [from_triples(ontology.GRAPH, ontology.triples())], Report(), dry_run=dry_run):
            pass
        for source in sources:
            if isinstance(source, Path):
                reached = functools.partial(report.reached, source, sizes)
                yield from load_file(opened, source, report, dry_run=dry_run, at=reached)
                continue
            found = _graphs(source, base, settings or Settings(), engine or HERE, on_failure)
            stamp = functools.partial(records.stamp, opened)
            yield from load_graphs(opened, found, report, dry_run=dry_run, stamp=stamp)


def _to_load_into(store: Path | None, endpoint: str | Server | None, *, dry_run: bool) -> Store:
    from kgload.errors import StoreNotFound
    from kgload.stores import open_store

    if not dry_run or endpoint is not None:
        return open_store(store, endpoint, create=True)
    try:
        return open_store(store, read_only=True)
    except StoreNotFound:
        from kgload.stores.embedded import EmbeddedStore

        return EmbeddedStore()


def _graphs(
    items: Iterator[Item],
    base: str,
    settings: Settings,
    engine: Engine,
    on_failure: Callable[[Failure], None] | None,
) -> Iterator[Graph]:
    from kgload.conversion import converting
    from kgload.conversion.batches import Plan
    from kgload.conversion.copies import marked
    from kgload.loading.graphs import graph_of
    from kgload.mapping import iris
    from kgload.mapping.pieces import Form

    form = Form("nquads", base).checked()
    found = converting.results(items, Plan(settings, form), engine)
    for document in marked(converting.pieces(found, on_failure), form):
        yield graph_of(iris.document(base, document.id), document.piece)
