"""A graph joined of pieces is what one writer writes."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from record_samples import invented

from kgload.errors import InputError, UnknownFormat
from kgload.mapping import nif, writers
from kgload.mapping.pieces import Form
from kgload.mapping.writers import GraphFormat
from kgload.records import Article, Document

DOCUMENTS = st.lists(
    st.builds(
        Document,
        st.builds(Article, st.text("abc/é \n\"'@", min_size=1), st.text("@prefix \n.[]{},é", min_size=1)),
    ),
    max_size=4,
    unique_by=lambda document: document.article.id,
)


@pytest.mark.parametrize("name", [*(format_.value for format_ in GraphFormat), nif.NAME])
@given(documents=DOCUMENTS)
def test_pieces_join_to_what_one_writer_writes(name: str, documents: list[Document]) -> None:
    documents = [*documents, invented()]
    stream = io.BytesIO()
    if name == nif.NAME:
        nif.write(documents, stream)
    else:
        writers.write(documents, stream, GraphFormat(name))
    form = Form(name).checked()
    assert b"".join(form.joined(map(form.piece, documents))) == stream.getvalue()


def test_no_documents_are_a_valid_graph() -> None:
    assert [b"".join(Form(format_.value).joined([])) for format_ in GraphFormat] == [b"", b"", b"", b"", b"[]"]


def test_a_form_is_checked_before_anything_is_written() -> None:
    with pytest.raises(UnknownFormat):
        Form("xml").checked()
    with pytest.raises(InputError):
        Form("trig", "no base").checked()
