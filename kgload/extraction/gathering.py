"""What a group of triggers says together of one event, for the light extractor."""

from __future__ import annotations

from collections.abc import Iterator

from kgload.extraction import roles
from kgload.extraction.clues import Clues
from kgload.extraction.dates import Expression
from kgload.extraction.documents import FoundEvent
from kgload.extraction.frames import Frame
from kgload.extraction.readings import Reading, days_of
from kgload.extraction.weights import Weights
from kgload.records import EventDate, Mode, Span, Status


class Gathered:
    """What a group of triggers says together of one event."""

    def __init__(
        self,
        clues: Clues,
        frame: Frame,
        group: list[Reading],
        people: dict[int, tuple[int, ...]],
        weights: Weights,
    ) -> None:
        self.clues, self.frame, self.group, self.people = clues, frame, group, people
        self.weights = weights

    def found(self) -> FoundEvent | None:
        """The event; None where no trigger is likely enough, or too few parties are named."""
        participants = self._participants()
        if self.likeliest < self.frame.least.event or len(participants) < self.frame.least_participants:
            return None
        tokens = self.clues.analysis.tokens
        status, mode = _most(self.statuses()), _most(self.modes()) if self.frame.modes else ""
        return FoundEvent(
            type=self.frame.type,
            mentions=tuple(Span(tokens[r.trigger.token].begin, tokens[r.trigger.token].end) for r in self.group),
            roles=(*self._with_parts(participants), *self._single()),
            status=Status(status),
            confidence=self.likeliest,
            date=self._date(status),
            mode=Mode(mode) if mode else None,
            force=self._force(),
        )

    @property
    def likeliest(self) -> float:
        """The share of the surest trigger."""
        return max(reading.trigger.probability for reading in self.group)

    def statuses(self) -> dict[str, float]:
        """What the mentions say of the status together, each with the weight of its trigger."""
        return self._sums([reading.statuses for reading in self.group])

    def modes(self) -> dict[str, float]:
        """What the mentions say of the mode together."""
        return self._sums([reading.modes for reading in self.group])

    def _sums(self, shares: list[dict[str, float]]) -> dict[str, float]:
        sums: dict[str, float] = {}
        for reading, answers in zip(self.group, shares, strict=True):
            for answer, share in answers.items():
                sums[answer] = sums.get(answer, 0) + share * reading.trigger.probability
        return sums

    def shares(self, role: str) -> dict[int, float]:
        """The greatest share of each entity in a role."""
        found: dict[int, float] = {}
        for reading in self.group:
            for entity, share in reading.parts.get(role, {}).items():
                found[entity] = max(share, found.get(entity, 0))
        return found

    def _participants(self) -> dict[int, float]:
        found = {e: share for e, share in self.shares("participant").items() if share >= self.frame.least.participant}
        spoken_for: dict[int, float] = {}
        for person, share in found.items():
            for whom in self.people.get(person, ()):
                spoken_for[whom] = max(share, spoken_for.get(whom, 0))
        # A person stands for their state, unless the state is the likelier party.
        return {entity: share for entity, share in found.items() if share > spoken_for.get(entity, 0)}

    def _with_parts(self, participants: dict[int, float]) -> Iterator[tuple[str, int, float | None]]:
        """Participants in their most specific roles."""
        frame, tokens = self.frame, self.clues.analysis.tokens
        signed = any(tokens[reading.trigger.token].text.casefold() in frame.signing for reading in self.group)
        sender = max(participants, key=lambda e: (participants[e], -e), default=None) if frame.force else None
        for entity, share in participants.items():
            role = "deployer" if entity == sender else "signatory" if signed else "participant"
            yield role, entity, round(share, 4)

    def _single(self) -> Iterator[tuple[str, int, float | None]]:
        """Place, origin and source: one entity each, or none."""
        for role, least in (("place", self.frame.least.place), ("attributedTo", self.frame.least.attributedTo)):
            shares = self.shares(role)
            best = max(shares, key=lambda e: (shares[e], -e), default=None)
            if best is not None and shares[best] >= least:
                name = "destination" if role == "place" and self.frame.force else role
                yield name, best, round(shares[best], 4)
        origin = roles.origin(self.clues, self.group[0].trigger.token, self.frame)
        if origin is not None:
            yield "origin", origin, None

    def dates(self) -> dict[Expression | None, float]:
        """The greatest share of each expression, and of the day of publication (None)."""
        shares: dict[Expression | None, float] = {}
        for reading in self.group:
            for said, share in reading.dates.items():
                shares[said] = max(share, shares.get(said, 0))
        return shares

    def _date(self, status: str) -> EventDate | None:
        shares = self.dates()
        best = max(shares, key=lambda e: (shares[e], -(e.begin if e else -1)), default=None)
        if not shares or shares[best] < self.frame.least.date:
            return None
        article = self.clues.analysis.article
        earliest, latest = days_of(best, status, article.date) or (None, None)
        return EventDate(earliest, latest, article.text[best.begin : best.end] if best else None)

    def _force(self) -> Span | None:
        if not self.frame.force:
            return None
        forces = (roles.force(self.clues, reading.trigger.token, self.frame) for reading in self.group)
        return next((force for force in forces if force), None)


def _most(sums: dict[str, float]) -> str:
    return max(sums, key=lambda answer: (sums[answer], answer))
