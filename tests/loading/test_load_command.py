"""`kgload load` as a user types it: where to, and by which names."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import run, told


@pytest.mark.parametrize("command", [["load", "a.nq"], ["status"], ["query", "counts"], ["dump"], ["forget", "x"]])
@pytest.mark.parametrize("turned", [False, True])
def test_a_folder_beside_a_server_is_refused(command: list[str], turned: bool, tmp_path: Path) -> None:
    (tmp_path / "a.nq").write_text("<urn:s> <urn:p> <urn:o> <urn:g> .\n", encoding="utf-8")
    places = [("--store", "s.db"), ("--endpoint", "http://127.0.0.1:9")]
    options = [word for place in (reversed(places) if turned else places) for word in place]
    done = run(*command, *options, cwd=tmp_path)
    assert (done.returncode, told(done)) == (3, "KGL-500")
    assert "give one of them" in done.stderr
    assert not (tmp_path / "s.db").exists()


def test_a_folder_in_the_environment_gives_way_to_a_server(tmp_path: Path) -> None:
    done = run("status", "--endpoint", "http://127.0.0.1:9", cwd=tmp_path, env={"KGLOAD_STORE": "s.db"})
    assert told(done) == "KGL-503"


def test_a_load_links_by_the_users_gazetteer_as_convert_does(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text(
        "name,iri,kind\nZorvania,http://www.wikidata.org/entity/Q990001,State\n", encoding="utf-8"
    )
    text = "The president of Zorvania met the king of Norland in Oslo on Monday."
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    options = ["a.txt", "--date", "2025-03-01", "--gazetteer", "own.csv", "--workers", "1"]
    assert run("convert", *options, "-o", "a.nq", cwd=tmp_path).returncode == 0
    assert run("load", *options, cwd=tmp_path).returncode == 0
    done = run("dump", cwd=tmp_path)
    assert "entity/Q990001" in done.stdout
    assert ("entity/Q990001" in (tmp_path / "a.nq").read_text("utf-8")) == ("entity/Q990001" in done.stdout)
    assert told(run("load", "a.txt", "--gazetteer", "none.csv", cwd=tmp_path)).startswith("KGL-")
