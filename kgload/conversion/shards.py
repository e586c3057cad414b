"""A graph in a folder of shards: files of so many documents each, in input order, with a manifest.

A run that is killed is taken up by reading its input again: a shard whose input, settings and bytes are those of its
line in the journal is not done again. The input is told apart by a hash over all that a document is converted from, so
that a changed document is converted anew, and only its shard, and those with copies of it.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from kgload.conversion.batches import HOLD, Item, batches
from kgload.conversion.copies import Copies, mark
from kgload.conversion.folder import Folder, Row, Shard, index_of, rows
from kgload.conversion.incremental import Changes
from kgload.conversion.outcomes import BatchResult, Converted, Failure


@dataclass(slots=True)
class _Planned:
    """A shard in its place: done already, or of so many batches. ``marks`` are what each document is a copy of, by its
    id, where that is known."""

    shard: Shard
    batches: int = 0
    hashes: list[str] = field(default_factory=list)
    marks: dict[str, str | None] | None = None


def convert(
    items: Iterable[Item],
    folder: Folder,
    run: Callable[[Iterable[list[Item]]], Iterator[BatchResult]],
    *,
    resume: bool = False,
    changes: Changes | None = None,
    on_failure: Callable[[Failure], None] | None = None,
) -> Iterator[Shard]:
    """Convert into a folder; each shard as it is complete, or found to be complete already.

    ``run`` converts batches, in order. ``changes`` says what of the input need not be converted. Without ``on_failure``
    the first failure is raised.

    Raises:
        OutputError: the folder cannot be written, or is not empty and this is no resumed run.
        KgloadError: as ``run`` and ``items``.
    """
    work = _Work(folder, folder.begin(resume=resume), changes.copies if changes else Copies())
    results = run(work.missing(changes.to_do(items) if changes else items))
    shards: list[Shard] = []
    while True:
        # What is planned is known once its first batch, or a later one, has come.
        first = next(results, None)
        while work.planned and not work.planned[0].batches:
            shards.append(_told(work.planned.popleft().shard, on_failure))
            yield shards[-1]
        if first is None:
            break
        planned = work.planned.popleft()
        work.write(planned, _raising([first, *(next(results) for _ in range(planned.batches - 1))], on_failure))
        shards.append(_told(planned.shard, on_failure))
        yield shards[-1]
    if changes:
        files = changes.finish(folder.path, (row["id"] for shard in shards for row in shard.failures))
        folder.finish(shards, changes.told, files)
    else:
        folder.finish(shards, {})


class _Work:
    """What there is to do, and what is planned of it, in the order of the input."""

    def __init__(self, folder: Folder, completed: dict[str, Shard], copies: Copies) -> None:
        self._folder, self._completed, self._copies = folder, completed, copies
        self.planned: deque[_Planned] = deque()
        self._unwritten = 0

    def missing(self, items: Iterable[Item]) -> Iterator[list[Item]]:
        """The batches of shards that are to be done."""
        for number, group in enumerate(_groups(items, self._folder.size)):
            hashes = [self._folder.hash(item) for item in group]
            planned = _Planned(
                Shard(self._folder.name(number), hashlib.sha256("".join(hashes).encode()).hexdigest()), hashes=hashes
            )
            before = self._completed.get(planned.shard.file)
            if before is not None and self._folder.is_done(before, planned.shard.input):
                if self._unwritten:
                    # Whether its marks of copies still hold is known when all before it is.
                    yield HOLD
                if self._holds(before, planned):
                    self.planned.append(_Planned(before))
                    continue
            cut = list(batches(group))
            planned.batches = len(cut)
            self.planned.append(planned)
            self._unwritten += 1
            yield from cut

    def _holds(self, shard: Shard, planned: _Planned) -> bool:
        found = list(rows(self._folder.path / index_of(shard.file)))
        planned.marks = {row.id: self._copies.first(row.id, row.signature) for row in found}
        return all(planned.marks[row.id] == row.of for row in found)

    def write(self, planned: _Planned, results: Iterable[BatchResult]) -> None:
        """Write a shard of what its batches have come to.

        Raises:
            OutputError: it cannot be written.
        """
        shard, written = planned.shard, list[Row]()

        def pieces() -> Iterator[bytes]:
            outcomes = (outcome for result in results for outcome in result.outcomes)
            for outcome, hash_ in zip(outcomes, planned.hashes, strict=True):
                if not isinstance(outcome, Converted):
                    shard.failures.append(outcome.row())
                    continue
                of = self._first(planned, outcome)
                shard.documents += 1
                shard.events += outcome.events
                shard.entities += outcome.entities
                shard.copies += of is not None
                written.append(Row(outcome.id, hash_, outcome.signature, of))
                yield mark(outcome, self._folder.plan.form, of).piece

        # Marks are told from the index, which is written behind the pieces.
        self._folder.write(shard, pieces(), written)
        self._unwritten -= 1

    def _first(self, planned: _Planned, outcome: Converted) -> str | None:
        if planned.marks is not None and outcome.id in planned.marks:
            return planned.marks[outcome.id]
        return self._copies.first(outcome.id, outcome.signature)


def _raising(found: list[BatchResult], on_failure: object) -> list[BatchResult]:
    if on_failure is None:
        for result in found:
            for outcome in result.outcomes:
                if isinstance(outcome, Failure):
                    raise outcome.error
    return found


def _told(shard: Shard, on_failure: Callable[[Failure], None] | None) -> Shard:
    for row in shard.failures:
        failure = Failure.of(row)
        if on_failure is None:
            raise failure.error
        on_failure(failure)
    return shard


def _groups(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    group: list[Item] = []
    for item in items:
        group.append(item)
        if len(group) == size:
            yield group
            group = []
    if group:
        yield group
