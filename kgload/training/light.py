"""New event types for the light extractor, from gold alone: frames, triggers and weights, in seconds and without torch.

Which words name an event is learned from the texts; parts, statuses and dates start from the weights that ship, which
are learned further. Thresholds are tried on texts that were not learned from.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kgload.errors import BadLine, DataError, OutputError
from kgload.evaluation.graph import GraphEvent
from kgload.evaluation.names import normal
from kgload.evaluation.scores import Scores, score
from kgload.extraction import weights as weighed
from kgload.extraction.analysis import Analysis, analyse
from kgload.extraction.frames import Example, Frame, Frames, Least, frames
from kgload.extraction.knowledge import Knowledge
from kgload.extraction.rules import RulesExtractor
from kgload.files import replacing
from kgload.gold import GoldDocument
from kgload.ontology import vocabulary
from kgload.records import Article, Document, Lexicon
from kgload.training.clues import learn, lesson
from kgload.training.counting import count, table

FOLDS, FEWEST = 5, 20
"""Folds in which thresholds are tried, and events that a type must have."""
CAUTION = 30.0
"""How many times the penalty that kgload's own weights were learned with: there are few texts."""
LEAST_TRIGGERED, LEAST_SEEN = 1, 2
"""Times that a word must have named an event, and that a clue must have been seen; fewer than for kgload's own."""
START = Least(event=0.5, mention=0.4, participant=0.5, place=0.5, attributedTo=0.5, date=0.4, same=0.4)
GRIDS = {
    "event": (0.3, 0.4, 0.5, 0.6, 0.7),
    "participant": (0.3, 0.4, 0.5, 0.6, 0.7),
    "place": (0.3, 0.5, 0.7),
    "date": (0.2, 0.3, 0.4, 0.5, 0.6),
    "attributedTo": (0.3, 0.5, 0.7),
    "same": (0.2, 0.4, 0.6),
}
"""What is tried of each threshold."""
NAMED = 0.95
"""Where so many events of a type have a participant, one without is none."""
EXAMPLES = 3

Tell = Callable[[str], None]
Text = tuple[GoldDocument, Analysis]


@dataclass(frozen=True, slots=True)
class Learned:
    """What came of it: the knowledge, and its scores in cross-validation."""

    knowledge: Knowledge
    texts: int
    scores: Scores


def build(texts: Sequence[tuple[Article, GoldDocument]], folder: Path, lexicon: Lexicon, tell: Tell) -> Learned:
    """Learn the event types of gold texts, and write a folder that ``--frames`` takes.

    Raises:
        DataError: a type is not in the ontology.
        BadLine: the texts hold no event, or too few.
        OutputError: the folder cannot be written.
    """
    counts = Counter(event.type for _, document in texts for event in document.events if not event.optional)
    for type_ in counts:
        if type_ not in vocabulary().event_types:
            known = ", ".join(vocabulary().event_types)
            raise DataError(f"{type_} is no event type; the ontology has {known} (--ontology adds more)")
    few = [f"{count} of {type_}" for type_, count in sorted(counts.items()) if count < FEWEST]
    if few or not counts:
        raise BadLine(f"too few events to learn from: {', '.join(few) or 'none'}; {FEWEST} of a type are the least")
    types = sorted(counts)
    analysed: list[Text] = list(zip((d for _, d in texts), analyse(a for a, _ in texts), strict=True))
    tell(f"{len(texts)} texts, {', '.join(types)}")
    folds = [[one for one in analysed if fold_of(one[0]) != fold] for fold in range(FOLDS)]
    learned = [_learn(fold, types, lexicon) for fold in folds]
    least, scores = _tuned(learned, analysed, lexicon, tell)
    found = _with(_learn(analysed, types, lexicon), least)
    _write(found, analysed, folder)
    return Learned(found, len(texts), scores)


def fold_of(document: GoldDocument) -> int:
    """The fold in which a text is held back; it depends on its id alone."""
    return int(hashlib.sha256(document.id.encode()).hexdigest(), 16) % FOLDS


def _learn(texts: Sequence[Text], types: Iterable[str], lexicon: Lexicon) -> Knowledge:
    rows = count(((analysis, document.events) for document, analysis in texts), LEAST_TRIGGERED)
    shipped = frames()
    made = {type_: _frame(type_, texts) for type_ in types}
    triggers: dict[str, dict[str, tuple[int, int]]] = {}
    for type_, key, hits, times in rows:
        triggers.setdefault(key, {})[type_] = (hits, times)
    seen = {key: times for _, key, _, times in rows}
    known = Frames(made, triggers, seen, shipped.cues, shipped.hints, shipped.sources)
    lessons = [lesson(document, analysis, lexicon, known) for document, analysis in texts]
    return Knowledge(known, learn(lessons, weighed.weights(), CAUTION, LEAST_SEEN))


