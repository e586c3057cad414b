"""Texts for annotators: from what an extractor found, or from annotations in one form to another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path

from kgload.annotating import files
from kgload.annotating.drafts import draft
from kgload.annotating.layout import Annotated
from kgload.errors import UnknownFormat
from kgload.records import Article, Document


class Form(StrEnum):
    """The forms that annotated texts come and go in."""

    GOLD = "gold"
    BRAT = "brat"
    DOCCANO = "doccano"


def form(name: str) -> Form:
    """The form of a name.

    Raises:
        UnknownFormat: there is none.
    """
    if name not in set(Form):
        raise UnknownFormat(f"{name!r} is no form of annotations; there are {', '.join(Form)}")
    return Form(name)


def drafts(documents: Iterable[Document]) -> Iterator[Annotated]:
    """Documents as texts that an extractor has annotated beforehand."""
    for document in documents:
        yield Annotated(document.article, draft(document))


def read(source: Form, paths: Iterable[Path]) -> Iterator[Annotated]:
    """Annotated texts of gold files, brat's folders or Doccano's files.

    Raises:
        InputError: one cannot be read.
    """
    for path in paths:
        if source is Form.GOLD:
            yield from files.read_gold(path)
        elif source is Form.BRAT:
            yield from files.read_brat(path, sentences)
        else:
            yield from files.read_doccano(path, sentences)


def write(target: Form, texts: Iterable[Annotated], output: Path) -> int:
    """Write annotated texts: gold with its articles beside it, a new folder for brat, a file for Doccano; how many.

    Raises:
        OutputError: the output cannot be written.
    """
    writers = {Form.GOLD: files.write_gold, Form.BRAT: files.write_brat, Form.DOCCANO: files.write_doccano}
    return writers[target](texts, output)


def sentences(article: Article) -> Sequence[tuple[int, int]]:
    """A text's sentences, as extraction has them."""
    from kgload.extraction.analysis import analyse

    [analysis] = analyse([article])
    return [(sentence.begin, sentence.end) for sentence in analysis.sentences]
