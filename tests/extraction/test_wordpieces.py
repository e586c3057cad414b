"""Word pieces, on a small vocabulary of our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgload.errors import ExtractorError
from kgload.extraction.encoder.pieces import split
from kgload.extraction.encoder.wordpieces import WordPieces
from kgload.records import Span

VOCABULARY = ("[PAD]", "[UNK]", "meet", "##ing", "s", "'", "sao", "tome", ".", "語", "-", "##s")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "vocab.txt"
    path.write_text("\n".join(VOCABULARY) + "\n", encoding="utf-8")
    return path


def cut(file: Path, text: str) -> list[tuple[str, str]]:
    return [(VOCABULARY[row], text[begin:end]) for row, begin, end in WordPieces(file).cut(text)]


def test_the_longest_pieces_come_first_and_know_their_places(file: Path) -> None:
    assert cut(file, "Meetings.") == [("meet", "Meet"), ("##ing", "ing"), ("##s", "s"), (".", ".")]


def test_accents_and_case_are_folded_but_places_are_those_of_the_text(file: Path) -> None:
    assert cut(file, "São  Tomé's") == [("sao", "São"), ("tome", "Tomé"), ("'", "'"), ("s", "s")]


def test_a_letter_and_its_combining_accent_are_one_piece_with_one_place(file: Path) -> None:
    assert cut(file, "Sa\u0303o") == [("sao", "Sa\u0303o")]


def test_ideographs_stand_alone_and_control_characters_vanish(file: Path) -> None:
    assert cut(file, "語語\u200bmeet") == [("語", "語"), ("語", "語"), ("meet", "meet")]


def test_an_unknown_or_endless_word_is_unknown_as_a_whole(file: Path) -> None:
    assert cut(file, "meetx") == [("[UNK]", "meetx")]
    assert cut(file, "s" * 101) == [("[UNK]", "s" * 101)]


def test_every_piece_belongs_to_one_sentence(file: Path) -> None:
    found = split("Meeting. Meets.", (Span(0, 8), Span(9, 15)), file)
    assert found.sentences == ((0, 3), (3, 6))
    assert found.locate(9, 13) == (3, 4)
    assert split("", (), file).sentences == ()


def test_a_file_that_is_no_vocabulary_is_refused(tmp_path: Path) -> None:
    (tmp_path / "vocab.txt").write_text("one\ntwo\n")
    with pytest.raises(ExtractorError, match=r"no \[UNK\]"):
        WordPieces(tmp_path / "vocab.txt")
    with pytest.raises(ExtractorError):
        WordPieces(tmp_path / "none.txt")
