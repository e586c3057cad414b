"""The options of every command that reads articles, and what such a command tells at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from kgload.cli.console import progress, say

if TYPE_CHECKING:
    from kgload.conversion.outcomes import Converted
    from kgload.conversion.shards import Shard
    from kgload.errors import KgloadError
    from kgload.records import Document
    from kgload.sources.reader import Item

Inputs = Annotated[list[str], typer.Argument(help="Files and folders of articles; - is standard input.")]
ArticleDate = Annotated[
    Optional[str],  # noqa: UP045 - typer reads it at run time
    typer.Option("--date", help="Day of publication for articles that have none, as 2025-08-13."),
]
ArticleId = Annotated[Optional[str], typer.Option("--id", help="Identifier for a single text or page.")]  # noqa: UP045
InputFormatOption = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--input-format", help="text, html or jsonl.  [default: by suffix, or by the first bytes]"),
]
ExtractorName = Annotated[str, typer.Option("--extractor", help="Which extractor finds the events.", metavar="NAME")]
NoLinks = Annotated[bool, typer.Option("--no-links", help="Leave out links to Wikidata.")]
MinConfidence = Annotated[
    float, typer.Option("--min-confidence", help="Leave out events below this confidence.", min=0.0, max=1.0)
]
SkipBad = Annotated[
    bool, typer.Option("--skip-bad", help="Report articles that cannot be read, go on, and exit with 1.")
]
Gazetteers = Annotated[
    Optional[list[Path]],  # noqa: UP045
    typer.Option(
        "--gazetteer",
        help="Gazetteer file, or CSV of names, over the core one. May be repeated, the first uppermost.",
        metavar="FILE",
    ),
]
OnlineService = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        "--online",
        help="Ask a live service for names that no gazetteer knows: `wikidata`, or the address of a MediaWiki API "
        "(…/api.php) or of a reconciliation service.",
        metavar="SERVICE",
    ),
]
Workers = Annotated[
    Optional[int],  # noqa: UP045
    typer.Option(
        "--workers",
        help="Processes that convert; 1 is this one alone.  [default: one a processor]",
        metavar="N",
        min=1,
        max=1024,
    ),
]
TimeLimit = Annotated[
    float,
    typer.Option(
        "--time-limit", help="Seconds that a worker process may take for one document.", metavar="SECONDS", min=0.1
    ),
]
FailuresFile = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option(
        "--failures",
        help="Write documents that cannot be converted there, one line of JSON each, go on, and exit with 1.",
        metavar="FILE",
    ),
]
MaxFailures = Annotated[
    Optional[int],  # noqa: UP045
    typer.Option("--max-failures", help="Go on as long as no more documents fail.", metavar="N", min=0),
]
SOME_FAILED = 1


def read_inputs(
    inputs: list[str], date: str | None, id_: str | None, input_format: str | None, tally: Tally | None = None
) -> Iterator[Item]:
    """What the inputs hold, read as the options say; ``tally`` counts the files that are passed over.

    Raises:
        BadDate: ``date`` is no date.
        UnknownFormat: ``input_format`` is none that is read.
        InputError: an input is missing, or a folder holds no article.
    """
    from kgload import library

    on_other = tally.pass_over if tally else None
    return library.read(inputs, date=date, id=id_, input_format=input_format, on_other=on_other)


def lookups(gazetteers: Sequence[Path] | None, online: str | None, *, quiet: bool = False) -> dict[str, Any]:
    """The settings of a conversion that say where names are looked up."""
    from kgload.linking.polite import default_cache

    told: set[str] = set()

    def trouble(message: str) -> None:
        # A run may open the service more than once, and each that fails tells of it.
        if message not in told:
            told.add(message)
            say(f"kgload: live look-up: {message}", quiet=quiet)

    cache = default_cache() if online else None
    return {"gazetteers": tuple(gazetteers or ()), "online": online, "cache": cache, "on_trouble": trouble}


class Tally:
    """Counts what passes, shows progress to a person, and reports articles that could not be read."""

    def __init__(self, label: str, *, quiet: bool) -> None:
        self.label, self.quiet = label, quiet
        self.documents = self.events = self.entities = self.failed = 0
        self.others: Counter[str] = Counter()

    def count(self, documents: Iterable[Document]) -> Iterator[Document]:
        """Pass documents through, counting them."""
        for document in progress(documents, label=self.label, quiet=self.quiet):
            self.documents += 1
            self.events += len(document.events)
            self.entities += len(document.entities)
            yield document

    def converted(self, documents: Iterable[Converted]) -> Iterator[Converted]:
        """Pass pieces of a graph through, counting what is in them."""
        for document in progress(documents, label=self.label, quiet=self.quiet):
            self.documents += 1
            self.events += document.events
            self.entities += document.entities
            yield document

    def shards(self, shards: Iterable[Shard]) -> None:
        """Count what is in shards, as they come."""
        for shard in progress(shards, label=f"{self.label} shards", quiet=self.quiet):
            self.documents += shard.documents
            self.events += shard.events
            self.entities += shard.entities

    def bad(self, error: KgloadError) -> None:
        """Report an article that could not be read."""
        self.failed += 1
        say(f"kgload: skipped: {error}")

    def missed(self, _: object) -> None:
        """Count an article that is reported elsewhere."""
        self.failed += 1

    def pass_over(self, path: Path) -> None:
        """Count a file that is no article by its name."""
        self.others[path.suffix or "no suffix"] += 1

    def tell_passed_over(self) -> None:
        """Say how many files were left unread in folders, if any."""
        if self.others:
            kinds = ", ".join(f"{count:,} {suffix}" for suffix, count in sorted(self.others.items()))
            say(f"kgload: files passed over in folders: {kinds}", quiet=self.quiet)

    def __str__(self) -> str:
        counts = ((self.documents, "document"), (self.events, "event"), (self.entities, "entity"))
        words = [f"{n:,} {_plural(word) if n != 1 else word}" for n, word in counts]
        return ", ".join(words) + (f", {self.failed:,} skipped" if self.failed else "")


def _plural(word: str) -> str:
    return word[:-1] + "ies" if word.endswith("y") else word + "s"


def finish(tally: Tally, output: Path | None, *, as_json: bool = False) -> None:
    """Tell what was done; exit with 1 where articles were skipped."""
    tally.tell_passed_over()
    if as_json:
        import json

        counts = {"documents": tally.documents, "events": tally.events, "entities": tally.entities}
        typer.echo(json.dumps({**counts, "skipped": tally.failed, "output": str(output)}))
    else:
        say(f"{tally} → {output or 'stdout'}", quiet=tally.quiet)
    if tally.failed:
        raise typer.Exit(SOME_FAILED)
