"""Which form of an answer a client gets: HTTP's Accept header against what there is (RFC 9110, 12.5.1)."""

from __future__ import annotations

import re
from collections.abc import Sequence

_QUALITY = re.compile(r"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)
# A header with more ranges than anybody sends is read so far.
_MOST = 50


def preferred(accept: str, offered: Sequence[str]) -> str | None:
    """The one of the media types on offer that the client likes best, the first of several; None where it takes none.

    An empty header takes anything.
    """
    ranges = _ranges(accept)
    if not ranges:
        return offered[0] if offered else None
    best: str | None = None
    liked = 0.0
    for media_type in offered:
        quality = _quality(media_type, ranges)
        if quality > liked:
            best, liked = media_type, quality
    return best


def _ranges(accept: str) -> list[tuple[str, float]]:
    found = []
    for part in accept.split(",")[:_MOST]:
        name, *parameters = (piece.strip() for piece in part.split(";"))
        if "/" not in name:
            continue
        quality = 1.0
        for parameter in parameters:
            if match := _QUALITY.fullmatch(parameter):
                quality = float(match[1])
        found.append((name.casefold(), quality))
    return found


def _quality(media_type: str, ranges: Sequence[tuple[str, float]]) -> float:
    """How much a type is liked: by the range that fits it most closely."""
    for pattern in (media_type, media_type.partition("/")[0] + "/*", "*/*"):
        for name, quality in ranges:
            if name == pattern:
                return quality
    return 0.0
