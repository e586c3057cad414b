"""The stage that turns articles into documents, with an extractor of another package, as a user would install it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from record_samples import invented
from running import run, told

from kgload import records_json
from kgload.conversion import batches, converting
from kgload.conversion.shard import Settings
from kgload.errors import EmptyText
from kgload.records import Article

PLUGIN = '''
from kgload.records import Document, Entity, EntityKind, Event, Mention

class Words:
    """An event for each "met", an entity for "Norland" and one for "France"."""
    def __init__(self, lexicon): pass
    def extract(self, articles):
        for article in articles:
            if "lose me" in article.text: continue
            def found(word):
                at = article.text.find(word)
                return (Mention(at, at + len(word), word),) if at >= 0 else ()
            entities = tuple(Entity(w, EntityKind.STATE, w, found(w)) for w in ("Norland", "France") if found(w))
            events = tuple(Event(f"v{i}", "Meeting", found("met"), confidence=c) for i, c in ((1, 0.9), (2, 0.3)))
            yield Document(article, (), entities, events if found("met") else ())
'''


@pytest.fixture
def plugin(tmp_path: Path) -> dict[str, str]:
    """The environment in which the extractor "words" is installed."""
    site = tmp_path / "site"
    info = site / "words-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "words_plugin.py").write_text(PLUGIN, encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: words\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[kgload.extractors]\nwords = words_plugin:Words\nbad = words_plugin:No\n")
    return {"PYTHONPATH": str(site)}


def lines(path: Path, *texts: str) -> Path:
    rows = [json.dumps({"id": str(number), "text": text}) for number, text in enumerate(texts)]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def extracted(env: dict[str, str], *arguments: object) -> list[dict[str, object]]:
    done = run("extract", *arguments, "--extractor", "words", env=env)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_another_packages_extractor_runs_and_its_entities_are_linked(plugin: dict[str, str], tmp_path: Path) -> None:
    (row,) = extracted(plugin, lines(tmp_path / "in.jsonl", "Norland met France."))
    norland, france = row["entities"]  # type: ignore[misc]
    assert "link" not in norland
    assert france["link"]["iri"] == "http://www.wikidata.org/entity/Q142"
    assert row["run"] == {"extractor": "words", "version": "", "settings": [["link", "yes"], ["min_confidence", "0"]]}


def test_settings_that_change_the_output_do_and_are_told(plugin: dict[str, str], tmp_path: Path) -> None:
    options = ("--no-links", "--min-confidence", "0.5")
    (row,) = extracted(plugin, lines(tmp_path / "in.jsonl", "Norland met France."), *options)
    assert [event["id"] for event in row["events"]] == ["v1"]  # type: ignore[attr-defined]
    assert "link" not in json.dumps(row["entities"])
    assert row["run"]["settings"] == [["link", "no"], ["min_confidence", "0.5"]]  # type: ignore[index]


def test_extracting_and_converting_gives_what_converting_gives(plugin: dict[str, str], tmp_path: Path) -> None:
    source = lines(tmp_path / "in.jsonl", *(f"Norland met France {n} times." for n in range(200)))
    assert run("extract", source, "--extractor", "words", "-o", tmp_path / "r.jsonl", env=plugin).returncode == 0
    direct = run("convert", source, "--extractor", "words", "--format", "nquads", env=plugin)
    assert direct.returncode == 0
    assert run("convert", tmp_path / "r.jsonl", "--format", "nquads").stdout == direct.stdout
    assert direct.stdout.count("/ontology#Document> ") == 200


def test_an_extractor_that_loses_an_article_is_found_out(plugin: dict[str, str], tmp_path: Path) -> None:
    source = lines(tmp_path / "in.jsonl", "Norland met France.", "Please lose me.", "France met Norland.")
    done = run("convert", source, "--extractor", "words", "-o", tmp_path / "out.nq", env=plugin)
    assert told(done) == "KGL-701"
    assert "'1'" in done.stderr
    assert not (tmp_path / "out.nq").exists()


def test_an_extractor_that_cannot_be_loaded_is_told(plugin: dict[str, str], tmp_path: Path) -> None:
    done = run("convert", lines(tmp_path / "in.jsonl", "Text."), "--extractor", "bad", env=plugin)
    assert (told(done), done.returncode) == ("KGL-701", 2)


def test_records_need_no_extractor_and_keep_their_place() -> None:
    documents = [invented()] * 150
    assert list(converting.documents(documents, Settings(extractor="none"))) == documents
    (kept,) = converting.documents([invented()], Settings(extractor="none", min_confidence=0.85))
    assert {event.confidence >= 0.85 for event in kept.events} == {True}
    assert len(kept.events) == 2


def test_bad_articles_are_raised_or_handed_over() -> None:
    bad = EmptyText("here: there is no text")
    with pytest.raises(EmptyText):
        list(converting.documents([invented(), bad], Settings()))
    seen: list[object] = []
    assert list(converting.documents([bad, invented(), bad], Settings(), seen.append)) == [invented()]
    assert seen == [bad, bad]


def test_a_batch_is_full_at_so_many_articles_or_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BATCH", 3)
    monkeypatch.setattr(batches, "BATCH_CHARACTERS", 100)
    articles = [Article(str(n), "x" * size) for n, size in enumerate((1, 1, 1, 1, 200, 1, 1))]
    shards = list(batches.batches(articles))
    assert [len(shard) for shard in shards] == [3, 2, 2]
    assert [article for shard in shards for article in shard] == articles


def test_standard_input_is_read_by_its_first_bytes(plugin: dict[str, str]) -> None:
    for given in ("Norland met France.", '{"text": "Norland met France."}\n'):
        done = run("extract", "-", "--extractor", "words", "--quiet", stdin=given, env=plugin)
        assert (done.returncode, done.stderr) == (0, "")
        assert json.loads(done.stdout)["article"]["text"] == "Norland met France."
    braces = run("extract", "-", "--extractor", "words", "--input-format", "text", stdin="{met} in Norland", env=plugin)
    assert json.loads(braces.stdout)["article"]["text"] == "{met} in Norland"
    named = run("extract", "-", "--id", "x/1", "--extractor", "words", "--date", "2025-08-13", stdin="A", env=plugin)
    assert json.loads(named.stdout)["article"] == {"id": "x/1", "text": "A", "date": "2025-08-13"}
    assert records_json.load(json.loads(named.stdout), "line").article.id == "x/1"
