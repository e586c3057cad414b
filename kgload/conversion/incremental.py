"""What has changed since an earlier run: new and changed documents are converted, those that vanished are listed.

The earlier run's folder has an index: each document's id, and a hash of what it was converted from and by. The input is
read twice: first to see what is there, then to convert what is new. So a copy is told from what is there still.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from kgload.conversion.batches import Item, id_of
from kgload.conversion.copies import Copies
from kgload.conversion.folder import INDEX, MANIFEST, Row, rows
from kgload.errors import InputError, KgloadError
from kgload.files import replacing
from kgload.sources.digests import Digests, digest

CARRIED = INDEX.format("carried")
VANISHED = "vanished.jsonl"


class Changes:
    """The difference between an earlier run's folder and an input.

    Memory holds 50 to 100 bytes for each document of either, besides what :class:`Copies` takes.

    Raises:
        InputError: the folder is not that of a run that has come to its end.
    """

    def __init__(self, earlier: Path, hash_: Callable[[Item], str], items: Iterable[Item]) -> None:
        if not (earlier / MANIFEST).is_file():
            raise InputError(f"{earlier} is no folder of a finished run with --shards: it has no {MANIFEST}")
        self._earlier, self._hash = earlier, hash_
        there, exactly = Digests(), Digests()
        for item in items:
            id_ = id_of(item)
            if id_ is not None:
                there.add(digest(id_))
                if not isinstance(item, KgloadError):
                    exactly.add(digest(id_, hash_(item)))
        self.copies = Copies()
        self._unchanged = Digests()
        self._vanished = Digests()
        for row in self._rows():
            key = digest(row.id)
            if key not in there:
                self._vanished.add(key)
            elif digest(row.id, row.hash) in exactly:
                self._unchanged.add(key)
                if row.of is None:
                    self.copies.first(row.id, row.signature)
        self.told: dict[str, int] = {"unchanged": len(self._unchanged), "vanished": len(self._vanished)}

    def to_do(self, items: Iterable[Item]) -> Iterator[Item]:
        """Those of the input that are new or changed, and what could not be read."""
        for item in items:
            id_ = id_of(item)
            if isinstance(item, KgloadError) or id_ is None or digest(id_) not in self._unchanged:
                yield item

    def finish(self, folder: Path, failed: Iterable[str | None]) -> list[str]:
        """List what vanished, and carry over the index of what has not been converted; the names of the two files.

        A document that was changed, and failed, stays as it was: the next run tries it again.

        Raises:
            OutputError: they cannot be written.
        """
        lost = {id_ for id_ in failed if id_ is not None}
        with replacing(folder / VANISHED) as vanished, replacing(folder / CARRIED) as carried:
            for row in self._rows():
                key = digest(row.id)
                if key in self._vanished:
                    vanished.write(json.dumps({"id": row.id}).encode() + b"\n")
                elif key in self._unchanged or row.id in lost:
                    carried.write(row.line())
        return [VANISHED, CARRIED]

    def _rows(self) -> Iterator[Row]:
        for path in sorted(self._earlier.glob(INDEX.format("*"))):
            yield from rows(path)
