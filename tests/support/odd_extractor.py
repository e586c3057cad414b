"""An extractor of another package, installed as a user would install it, that misbehaves where a text says so."""

from __future__ import annotations

import json
from pathlib import Path

ODD = '''
import os, signal, time
from pathlib import Path
from kgload.records import Document, Entity, EntityKind, Event, Mention

class Odd:
    """An event for each "met", an entity for each "Norland"; it dies, hangs, fails or breaks rules when told to."""
    def __init__(self, lexicon): pass
    def extract(self, articles):
        for article in articles:
            text = article.text
            log = os.environ.get("ODD_LOG")
            if log:
                with open(log, "a") as stream: stream.write(article.id + "\\n")
            if "exit now" in text: os._exit(3)
            if "be killed" in text: os.kill(os.getpid(), signal.SIGKILL)
            if "die once" in text and not Path(os.environ["ODD_ONCE"]).exists():
                Path(os.environ["ODD_ONCE"]).touch()
                os._exit(3)
            if "hang now" in text: time.sleep(1000)
            if "go slowly" in text: time.sleep(0.3)
            if "fail now" in text: raise ValueError("no such luck")
            if "eat memory" in text: raise MemoryError
            def found(word):
                at = text.find(word)
                return (Mention(at, at + len(word), word),) if at >= 0 else ()
            entities = (Entity("e1", EntityKind.STATE, "Norland", found("Norland")),) if found("Norland") else ()
            kind = "Nonsense" if "break the ontology" in text else "Meeting"
            events = (Event("v1", kind, found("met"), confidence=0.9),) if found("met") else ()
            yield Document(article, (), entities, events)
'''


def odd(folder: Path) -> dict[str, str]:
    """The environment in which the extractor ``odd`` is installed."""
    site = folder / "site"
    info = site / "odd-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "odd_plugin.py").write_text(ODD, encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: odd\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[kgload.extractors]\nodd = odd_plugin:Odd\n", encoding="utf-8")
    return {"PYTHONPATH": str(site), "ODD_ONCE": str(folder / "died")}


def articles(path: Path, texts: dict[int, str], count: int) -> Path:
    """JSON Lines of ``count`` articles with ids from 0; ``texts`` says what is special."""
    rows = [{"id": str(n), "text": texts.get(n, f"Norland met France {n} times.")} for n in range(count)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path
