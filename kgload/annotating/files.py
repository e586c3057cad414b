"""Gold, brat and Doccano as files: read into annotated texts, and written whole or not at all."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from kgload.annotating import brat, doccano
from kgload.annotating.layout import Annotated, Ends, Marked, gather
from kgload.errors import BadLine, DuplicateId, InputNotFound, NoArticles, OutputError
from kgload.files import reading, replacing
from kgload.gold import dump
from kgload.gold import read as read_gold_file
from kgload.records import Article

Split = Callable[[Article], Sequence[Ends]]
"""What cuts a text into sentences, where nothing says where they are."""
SIDECAR, CONFIGURATION = "kgload.jsonl", "annotation.conf"


class _ArticleRow(BaseModel):
    id: str
    text: str
    title: str | None = None
    date: dt.date | None = None
    url: str | None = None


class _SidecarRow(BaseModel):
    file: str
    id: str
    title: str | None = None
    date: dt.date | None = None
    url: str | None = None
    sentences: list[Ends] | None = None
    aliases: dict[str, list[str]] = {}


def articles_of(gold: Path) -> Path:
    """The file of a gold file's texts, beside it: ``gold.jsonl`` has ``gold.articles.jsonl``."""
    return gold.with_suffix(".articles.jsonl")


def read_gold(path: Path) -> Iterator[Annotated]:
    """Texts with their gold, in the order of the gold.

    Raises:
        InputNotFound: the gold or its articles cannot be read.
        BadLine: a line is no gold or no article, or a gold document has no article.
    """
    beside = articles_of(path)
    articles = {}
    for place, line in _lines(beside):
        try:
            row = _ArticleRow.model_validate_json(line)
        except ValidationError as error:
            raise BadLine(f"{place} is no article: {_said(error)}") from error
        articles[row.id] = Article(row.id, row.text, row.title, row.date, row.url)
    for document in read_gold_file(path):
        if document.id not in articles:
            raise BadLine(f"{path}: {document.id[:100]!r} has no article in {beside.name}")
        yield Annotated(articles[document.id], document)


def write_gold(texts: Iterable[Annotated], path: Path) -> int:
    """Write gold and, beside it, its articles; the number of texts.

    Raises:
        DuplicateId: two texts have one id.
        OutputError: a file cannot be written.
    """
    seen: set[str] = set()
    with replacing(articles_of(path)) as articles, replacing(path) as gold:
        for one in texts:
            article = one.article
            if article.id in seen:
                raise DuplicateId(f"two texts have the id {article.id[:100]!r}")
            seen.add(article.id)
            row = {"id": article.id, "title": article.title, "date": article.date, "url": article.url}
            row["text"] = article.text
            articles.write(json.dumps(row, ensure_ascii=False, default=str).encode() + b"\n")
            gold.write(dump(one.gold).encode() + b"\n")
    return len(seen)


def read_doccano(path: Path, split: Split) -> Iterator[Annotated]:
    """Texts as Doccano exports them. One that did not go out from here has its number for an id.

    Raises:
        InputNotFound: the file cannot be read.
        BadLine: a line is not of the form.
    """
    for place, line in _lines(path):
        try:
            row, marks = doccano.read(line)
            kept = row.kgload
            date = dt.date.fromisoformat(kept.date) if kept.date else None
            id_ = kept.id or (str(row.id) if row.id is not None else place.rpartition(":")[2])
            article = Article(id_, row.text, kept.title, date, kept.url)
            one = _gathered(article, marks, kept.sentences, kept.aliases, split)
        except ValueError as error:
            raise BadLine(f"{place}: {error}") from error
        yield one


def write_doccano(texts: Iterable[Annotated], path: Path) -> int:
    """Write texts for Doccano; the number of texts.

    Raises:
        OutputError: the file cannot be written.
    """
    count = 0
    with replacing(path) as stream:
        for one in texts:
            count += 1
            stream.write(doccano.write(one).encode() + b"\n")
    return count


def read_brat(folder: Path, split: Split) -> Iterator[Annotated]:
    """Texts of a folder of brat's, by file names. One that did not go out from here has its file's name for an id.

    Raises:
        InputNotFound: there is no such folder.
        NoArticles: it holds no ``.txt``.
        BadLine: a file is not of the form; the message names file, line and reason.
    """
    if not folder.is_dir():
        raise InputNotFound(f"cannot read {folder}: no such folder")
    paths = sorted(folder.glob("*.txt"))
    if not paths:
        raise NoArticles(f"{folder} holds no .txt file")
    rows = {}
    if (folder / SIDECAR).exists():
        for place, line in _lines(folder / SIDECAR):
            try:
                row = _SidecarRow.model_validate_json(line)
            except ValidationError as error:
                raise BadLine(f"{place}: {_said(error)}") from error
            rows[row.file] = row
    for path in paths:
        row = rows.get(path.stem, _SidecarRow(file=path.stem, id=path.stem))
        marks_file = path.with_suffix(".ann")
        try:
            text = _text(path)
            marks = brat.read(_text(marks_file), text) if marks_file.exists() else []
            article = Article(row.id, text, row.title, row.date, row.url)
            one = _gathered(article, marks, row.sentences, row.aliases, split)
        except ValueError as error:
            raise BadLine(f"{marks_file}: {error}") from error
        yield one


def write_brat(texts: Iterable[Annotated], folder: Path) -> int:
    """Write a new folder for brat; the number of texts. A folder that holds something is left alone.

    Raises:
        OutputError: the folder is there and not empty, or cannot be written.
    """
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise OutputError(f"cannot write {folder}: it is there already, and annotations in it would be lost")
        part = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.absolute().parent))
    except OSError as error:
        raise OutputError(f"cannot write {folder}: {error.strerror}") from error
    count, names = 0, []
    try:
        for count, one in enumerate(texts, start=1):
            name = f"{count:05}"
            names.append((name, one))
            (part / f"{name}.txt").write_bytes(one.article.text.encode())
            (part / f"{name}.ann").write_bytes(brat.write(one).encode())
        (part / SIDECAR).write_text("".join(brat.sidecar(names)), encoding="utf-8")
        (part / CONFIGURATION).write_text(brat.configuration(), encoding="utf-8")
        part.chmod(0o777 & ~_umask())
        part.replace(folder)
    except OSError as error:
        raise OutputError(f"cannot write {folder}: {error.strerror}") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return count


def _umask() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return umask


def _gathered(
    article: Article, marks: Sequence[Marked], sentences: Sequence[Ends] | None, aliases: dict[str, list[str]],
    split: Split,
) -> Annotated:  # fmt: skip
    return gather(article, marks, sentences if sentences is not None else split(article), aliases)


def _lines(path: Path) -> Iterator[tuple[str, bytes]]:
    with reading(path) as stream:
        for number, line in enumerate(stream, start=1):
            if line.strip():
                yield f"{path}:{number}", line


def _text(path: Path) -> str:
    with reading(path) as stream:
        return stream.read().decode("utf-8")


def _said(error: ValidationError) -> str:
    first: Any = error.errors(include_url=False)[0]
    return re.sub(r"^: ", "", f"{'.'.join(map(str, first['loc']))}: {first['msg']}")
