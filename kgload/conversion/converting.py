"""Articles to a graph, in this process or in several: the same bytes in each case."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from kgload.conversion.batches import Converter, Item, Plan, batches, is_full
from kgload.conversion.outcomes import BatchResult, Converted, Failure
from kgload.files import replacing_or_stdout
from kgload.mapping import writers
from kgload.mapping.pieces import Form
from kgload.mapping.writers import GraphFormat

# Seconds for one document where nobody says otherwise. An article takes less than one.
TIME_LIMIT = 120.0


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


def results(
    items: Iterable[Item], plan: Plan, workers: int | None = 1, limit: float = TIME_LIMIT
) -> Iterator[BatchResult]:
    """What becomes of each document, batch by batch, in order.

    ``workers`` processes convert; 1 is this one, which knows no ``limit`` (seconds for one document) and dies where a
    worker would. None is as many as there are processors, but this one where a single batch holds all the input. Live
    look-ups are made from this process only, so that a service gets no more requests than it allows.

    Raises:
        KgloadError: as :class:`kgload.conversion.batches.Converter` and :class:`kgload.conversion.pool.Pool`.
    """
    return run(batches(items), plan, workers, limit)


def run(
    cut: Iterable[list[Item]], plan: Plan, workers: int | None = 1, limit: float = TIME_LIMIT
) -> Iterator[BatchResult]:
    """What :func:`results` does, for batches."""
    converter = Converter(plan)
    cut = iter(cut)
    if workers is None:
        first = next(cut, [])
        cut = itertools.chain([first], cut) if first else cut
        workers = cores() if is_full(first) else 1
    if workers > 1 and not plan.settings.online:
        from kgload.conversion.pool import Pool

        yield from Pool(plan, workers, limit).run(cut)
    else:
        yield from map(converter.convert, cut)


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


def write(converted: Iterable[Converted], output: Path | None, form: Form) -> int:
    """Write the graph to a file (whole or not at all) or to standard output; how many documents.

    Raises:
        OutputError: the file cannot be written.
    """
    count = itertools.count()
    with replacing_or_stdout(output) as stream:
        for piece in form.joined(document.piece for document, _ in zip(converted, count, strict=False)):
            stream.write(piece)
    return next(count)
