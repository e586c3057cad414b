"""A graph in a folder of shards: files of so many documents each, in input order, with a manifest.

What is done is told by a journal beside the shards, one line for each that is complete on the disk, written after it. A
run that is killed is taken up by reading its input again: a shard whose input, settings and bytes are those of its line
is not done again. The input is told apart by a hash over all that a document is converted from, so that a changed
document is converted anew, and only its shard.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kgload import __version__
from kgload.conversion.batches import Item, Plan, batches
from kgload.conversion.outcomes import BatchResult, Converted, Failure
from kgload.conversion.shard import Stage
from kgload.errors import KgloadError, OutputError
from kgload.files import replacing

JOURNAL = "journal.jsonl"
MANIFEST = "manifest.json"
# What a shard is called; without a format it is N-Quads, which every store loads, and any tool can split and join.
DEFAULT_SHARD = "part.nq.gz"


@dataclass(slots=True)
class Shard:
    """A file of the folder: what went in (a hash), what came out."""

    file: str
    input: str
    sha256: str = ""
    bytes: int = 0
    documents: int = 0
    events: int = 0
    entities: int = 0
    failures: list[dict[str, Any]] = field(default_factory=list)


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
        self._made_by = _digest(json.dumps(parts, sort_keys=True).encode())

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
        try:
            with (self.path / shard.file).open("rb") as stream:
                return hashlib.file_digest(stream, "sha256").hexdigest() == shard.sha256
        except OSError:
            return False

    def name(self, number: int) -> str:
        """The file of a shard, by its number from 0."""
        return f"part-{number:06d}{self.suffix}"

    def digest(self, items: Iterable[Item]) -> str:
        """What tells the input of a shard from another."""
        digest = hashlib.sha256(self._made_by.encode())
        for item in items:
            if isinstance(item, KgloadError):
                told: object = (item.document, item.code, item.message)
            else:
                told = asdict(item)
            digest.update(json.dumps(told, default=str).encode() + b"\n")
        return digest.hexdigest()

    def write(self, shard: Shard, results: Iterable[BatchResult]) -> None:
        """Write a shard, whole or not at all, and then its line of the journal.

        Raises:
            OutputError: it cannot be written.
        """
        target = self.path / shard.file
        with replacing(target) as stream:
            for piece in self.plan.form.joined(_pieces(shard, results)):
                stream.write(piece)
        with target.open("rb") as written:
            shard.sha256 = hashlib.file_digest(written, "sha256").hexdigest()
        shard.bytes = target.stat().st_size
        with (self.path / JOURNAL).open("ab") as journal:
            # A line that was torn must not spoil this one.
            journal.write(b"\n" + json.dumps(asdict(shard)).encode() + b"\n")
            journal.flush()
            os.fsync(journal.fileno())

    def finish(self, shards: list[Shard]) -> None:
        """Write the manifest, and remove the journal and the files of earlier runs that are no shards of this one."""
        form = self.plan.form
        whole = {
            "kgload": __version__,
            "format": form.format,
            "base": form.base,
            "extractor": self.plan.settings.extractor,
            "settings": Stage(self.plan.settings).told,
            "documents": sum(shard.documents for shard in shards),
            "events": sum(shard.events for shard in shards),
            "entities": sum(shard.entities for shard in shards),
            "failures": sum(len(shard.failures) for shard in shards),
            "shards": [asdict(shard) for shard in shards],
        }
        with replacing(self.path / MANIFEST) as stream:
            stream.write(json.dumps(whole, indent=1).encode() + b"\n")
        names = {shard.file for shard in shards}
        for path in self.path.glob(f"part-*{self.suffix}"):
            if path.name not in names:
                path.unlink()
        (self.path / JOURNAL).unlink(missing_ok=True)


def convert(
    items: Iterable[Item],
    folder: Folder,
    run: Callable[[Iterable[list[Item]]], Iterator[BatchResult]],
    *,
    resume: bool = False,
    on_failure: Callable[[Failure], None] | None = None,
) -> Iterator[Shard]:
    """Convert into a folder; each shard as it is complete, or found to be complete already.

    ``run`` converts batches, in order. Without ``on_failure`` the first failure is raised.

    Raises:
        OutputError: the folder cannot be written, or is not empty and this is no resumed run.
        KgloadError: as ``run`` and ``items``.
    """
    completed = folder.begin(resume=resume)
    # Shards in the order of the input; of those to be done also how many batches they have.
    plan: list[tuple[Shard, int]] = []

    def missing() -> Iterator[list[Item]]:
        for number, group in enumerate(_groups(items, folder.size)):
            shard = Shard(folder.name(number), folder.digest(group))
            before = completed.get(shard.file)
            if before is not None and folder.is_done(before, shard.input):
                plan.append((before, 0))
                continue
            cut = list(batches(group))
            plan.append((shard, len(cut)))
            yield from cut

    results = run(missing())
    shards: list[Shard] = []
    at = 0
    while True:
        # What is planned is known once its first batch, or a later one, has come.
        first = next(results, None)
        while at < len(plan) and plan[at][1] == 0:
            shards.append(_told(plan[at][0], on_failure))
            yield shards[-1]
            at += 1
        if first is None:
            break
        shard, count = plan[at]
        folder.write(shard, _raising([first, *(next(results) for _ in range(count - 1))], on_failure))
        shards.append(_told(shard, on_failure))
        yield shard
        at += 1
    folder.finish(shards)


def _raising(found: list[BatchResult], on_failure: object) -> list[BatchResult]:
    if on_failure is None:
        for result in found:
            for outcome in result.outcomes:
                if isinstance(outcome, Failure):
                    raise outcome.error
    return found


def _told(shard: Shard, on_failure: Callable[[Failure], None] | None) -> Shard:
    for row in shard.failures:
        failure = Failure.of(row)
        if on_failure is None:
            raise failure.error
        on_failure(failure)
    return shard


def _pieces(shard: Shard, results: Iterable[BatchResult]) -> Iterator[bytes]:
    for result in results:
        for outcome in result.outcomes:
            if isinstance(outcome, Converted):
                shard.documents += 1
                shard.events += outcome.events
                shard.entities += outcome.entities
                yield outcome.piece
            else:
                shard.failures.append(outcome.row())


def _groups(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    group: list[Item] = []
    for item in items:
        group.append(item)
        if len(group) == size:
            yield group
            group = []
    if group:
        yield group


def _content(paths: str) -> str:
    """A hash over the files, and all in the folders, that a variable of the environment names."""
    digest = hashlib.sha256()
    for name in filter(None, paths.split(os.pathsep)):
        path = Path(name)
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                digest.update(file.read_bytes())
    return digest.hexdigest() if paths else ""


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
