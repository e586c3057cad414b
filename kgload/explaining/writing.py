"""Explanations in the forms that they are printed in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kgload.errors import UnknownFormat
from kgload.explanations import Explanation

FORMATS = ("table", "json", "html")


def pieces(explanations: Iterable[Explanation], format: str) -> Iterator[str]:
    """The text of a file of explanations, piece by piece: ``table``, ``json`` (JSON Lines) or ``html`` (one page).

    Raises:
        UnknownFormat: it is none of these.
    """
    from kgload.explaining import page, text

    if format == "html":
        yield from page.page(explanations)
    elif format == "json":
        yield from (text.as_json(one) + "\n" for one in explanations)
    elif format == "table":
        yield from (line + "\n" for one in explanations for line in text.lines(one))
    else:
        raise UnknownFormat(f"explanations are {', '.join(FORMATS)}, not {format!r}")
