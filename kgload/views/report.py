"""The report: one page of HTML that holds its events, its script and its styles, and asks no network for anything."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

from kgload import __version__
from kgload.stores.base import Store
from kgload.views import assets, details, wholesale
from kgload.views.data import newest
from kgload.views.filters import Filters
from kgload.views.packing import pack
from kgload.views.shown import Shown

# What would end a script, begin a comment or a character reference, or break a line, as JSON writes any character.
_UNSAFE = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})


# Sentences of so many events fit into a page that still opens quickly, and so many events.
MOST_EVIDENCE = 20_000
MOST_EVENTS = 250_000


@dataclass(frozen=True, slots=True)
class Made:
    """What a report holds, and what it leaves out.

    ``without_evidence``: how many of its events come without their sentences. ``left_out``: how many that match are
    not in it at all.
    """

    events: int
    documents: int
    without_evidence: int
    left_out: int


def in_script(value: object) -> str:
    """A value as JSON that may stand within a script element, whatever texts it holds."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_UNSAFE)


def page(
    store: Store,
    filters: Filters,
    *,
    title: str,
    most: int = MOST_EVENTS,
    most_evidence: int = MOST_EVIDENCE,
    watch: Callable[[Iterable[Shown], int], Iterable[Shown]] = lambda events, total: events,
) -> tuple[Made, Iterator[str]]:
    """What the report of a store's events holds, and its HTML in pieces. The same events give the same bytes.

    Beyond ``most`` the oldest events are left out, beyond ``most_evidence`` the sentences of older ones. ``title``
    stands at its head. ``watch`` passes the events through, and may tell how many have passed.

    Raises:
        ViewsNotBuilt: the web parts are not built.
        BadParameter: a filter's value is none of its kind.
        StoreError: the store fails.
    """
    script, style, outline = assets.text("report", "report.js"), assets.text("report", "report.css"), assets.outline()
    found = newest(store, filters)
    kept = found[:most]
    older = kept[most_evidence:]
    without = (
        details.events(store, older, evidence=False) if len(older) < details.FEW else wholesale.events(store, older)
    )
    packed = pack(watch(itertools.chain(details.events(store, kept[:most_evidence]), without), len(kept)))
    made = Made(packed.events, packed.documents, len(older), len(found) - len(kept))
    about = {
        "title": title,
        "asked": filters.described,
        "version": __version__,
        "withoutEvidence": made.without_evidence,
        "leftOut": made.left_out,
    }
    return made, _pieces(title, script, style, {"about": about, "outline": outline, **packed.columns})


def _pieces(title: str, script: str, style: str, data: dict[str, Any]) -> Iterator[str]:
    policy = (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )
    yield (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f'<meta name="generator" content="kgload {__version__}">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        '<div id="report"><p>This report needs JavaScript to be looked at. It runs what stands in this file alone.</p>'
        "</div>\n"
        '<script type="application/json" id="data">'
    )
    yield in_script(data)
    yield f"</script>\n<script>{script}</script>\n</body>\n</html>\n"


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
