"""`kgload report --endpoint`: a report of a server's graph is, byte for byte, that of the same graph in memory."""

from __future__ import annotations

from pathlib import Path

import pytest
from hostile import store_of
from running import run
from servers import Server
from wire import wire

from kgload import library
from kgload.stores import open_store
from kgload.views.exporting import ReportFormat, export
from kgload.views.filters import Filters

ASKED = {
    "all": Filters(),
    "some": Filters(types=("Meeting",), text="e", min_confidence=0.1),
}


@pytest.fixture
def loaded(server: Server, tmp_path: Path) -> Server:
    library.write(wire(), tmp_path / "wire.nq")
    library.load([tmp_path / "wire.nq"], endpoint=server.url)
    return server


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("format_", [ReportFormat.HTML, ReportFormat.CSV, ReportFormat.GRAPHML])
def test_a_report_of_a_server_is_that_of_its_graph(
    loaded: Server, tmp_path: Path, format_: ReportFormat, asked: str
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    export(store_of(*wire()), ASKED[asked], format_, here)
    with open_store(None, loaded.url, read_only=True) as store:
        made = export(store, ASKED[asked], format_, there)
    assert made.events > 0
    assert there.read_bytes() == here.read_bytes()


def test_the_command_reports_on_a_server(loaded: Server, tmp_path: Path) -> None:
    done = run("report", "--endpoint", loaded.url, "-o", tmp_path / "report.html")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "report.html").stat().st_size > 50_000
    assert loaded.password == "" or loaded.password not in (tmp_path / "report.html").read_text("utf-8")
