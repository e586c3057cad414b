"""Articles to a graph, in this process, in several, or on a cluster: the same bytes in each case."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kgload.conversion.batches import HOLD, Converter, Item, Plan, batches, is_full
from kgload.conversion.batches import Form as AnyForm
from kgload.conversion.outcomes import BatchResult, Converted, Failure
from kgload.conversion.shard import Settings
from kgload.errors import KgloadError
from kgload.files import replacing_or_stdout
from kgload.mapping import writers
from kgload.mapping.pieces import Form
from kgload.mapping.writers import GraphFormat
from kgload.records import Document

# Seconds for one document where nobody says otherwise. An article takes less than one.
TIME_LIMIT = 120.0
# With live look-ups a document may take so many times as long: a service asks for patience.
PATIENCE = 30


@dataclass(frozen=True, slots=True)
class Engine:
    """What converts: so many worker processes, each document no longer than ``limit`` seconds.

    No workers is this process itself, which knows no limit and dies where a worker would; on Windows it is always so,
    as workers need pipes of a kind that it does not have. None is as many as there are processors, but one where a
    single batch holds all the input. With live look-ups it is one, so that a service gets no more requests than it
    allows. ``cluster`` is the address of a Dask scheduler, or empty for a cluster of its own on this machine.
    """

    workers: int | None = None
    limit: float = TIME_LIMIT
    cluster: str | None = None

    def run(self, cut: Iterable[list[Item]], plan: Plan) -> Iterator[BatchResult]:
        """What becomes of each document, batch by batch, in order.

        Raises:
            KgloadError: as :class:`kgload.conversion.batches.Converter` and :class:`kgload.conversion.pool.Pool`.
        """
        cut = iter(cut)
        workers, limit = self.workers, self.limit
        if workers is None:
            first = next(cut, HOLD)
            cut = itertools.chain([first], cut)
            workers = cores() if is_full(first) else 1
        if workers == 0 or os.name == "nt":
            converter = Converter(plan)
            yield from (converter.convert(batch) for batch in cut if batch is not HOLD)
            return
        if plan.settings.online:
            workers, limit = 1, limit * PATIENCE
        if self.cluster is not None:
            from kgload.conversion.cluster import run as run_on

            yield from run_on(cut, plan, self.cluster, workers, limit)
            return
        from kgload.conversion.pool import Pool

        yield from Pool(plan, workers, limit).run(cut)


HERE = Engine(workers=0)


def cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def form(output: Path | None, format: str | None, base: str) -> Form:
    """The form of a graph: the named format, or that of the file's suffix, or TriG on standard output.

    Raises:
        UnknownFormat: there is no such format.
        InputError: no IRIs can be made from the base.
    """
    if format is None:
        format = writers.format_of(output.name).value if output is not None else GraphFormat.TRIG.value
    return Form(format, base).checked()


def results(items: Iterable[Item], plan: Plan, engine: Engine = HERE) -> Iterator[BatchResult]:
    """What becomes of each document, batch by batch, in order.

    Raises:
        KgloadError: as :meth:`Engine.run`.
    """
    return engine.run(batches(items), plan)


def documents(
    items: Iterable[Item], settings: Settings, on_bad: Callable[[KgloadError], None] | None = None
) -> Iterator[Document]:
    """Convert to documents, in this process, in order.

    What could not be read or converted is handed to ``on_bad``; without it, the first such error is raised.

    Raises:
        KgloadError: the first error of an article, where ``on_bad`` is None.
        ExtractorError, DataError: as :class:`kgload.conversion.shard.Stage`.
    """
    converter = Converter(Plan(settings, Form()))
    for batch in batches(items):
        for found in converter.documents(batch):
            if isinstance(found, Document):
                yield found
            elif on_bad is None:
                raise found.error
            else:
                on_bad(found.error)


def pieces(found: Iterable[BatchResult], on_failure: Callable[[Failure], None] | None = None) -> Iterator[Converted]:
    """The documents that were converted; each failure is handed over, or its error raised."""
    for result in found:
        for outcome in result.outcomes:
            if isinstance(outcome, Converted):
                yield outcome
            elif on_failure is None:
                raise outcome.error
            else:
                on_failure(outcome)


def write(converted: Iterable[Converted], output: Path | None, form: AnyForm) -> int:
    """Write the graph to a file (whole or not at all) or to standard output; how many documents.

    Raises:
        OutputError: the file cannot be written.
    """
    count = itertools.count()
    with replacing_or_stdout(output) as stream:
        for piece in form.joined(document.piece for document, _ in zip(converted, count, strict=False)):
            stream.write(piece)
    return next(count)
