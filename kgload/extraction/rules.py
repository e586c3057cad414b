"""The light extractor: no network, only words that have named events in annotated texts and clues around them.

What it knows is data: the frames and the counted triggers of ``data/frames``, and the weights of clues beside them; and
folders of the same form that a user adds.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kgload import __version__
from kgload.explanations import Explanation
from kgload.extraction import dates, merging, names, triggers
from kgload.extraction.analysis import Analysis, analyse, model_name
from kgload.extraction.clues import Clues
from kgload.extraction.documents import FoundEvent, numbered
from kgload.extraction.gate import Gate, gate
from kgload.extraction.gathering import Gathered
from kgload.extraction.knowledge import Knowledge, knowledge, settings
from kgload.extraction.names import Names
from kgload.extraction.readings import read
from kgload.extraction.representing import represented
from kgload.records import Article, Document, Lexicon, Run


@dataclass(frozen=True, slots=True)
class Steps:
    """All that a document was made from, for those who ask why it is as it is. ``ids`` are the document's ids of
    entities, by their numbers among the names."""

    names: Names
    groups: tuple[Gathered, ...]
    events: tuple[tuple[Gathered, FoundEvent], ...]
    document: Document
    ids: dict[int, str]


class RulesExtractor:
    """Finds events by the frames of ``data/frames`` and of the user's own; with ``known``, by these alone and without a
    gate.

    Raises:
        DataError: the frames do not validate.
        ExtractorError: spaCy's model is not installed.
    """

    def __init__(self, lexicon: Lexicon, known: tuple[Knowledge, ...] = ()) -> None:
        self._lexicon, self._known = lexicon, known or knowledge()
        self._gate: Gate | None = None
        if not known:
            self._gate = gate().also(one.frames for one in self._known[1:])
        self._run = Run("rules", __version__, model_name(), settings(self._known))

    def exhaustive(self) -> RulesExtractor:
        """This extractor without a gate."""
        made = copy.copy(self)
        made._gate = None
        return made

    def extract(self, articles: Iterable[Article]) -> Iterator[Document]:
        """Yield one document for each article, in order."""
        for analysis in analyse(articles, self._gate):
            yield self.document(analysis)

    def document(self, analysis: Analysis) -> Document:
        """The document of an article that was analysed."""
        return self._steps(analysis).document

    def explain(self, articles: Iterable[Article]) -> Iterator[Explanation]:
        """Yield the document of each article, in order, with the reasons for its events."""
        from kgload.extraction.reasons import explain

        for analysis in analyse(articles, self._gate):
            yield explain(self._steps(analysis))

    def _steps(self, analysis: Analysis) -> Steps:
        found = names.find(analysis, self._lexicon)
        groups = tuple(gather(analysis, found, self._known))
        events = [(group, event) for group in groups if (event := group.found())]
        document, ids = numbered(analysis, found, [event for _, event in events], self._run)
        return Steps(found, groups, tuple(events), document, ids)


def gather(analysis: Analysis, found: Names, every: Sequence[Knowledge]) -> Iterator[Gathered]:
    """The triggers of a text in groups that each tell one event, or none: as each body of knowledge has it."""
    if not analysis.tokens or not every:
        return
    said = dates.find(analysis.article.text, analysis.article.date)
    people = represented(analysis, found)
    for known in every:
        frames, weights = known.frames, known.weights
        clues = Clues(analysis, found, said, frames, people)
        readings = [
            read(clues, trigger, frames.frames[trigger.type], weights)
            for trigger in triggers.find(clues, frames, weights)
            if trigger.type not in known.left_out
        ]
        for group in merging.groups(clues, readings, frames, weights):
            yield Gathered(clues, frames.frames[group[0].trigger.type], group, people, weights)
