"""The options of every command that reads articles, and what such a command tells at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from kgload.cli.console import say

if TYPE_CHECKING:
    from kgload.conversion.folder import Shard
    from kgload.conversion.outcomes import Converted, Failure
    from kgload.errors import KgloadError
    from kgload.records import Article, Document

Inputs = Annotated[
    list[str],
    typer.Argument(
        help="Files and folders of articles, patterns, addresses (`s3://…`, `https://…`); - is standard input."
    ),
]
ArticleDate = Annotated[
    Optional[str],  # noqa: UP045 - typer reads it at run time
    typer.Option("--date", help="Day of publication for articles that have none, as 2025-08-13."),
]
ArticleId = Annotated[Optional[str], typer.Option("--id", help="Identifier for a single text or page.")]  # noqa: UP045
InputFormatOption = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        "--input-format", help="text, html, jsonl, parquet or warc.  [default: by suffix, or by the first bytes]"
    ),
]
Columns = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        "--columns",
        help="What Parquet and JSON Lines call the fields of an article, as `text=body,id=url`.",
        metavar="FIELD=NAME,…",
    ),
]
ExtractorName = Annotated[str, typer.Option("--extractor", help="Which extractor finds the events.", metavar="NAME")]
Exhaustive = Annotated[
    bool, typer.Option("--exhaustive", help="Read with care also what can hold no event, which takes longer.")
]
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
        help="Processes that convert; 0 is this one alone, without a time limit.  [default: one a processor]",
        metavar="N",
        min=0,
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
    inputs: list[str], date: str | None, id_: str | None, input_format: str | None
) -> Iterator[Article | Document | KgloadError]:
    """What the inputs hold, read as the options say.

    Raises:
        BadDate: ``date`` is no date.
        UnknownFormat: ``input_format`` is none that is read.
        InputError: an input is missing, or a folder holds no article.
    """
    from kgload import library

    return library.read(inputs, date=date, id=id_, input_format=input_format)


def columns_of(option: str | None) -> dict[str, str]:
    """What ``--columns`` says: ``text=body,id=url`` as the column of each field.

    Raises:
        InputError: it is not of that form.
    """
    from kgload.errors import InputError

    named: dict[str, str] = {}
    for part in option.split(",") if option else ():
        field, sign, column = part.strip().partition("=")
        if not sign or not field or not column or field in named:
            raise InputError(f"--columns: {part[:80]!r}: say it as text=body,id=url, each field once")
        named[field] = column
    return named


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
        self.documents = self.events = self.entities = self.copies = self.failed = 0
        self.others: Counter[str] = Counter()

    def converted(self, documents: Iterable[Converted]) -> Iterator[Converted]:
        """Pass pieces of a graph through, counting what is in them."""
        for document in documents:
            self.documents += 1
            self.events += document.events
            self.entities += document.entities
            self.copies += document.copy_of is not None
            yield document

    def shards(self, shards: Iterable[Shard]) -> Iterator[Shard]:
        """Pass shards through, counting what is in them."""
        for shard in shards:
            self.documents += shard.documents
            self.events += shard.events
            self.entities += shard.entities
            self.copies += shard.copies
            yield shard

    def bad(self, failure: Failure) -> None:
        """Report an article that could not be converted."""
        self.failed += 1
        say(f"kgload: skipped: {failure.error}")

    def missed(self, _: object) -> None:
        """Count an article that is reported elsewhere."""
        self.failed += 1

    def pass_over(self, path: PurePath) -> None:
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
        if self.copies:
            words.append(f"{self.copies:,} near-duplicate" + ("" if self.copies == 1 else "s"))
        if self.failed:
            words.append(f"{self.failed:,} skipped")
        return ", ".join(words)


def _plural(word: str) -> str:
    return word[:-1] + "ies" if word.endswith("y") else word + "s"


def finish(tally: Tally, output: Path | None, *, as_json: bool = False) -> None:
    """Tell what was done; exit with 1 where articles were skipped."""
    tally.tell_passed_over()
    if as_json:
        import json

        counts = {"documents": tally.documents, "events": tally.events, "entities": tally.entities}
        counts |= {"near_duplicates": tally.copies, "skipped": tally.failed}
        typer.echo(json.dumps({**counts, "output": str(output)}))
    else:
        say(f"{tally} → {output or 'stdout'}", quiet=tally.quiet)
    if tally.failed:
        raise typer.Exit(SOME_FAILED)
