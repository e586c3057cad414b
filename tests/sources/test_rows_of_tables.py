"""Parquet and WARC: rows and pages as articles, few at a time."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
from running import run, told

from kgload.errors import KgloadError
from kgload.records import Article
from kgload.sources.html import Page
from kgload.sources.reader import read, read_raw

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


def table(path: Path, columns: dict[str, list[object]], **how: object) -> Path:
    pq.write_table(pa.table(columns), path, **how)
    return path


def test_rows_are_articles_by_the_columns_that_are_named(tmp_path: Path) -> None:
    days = [dt.date(2025, 8, 13), None, dt.date(2025, 8, 15)]
    columns = {"uid": [7, 8, 9], "body": ["One.", "Two.", None], "published": days, "more": [[1], [2], [3]]}
    path = table(tmp_path / "a.parquet", columns, row_group_size=1)
    named = {"id": "uid", "text": "body", "date": "published"}
    found = list(read([path], columns=named, date=dt.date(2020, 1, 1)))
    assert found[:2] == [
        Article("7", "One.", date=dt.date(2025, 8, 13)),
        Article("8", "Two.", date=dt.date(2020, 1, 1)),
    ]
    assert isinstance(found[2], KgloadError)
    assert (found[2].code, found[2].document, str(path) + ":3" in str(found[2])) == ("KGL-106", "9", True)


def test_times_are_days_and_files_may_be_packed_and_many(tmp_path: Path) -> None:
    import gzip

    when = [dt.datetime(2025, 8, 13, 23, 5)]
    plain = table(tmp_path / "a.parquet", {"id": ["a"], "text": ["One."], "date": when})
    (tmp_path / "b.parquet.gz").write_bytes(gzip.compress(plain.read_bytes().replace(b"One.", b"Two.")))
    found = list(read([tmp_path]))
    assert [item.text for item in found if isinstance(item, Article)] == ["One."]
    assert isinstance(found[1], KgloadError)
    assert found[1].code == "KGL-111"
    assert isinstance(found[0], Article)
    assert found[0].date == dt.date(2025, 8, 13)


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "KGL-100"), (b"PAR1 no such thing PAR1", "KGL-100"), (b"PAR1" + b"\xff" * 400 + b"PAR1", "KGL-100")],
)
def test_what_is_no_parquet_is_one_line(tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "a.parquet").write_bytes(content)
    assert told(run("convert", tmp_path / "a.parquet")) == code


def test_a_table_without_the_column_is_told_what_there_is(tmp_path: Path) -> None:
    path = table(tmp_path / "a.parquet", {"body": ["One."]})
    done = run("convert", path)
    assert told(done) == "KGL-108"
    assert "there are body: see --columns" in done.stderr
    assert told(run("convert", path, "--columns", "text=corpus")) == "KGL-108"
    assert told(run("convert", path, "--columns", "colour=body")) == "KGL-100"
    assert told(run("convert", path, "--columns", "text")) == "KGL-100"


def test_json_lines_have_columns_too(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"uid": 7, "body": "One.", "text": 5}\n{"uid": 8}\n')
    found = list(read([tmp_path / "a.jsonl"], columns={"text": "body", "id": "uid"}))
    assert found[0] == Article("7", "One.")
    assert isinstance(found[1], KgloadError)
    assert found[1].code == "KGL-108"


PAGE = "<html><head><title>Talks</title></head><body><article><p>{}</p></article></body></html>"


def capture(path: Path, pages: dict[str, tuple[str, str, str]]) -> Path:
    """A WARC file; a page has a status, a content type and a body."""
    warcwriter = pytest.importorskip("warcio.warcwriter")
    from warcio.statusandheaders import StatusAndHeaders

    with path.open("wb") as stream:
        writer = warcwriter.WARCWriter(stream, gzip=path.suffix == ".gz")
        for address, (status, kind, body) in pages.items():
            headers = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.0")
            payload = io.BytesIO(body.encode())
            writer.write_record(writer.create_warc_record(address, "response", payload=payload, http_headers=headers))
    return path


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_pages_of_a_web_archive_are_articles(tmp_path: Path, name: str) -> None:
    story = "The delegations of Norland and Sudmark met in Ketterby on Monday to talk about the border. " * 4
    path = capture(
        tmp_path / name,
        {
            "https://wire.example/1": ("200 OK", "text/html; charset=utf-8", PAGE.format(story)),
            "https://wire.example/logo": ("200 OK", "image/png", "no page"),
            "https://wire.example/gone": ("404 Not Found", "text/html", PAGE.format("Gone.")),
            "https://wire.example/2": ("200 OK", "text/html", PAGE.format(story)),
        },
    )
    raw = list(read_raw([path]))
    assert all(isinstance(item, Page) for item in raw)
    first, second = read([path])
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.id, first.url, second.id) == ("https://wire.example/1", first.id, "https://wire.example/2")
    assert first.text.startswith("The delegations of Norland")
    path.write_bytes(path.read_bytes()[:-40])
    assert isinstance(list(read([path]))[-1], KgloadError | Article)


def test_what_is_no_web_archive_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(b"\x00\x01 no such thing\r\n" * 20)
    assert told(run("convert", tmp_path / "a.warc")) == "KGL-100"
