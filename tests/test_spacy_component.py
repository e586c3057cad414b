"""kgload in a spaCy pipeline: found by its name alone, in one process or several, from a folder or from bytes."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

import kgload
from kgload.conversion.shard import Settings
from kgload.errors import BadDate, ExtractorError
from kgload.records import Article

TEXTS = (
    "Kenya and Uganda signed a treaty in Nairobi on Friday.",
    "Kenya sent 400 police officers to Haiti, according to the United Nations.",
    "A storm closed the harbour.",
    "",
    "\U0001f6d1 Russian President Vladimir Putin met William Ruto\nin Nairobi. They will meet again.",
)
DATE = "2025-08-13"


@pytest.fixture(scope="module")
def nlp() -> Language:
    made = spacy.blank("en")
    made.add_pipe("kgload", config={"extractor": "rules"})
    return made


def dated(nlp: Language, text: str) -> Doc:
    doc = nlp.make_doc(text)
    doc._.published = DATE
    return doc


def test_a_process_that_imports_spacy_alone_finds_it() -> None:
    code = (
        "import spacy; nlp = spacy.blank('en'); nlp.add_pipe('kgload')\n"
        f"doc = nlp({TEXTS[0]!r})\n"
        "print([e.type for e in doc._.events], [(s.text, s.label_) for s in doc.spans['kgload']][1])\n"
        "import sys; assert 'rdflib' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "['Agreement'] ('Kenya', 'signatory')"


def test_events_are_those_of_the_library_whatever_the_batch(nlp: Language) -> None:
    articles = [Article("doc", text, date=dt.date.fromisoformat(DATE)) for text in TEXTS if text]
    wanted = {d.article.text: d for d in kgload.extract(articles, settings=Settings(extractor="rules"))}
    for size in (1, 2, 100):
        for doc in nlp.pipe([dated(nlp, text) for text in reversed(TEXTS)], batch_size=size):
            found = wanted.get(doc.text)
            assert doc._.events == (found.events if found else ())
            assert doc._.kgload.entities == (found.entities if found else ())


def test_spans_are_the_words_of_the_events(nlp: Language) -> None:
    doc = nlp(dated(nlp, TEXTS[1]))
    [event] = doc._.events
    spans = {(span.label_, span.text): span for span in doc.spans["kgload"]}
    assert ("Deployment", "sent") in spans
    assert ("deployedForce", "400 police officers") in spans
    assert spans["deployer", "Kenya"].kb_id_ == "Q114"
    assert {span.id_ for span in doc.spans["kgload"]} == {event.id}


def test_other_components_make_no_difference_and_are_left_alone() -> None:
    bare, full = spacy.blank("en"), spacy.blank("en")
    full.add_pipe("entity_ruler").add_patterns([{"label": "THING", "pattern": "treaty"}])
    for made in (bare, full):
        made.add_pipe("kgload", config={"extractor": "rules", "link": False})
    one, other = bare(TEXTS[0]), full(TEXTS[0])
    assert one._.events == other._.events != ()
    assert [entity.text for entity in other.ents] == ["treaty"]
    assert not any(span.kb_id_ for span in one.spans["kgload"])


def test_a_pipeline_is_saved_and_loaded_with_its_settings(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "pipeline")
    loaded = spacy.load(tmp_path / "pipeline")
    assert loaded.get_pipe_config("kgload")["extractor"] == "rules"
    assert loaded(TEXTS[0])._.events == nlp(TEXTS[0])._.events != ()


def test_documents_go_between_processes_and_into_bytes(nlp: Language) -> None:
    here = list(nlp.pipe(TEXTS))
    assert [doc._.events for doc in nlp.pipe(TEXTS, n_process=2, batch_size=2)] == [doc._.events for doc in here]
    back = Doc(nlp.vocab).from_bytes(here[0].to_bytes())
    assert back._.events == here[0]._.events != ()
    assert [(s.text, s.label_) for s in back.spans["kgload"]] == [(s.text, s.label_) for s in here[0].spans["kgload"]]


def test_what_is_not_confident_enough_is_left_out() -> None:
    made = spacy.blank("en")
    made.add_pipe("kgload", config={"extractor": "rules", "min_confidence": 1.0})
    assert made(TEXTS[0])._.events == ()


def test_a_wrong_setting_or_date_is_said_in_a_line(nlp: Language) -> None:
    made = spacy.blank("en")
    made.add_pipe("kgload", config={"extractor": "no-such"})
    with pytest.raises(ExtractorError, match="no extractor 'no-such'"):
        made(TEXTS[0])
    doc = nlp.make_doc(TEXTS[0])
    doc._.published = "Friday"
    with pytest.raises(BadDate, match="Friday"):
        nlp(doc)


def test_a_document_that_was_not_processed_has_no_events(nlp: Language) -> None:
    assert nlp.make_doc(TEXTS[0])._.events == ()
