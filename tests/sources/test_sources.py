"""What the sources make of files, folders and lines, good and bad."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from record_samples import invented

from kgload import records_json
from kgload.errors import (
    BadDate,
    BadLine,
    DuplicateId,
    EmptyText,
    InputError,
    InputNotFound,
    InputTooLarge,
    KgloadError,
    NoArticles,
    RecordError,
    UndecodableText,
    UnknownFormat,
    UnreadablePage,
)
from kgload.records import Article, Document
from kgload.sources import jsonl, reader, texts
from kgload.sources.reader import InputFormat, Item, read

STORY = "Mara Dunn of Norland met Sorin Vale in Ketterby on Tuesday. They spoke of the river border."
PAGE = (
    "<!DOCTYPE html><html><head>{head}<title>{title}</title></head><body><nav>Home News Sport</nav><article>"
    "<h1>{title}</h1><p>{text}</p><p>{text} It was their third meeting.</p><p>{text} No date for a fourth was named."
    "</p></article><script>var hidden = 1;</script></body></html>"
)


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def lines(path: Path, *rows: Any) -> Path:
    return write(path, "".join(json.dumps(row) + "\n" for row in rows))


def one(*inputs: Path, **options: Any) -> Article:
    (item,) = read(inputs, **options)
    assert isinstance(item, Article), item
    return item


def error(*inputs: Path, **options: Any) -> KgloadError:
    (item,) = read(inputs, **options)
    assert isinstance(item, KgloadError)
    return item


def ids(items: Any) -> list[str]:
    return [item.id if isinstance(item, Article) else repr(item) for item in items]


class TestText:
    def test_is_taken_as_it_is(self, tmp_path: Path) -> None:
        text = "First line\r\n\r\n  Second\tline\x00 \u200b\U0001f30d\n"
        assert one(write(tmp_path / "note.txt", text)) == Article("note", text)

    def test_loses_its_byte_order_mark_only(self, tmp_path: Path) -> None:
        assert one(write(tmp_path / "a.txt", "\ufeff\ufeff" + STORY)).text == "\ufeff" + STORY

    def test_takes_date_and_id_from_the_options(self, tmp_path: Path) -> None:
        day = dt.date(2025, 8, 13)
        assert one(write(tmp_path / "a.txt", STORY), date=day, id_="x/1") == Article("x/1", STORY, date=day)

    def test_is_unpacked(self, tmp_path: Path) -> None:
        assert one(write(tmp_path / "a.txt.gz", gzip.compress(STORY.encode()))) == Article("a", STORY)

    @given(text=st.text(st.characters(exclude_categories=["Cs"])))
    def test_any_text_comes_back_as_it_was_or_is_empty(
        self, tmp_path_factory: pytest.TempPathFactory, text: str
    ) -> None:
        path = write(tmp_path_factory.mktemp("any") / "a.txt", text)
        (item,) = read([path])
        expected = text.removeprefix("\ufeff")
        assert isinstance(item, EmptyText) if not expected.strip("\ufeff \t\r\n\f\v\x00\u200b") else (
            isinstance(item, Article) and item.text == expected
        )  # fmt: skip

    @pytest.mark.parametrize("content", [b"", b" \r\n\t ", b"\xef\xbb\xbf", b"\x00\x00"])
    def test_without_words_is_empty(self, tmp_path: Path, content: bytes) -> None:
        assert isinstance(error(write(tmp_path / "a.txt", content)), EmptyText)

    def test_that_is_not_utf8_says_where(self, tmp_path: Path) -> None:
        found = error(write(tmp_path / "a.txt", "Caf\u00e9 talks".encode("latin-1")))
        assert isinstance(found, UndecodableText)
        assert "byte 3 (0xe9)" in found.message

    def test_of_five_million_characters_is_taken(self, tmp_path: Path) -> None:
        assert len(one(write(tmp_path / "a.txt", "word " * 1_000_000)).text) == 5_000_000

    def test_beyond_the_limit_is_refused_without_being_read_to_its_end(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(texts, "LONGEST_TEXT", 1000)
        monkeypatch.setattr(reader, "LONGEST_FILE", 4000)
        assert isinstance(error(write(tmp_path / "a.txt", "x" * 1001)), InputTooLarge)
        # A cut in the middle of a character must not pass for a wrong encoding.
        assert isinstance(error(write(tmp_path / "b.txt", "x" + "\U0001f30d" * 1000)), InputTooLarge)
        assert one(write(tmp_path / "c.txt", "\U0001f30d" * 1000)).id == "c"


class TestPage:
    def test_gives_title_date_address_and_body(self, tmp_path: Path) -> None:
        head = (
            '<meta charset="utf-8"><meta property="article:published_time" content="2025-03-04T08:00:00Z">'
            '<link rel="canonical" href="https://wire.example/talks">'
        )
        found = one(write(tmp_path / "talks.html", PAGE.format(head=head, title="Talks in Ketterby", text=STORY)))
        assert (found.id, found.title, found.date) == ("talks", "Talks in Ketterby", dt.date(2025, 3, 4))
        assert found.url == "https://wire.example/talks"
        assert STORY in found.text
        assert "hidden" not in found.text
        assert "Sport" not in found.text

    @pytest.mark.parametrize("encoding", ["utf-8", "windows-1251", "koi8-r", "utf-16", "iso-2022-jp"])
    @pytest.mark.parametrize("declaration", ['<meta charset="{}">', '<meta content="text/html; charset={}">'])
    def test_is_read_in_the_encoding_that_it_declares(self, tmp_path: Path, encoding: str, declaration: str) -> None:
        text = "Переговоры прошли в Кеттерби во вторник, стороны обсудили границу по реке."
        page = PAGE.format(head=declaration.format(encoding), title="Переговоры", text=text)
        assert text in one(write(tmp_path / "a.html", page.encode(encoding))).text

    def test_that_declares_latin1_is_read_as_windows(self, tmp_path: Path) -> None:
        text = "The “Ketterby Accord” was signed by both sides on Tuesday, €5m was promised."
        page = PAGE.format(head='<meta charset="iso-8859-1">', title="Accord", text=text)
        assert text in one(write(tmp_path / "a.html", page.encode("cp1252"))).text

    def test_in_utf8_that_declares_something_else_by_mistake_is_read(self, tmp_path: Path) -> None:
        page = PAGE.format(head='<meta charset="shift_jis">', title="Accord", text=STORY + " Zoë € said so.")
        assert "Zoë €" in one(write(tmp_path / "a.html", page)).text

    def test_in_no_known_encoding_is_refused(self, tmp_path: Path) -> None:
        page = PAGE.format(head="", title="Accord", text=STORY + " Zoë said so.")
        assert isinstance(error(write(tmp_path / "a.html", page.encode("latin-1"))), UndecodableText)

    def test_without_a_date_gets_none_from_its_running_text(self, tmp_path: Path) -> None:
        page = PAGE.format(head="", title="Accord", text="On 5 March 2019 " + STORY + " Copyright 2011.")
        path = write(tmp_path / "a.html", page)
        assert one(path).date is None
        assert one(path, date=dt.date(2025, 1, 2)).date == dt.date(2025, 1, 2)

    @pytest.mark.parametrize(
        "content",
        [
            b"<",
            b"<html></html>",
            b"<html><body><p></p></body></html>",
            b"\x00\x01\x02",
            b"<html><body>" + b"<div>" * 100_000 + b"words" + b"</div>" * 100_000,
            b"<table><tr><td>" * 500,
            b"<!DOCTYPE html><html><head><title>x",
        ],
        ids=["bracket", "nothing", "empty", "noise", "nested", "unclosed", "cut"],
    )
    def test_without_an_article_is_refused(self, tmp_path: Path, content: bytes) -> None:
        assert isinstance(error(write(tmp_path / "a.html", content)), UnreadablePage)

    def test_that_is_broken_is_read_as_far_as_it_goes(self, tmp_path: Path) -> None:
        page = PAGE.format(head="", title="Talks", text=STORY).replace("</p>", "").replace("</article>", "</div></b>")
        assert STORY in one(write(tmp_path / "a.html", page.replace("river", "riv\x00er"))).text

    @given(content=st.binary(max_size=300))
    def test_never_fails_otherwise(self, tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
        (item,) = read([write(tmp_path_factory.mktemp("any") / "a.html", content)])
        assert isinstance(item, Article | KgloadError)


class TestJsonLines:
    def test_give_articles_and_records(self, tmp_path: Path) -> None:
        path = tmp_path / "a.jsonl"
        row = {"id": 7, "title": "T", "date": "2025-08-13T23:30:00+02:00", "url": "https://a.example", "text": STORY}
        write(path, json.dumps({**row, "lead": 1}) + "\r\n\r\n" + records_json.dump(invented()) + "\n")
        article, document = read([path])
        assert article == Article("7", STORY, "T", dt.date(2025, 8, 13), "https://a.example")
        assert document == invented()

    def test_without_an_id_get_one_from_their_text(self, tmp_path: Path) -> None:
        first, second = ids(read([lines(tmp_path / "a.jsonl", {"text": STORY}, {"text": STORY + "."})]))
        assert first != second
        assert first == ids(read([lines(tmp_path / "b.jsonl", {"text": STORY, "id": ""})]))[0]

    def test_take_the_date_of_the_options_only_where_they_have_none(self, tmp_path: Path) -> None:
        path = lines(tmp_path / "a.jsonl", {"id": "1", "text": STORY}, {"id": "2", "text": STORY, "date": "2024-02-29"})
        assert [item.date for item in read([path], date=dt.date(2025, 1, 1)) if isinstance(item, Article)] == [
            dt.date(2025, 1, 1),
            dt.date(2024, 2, 29),
        ]

    @pytest.mark.parametrize(
        ("line", "expected"),
        [
            (b'{"text": "a"', BadLine),
            (b"[1]", BadLine),
            (b"7", BadLine),
            (b'"text"', BadLine),
            (b"null", BadLine),
            (b"{}", BadLine),
            (b'{"text": 7}', BadLine),
            (b'{"text": "a", "id": ["x"]}', BadLine),
            (b'{"text": "a", "id": true}', BadLine),
            (b'{"text": "a", "date": 20250813}', BadLine),
            (b'{"text": ' + b"[" * 100_000, BadLine),
            (b'{"text": "a", "id": ' + b"9" * 5000 + b"}", BadLine),
            (b'{"text": ""}', EmptyText),
            (b'{"text": null}', EmptyText),
            (b'{"text": " \\u0000 "}', EmptyText),
            (b'{"text": "a", "date": "yesterday"}', BadDate),
            (b'{"text": "a", "date": "2025-02-30"}', BadDate),
            (b'{"text": "caf\xe9"}', UndecodableText),
            (b'{"text": "a \\ud800 b"}', UndecodableText),
            (b'{"text": "a", "id": "\\udfff"}', UndecodableText),
            (b'{"text": "a", "title": "\\ud800"}', UndecodableText),
            (b'{"text": "a", "url": "\\ud800"}', UndecodableText),
            (b'{"article": {"id": "1", "text": "a \\ud800 b"}}', RecordError),
            (b'{"article": {"id": "1", "text": "a"}, "events": [{"id": "v", "type": "Party"}]}', RecordError),
            (b'{"article": 1}', RecordError),
        ],
    )
    def test_that_are_wrong_say_which_line_and_the_next_is_read(
        self, tmp_path: Path, line: bytes, expected: type[KgloadError]
    ) -> None:
        good = json.dumps({"id": "after", "text": STORY}).encode()
        path = write(tmp_path / "a.jsonl", b"\n" + line + b"\n" + good + b"\n")
        found, article = read([path])
        assert type(found) is expected
        assert isinstance(found, KgloadError)
        assert found.message.startswith(f"{path}:2: ")
        assert isinstance(article, Article)
        assert article.id == "after"

    def test_beyond_the_limit_are_passed_with_an_error(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(jsonl, "LONGEST_LINE", 200)
        path = lines(tmp_path / "a.jsonl", {"text": "x" * 5000}, {"id": "after", "text": "y"}, {"text": "z" * 300})
        first, second, third = read([path])
        assert isinstance(first, InputTooLarge)
        assert isinstance(second, Article)
        assert isinstance(third, InputTooLarge)
        assert ":3:" in third.message

    def test_of_five_megabytes_are_read(self, tmp_path: Path) -> None:
        assert len(one(lines(tmp_path / "a.jsonl", {"text": "Talks. " * 700_000})).text) == 4_900_000

    def test_with_a_byte_order_mark_are_read(self, tmp_path: Path) -> None:
        assert one(write(tmp_path / "a.jsonl", b"\xef\xbb\xbf" + json.dumps({"text": STORY}).encode())).text == STORY

    def test_that_are_packed_and_cut_off_give_what_is_there_and_an_error(self, tmp_path: Path) -> None:
        rows = "".join(json.dumps({"id": str(n), "text": os.urandom(200).hex()}) + "\n" for n in range(1000))
        packed = gzip.compress(rows.encode())
        *good, last = read([write(tmp_path / "a.jsonl.gz", packed[: len(packed) // 2])])
        assert type(last) is InputError
        assert len(good) > 100
        broken = packed[:5000] + b"\xff" * 200 + packed[5200:]
        *_, last = read([write(tmp_path / "b.jsonl.gz", broken)])
        assert isinstance(last, InputError)
        assert type(error(write(tmp_path / "c.jsonl.gz", b"not packed"))) is InputError

    @given(line=st.binary(max_size=200) | st.text(max_size=60).map(lambda t: json.dumps({"text": t}).encode()))
    def test_never_fail_otherwise(self, tmp_path_factory: pytest.TempPathFactory, line: bytes) -> None:
        path = write(tmp_path_factory.mktemp("any") / "a.jsonl", line + b'\n{"text": "an article"}')
        for item in read([path]):
            assert isinstance(item, Article | Document | KgloadError)


class TestFolders:
    def test_are_read_in_the_order_of_their_paths_with_paths_as_ids(self, tmp_path: Path) -> None:
        for name in ("b.txt", "a/2.txt", "a/1.txt.gz", "a.txt", "a/z/1.txt", "page.HTML"):
            content = PAGE.format(head="", title="Talks", text=STORY) if name.endswith("HTML") else STORY
            write(tmp_path / name, gzip.compress(content.encode()) if name.endswith(".gz") else content)
        assert ids(read([tmp_path])) == ["a/1", "a/2", "a/z/1", "a", "b", "page"]

    def test_leave_out_hidden_files_and_tell_of_others(self, tmp_path: Path) -> None:
        for name in (".hidden.txt", ".git/x.txt", "seen.txt", "sub/photo.jpg", "README"):
            write(tmp_path / name, STORY)
        others: list[Path] = []
        assert ids(read([tmp_path], on_other=others.append)) == ["seen"]
        assert [path.name for path in others] == ["README", "photo.jpg"]

    def test_are_read_whole_where_the_format_is_given(self, tmp_path: Path) -> None:
        for name in ("a", "b.v1", "b.v2", "c.txt"):
            write(tmp_path / name, STORY)
        assert ids(read([tmp_path], input_format=InputFormat.TEXT)) == ["a", "b.v1", "b.v2", "c"]

    def test_without_articles_are_refused(self, tmp_path: Path) -> None:
        write(tmp_path / "photo.jpg", b"\xff")
        with pytest.raises(NoArticles):
            list(read([tmp_path]))
        with pytest.raises(NoArticles):
            list(read([write(tmp_path / "empty.jsonl", b"\n\n")]))

    def test_with_links_in_a_circle_are_read(self, tmp_path: Path) -> None:
        write(tmp_path / "a.txt", STORY)
        (tmp_path / "loop").symlink_to(tmp_path)
        (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
        (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
        assert ids(read([tmp_path])) == ["a"]

    def test_go_on_after_a_file_that_vanishes(self, tmp_path: Path) -> None:
        for name in ("a.txt", "b.txt", "c.txt"):
            write(tmp_path / name, STORY)
        items = read([tmp_path])
        found: list[Item] = [next(items)]
        (tmp_path / "b.txt").rename(tmp_path / "d.jpg")
        found += items
        assert [type(item) for item in found] in ([Article, InputNotFound, Article], [Article, Article])

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
    def test_go_on_after_what_may_not_be_read(self, tmp_path: Path) -> None:
        for name in ("a.txt", "b/x.txt", "c.txt"):
            write(tmp_path / name, STORY)
        (tmp_path / "a.txt").chmod(0)
        (tmp_path / "b").chmod(0)
        assert [type(item) for item in read([tmp_path])] == [InputNotFound, InputNotFound, Article]


class TestInputs:
    def test_that_do_not_exist_are_told_before_anything_is_read(self, tmp_path: Path) -> None:
        good = write(tmp_path / "a.txt", STORY)
        for missing in (tmp_path / "none.txt", Path("n" * 5000)):
            with pytest.raises(InputNotFound):
                read([good, missing])

    def test_of_unknown_suffix_need_a_format(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.docx", STORY)
        with pytest.raises(UnknownFormat):
            read([path])
        assert one(path, input_format=InputFormat.TEXT).id == "a.docx"

    def test_with_one_id_are_told_apart(self, tmp_path: Path) -> None:
        path = lines(tmp_path / "a.jsonl", {"id": "1", "text": "x"}, {"id": "1", "text": "y"}, {"id": "2", "text": "z"})
        first, second, third = read([path])
        assert isinstance(second, DuplicateId)
        assert second.message.startswith(f"{path}:2: ")
        assert ids([first, third]) == ["1", "2"]

    def test_with_one_name_are_told_apart(self, tmp_path: Path) -> None:
        same = [write(tmp_path / folder / "x.txt", STORY) for folder in ("a", "b")]
        assert [type(item) for item in read(same)] == [Article, DuplicateId]
        assert ids(read([tmp_path])) == ["a/x", "b/x"]

    def test_of_several_articles_take_no_id(self, tmp_path: Path) -> None:
        text, rows = write(tmp_path / "a.txt", STORY), lines(tmp_path / "a.jsonl", {"text": "x"})
        for inputs in ([tmp_path], [text, text]):
            with pytest.raises(InputError, match="--id"):
                read(inputs, id_="x")
        with pytest.raises(InputError, match="--id"):
            list(read([rows], id_="x"))
