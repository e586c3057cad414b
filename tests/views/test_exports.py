"""The other formats: what stands in them is what the graph says, and nothing in them is a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
import struct
from pathlib import Path
from xml.etree import ElementTree as ET

import networkx as nx
import openpyxl
import pytest
from hostile import FORMULA, ODD, SCRIPT, hostile_store, store_of
from hypothesis import given, settings
from hypothesis import strategies as st
from record_samples import documents
from running import run, told
from wire import wire

from kgload import library
from kgload.errors import UnknownFormat
from kgload.records import Document
from kgload.stores.base import Store
from kgload.views import data, exporting, picture, tables, ties
from kgload.views.exporting import ReportFormat
from kgload.views.filters import Filters
from kgload.views.periods import periods
from kgload.views.shown import Shown, Source, When


def exported(store: Store, format_: ReportFormat, folder: Path) -> Path:
    path = folder / f"out.{format_}"
    made = exporting.export(store, Filters(), format_, path)
    assert made.events == data.total(store)
    return path


@settings(max_examples=200)
@given(text=st.text())
def test_no_text_begins_a_formula(text: str) -> None:
    cell = str(tables.guarded(text))
    assert not cell.lstrip(" ").startswith(tables.FORMULA)
    assert cell.endswith(text)


@settings(max_examples=25)
@given(document=documents())
def test_csv_has_a_row_for_each_event(document: Document) -> None:
    events = list(data.everything(store_of(document)))
    rows = list(csv.DictReader(io.StringIO("".join(tables.csv_rows(events)), newline="")))
    assert [row["event"] for row in rows] == [event.iri for event in events]
    assert [row["status"] for row in rows] == [event.status for event in events]
    for row in rows:
        assert not any(cell.lstrip(" ").startswith(tables.FORMULA) for cell in row.values())


def test_a_workbook_holds_texts_days_and_figures_but_no_formula(tmp_path: Path) -> None:
    path = exported(hostile_store(), ReportFormat.XLSX, tmp_path)
    sheet = openpyxl.load_workbook(path)["Events"]
    head, row = (list(cells) for cells in sheet.iter_rows())
    cells = dict(zip([cell.value for cell in head], row, strict=True))
    assert not [cell for cell in row if cell.data_type == "f" or cell.hyperlink]
    assert cells["earliest"].value == dt.datetime(2025, 8, 15)
    assert cells["confidence"].value == 0.9
    assert FORMULA in cells["participants"].value
    assert SCRIPT in cells["title"].value


def test_graphml_is_the_network_of_who_dealt_with_whom(tmp_path: Path) -> None:
    store = store_of(*wire())
    graph = nx.read_graphml(exported(store, ReportFormat.GRAPHML, tmp_path))
    acting = [
        {" ".join(party.label.split()) for party in ties.actors(event).values()} for event in data.everything(store)
    ]
    names = {node: " ".join(said["label"].split()) for node, said in graph.nodes(data=True)}
    assert set(names.values()) == set().union(*acting)
    for node, said in graph.nodes(data=True):
        assert said["events"] == sum(names[node] in each for each in acting)
    for one, other, said in graph.edges(data=True):
        assert said["weight"] == sum({names[one], names[other]} <= each for each in acting)


@settings(max_examples=15)
@given(document=documents())
def test_graphml_and_pictures_hold_any_text(document: Document) -> None:
    events = list(data.everything(store_of(document)))
    stream = io.BytesIO()
    ties.write_graphml(ties.network(events), stream)
    nx.read_graphml(io.BytesIO(stream.getvalue()))
    root = ET.fromstring(picture.svg(events, "News"))
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= {
        "svg", "title", "rect", "text", "g", "line", "circle", "path",
    }  # fmt: skip


def test_a_hostile_graph_is_text_in_a_picture(tmp_path: Path) -> None:
    drawn = exported(hostile_store(), ReportFormat.SVG, tmp_path).read_bytes()
    root = ET.fromstring(drawn)
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert not tags & {"script", "image", "img", "a", "foreignObject", "use"}
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on") or "href" in name]
    assert any((element.text or "").startswith(ODD[:10]) for element in root.iter())


def test_a_png_is_drawn_without_any_font_of_the_machine(tmp_path: Path) -> None:
    drawn = exported(store_of(*wire()), ReportFormat.PNG, tmp_path).read_bytes()
    assert drawn.startswith(b"\x89PNG")
    assert struct.unpack(">II", drawn[16:24]) == (2 * picture.WIDTH, 2 * picture.HEIGHT)


@pytest.mark.parametrize("format_", ReportFormat)
def test_the_same_graph_gives_the_same_bytes(format_: ReportFormat, tmp_path: Path) -> None:
    one = exported(store_of(*wire()), format_, tmp_path).read_bytes()
    (tmp_path / f"out.{format_}").unlink()
    assert exported(store_of(*reversed(wire())), format_, tmp_path).read_bytes() == one


@settings(max_examples=100)
@given(days=st.lists(st.dates(), max_size=20))
def test_bars_hold_every_event_once(days: list[dt.date]) -> None:
    events = [
        Shown(f"e{n}", "Meeting", "Occurred", When(day, day), None, (), (), Source("d", "d"))
        for n, day in enumerate(days)
    ]
    bars, undated = periods(events)
    assert sum(sum(bar.counts.values()) for bar in bars) == len(days)
    assert undated == 0
    assert len(bars) <= 101


def test_the_format_is_named_or_told_by_the_suffix() -> None:
    assert exporting.format_of(None, Path("a.XLSX")) is ReportFormat.XLSX
    assert exporting.format_of(None, Path("a.csv.gz")) is ReportFormat.CSV
    assert exporting.format_of(None, Path("a.txt")) is ReportFormat.HTML
    assert exporting.format_of("svg", Path("a.html")) is ReportFormat.SVG
    with pytest.raises(UnknownFormat, match="graphml"):
        exporting.format_of("pdf", None)


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("graph") / "wire.trig"
    library.write(wire(), path)
    return path


def test_the_command_writes_a_report_and_tells_of_it(graph: Path, tmp_path: Path) -> None:
    total = data.total(store_of(*wire()))
    done = run("report", graph, "-o", "news.html", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith(f"{total} events of ")
    assert (tmp_path / "news.html").read_text("utf-8").startswith("<!DOCTYPE html>")
    done = run("report", graph, "--status", "Cancelled", "--type", "Meeting", "--format", "csv", "--quiet")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert {(row["type"], row["status"]) for row in rows} == {("Meeting", "Cancelled")}
    assert done.stderr == ""
    done = run("report", graph, "--since", "1900-01-01", "--until", "1900-12-31", "-o", "none.html", cwd=tmp_path)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (0, "no events match")


@pytest.mark.parametrize(
    ("arguments", "code", "status"),
    [
        (["--since", "yesterday"], "KGL-402", 2),
        (["--type", "Party"], "KGL-402", 2),
        (["--format", "pdf"], "KGL-104", 2),
        (["-o", "missing/news.html"], "KGL-601", 4),
    ],
)
def test_what_cannot_be_reported_is_told_in_a_line(
    arguments: list[str], code: str, status: int, graph: Path, tmp_path: Path
) -> None:
    done = run("report", graph, *arguments, cwd=tmp_path)
    assert (told(done), done.returncode, done.stdout) == (code, status, "")
    assert not list(tmp_path.iterdir())


def test_what_is_not_there_is_told_in_a_line(tmp_path: Path) -> None:
    assert told(run("report", tmp_path / "none.nq")) == "KGL-101"
    assert told(run("report", "--store", tmp_path / "none.db")) == "KGL-501"
