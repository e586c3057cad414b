"""The light extractor: no network, only words that have named events in annotated texts and clues around them.

What it knows is data: the frames and the counted triggers of ``data/frames``, and the weights of clues beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kgload import __version__
from kgload.extraction import dates, merging, names, roles, triggers
from kgload.extraction.analysis import Analysis, analyse, model_name
from kgload.extraction.clues import Clues
from kgload.extraction.dates import Expression
from kgload.extraction.documents import FoundEvent, assemble
from kgload.extraction.frames import Frame, frames
from kgload.extraction.names import Names
from kgload.extraction.readings import Reading, days_of, read
from kgload.extraction.representing import represented
from kgload.extraction.weights import Weights, weights
from kgload.records import Article, Document, EventDate, Lexicon, Mode, Run, Span, Status


class RulesExtractor:
    """Finds events by the frames of ``data/frames``.

    Raises:
        DataError: the frames do not validate.
        ExtractorError: spaCy's model is not installed.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon, self._frames, self._weights = lexicon, frames(), weights()
        self._run = Run("rules", __version__, model_name())

    def extract(self, articles: Iterable[Article]) -> Iterator[Document]:
        """Yield one document for each article, in order."""
        for analysis in analyse(articles):
            yield self.document(analysis)

    def document(self, analysis: Analysis) -> Document:
        """The document of an article that was analysed."""
        found = names.find(analysis, self._lexicon)
        return assemble(analysis, found, self._events(analysis, found), self._run)

    def _events(self, analysis: Analysis, found: Names) -> Iterator[FoundEvent]:
        if not analysis.sentences:
            return
        said = dates.find(analysis.article.text, analysis.article.date)
        people = represented(analysis, found)
        clues = Clues(analysis, found, said, self._frames, people)
        readings = [
            read(clues, trigger, self._frames.frames[trigger.type], self._weights)
            for trigger in triggers.find(clues, self._frames, self._weights)
        ]
        for group in merging.groups(clues, readings, self._frames, self._weights):
            frame = self._frames.frames[group[0].trigger.type]
            event = _Event(clues, frame, group, people).found(self._weights)
            if event:
                yield event


class _Event:
    """What a group of triggers says together of one event."""

    def __init__(self, clues: Clues, frame: Frame, group: list[Reading], people: dict[int, tuple[int, ...]]) -> None:
        self._clues, self._frame, self._group, self._people = clues, frame, group, people

    def found(self, weights: Weights) -> FoundEvent | None:
        """The event; None where no trigger is likely enough, or too few parties are named."""
        likeliest = max(reading.trigger.probability for reading in self._group)
        participants = self._participants()
        if likeliest < self._frame.least.event or len(participants) < self._frame.least_participants:
            return None
        tokens = self._clues.analysis.tokens
        status = self._voted([reading.statuses for reading in self._group])
        mode = self._voted([reading.modes for reading in self._group]) if self._frame.modes else ""
        return FoundEvent(
            type=self._frame.type,
            mentions=tuple(Span(tokens[r.trigger.token].begin, tokens[r.trigger.token].end) for r in self._group),
            roles=(*self._with_parts(participants), *self._single()),
            status=Status(status),
            confidence=likeliest,
            date=self._date(status),
            mode=Mode(mode) if mode else None,
            force=self._force(),
        )

    def _voted(self, shares: list[dict[str, float]]) -> str:
        """The answer that the mentions speak for together, each with the weight of its trigger."""
        sums: dict[str, float] = {}
        for reading, answers in zip(self._group, shares, strict=True):
            for answer, share in answers.items():
                sums[answer] = sums.get(answer, 0) + share * reading.trigger.probability
        return max(sums, key=lambda answer: (sums[answer], answer))

    def _shares(self, role: str) -> dict[int, float]:
        """The greatest share of each entity in a role."""
        found: dict[int, float] = {}
        for reading in self._group:
            for entity, share in reading.parts.get(role, {}).items():
                found[entity] = max(share, found.get(entity, 0))
        return found

    def _participants(self) -> dict[int, float]:
        found = {e: share for e, share in self._shares("participant").items() if share >= self._frame.least.participant}
        spoken_for: dict[int, float] = {}
        for person, share in found.items():
            for whom in self._people.get(person, ()):
                spoken_for[whom] = max(share, spoken_for.get(whom, 0))
        # A person stands for their state, unless the state is the likelier party.
        return {entity: share for entity, share in found.items() if share > spoken_for.get(entity, 0)}

    def _with_parts(self, participants: dict[int, float]) -> Iterator[tuple[str, int, float | None]]:
        """Participants in their most specific roles."""
        frame, tokens = self._frame, self._clues.analysis.tokens
        signed = any(tokens[reading.trigger.token].text.casefold() in frame.signing for reading in self._group)
        sender = max(participants, key=lambda e: (participants[e], -e), default=None) if frame.force else None
        for entity, share in participants.items():
            role = "deployer" if entity == sender else "signatory" if signed else "participant"
            yield role, entity, round(share, 4)

    def _single(self) -> Iterator[tuple[str, int, float | None]]:
        """Place, origin and source: one entity each, or none."""
        for role, least in (("place", self._frame.least.place), ("attributedTo", self._frame.least.attributedTo)):
            shares = self._shares(role)
            best = max(shares, key=lambda e: (shares[e], -e), default=None)
            if best is not None and shares[best] >= least:
                name = "destination" if role == "place" and self._frame.force else role
                yield name, best, round(shares[best], 4)
        origin = roles.origin(self._clues, self._group[0].trigger.token, self._frame)
        if origin is not None:
            yield "origin", origin, None

    def _date(self, status: str) -> EventDate | None:
        shares: dict[Expression | None, float] = {}
        for reading in self._group:
            for said, share in reading.dates.items():
                shares[said] = max(share, shares.get(said, 0))
        best = max(shares, key=lambda e: (shares[e], -(e.begin if e else -1)), default=None)
        if not shares or shares[best] < self._frame.least.date:
            return None
        article = self._clues.analysis.article
        earliest, latest = days_of(best, status, article.date) or (None, None)
        return EventDate(earliest, latest, article.text[best.begin : best.end] if best else None)

    def _force(self) -> Span | None:
        if not self._frame.force:
            return None
        forces = (roles.force(self._clues, reading.trigger.token, self._frame) for reading in self._group)
        return next((force for force in forces if force), None)
