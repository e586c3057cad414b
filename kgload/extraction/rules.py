"""The light extractor: triggers by counts, roles by the parse, everything else by words. No model but spaCy's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from kgload import __version__
from kgload.extraction import attribution, dates, names, roles, status, triggers
from kgload.extraction.analysis import Analysis, analyse, model_name
from kgload.extraction.documents import FoundEvent, assemble
from kgload.extraction.frames import Frames, frames
from kgload.extraction.names import Names
from kgload.extraction.representing import represented
from kgload.records import Article, Document, EventDate, Lexicon, Mode, Run, Span, Status

DEFINITE = ("the", "this", "that", "these", "those", "their", "its", "his", "her")
PRESENT = ("VBZ", "VBP")
FUTURE = (Status.PLANNED, Status.PROPOSED)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """An event as one trigger tells it; ``actors`` are its participants, ``definite``: it speaks of a
    known one; ``alone``: too little is said of it for an event of its own."""

    event: FoundEvent
    actors: frozenset[int]
    sentence: int
    definite: bool
    alone: bool


class RulesExtractor:
    """Finds events by the frames of ``data/frames``.

    Raises:
        DataError: the frames do not validate.
        ExtractorError: spaCy's model is not installed.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon, self._frames = lexicon, frames()
        self._run = Run("rules", __version__, model_name())

    def extract(self, articles: Iterable[Article]) -> Iterator[Document]:
        """Yield one document for each article, in order."""
        for analysis in analyse(articles):
            found = names.find(analysis, self._lexicon)
            events = _Reader(analysis, found, self._frames).events()
            yield assemble(analysis, found, events, self._run)


class _Reader:
    """Reads the events of one text."""

    def __init__(self, analysis: Analysis, found: Names, known: Frames) -> None:
        self._analysis, self._names, self._frames = analysis, found, known
        self._people = represented(analysis, found)
        self._dates = dates.find(analysis.article.text, analysis.article.date)

    def events(self) -> list[FoundEvent]:
        candidates = []
        for trigger in triggers.find(self._analysis, self._frames):
            candidate = self._candidate(trigger)
            if candidate:
                candidates.append(candidate)
        return _merged(candidates)

    def _candidate(self, trigger: triggers.Trigger) -> _Candidate | None:
        analysis, frame = self._analysis, self._frames.frames[trigger.type]
        token = analysis.tokens[trigger.token]
        sentence = analysis.sentences[analysis.sentence_of(token.begin)]
        said_by = attribution.source(analysis, self._names, sentence, self._frames.sources)
        found = roles.read(analysis, self._names, trigger.token, sentence, frame, said_by, self._people)
        definite = trigger.token > 0 and analysis.tokens[trigger.token - 1].text.casefold() in DEFINITE
        alone = len(found.participants) < frame.least_participants or bool(frame.force and not found.force)
        if alone and not definite:
            return None
        state = status.status(analysis, trigger.token, sentence, self._frames.cues)
        parts: list[tuple[str, int, float | None]] = []
        for number in found.participants:
            role = "participant"
            if frame.force and number == found.participants[0]:
                role = "deployer"
            elif token.text.casefold() in frame.signing:
                role = "signatory"
            parts.append((role, number, None))
        if found.place is not None:
            parts.append(("destination" if frame.force else "place", found.place, None))
        if found.origin is not None:
            parts.append(("origin", found.origin, None))
        if said_by is not None:
            parts.append(("attributedTo", said_by.entity, None))
        event = FoundEvent(
            type=trigger.type,
            mentions=(Span(token.begin, token.end),),
            roles=tuple(parts),
            status=state,
            confidence=trigger.probability,
            date=self._date(trigger.token, sentence, state),
            mode=status.mode(analysis, sentence, frame),
            force=found.force if frame.force else None,
        )
        return _Candidate(event, frozenset(found.participants), analysis.sentence_of(token.begin), definite, alone)

    def _date(self, trigger: int, sentence: Span, state: Status) -> EventDate | None:
        """The sentence's nearest expression; for a verb in the present without one, the day of publication."""
        at = self._analysis.tokens[trigger].begin
        near = [e for e in self._dates if sentence.begin <= e.begin < sentence.end]
        if near:
            chosen = min(near, key=lambda e: (abs(e.begin - at), e.begin))
            words = self._analysis.article.text[chosen.begin : chosen.end]
            if not chosen.readings:
                return EventDate(None, None, words)
            days = chosen.readings[-1] if state in FUTURE else chosen.readings[0]
            return EventDate(*days, words)
        published = self._analysis.article.date
        present = self._verb_tag(trigger) in PRESENT and state in (Status.OCCURRED, Status.ONGOING)
        return EventDate(published, published) if present and published else None

    def _verb_tag(self, trigger: int) -> str:
        """The tag of the trigger, or of the verb that governs it."""
        token, tokens = trigger, self._analysis.tokens
        while not tokens[token].tag.startswith("V") and tokens[token].head != token:
            token = tokens[token].head
        return tokens[token].tag


def _merged(candidates: list[_Candidate]) -> list[FoundEvent]:
    """One event for the mentions that share a type and parties, and contradict each other in nothing."""
    groups: list[list[_Candidate]] = []
    for candidate in candidates:
        home = next((group for group in groups if _same(group, candidate)), None)
        if home is not None:
            home.append(candidate)
        elif not candidate.alone:
            groups.append([candidate])
    return [_joined(group) for group in groups]


def _same(group: list[_Candidate], candidate: _Candidate) -> bool:
    first = group[0].event
    if first.type != candidate.event.type:
        return False
    if group[-1].sentence == candidate.sentence:
        return True
    dated = {c.event.date.earliest for c in group if c.event.date and c.event.date.earliest}
    mine = candidate.event.date
    if mine and mine.earliest and dated and mine.earliest not in dated:
        return False
    if {first.status, candidate.event.status} == {Status.OCCURRED, Status.PLANNED} and not candidate.definite:
        return False
    actors = frozenset().union(*(c.actors for c in group))
    shared = actors & candidate.actors
    return not candidate.actors or not actors or 2 * len(shared) >= min(len(actors), len(candidate.actors))


def _joined(group: list[_Candidate]) -> FoundEvent:
    best = max(group, key=lambda c: (len(c.actors), c.event.confidence)).event
    everything = [c.event for c in group]
    date = next((e.date for e in everything if e.date and e.date.earliest), best.date)
    modes: list[Mode] = [e.mode for e in everything if e.mode]
    places = [role for e in everything for role in e.roles if role[0] in ("place", "destination")]
    kept = best.roles if any(role[0] in ("place", "destination") for role in best.roles) else (*best.roles, *places[:1])
    return replace(
        best,
        mentions=tuple(span for e in everything for span in e.mentions),
        roles=kept,
        confidence=max(e.confidence for e in everything),
        date=date,
        mode=modes[0] if modes else None,
        force=best.force or next((e.force for e in everything if e.force), None),
    )
