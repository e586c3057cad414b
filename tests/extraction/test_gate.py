"""The gate: what can hold an event passes, the rest costs little and keeps its names."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgload.conversion.shard import Settings, Stage
from kgload.errors import DataError
from kgload.extraction import analysis, gate, registry
from kgload.extraction.encoder.extractor import Encoder
from kgload.extraction.encoder.pieces import Pieces
from kgload.extraction.encoder.windows import Widths, stretches
from kgload.extraction.frames import frames
from kgload.extraction.gate import Gate
from kgload.extraction.rules import RulesExtractor
from kgload.linking.gazetteer import Gazetteer
from kgload.records import Article
from kgload.records_json import dump

DAY = dt.date(2031, 3, 7)
MEETING = "President Mara Dunn of Norland met Sorin Vale in Oslo on Tuesday to discuss the river border."
TREATY = "France and Germany signed a treaty on fishing in Berlin."
WEATHER = "Heavy rain flooded several streets of Hamburg and closed two schools."
FOOTBALL = "The striker from Turin scored twice in the second half."
NEWS = (MEETING, TREATY, WEATHER, FOOTBALL, f"{FOOTBALL} {MEETING}", f"{WEATHER}\n{FOOTBALL}")
WORDS = st.lists(st.sampled_from([*"abcXY", "met", "U.S.", "Gen.", ". ", "\n", '."', "  ", "7", "é", "\u2028"]))


def articles() -> list[Article]:
    return [Article(str(number), text, date=DAY) for number, text in enumerate(NEWS)]


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=300), WORDS.map("".join), WORDS.map("".join).map(lambda text: text * 200)))
def test_sentences_hold_all_words_of_any_text_in_order(text: str) -> None:
    end, parts = 0, []
    for sentence in gate.sentences(text):
        assert end <= sentence.begin < sentence.end <= len(text)
        assert not text[end : sentence.begin].strip(" \n\t\"”’')]") or not gate.words(text[end : sentence.begin])
        assert sentence.end - sentence.begin <= gate.LONGEST
        parts += gate.words(text[sentence.begin : sentence.end])
        end = sentence.end
    assert "".join(parts).replace("#", "") == "".join(gate.words(text)).replace("#", "")


def test_initials_and_titles_end_no_sentence() -> None:
    text = 'Gen. A. Roth of the U.S. Navy met Dr. Klee. "We agree." They left.\nA headline'
    cut = [text[sentence.begin : sentence.end] for sentence in gate.sentences(text)]
    assert cut == ["Gen. A. Roth of the U.S. Navy met Dr. Klee.", '"We agree.', "They left.", "A headline"]


def test_a_sentence_is_judged_by_itself() -> None:
    shipped = gate.gate()
    alone = [shipped.passes(text) for text in (MEETING, WEATHER, TREATY, FOOTBALL)]
    assert alone == [True, False, True, False]
    text = " ".join((MEETING, WEATHER, TREATY, FOOTBALL))
    assert [text[span.begin : span.end] for span in shipped.open(text)] == [MEETING, TREATY]


def test_a_table_comes_back_as_it_was_written(tmp_path: Path) -> None:
    made = Gate({"meet": 120, "will meet": -30, "#": 4, "# troops": 80}, 55)
    (tmp_path / "gate.tsv").write_text(gate.dump(made), "utf-8")
    assert gate.read(tmp_path / "gate.tsv") == made


@pytest.mark.parametrize(
    "table, said",
    [
        ("", "least weight"),
        ("=\t5\n", "any word"),
        ("meet\t1\n", "least weight"),
        ("=\t5\nmeet\t1\nmeet\t2\n", "gate.tsv:3: 'meet' is no clue, or comes twice"),
        ("=\t5\nMeet\t1\n", "gate.tsv:2"),
        ("=\t5\nmeet\t0.5\n", "gate.tsv:2"),
        ("=\t5\na b c\t1\n", "gate.tsv:2"),
        ("=\tnan\n", "gate.tsv:1"),
    ],
)
def test_a_wrong_table_is_an_error_that_says_where(table: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "gate.tsv").write_text(table, "utf-8")
    with pytest.raises(DataError, match=said):
        gate.read(tmp_path / "gate.tsv")


@pytest.mark.parametrize("name", ["encoder", "rules"])
def test_what_the_gate_closes_is_not_read_and_keeps_its_known_names(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_language() -> None:
        raise AssertionError("spaCy was asked")

    stage = Stage(Settings(extractor=name))
    stage.prepare()
    run = analysis.model_name()
    monkeypatch.setattr(analysis, "language", no_language)
    [document] = stage.run([Article("a", f"{WEATHER} Ten people are killed in a fire in Sweden near shops of Google.")])
    assert run and not document.events
    linked = {entity.name for entity in document.entities if entity.link}
    assert linked >= {"Hamburg", "Sweden", "Google"}
    text = document.article.text
    assert [text[s.begin : s.end] for s in document.sentences] == [WEATHER, text[len(WEATHER) + 1 :]]


@pytest.mark.parametrize("name", ["encoder", "rules"])
def test_an_article_that_passes_wholly_gives_what_it_gives_without_a_gate(name: str) -> None:
    stages = [Stage(Settings(extractor=name, exhaustive=exhaustive)) for exhaustive in (False, True)]
    gated, every = (stage.run([Article("a", f"{MEETING} {TREATY}", date=DAY)])[0] for stage in stages)
    assert gated.events
    assert replace(gated, run=every.run) == every
    assert every.run and gated.run
    assert dict(every.run.settings).items() - dict(gated.run.settings).items() == {("exhaustive", "yes")}


def test_nothing_depends_on_what_else_is_read() -> None:
    extractor = Encoder(Gazetteer.core())
    alone = {article.id: dump(document) for article in articles() for document in extractor.extract([article])}
    many = articles() * 12
    random.Random(5).shuffle(many)
    assert [dump(document) for document in extractor.extract(many)] == [alone[article.id] for article in many]


def test_words_of_a_frame_of_the_users_own_let_pass() -> None:
    known = replace(frames(), triggers={"flooded/V": {}, "flooded/V several": {}, "cease-fire/N": {}})
    opened = Gate({"meet": 100}, 50).also([known])
    assert opened.words == {"flooded", "cease"}
    assert opened.passes(WEATHER) and not opened.passes(FOOTBALL)


def test_an_extractor_without_a_gate_reads_everything_anyway(monkeypatch: pytest.MonkeyPatch) -> None:
    class Plain:
        def extract(self, articles: list[Article]) -> list[Article]:
            return articles

    monkeypatch.setattr(registry, "_load", lambda entry, lexicon: Plain())
    assert isinstance(registry.create("rules", Gazetteer.core(), exhaustive=True), Plain)
    assert RulesExtractor(Gazetteer.core())._gate is not None


def test_stretches_are_cut_in_one_way_and_those_without_a_question_left_out() -> None:
    pieces = Pieces(tuple(range(1000, 1100)), tuple(range(100)), tuple(range(1, 101)), tuple(
        (n, n + 10) for n in range(0, 100, 10)
    ))  # fmt: skip
    widths = Widths(stretch=60, overlap=15)
    everything = list(stretches(pieces, widths))
    assert list(stretches(pieces, widths, (True,) * 10)) == everything
    assert list(stretches(pieces, widths, (False,) * 10)) == []
    assert len(everything) > 1
    for stretch in everything:
        asked = [stretch.wanted <= first < stretch.end for first, _ in pieces.sentences]
        assert list(stretches(pieces, widths, asked)) == [stretch]
        one = [place == asked.index(True) for place in range(10)]
        assert list(stretches(pieces, widths, one)) == [stretch]


def test_both_kinds_of_linear_algebra_find_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for which in ("numpy", analysis.BLIS):
        monkeypatch.setenv(analysis.ALGEBRA, which)
        analysis.language.cache_clear()
        found.append(list(analysis.analyse(articles())))
    analysis.language.cache_clear()
    assert found[0] == found[1]
    assert found[0][0].spans and found[0][0].chunks
