"""Lay texts beside the annotations of this folder's readers, so that they can be learned from and measured by.

    python scripts/annotated.py annotations/articles.jsonl TEXTS.jsonl… -o FOLDER

The annotations hold places and no text: of each document its id and the hash of its text, of each event its mentions as
[begin, end, sentence], the words for what is sent as [begin, end], and names. TEXTS (``id``, ``date``, ``text``) hold
the texts. FOLDER gets ``articles.jsonl`` and ``articles.articles.jsonl`` in the form of ``docs/events.md``. A text that
is missing, or is another one than was annotated, is named, and nothing is written.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

SHOWN = 5
"""Missing ids that are named."""
DIGITS = 16
"""Of a text's SHA-256, as the annotations hold it."""


def digest(text: str) -> str:
    """What tells whether a text is the one that was annotated."""
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]


def texts(paths: Iterable[Path], wanted: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Of the texts those that were annotated, by id; ``wanted`` has their hashes."""
    found = {}
    for path in paths:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                if wanted.get(row["id"]) == digest(row["text"]):
                    found[row["id"]] = {key: row.get(key) for key in ("id", "title", "date", "text")}
    return found


def laid(row: dict[str, Any], text: str) -> dict[str, Any]:
    """A document's annotations with the words that they point at."""
    events = []
    for event in row["events"]:
        spans = ({"begin": b, "end": e, "sentence": s, "trigger": text[b:e]} for b, e, s in event["mentions"])
        words = {"force": text[slice(*event["force"])]} if "force" in event else {}
        events.append({**event, "mentions": list(spans), **words})
    return {"id": row["id"], "annotators": row["annotators"], "sentences": row["sentences"], "events": events}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("annotations", type=Path)
    parser.add_argument("texts", type=Path, nargs="+")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FOLDER")
    options = parser.parse_args()
    rows = [json.loads(line) for line in options.annotations.read_text(encoding="utf-8").splitlines()]
    found = texts(options.texts, {row["id"]: row["text_sha256"] for row in rows})
    if missing := [row["id"] for row in rows if row["id"] not in found]:
        sys.exit(f"{len(missing)} of {len(rows)} texts are missing or changed: {', '.join(missing[:SHOWN])}")
    options.output.mkdir(parents=True, exist_ok=True)
    for name, lines in (
        (options.annotations.name, (laid(row, found[row["id"]]["text"]) for row in rows)),
        (f"{options.annotations.stem}.articles.jsonl", (found[row["id"]] for row in rows)),
    ):
        (options.output / name).write_text(
            "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8"
        )
    print(f"{len(rows)} texts, {sum(len(row['events']) for row in rows)} events")


if __name__ == "__main__":
    main()
