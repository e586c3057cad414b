"""What becomes of each document: its piece of the graph, or why there is none."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from kgload.errors import KgloadError, named


@dataclass(frozen=True, slots=True)
class Converted:
    """A document's piece of the graph (:class:`kgload.mapping.pieces.Form`), and how much is in it.

    ``signature`` is what near-duplicates are told by (:mod:`kgload.conversion.copies`), ``copy_of`` the id of the first
    article that it resembles, once that is known.
    """

    id: str
    piece: bytes
    events: int
    entities: int
    signature: bytes = b""
    copy_of: str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A document that could not be converted.

    ``stage`` is where it failed: ``read``, ``extract`` (linking included), ``write``, or ``worker`` where the process
    that had it in hand died or was stopped at the time limit. ``id`` is None where reading did not get as far.
    """

    id: str | None
    stage: str
    error: KgloadError

    def line(self) -> str:
        """The failure as one line of JSON: ``id``, ``stage``, ``code``, ``message``."""
        return json.dumps(self.row(), ensure_ascii=False)

    def row(self) -> dict[str, str | None]:
        """The failure as plain values: ``id``, ``stage``, ``code``, ``message``."""
        return {"id": self.id, "stage": self.stage, "code": self.error.code, "message": self.error.message}

    @classmethod
    def of(cls, row: dict[str, Any]) -> Failure:
        """What :meth:`row` has told."""
        error = named(row["code"])(row["message"])
        return cls(row["id"], row["stage"], error)


Outcome = Converted | Failure


@dataclass(slots=True)
class BatchResult:
    """The outcomes of a batch in its order, and the seconds that each stage took for it."""

    outcomes: list[Outcome]
    seconds: dict[str, float] = field(default_factory=dict)

    def add(self, other: BatchResult) -> None:
        """Put another's outcomes behind these."""
        self.outcomes += other.outcomes
        for stage, seconds in other.seconds.items():
            self.seconds[stage] = self.seconds.get(stage, 0.0) + seconds
