"""The canned queries, each with parameters that find something in the invented wire, and some that find nothing."""

from __future__ import annotations

from wire import HOSTILE

from kgload.querying.catalogue import catalogue

PARAMETERS = {
    "meetings-of": [{"name": "dunn"}, {"name": HOSTILE}, {"name": 'x" } } #'}],
    "agreements-of": [{"name": "Mara"}],
    "said-by": [{"by": "council"}],
    "timeline-of": [{"where": "ketterby"}],
    "events-between": [
        {"start": "2025-08-01", "end": "2025-08-31"},
        # Compared as dates, Virtuoso finds none of them.
        {"start": "1999-12-31", "end": "2026-12-31"},
    ],
    "about": [{"item": "Q900001"}],
    "evidence": [{"type": "Meeting"}, {"type": "Agreement"}],
    "evidence-of": [{"event": "https://w3id.org/kgload/event/wire%2Foff/meeting-28-32"}],
    "graph-of": [{"id": "wire/met"}, {"id": f"hostile {HOSTILE}\n../x"}],
}
CASES = [(name, values) for name in catalogue() for values in PARAMETERS.get(name, [{}])]
IDS = [f"{name}-{number}" for number, (name, _) in enumerate(CASES)]
ELSEWHERE = {"name": 'x" } } #'}
# What a parameter may bring to break out of its place in a query.
BREAKOUTS = {
    "quote": '"',
    "quotes": "'''\"\"\"",
    "newlines": "a\nb\r\nc\u2028d\u0085e",
    "brace": '" } } DROP ALL #',
    "hash": "# SELECT",
    "backslash": "\\",
    "escape": '\\" } #',
    "beyond the BMP": "\U0001f6d1\U00020000",
    "right to left": "\u202eabc\u200f\u2067",
    "language tag": 'Norland"@en',
    "typed": '1"^^<http://www.w3.org/2001/XMLSchema#integer>',
    "nothing but a space": " ",
    "no character": "\ufffe\U0010ffff",
    "control": "\x01\x1f\x7f",
    "variable": "?name $name ~~name~~ %27 &amp;",
}
STRINGS = [(name, p.name) for name, query in catalogue().items() for p in query.parameters if p.type.value == "string"]
