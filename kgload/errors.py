"""Everything that can go wrong, as one tree; ``docs/errors.md`` has a page for each code.

::

    KgloadError                        KGL-000
    ├── InputError                     KGL-100   what was to be read
    │   ├── InputNotFound              KGL-101
    │   ├── NoArticles                 KGL-102
    │   ├── UndecodableText            KGL-103
    │   ├── UnknownFormat              KGL-104
    │   ├── UnreadablePage             KGL-105
    │   ├── EmptyText                  KGL-106
    │   ├── BadDate                    KGL-107
    │   ├── BadLine                    KGL-108   a line of JSON Lines that is no article or record
    │   ├── InputTooLarge              KGL-109
    │   ├── BadGraph                   KGL-110   a graph file that does not parse
    │   └── DuplicateId                KGL-111   two articles of one id, of which one would replace the other
    ├── RecordError                    KGL-201   an extractor's record that breaks the schema
    ├── DataError                      KGL-301   a frame, name or gazetteer file that does not validate
    ├── QueryError                     KGL-400
    │   ├── UnknownQuery               KGL-401
    │   ├── BadParameter               KGL-402
    │   ├── BadSparql                  KGL-403
    │   ├── QueryRefused               KGL-404   one that would write, ask another server, or read a file
    │   ├── QueryTimedOut              KGL-405
    │   ├── AnswerTooLarge             KGL-406
    │   ├── QueryDied                  KGL-407   the process that answered it crashed
    │   └── ServerBusy                 KGL-408   more wait for an answer than may
    ├── StoreError                     KGL-500
    │   ├── StoreNotFound              KGL-501
    │   ├── StoreLocked                KGL-502
    │   ├── EndpointUnreachable        KGL-503
    │   ├── EndpointRefused            KGL-504   an HTTP status that says no
    │   └── StoreDamaged               KGL-505
    ├── OutputError                    KGL-601   what was to be written: a full disk, a missing folder
    ├── ExtractorError                 KGL-701   an unknown or broken extractor or model
    ├── ShapesError                    KGL-801   validation could not be run
    ├── ViewsNotBuilt                  KGL-851   a checkout whose web parts were never built
    ├── ConversionError                KGL-900   what befell the processes that convert
    │   ├── DocumentTimedOut           KGL-901   a document that takes longer than the limit
    │   ├── WorkerDied                 KGL-902   a process that was killed, or crashed, on a document
    │   └── TooManyFailures            KGL-903   more failed than --max-failures allows
    └── CannotListen                   KGL-950   the web server's address or port cannot be had

Exit codes: 0 done; 1 done, and the answer is no (a graph does not conform, offsets do not match, some inputs failed);
2 wrong usage, or it could not be run for what it was given; 3 a store or server failed; 4 output could not be written;
130 interrupted (Ctrl-C), 143 stopped (SIGTERM).
"""

from __future__ import annotations


class KgloadError(Exception):
    """The base of all errors that kgload raises on purpose: one line for the user, a code, an exit code."""

    code = "KGL-000"
    exit_code = 2
    # The id of the document that it is about, where one is known.
    document: str | None = None

    def __init__(self, message: str) -> None:
        # Names of files and words of servers come from outside: no control character of theirs reaches a terminal.
        super().__init__(" ".join("".join(c if c.isprintable() else " " for c in message).split()))

    def __str__(self) -> str:
        return f"{self.args[0]} [{self.code}]"

    @property
    def message(self) -> str:
        """The line for the user, without its code."""
        return str(self.args[0])


class InputError(KgloadError):
    """Something that was to be read is missing or unusable."""

    code = "KGL-100"


class InputNotFound(InputError):
    """A path that does not exist or may not be read."""

    code = "KGL-101"


class NoArticles(InputError):
    """A folder or file that holds no article."""

    code = "KGL-102"


class UndecodableText(InputError):
    """Bytes that are not UTF-8 (nor the encoding that an HTML page declares)."""

    code = "KGL-103"


class UnknownFormat(InputError):
    """A format that kgload does not read or write."""

    code = "KGL-104"


