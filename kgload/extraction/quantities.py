"""Figures in words for a force: "around 15,000 troops" is 15000, "two battalions" is 2, "thousands" is no figure."""

from __future__ import annotations

import re

from kgload.extraction.dates import date_words

SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}
_FIGURE = re.compile(r"\d{1,3}(?:,\d{3})+|\d+")
_SCALE = re.compile(r"\s*(hundred|thousand|million)\b", re.I)


def quantity(words: str) -> int | None:
    """The first figure that the words give; None where they give none (or only "thousands", "dozens")."""
    tokens = re.finditer(r"(?<![\w-])\d[\d,]*(?!\w)|[^\W\d_]+", words)
    for token in tokens:
        text = token.group()
        if _FIGURE.fullmatch(text):
            value = int(text.replace(",", ""))
        elif text.lower() in date_words().numbers and text.lower() not in ("a", "an"):
            value = date_words().numbers[text.lower()]
        elif text.lower() in ("a", "an") and _SCALE.match(words, token.end()):
            value = 1
        else:
            continue
        scale = _SCALE.match(words, token.end())
        return value * SCALES[scale[1].lower()] if scale else value
    return None
