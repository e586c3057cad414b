"""Weights of clues: shares that add up, a table that is checked, and questions that the whole extractor asks."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgload.errors import DataError
from kgload.extraction.frames import frames
from kgload.extraction.weights import QUESTIONS, Question, read, weights, write
from kgload.records import Mode, Status

CLUES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12).filter(lambda c: c != "=")
WEIGHTS = st.floats(-50, 50).map(lambda w: round(w, 2) + 0.0)


@given(st.dictionaries(CLUES, st.tuples(WEIGHTS, WEIGHTS)), st.lists(CLUES))
def test_shares_add_up_to_one_whatever_the_clues(table: dict[str, tuple[float, ...]], clues: list[str]) -> None:
    shares = Question(("no", "yes"), table).shares([*clues, *table])
    assert sum(shares.values()) == pytest.approx(1)
    assert all(0 <= share <= 1 for share in shares.values())


@given(table=st.dictionaries(CLUES, st.tuples(WEIGHTS, WEIGHTS)))
def test_a_table_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, table: dict[str, tuple[float, ...]]
) -> None:
    path = tmp_path_factory.mktemp("weights") / "weights.tsv"
    written = {question: Question(("no", "yes"), table) for question in QUESTIONS}
    write(path, written)
    assert read(path) == written


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("part\t=\tno\tyes\npart\tall\t1\n", r"weights\.tsv:2.*1 weights for 2 answers"),
        ("part\t=\tno\tyes\npart\tall\t1\tone\n", r"weights\.tsv:2"),
        ("part\t=\tno\tyes\npart\tall\t1\tnan\n", r"weights\.tsv:2"),
        ("part\tall\t1\t2\n", r"weights\.tsv:1"),
        ("part\t=\tno\tyes\n", "nothing about trigger, status"),
    ],
)
def test_a_mistake_in_the_table_is_told_with_its_line(tmp_path: Path, rows: str, said: str) -> None:
    path = tmp_path / "weights.tsv"
    path.write_text(rows, encoding="utf-8")
    with pytest.raises(DataError, match=said):
        read(path)


def test_the_table_answers_in_the_ontology_s_terms() -> None:
    table = weights()
    assert set(table["trigger"].answers) == {*frames().frames, "none"}
    assert set(table["status"].answers) <= {str(status) for status in Status}
    assert set(table["mode"].answers) <= {"", *(str(mode) for mode in Mode)}
    assert {"participant", "place", "attributedTo"} <= set(table["part"].answers)
