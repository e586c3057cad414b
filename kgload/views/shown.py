"""What a view shows of a graph: plain records that know nothing of RDF, HTML or the store that they come from.

All text in them comes from articles and is data: whoever puts it on a page escapes it.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

TRIGGER = "trigger"


class Precision(StrEnum):
    """How well the time of an event is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    SPAN = "span"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class When:
    """The days within which an event took or takes place, both inclusive, None where unknown; and the text's words."""

    earliest: dt.date | None = None
    latest: dt.date | None = None
    text: str | None = None

    @property
    def precision(self) -> Precision:
        """A day, a whole month, a whole year, any other span (an open one too), or nothing known."""
        first, last = self.earliest, self.latest
        if first is None and last is None:
            return Precision.NONE
        if first is None or last is None:
            return Precision.SPAN
        if first == last:
            return Precision.DAY
        ends_month = last.day == calendar.monthrange(last.year, last.month)[1]
        if first.day == 1 and ends_month and first.year == last.year:
            if first.month == last.month:
                return Precision.MONTH
            if (first.month, last.month) == (1, 12):
                return Precision.YEAR
        return Precision.SPAN

    @property
    def short(self) -> str:
        """As short as it can be said: ``2025-08-15``, ``2025-08``, ``2025``, ``2025-08-01 to 2025-09-10``, or empty."""
        first, last = self.earliest, self.latest
        match self.precision:
            case Precision.NONE:
                return ""
            case Precision.DAY:
                return f"{first}"
            case Precision.MONTH:
                return f"{first}"[:7]
            case Precision.YEAR:
                return f"{first}"[:4]
        return f"{first or '…'} to {last or '…'}"


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody or something that events speak of: a person, state, organisation, armed group, place or force.

    Attributes:
        iri: its name in the graph: of one document where it is not linked, of all documents where it is.
        kind: the most specific class, by local name (``Person``, ``State``, …); ``Entity`` where none is given.
        item: the IRI of the Wikidata item (or one of the user's own) that it is linked to.
        is_trusted: whether that link is one that the graph relies on (``owl:sameAs``), or a mere likeness.
        quantity: of a force, how many, where a figure is given.
    """

    iri: str
    label: str
    kind: str = "Entity"
    item: str | None = None
    is_trusted: bool = False
    quantity: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A party's part in an event: the most specific roles alone (``deployer`` and not ``participant`` too)."""

    role: str
    party: Party


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of a sentence, by offsets into its text in Unicode code points; ``what`` is ``trigger`` or a role."""

    begin: int
    end: int
    what: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that mentions an event, exactly as the document has it.

    ``begin`` is its offset in the document's text, in code points. Marks are sorted, and overlap where names do.
    """

    text: str
    begin: int
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A document: its name in the graph, the article's id, and what is known of the article.

    ``url`` is a text that a feed gave; only :func:`web_address` says whether it may become a link.
    """

    iri: str
    id: str
    title: str | None = None
    url: str | None = None
    issued: dt.date | None = None
    events: int | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """An event with all that a view shows of it.

    ``type`` and ``status`` are local names of the ontology (``Meeting``, ``Planned``), empty where the graph gives
    none. ``parts`` are sorted by role and label. ``confidence`` is from 0 to 1, None where there is none.
    """

    iri: str
    type: str
    status: str
    when: When
    confidence: float | None
    parts: tuple[Part, ...]
    evidence: tuple[Evidence, ...]
    source: Source
    mode: str | None = None
    topic: str | None = None

    def having(self, *roles: str) -> tuple[Party, ...]:
        """The parties in any of these roles, each once."""
        return tuple(dict.fromkeys(part.party for part in self.parts if part.role in roles))


def web_address(text: str | None) -> str | None:
    """A text as an address that may be linked to: http and https alone, with a host and without user or password."""
    from urllib.parse import urlsplit

    if not text or any(c.isspace() or not c.isprintable() for c in text):
        return None
    try:
        parts = urlsplit(text)
        if parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc and "\\" not in text:
            return text
    except ValueError:
        pass
    return None
