"""Records in place of a graph: JSON Lines, which engines write as they write the pieces of a graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kgload import records_json
from kgload.records import Document


@dataclass(frozen=True, slots=True)
class Records:
    """The form of what ``kgload extract`` writes: a line of JSON for each document."""

    format: str = "records"
    base: str = ""
    suffix: str = ".jsonl"

    def piece(self, document: Document) -> bytes:
        """A document's line."""
        return records_json.dump(document).encode() + b"\n"

    def with_copy(self, piece: bytes, document: str, of: str) -> bytes:
        """A document's line: records say nothing of other documents."""
        return piece

    def joined(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The lines, one after another."""
        yield from pieces