def _frame(type_: str, texts: Sequence[Text]) -> Frame:
    events = [event for document, _ in texts for event in document.events if event.type == type_ and not event.optional]
    named = sum(bool(event.participants) for event in events) / max(1, len(events))
    examples = _examples(type_, texts) or [Example(text="-", trigger="-")]
    return Frame(type=type_, least=START, least_participants=int(named >= NAMED), examples=examples)


def _examples(type_: str, texts: Sequence[Text]) -> list[Example]:
    """Short texts that tell of one event, once."""
    found: list[Example] = []
    for document, analysis in texts:
        events = [event for event in document.events if event.type == type_]
        is_plain = len(document.events) == len(events) == 1 and len(events[0].mentions) == 1
        if is_plain and len(document.sentences) == 1 and len(found) < EXAMPLES and not events[0].optional:
            [event] = events
            place = event.place[0] if event.place else None
            words = analysis.article.text[event.mentions[0].begin : event.mentions[0].end]
            participants = list(event.participants)
            found.append(Example(text=analysis.article.text, trigger=words, participants=participants, place=place))
    return found


def _with(known: Knowledge, least: Least) -> Knowledge:
    made = {type_: frame.model_copy(update={"least": least}) for type_, frame in known.frames.frames.items()}
    return replace(known, frames=replace(known.frames, frames=made))


def _tuned(learned: Sequence[Knowledge], texts: Sequence[Text], lexicon: Lexicon, tell: Tell) -> tuple[Least, Scores]:
    """Thresholds that do best on texts that were not learned from, one after the other."""

    def measured(least: Least) -> Scores:
        graph = {}
        for fold, known in enumerate(learned):
            extractor = RulesExtractor(lexicon, (_with(known, least),))
            for document, analysis in texts:
                if fold_of(document) == fold:
                    graph[document.id] = graph_events(extractor.document(analysis))
        return score([document for document, _ in texts], graph)

    least, best = START, measured(START)
    for name, grid in GRIDS.items():
        for option in grid:
            tried = least.model_copy(update={name: option})
            if tried != least and worth(scores := measured(tried)) > worth(best) + 1e-4:
                least, best = tried, scores
    tell(f"thresholds: {', '.join(f'{name} {value:g}' for name, value in least.model_dump().items())}")
    return least, best


def worth(scores: Scores) -> float:
    """The one number that thresholds are chosen by."""
    events = scores.total(scores.events).f1
    return events + scores.total(scores.arguments).f1 + scores.strict.f1 + 0.5 * scores.status * events


def graph_events(document: Document) -> list[GraphEvent]:
    """A document's events as evaluation compares them, without writing a graph."""
    entities = {entity.id: entity for entity in document.entities}

    def names(id_: str) -> frozenset[str]:
        entity = entities[id_]
        return frozenset(filter(None, map(normal, (entity.name, *entity.aliases))))

    found: list[GraphEvent] = []
    for event in document.events:
        roles: dict[str, list[frozenset[str]]] = {}
        for argument in event.arguments:
            for role in vocabulary().roles[argument.role].implies:
                roles.setdefault(role, []).append(names(argument.entity))
        date = event.date
        found.append(
            GraphEvent(
                type=event.type,
                mentions=tuple((mention.begin, mention.end) for mention in event.mentions),
                label="; ".join(mention.text for mention in event.mentions),
                roles={role: tuple(fillers) for role, fillers in roles.items()},
                dates=(date.earliest, date.latest) if date and date.earliest and date.latest else None,
                status=event.status,
                mode=event.mode,
                quantity=next((q for e in event.arguments if (q := entities[e.entity].quantity) is not None), None),
                confidence=event.confidence,
            )
        )
    return found


def _write(known: Knowledge, texts: Sequence[Text], folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot write {folder}: {error.strerror}") from error
    rows = count(((analysis, document.events) for document, analysis in texts), LEAST_TRIGGERED)
    with replacing(folder / "triggers.tsv") as stream:
        stream.write(table(rows).encode())
    with replacing(folder / "weights.tsv") as stream:
        stream.write(weighed.dump(known.weights).encode())
    for type_, frame in known.frames.frames.items():
        with replacing(folder / f"{type_.lower()}.toml") as stream:
            stream.write(_toml(frame).encode())


def _toml(frame: Frame) -> str:
    """A frame as a file that a person goes on with."""

    def said(value: object) -> str:
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")

    lines = [
        f"# How the light extractor reads events of the type {frame.type}, as `kgload train --light` learned it.",
        "# Words for what is sent (force), where from (origin) and signing may be added, as in kgload's own frames.",
        f"type = {said(frame.type)}",
        f"least_participants = {frame.least_participants}",
        "",
        "# The least shares at which something is said, tried on texts that were not learned from.",
        "[least]",
        *(f"{name} = {value}" for name, value in frame.least.model_dump().items()),
    ]
    for example in frame.examples:
        lines += ["", "[[examples]]"]
        lines += [f"{name} = {said(value)}" for name, value in example.model_dump().items() if value not in (None, [])]
    return "\n".join(lines) + "\n"
