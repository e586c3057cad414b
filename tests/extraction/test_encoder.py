"""The extractor ``encoder`` with the model that ships with kgload."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from kgload import data
from kgload.errors import ExtractorError
from kgload.extraction.encoder.extractor import Encoder
from kgload.linking.gazetteer import Gazetteer
from kgload.records import Article, Document
from kgload.records_json import dump

LARGEST = 40_000_000

ARTICLES = (
    Article(
        "alaska",
        "President Mara Dunn of Norland met Sorin Vale in Oslo on Tuesday to discuss the river border. "
        "The two leaders signed a treaty on fishing. They will meet again in Paris next month.",
        None,
        dt.date(2025, 8, 13),
    ),
    Article(
        "troops",
        "France sent 1,200 soldiers to Estonia on Monday, the defence ministry said.",
        None,
        dt.date(2025, 8, 13),
    ),
    Article("nothing", "A storm closed the harbour. The apples are ripe.", None, dt.date(2025, 8, 13)),
    Article("undated", "Germany and Italy agreed to buy gas together."),
)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder(Gazetteer.core())


def lines(encoder: Encoder, articles: tuple[Article, ...]) -> dict[str, str]:
    return {document.article.id: dump(document) for document in encoder.extract(articles)}


def event_types(document: Document) -> set[str]:
    return {event.type for event in document.events}


def test_bytes_do_not_depend_on_order_or_company(encoder: Encoder) -> None:
    together = lines(encoder, ARTICLES)
    shuffled = list(ARTICLES * 3)
    random.Random(7).shuffle(shuffled)
    assert lines(encoder, tuple(shuffled)) == together
    for article in ARTICLES:
        assert lines(encoder, (article,)) == {article.id: together[article.id]}


def test_events_are_found_with_their_parts(encoder: Encoder) -> None:
    documents = {document.article.id: document for document in encoder.extract(ARTICLES)}
    assert {"Meeting", "Agreement"} <= event_types(documents["alaska"])
    assert "Deployment" in event_types(documents["troops"])
    assert documents["nothing"].events == ()
    sent = next(event for event in documents["troops"].events if event.type == "Deployment")
    names = {entity.id: entity for entity in documents["troops"].entities}
    roles = {argument.role: names[argument.entity] for argument in sent.arguments}
    assert roles["deployer"].name == "France"
    assert roles["destination"].name == "Estonia"
    assert roles["deployedForce"].quantity == 1200
    assert sent.date is not None
    assert sent.date.earliest == dt.date(2025, 8, 11)


def test_every_mention_is_what_the_text_says_there(encoder: Encoder) -> None:
    for document in encoder.extract(ARTICLES):
        for holder in (*document.entities, *document.events):
            for mention in holder.mentions:
                assert document.article.text[mention.begin : mention.end] == mention.text


def test_the_model_fits_into_a_wheel_and_says_what_it_is() -> None:
    files = list(data.path("model").iterdir())
    assert sum(file.stat().st_size for file in files) <= LARGEST
    card = data.path("model", "README.md").read_text("utf-8")
    for said in ("Apache-2.0", "all-MiniLM-L6-v2", "event F1", "kgload train"):
        assert said in card


def test_the_network_computes_in_32_bits() -> None:
    """Products of 8 bits overflow on processors without instructions for them: the same text would give other events
    there. Weights alone are kept in 8 bits."""
    graph = data.path("model", "encoder.onnx").read_bytes()
    assert b"MatMul" in graph
    assert not any(name in graph for name in (b"MatMulInteger", b"DynamicQuantizeLinear", b"QLinearMatMul"))


def test_a_folder_without_a_model_is_refused(tmp_path: object) -> None:
    with pytest.raises(ExtractorError, match="holds no model"):
        Encoder(Gazetteer.core(), data.path("queries_that_are_none"))


def test_the_environment_names_a_model_of_the_users_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KGLOAD_MODEL", str(data.path("model")))
    assert lines(Encoder(Gazetteer.core()), ARTICLES[1:2])
    monkeypatch.setenv("KGLOAD_MODEL", "no-such-folder")
    with pytest.raises(ExtractorError, match="no-such-folder holds no model"):
        Encoder(Gazetteer.core())
