"""Draw events at random from converted documents, to be read one by one and judged.

    python scripts/draw_events.py RECORDS.jsonl [--count 100] [--seed 1]

RECORDS are what `kgload extract` writes. Each event is printed with its evidence; with --list as rows of a table that
holds no text of the articles: document, place of the first mention, and what is said of the event.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PARTS = ("participant", "signatory", "deployer")


def events(path: Path) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            document = json.loads(line)
            for event in document.get("events", ()):
                yield document, event


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("records", type=Path)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", action="store_true", help="rows of a table, without text")
    options = parser.parse_args()
    every = list(events(options.records))
    drawn = random.Random(options.seed).sample(every, min(options.count, len(every)))
    for number, (document, event) in enumerate(drawn, start=1):
        names = {entity["id"]: entity["name"] for entity in document.get("entities", ())}
        parts = [names[role["entity"]] for role in event.get("arguments", ()) if role["role"] in PARTS]
        others = [
            f"{role['role']} {names[role['entity']]}"
            for role in event.get("arguments", ())
            if role["role"] not in PARTS
        ]
        first = event["mentions"][0]
        where = f"{document['article']['id']}:{first['begin']}"
        date = event.get("date") or {}
        said = (
            event["type"],
            event.get("status", "Occurred"),
            ", ".join(parts),
            "; ".join(others),
            str(date.get("earliest") or ""),
        )
        if options.list:
            print("| " + " | ".join((str(number), where, *said)) + " |")
            continue
        print(f"\n## {number}. {where} {event['confidence']:.2f}\n{said}")
        text = document["article"]["text"]
        for mention in event["mentions"][:3]:
            begin, end = mention["begin"], mention["end"]
            print(
                "  …"
                + f"{text[max(0, begin - 220) : begin]}[[{text[begin:end]}]]{text[end : end + 160]}".replace("\n", " ")
            )


if __name__ == "__main__":
    main()
