"""The extractor ``encoder``: articles in, documents with their entities and events out."""

from __future__ import annotations

import copy
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import kgload
from kgload import data
from kgload.explanations import Explanation
from kgload.extraction import names
from kgload.extraction.analysis import Analysis, analyse, model_name
from kgload.extraction.documents import ACTORS, PLACE_ROLES, PLACES, FoundEvent, assemble, numbered
from kgload.extraction.encoder.events import Found, combine, confidence
from kgload.extraction.encoder.model import Model
from kgload.extraction.encoder.reading import Readings, read
from kgload.extraction.encoder.text import Text, prepare
from kgload.extraction.encoder.voting import clues_of, vote
from kgload.extraction.frames import frames
from kgload.extraction.gate import Gate, gate
from kgload.extraction.gathering import Gathered
from kgload.extraction.knowledge import added
from kgload.extraction.knowledge import settings as settings_of
from kgload.extraction.names import Names
from kgload.extraction.rules import gather
from kgload.extraction.weights import weights
from kgload.ontology import vocabulary
from kgload.records import Article, Document, EntityKind, EventDate, Lexicon, Mode, Run, Span, Status

FOLDER = "KGLOAD_MODEL"
"""Environment variable that names the folder of a model to be used in place of the one that ships."""


@dataclass(frozen=True, slots=True)
class Steps:
    """All that a document was made from, for those who ask why it is as it is. ``ids`` are the document's ids of
    entities, by their numbers in the text; ``groups`` are what frames of the user's own found besides."""

    text: Text
    readings: Readings
    events: tuple[tuple[Found | Gathered, FoundEvent], ...]
    document: Document
    ids: dict[int, str]
    groups: tuple[Gathered, ...] = ()


class Encoder:
    """Implements :class:`kgload.records.Extractor` with a trained model: the one that ships with kgload, or a folder's.
    Event types for which the user has added frames are found as the light extractor finds them. The gate knows what the
    shipped model finds: a folder's model reads everything.

    Raises:
        ExtractorError: the model cannot be opened.
        DataError: the frames do not validate.
    """

    def __init__(self, lexicon: Lexicon, folder: Path | None = None) -> None:
        self._lexicon = lexicon
        own = os.environ.get(FOLDER)
        self._model = Model(folder or (Path(own) if own else data.path("model")))
        self._frames, self._weights, self._own = frames(), weights(), added()
        self._gate: Gate | None = None
        if not folder and not own:
            self._gate = gate().also(known.frames for known in self._own)

    def exhaustive(self) -> Encoder:
        """This extractor without a gate."""
        made = copy.copy(self)
        made._gate = None
        return made

    def extract(self, articles: Iterable[Article]) -> Iterator[Document]:
        """Yield one document for each article, in order; none depends on another."""
        for analysis in analyse(articles, self._gate, self._model.open):
            yield self.document(analysis)

    def document(self, analysis: Analysis) -> Document:
        """The document of an article that was analysed."""
        if analysis.is_closed:
            return assemble(analysis, names.find(analysis, self._lexicon), (), self._run())
        return self._steps(analysis).document

    def explain(self, articles: Iterable[Article]) -> Iterator[Explanation]:
        """Yield the document of each article, in order, with the reasons for its events."""
        from kgload.extraction.encoder.explaining import explain

        for analysis in analyse(articles, self._gate):
            yield explain(self._steps(analysis), self._model)

    def _steps(self, analysis: Analysis) -> Steps:
        text = prepare(analysis, self._lexicon, self._model.vocabulary)
        settings = self._model.settings
        readings = read(text, self._model)
        if readings.triggers:
            readings = vote(text, clues_of(analysis, text, self._frames), readings, settings, self._weights)
        own = {type_ for known in self._own for type_ in known.frames.frames}
        found = combine(text, readings, settings, settings.thresholds)
        found = [event for event in found if settings.types[event.kind] not in own]
        groups = tuple(gather(analysis, text.names, self._own))
        events: list[tuple[Found | Gathered, FoundEvent]] = [(event, self._event(text, event)) for event in found]
        events += [(group, event) for group in groups if (event := group.found())]
        named = _with_kinds_of_parts(text.names, found)
        document, ids = numbered(analysis, named, [event for _, event in events], self._run())
        return Steps(text, readings, tuple(events), document, ids, groups)

    def _event(self, text: Text, event: Found) -> FoundEvent:
        settings = self._model.settings
        type_ = settings.types[event.kind]
        deployer = event.roles["deployer"][0] if "deployer" in event.roles else None
        part = "signatory" if self._is_signed(text, event, type_) else "participant"
        roles = [
            ("deployer" if entity == deployer else part, entity, round(share, 4))
            for entity, share in event.participants.items()
        ]
        for role, (entity, share) in event.roles.items():
            if role != "deployer":
                name = "destination" if role == "place" and type_ in vocabulary().sending else role
                roles.append((name, entity, round(share, 4)))
        return FoundEvent(
            type=type_,
            mentions=tuple(Span(mention.begin, mention.end) for mention in event.mentions),
            roles=tuple(roles),
            status=Status(event.status),
            confidence=confidence(event.score, settings.thresholds),
            date=_date(text, event),
            mode=Mode(event.mode) if event.mode else None,
            force=Span(*event.force) if event.force and type_ in vocabulary().sending else None,
        )

    def _is_signed(self, text: Text, event: Found, type_: str) -> bool:
        """Whether a mention says that the parties sign, by the words of the type's frame."""
        frame = self._frames.frames.get(type_)
        if frame is None:
            return False
        spans = (text.article.text[mention.begin : mention.end] for mention in event.mentions)
        return any(word.casefold() in frame.signing for words in spans for word in words.split())

    def _run(self) -> Run:
        model = f"{self._model.settings.name}, {model_name()}"
        return Run("encoder", kgload.__version__, model, settings_of(self._own))


def _date(text: Text, event: Found) -> EventDate | None:
    if event.date is None:
        return None
    number, (earliest, latest) = event.date
    if number is None:
        return EventDate(earliest, latest)
    said = text.expressions[number]
    return EventDate(earliest, latest, text.article.text[said.begin : said.end])


def _with_kinds_of_parts(names: Names, found: Iterable[Found]) -> Names:
    """The names with kinds that fit the parts that they take: what meets and signs is an actor, whatever the language
    model took it for, and what something takes place at is a place."""
    actors: set[int] = set()
    places: set[int] = set()
    for event in found:
        actors |= set(event.participants)
        for role, (entity, _) in event.roles.items():
            (places if role in PLACE_ROLES else actors).add(entity)
    entities = []
    for number, named in enumerate(names.entities):
        if number in actors and named.kind not in ACTORS:
            named = replace(named, kind=EntityKind.ORGANIZATION)
        elif number in places - actors and named.kind not in PLACES:
            named = replace(named, kind=EntityKind.PLACE)
        entities.append(named)
    return Names(names.mentions, tuple(entities))
