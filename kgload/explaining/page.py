"""An explanation as a page: each event's sentences with coloured spans, by displaCy, and the tables under them.

Everything in it that comes from outside is text: it is escaped, and the page lets no script run and loads nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from kgload.explaining.facts import Table, heading, rejected, tables
from kgload.explaining.sentences import CUE, DATE, TRIGGER, Shown, shown
from kgload.explanations import Explanation

COLOURS = {
    TRIGGER: "#feca74", DATE: "#bfe1d9", CUE: "#e4e7d2", "participant": "#7aecec", "signatory": "#7aecec",
    "host": "#7aecec", "deployer": "#9cc9cc", "place": "#ff9561", "destination": "#ff9561", "origin": "#ffeb80",
    "attributedTo": "#c887fb", "deployedForce": "#bfeeb7",
}  # fmt: skip
OTHER = "#dddddd"
STYLE = """
body { font-family: system-ui, sans-serif; max-width: 62em; margin: 2em auto; padding: 0 1em; color: #222; }
section { border-top: 1px solid #bbb; margin-top: 2em; }
.sentence { margin: .6em 0; } .sentence small { color: #777; }
.entities { display: inline; line-height: 2.5; }
table { border-collapse: collapse; margin: .3em 0 1em; }
caption { text-align: left; font-weight: bold; padding: .3em 0; }
th, td { text-align: left; padding: .15em .8em .15em 0; vertical-align: top; } th { font-weight: normal; color: #777; }
tr.taken { background: #f3f7ea; font-weight: bold; } .note { color: #777; }
"""
HEAD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
"""


def page(explanations: Iterable[Explanation]) -> Iterator[str]:
    """The page, piece by piece: one for all documents, which follow one another."""
    yield HEAD.format(title="Why these events", style=STYLE)
    for explanation in explanations:
        yield from _document(explanation)
    yield "</body>\n</html>\n"


def _document(explanation: Explanation) -> Iterator[str]:
    article = explanation.document.article
    yield f"<h1>{escape(article.title or article.id)}</h1>\n"
    told = [article.id, *([f"published {article.date}"] if article.date else [])]
    yield f"<p class='note'>{escape(', '.join(told))}</p>\n"
    for why in explanation.events:
        yield f"<section>\n<h2>{escape(heading(explanation, why))}</h2>\n"
        for sentence in shown(explanation, why):
            number = f"<small>{sentence.number + 1}</small>"
            yield f"<div class='sentence'>{number} {_coloured(article.text, sentence)}</div>\n"
        for table in tables(explanation, why):
            yield _table(table)
        yield "</section>\n"
    if last := rejected(explanation):
        yield f"<section>\n{_table(last)}</section>\n"


def _coloured(text: str, sentence: Shown) -> str:
    """A sentence with its marks, by displaCy, which escapes the text; labels it takes as they come."""
    from spacy import displacy

    begin = sentence.span.begin
    marks = [{"start": m.begin - begin, "end": m.end - begin, "label": escape(m.label)} for m in sentence.marks]
    colours = {escape(m.label).upper(): COLOURS.get(m.label, OTHER) for m in sentence.marks}
    words = {"text": text[begin : sentence.span.end], "ents": marks, "title": None}
    drawn: str = displacy.render(words, style="ent", manual=True, jupyter=False, options={"colors": colours})
    return drawn


def _table(table: Table) -> str:
    head = "".join(f"<th>{escape(column)}</th>" for column in table.columns)
    rows = "".join(
        f"<tr{' class=taken' if taken else ''}>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>\n"
        for row, taken in zip(table.rows, table.taken, strict=True)
    )
    note = f"<p class='note'>{escape(table.note)}</p>\n" if table.note else ""
    return f"<table>\n<caption>{escape(table.title)}</caption>\n<tr>{head}</tr>\n{rows}</table>\n{note}"