class UnreadablePage(InputError):
    """An HTML page in which no article text was found."""

    code = "KGL-105"


class EmptyText(InputError):
    """An article without text."""

    code = "KGL-106"


class BadDate(InputError):
    """A publication date that is not an ISO 8601 date."""

    code = "KGL-107"


class BadLine(InputError):
    """A line of JSON Lines that is not an article or a record."""

    code = "KGL-108"


class InputTooLarge(InputError):
    """An article beyond the size limit."""

    code = "KGL-109"


class BadGraph(InputError):
    """A graph file that does not parse."""

    code = "KGL-110"


class DuplicateId(InputError):
    """Two articles of one id in one run: the graph of the second would replace that of the first."""

    code = "KGL-111"


class RecordError(KgloadError):
    """An extractor's record that breaks the schema; the message gives line, path and reason."""

    code = "KGL-201"


class DataError(KgloadError):
    """A data file (frames, names, gazetteer) that does not validate; the message gives file, place and reason."""

    code = "KGL-301"


class QueryError(KgloadError):
    """A query that cannot be run."""

    code = "KGL-400"


class UnknownQuery(QueryError):
    """A query name that is not in the catalogue."""

    code = "KGL-401"


class BadParameter(QueryError):
    """A parameter that the query does not have, lacks, or whose value is not of its type."""

    code = "KGL-402"


class BadSparql(QueryError):
    """SPARQL that does not parse."""

    code = "KGL-403"


class QueryRefused(QueryError):
    """A query that the web server does not carry out: it would write, ask another server, or read a file."""

    code = "KGL-404"


class QueryTimedOut(QueryError):
    """A query that takes longer than the web server's limit."""

    code = "KGL-405"


class AnswerTooLarge(QueryError):
    """An answer beyond the web server's limit of rows, triples or bytes."""

    code = "KGL-406"


class QueryDied(QueryError):
    """A query on which the process that answered it crashed, or took more memory than it may."""

    code = "KGL-407"


class ServerBusy(QueryError):
    """More requests wait for an answer than the web server lets wait."""

    code = "KGL-408"


class StoreError(KgloadError):
    """A store or server that failed."""

    code = "KGL-500"
    exit_code = 3


class StoreNotFound(StoreError):
    """An embedded store that does not exist."""

    code = "KGL-501"


class StoreLocked(StoreError):
    """An embedded store that another process holds."""

    code = "KGL-502"


class EndpointUnreachable(StoreError):
    """A server that does not answer."""

    code = "KGL-503"


class EndpointRefused(StoreError):
    """A server that answers with an error."""

    code = "KGL-504"


class StoreDamaged(StoreError):
    """A store whose files cannot be read."""

    code = "KGL-505"


class OutputError(KgloadError):
    """Output that cannot be written."""

    code = "KGL-601"
    exit_code = 4


class ExtractorError(KgloadError):
    """An extractor or model that is unknown or cannot be used."""

    code = "KGL-701"


class ShapesError(KgloadError):
    """Validation that could not be run."""

    code = "KGL-801"


class ViewsNotBuilt(KgloadError):
    """The scripts and styles of report and pages are missing: a checkout whose web parts were never built."""

    code = "KGL-851"


class ConversionError(KgloadError):
    """Something befell the processes that convert documents."""

    code = "KGL-900"


class DocumentTimedOut(ConversionError):
    """A document that takes longer to convert than the limit."""

    code = "KGL-901"


class WorkerDied(ConversionError):
    """A process that was killed, ran out of memory or crashed while it converted a document."""

    code = "KGL-902"


class TooManyFailures(ConversionError):
    """More documents failed than the user allows."""

    code = "KGL-903"


class CannotListen(KgloadError):
    """An address that the web server cannot listen at."""

    code = "KGL-950"


def named(code: str) -> type[KgloadError]:
    """The kind of error that has a code; the base of all where none has it."""
    kinds = [KgloadError]
    for kind in kinds:
        if kind.code == code:
            return kind
        kinds += kind.__subclasses__()
    return KgloadError
