"""A folder of shards as it lies on the disk: files of the graph, an index beside each, a journal, a manifest.

What is done is told by the journal, one line for each shard that is complete on the disk, written after it. The index
of a shard has a line for each of its documents: its id, a hash of what it was converted from, what near-duplicates are
told by, and of which article it is a copy.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kgload import __version__
from kgload.conversion.batches import Item, Plan
from kgload.conversion.shard import Stage
from kgload.errors import InputNotFound, KgloadError, OutputError
from kgload.files import UNREADABLE, reading, replacing, writing
from kgload.records import Article
from kgload.sources.html import Page

JOURNAL = "journal.jsonl"
MANIFEST = "manifest.json"
# What a shard is called; without a format it is N-Quads, which every store loads, and any tool can split and join.
DEFAULT_SHARD = "part.nq.gz"
INDEX = "index-{}.jsonl.gz"
HASH = 32


@dataclass(slots=True)
class Shard:
    """A file of the folder: what went in (a hash), what came out. ``index`` is the hash of its index."""

    file: str
    input: str
    sha256: str = ""
    index: str = ""
    bytes: int = 0
    documents: int = 0
    events: int = 0
    entities: int = 0
    copies: int = 0
    failures: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Row:
    """A document in an index. ``hash`` tells what it was converted from, ``of`` is the id of what it is a copy of."""

    id: str
    hash: str
    signature: bytes
    of: str | None

    def line(self) -> bytes:
        """The row as a line of JSON."""
        return json.dumps([self.id, self.hash, self.signature.hex(), self.of]).encode() + b"\n"

    @classmethod
    def parsed(cls, line: bytes) -> Row:
        """What :meth:`line` has written.

        Raises:
            ValueError: it is no such line.
        """
        id_, hash_, signature, of = json.loads(line)
        return cls(id_, hash_, bytes.fromhex(signature), of)


@dataclass
class Folder:
    """A folder of packed shards with ``size`` documents each; those that fail count."""

    path: Path
    plan: Plan
    size: int

    def __post_init__(self) -> None:
        self.suffix = self.plan.form.suffix + ".gz"
        # What changes the bytes: kgload itself, the settings, the form, and the files that the environment names.
        told = Stage(self.plan.settings).told
        files = {name: _content(os.environ.get(name, "")) for name in ("KGLOAD_ONTOLOGY", "KGLOAD_FRAMES")}
        files["KGLOAD_MODEL"] = _content(os.environ.get("KGLOAD_MODEL", ""))
        form = self.plan.form
        parts = [__version__, self.plan.settings.extractor, told, form.format, form.base, files]
        self._made_by = json.dumps(parts, sort_keys=True).encode()

    def begin(self, *, resume: bool) -> dict[str, Shard]:
        """Make the folder ready; the shards that an earlier run has completed, by their file's name.

        Raises:
            OutputError: it cannot be written, or holds something and this is no resumed run.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            held = sorted(path.name for path in self.path.iterdir())
        except OSError as error:
            raise OutputError(f"cannot write {self.path}: {error.strerror}") from error
        if held and not resume:
            raise OutputError(f"{self.path} is not empty: --resume takes an unfinished run up; or name another folder")
        for name in held:
            if name.startswith(".") and name.endswith(".part"):
                (self.path / name).unlink(missing_ok=True)
        return {shard.file: shard for shard in self._completed()}

    def _completed(self) -> Iterator[Shard]:
        for name in (MANIFEST, JOURNAL):
            with contextlib.suppress(FileNotFoundError):
                content = (self.path / name).read_bytes()
                if name == MANIFEST:
                    with contextlib.suppress(ValueError, KeyError, TypeError):
                        yield from (Shard(**row) for row in json.loads(content)["shards"])
                    continue
                for line in content.splitlines():
                    # The last line is torn where the run was killed while it wrote it.
                    with contextlib.suppress(ValueError, TypeError):
                        yield Shard(**json.loads(line))

    def is_done(self, shard: Shard | None, input_: str) -> bool:
        """Whether a shard is on the disk as it was written, from this input and by this run's settings."""
        if shard is None or shard.input != input_:
            return False
        there = (_hash_of(self.path / shard.file), _hash_of(self.path / index_of(shard.file)))
        return there == (shard.sha256, shard.index)

    def name(self, number: int) -> str:
        """The file of a shard, by its number from 0."""
        return f"part-{number:06d}{self.suffix}"

    def hash(self, item: Item) -> str:
        """What tells a document from another, and from itself after a change of what counts."""
        digest = hashlib.sha256(self._made_by)
        if isinstance(item, Article):
            digest.update(json.dumps([item.id, item.text, item.title, str(item.date), item.url]).encode())
        elif isinstance(item, Page):
            digest.update(json.dumps([item.id, str(item.date), item.url]).encode() + item.content)
        elif isinstance(item, KgloadError):
            digest.update(json.dumps([item.document, item.code, item.message]).encode())
        else:
            digest.update(json.dumps(asdict(item), default=str).encode())
        return digest.hexdigest()[:HASH]

    def write(self, shard: Shard, pieces: Iterable[bytes], rows: Sequence[Row]) -> None:
        """Write a shard and its index, each whole or not at all, and then its line of the journal.

        Raises:
            OutputError: it cannot be written.
        """
        target, index = self.path / shard.file, self.path / index_of(shard.file)
        with replacing(target) as stream:
            for piece in self.plan.form.joined(pieces):
                stream.write(piece)
        with replacing(index) as stream:
            stream.writelines(row.line() for row in rows)
        shard.sha256, shard.index = _hash_of(target), _hash_of(index)
        shard.bytes = target.stat().st_size
        with writing(self.path / JOURNAL), (self.path / JOURNAL).open("ab") as journal:
            # A line that was torn must not spoil this one.
            journal.write(b"\n" + json.dumps(asdict(shard)).encode() + b"\n")
            journal.flush()
            os.fsync(journal.fileno())

    def finish(self, shards: list[Shard], more: dict[str, Any], files: Iterable[str] = ()) -> None:
        """Write the manifest, and remove the journal and the files of earlier runs that are none of this one.

        ``more`` is told beside the shards, ``files`` are others of this run.

        Raises:
            OutputError: the manifest cannot be written.
        """
        form = self.plan.form
        sums = ("documents", "events", "entities", "copies")
        whole = {
            "kgload": __version__,
            "format": form.format,
            "base": form.base,
            "extractor": self.plan.settings.extractor,
            "settings": Stage(self.plan.settings).told,
            **{name: sum(getattr(shard, name) for shard in shards) for name in sums},
            "failures": sum(len(shard.failures) for shard in shards),
            **more,
            "shards": [asdict(shard) for shard in shards],
        }
        with replacing(self.path / MANIFEST) as stream:
            stream.write(json.dumps(whole, indent=1).encode() + b"\n")
        names = {*files, *(name for shard in shards for name in (shard.file, index_of(shard.file)))}
        for pattern in (f"part-*{self.suffix}", INDEX.format("*"), "vanished.jsonl"):
            for path in self.path.glob(pattern):
                if path.name not in names:
                    path.unlink()
        (self.path / JOURNAL).unlink(missing_ok=True)


def index_of(file: str) -> str:
    """The name of a shard's index."""
    return INDEX.format(file.split(".")[0].removeprefix("part-"))


def rows(path: Path) -> Iterator[Row]:
    """What an index holds.

    Raises:
        InputNotFound: it cannot be read, or is none.
    """
    try:
        with reading(path) as stream:
            yield from map(Row.parsed, stream)
    except (*UNREADABLE, ValueError, TypeError) as error:
        raise InputNotFound(f"cannot read {path}: it is no index of a shard, or damaged") from error


def _hash_of(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return "none"


def _content(paths: str) -> str:
    """A hash over the files, and all in the folders, that a variable of the environment names."""
    digest = hashlib.sha256()
    for name in filter(None, paths.split(os.pathsep)):
        path = Path(name)
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                digest.update(file.read_bytes())
    return digest.hexdigest() if paths else ""
