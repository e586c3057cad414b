"""`kgload link` and `kgload gazetteer` as a user runs them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from rdflib import Graph
from running import run, told
from services import Reply, serving

TEXT = "Mara Dunn of the Ketterby Council met French President Emmanuel Macron in Paris on Monday."
OURS = "name,iri,kind\nKetterby Council,https://names.example/kc,Organization\n"
DUMP = [
    {
        "type": "item", "id": "Q7", "labels": {"en": {"language": "en", "value": "Mara Dunn"}}, "descriptions": {},
        "aliases": {}, "claims": {"P31": [{"rank": "normal", "mainsnak": {"datavalue": {"value": {"numeric-id": 5}}}}]},
        "sitelinks": {f"l{n}wiki": {"site": f"l{n}wiki", "title": "x"} for n in range(9)},
    }
]  # fmt: skip


def names(*arguments: object, **more: object) -> dict[str, dict[str, object]]:
    done = run("link", *arguments, "--extractor", "rules", "--json", **more)  # type: ignore[arg-type]
    assert done.returncode == 0, done.stderr
    return {str(name["name"]): name for name in json.loads(done.stdout)}


def test_a_text_s_names_are_shown_with_what_was_weighed(tmp_path: Path) -> None:
    found = names(TEXT)
    macron = found["Emmanuel Macron"]
    assert (macron["iri"], macron["outcome"]) == ("http://www.wikidata.org/entity/Q3052772", "same")
    (candidate,) = macron["candidates"]  # type: ignore[misc]
    assert candidate["features"]["prior"] > 0 and candidate["relation"] == "name"
    assert found["Mara Dunn"]["outcome"] == "unknown"
    (tmp_path / "article.txt").write_text(TEXT, encoding="utf-8")
    done = run("link", tmp_path / "article.txt", "--explain", "--extractor", "rules")
    assert "\tsame\thttp://www.wikidata.org/entity/Q3052772\t" in done.stdout
    assert "by 'Emmanuel Macron' as name: prior" in done.stdout


def test_a_file_that_is_not_there_is_no_text() -> None:
    done = run("link", "articles/missing.txt")
    assert (done.returncode, told(done)) == (2, "KGL-101")


def test_a_dump_s_names_and_own_names_lie_over_the_core(tmp_path: Path) -> None:
    dump, own = tmp_path / "dump.json.gz", tmp_path / "ours.csv"
    dump.write_bytes(gzip.compress("\n".join(["[", *map(json.dumps, DUMP), "]"]).encode()))
    own.write_text(OURS, encoding="utf-8")
    built = run("gazetteer", "build", dump, "-o", tmp_path / "world.sqlite")
    assert (built.returncode, built.stdout) == (0, "") and "1 items (1 Person), 1 names" in built.stderr
    found = names(TEXT, "--gazetteer", tmp_path / "world.sqlite", "--gazetteer", own)
    assert found["Mara Dunn"]["iri"] == "http://www.wikidata.org/entity/Q7"
    assert found["Ketterby Council"]["iri"] == "https://names.example/kc"
    assert found["Emmanuel Macron"]["outcome"] == "same"
    out = tmp_path / "news.ttl"
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    arguments = ("convert", tmp_path / "a.txt", "-o", out, "--extractor", "rules", "--gazetteer", own)
    assert run(*arguments, "--date", "2025-01-02").returncode == 0
    assert "<https://names.example/kc>" in out.read_text("utf-8")
    assert str(tmp_path) not in out.read_text("utf-8")


def test_a_review_is_decided_and_then_followed(tmp_path: Path) -> None:
    review = tmp_path / "review.csv"
    text = "The mayor of Springfield spoke on Monday."
    first = run("link", text, "--review", review, "--extractor", "rules")
    assert first.returncode == 0 and "to decide" in first.stderr
    lines = review.read_text("utf-8").splitlines()
    assert lines[0] == "name,kind,iri,candidates,sentence,document"
    (doubtful,) = [line for line in lines if line.startswith("Springfield,Place,,")]
    decided = doubtful.replace("Springfield,Place,,", "Springfield,Place,Q28515,")
    review.write_text(
        "\n".join([lines[0], decided, *(li for li in lines[1:] if li != doubtful)]) + "\n", encoding="utf-8"
    )
    second = json.loads(run("link", text, "--review", review, "--extractor", "rules", "--json").stdout)
    (springfield,) = [name for name in second if name["name"] == "Springfield"]
    assert (springfield["iri"], springfield["outcome"]) == ("http://www.wikidata.org/entity/Q28515", "same")
    assert decided in review.read_text("utf-8").splitlines()


def test_names_are_added_searched_and_told_of(tmp_path: Path) -> None:
    own, target = tmp_path / "ours.csv", tmp_path / "ours.sqlite"
    own.write_text(OURS, encoding="utf-8")
    assert run("gazetteer", "add", own, "-o", target).returncode == 0
    found = run("gazetteer", "search", "Ketterby Council", "--gazetteer", target)
    assert found.stdout == "1.0000\tOrganization\tname\thttps://names.example/kc\tKetterby Council\n"
    assert run("gazetteer", "search", "Ketterby", "--gazetteer", target).returncode == 1
    georgia = json.loads(run("gazetteer", "search", "Georgia", "--json").stdout)
    assert {candidate["kind"] for candidate in georgia["candidates"]} == {"State", "Place"}
    info = run("gazetteer", "info", "--gazetteer", target).stdout
    assert info.startswith("ours.sqlite: 1 items, 1 names") and "licence: CC0-1.0" in info and "checked: " in info


def test_no_control_character_of_a_gazetteer_reaches_the_terminal(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text(
        "name,iri,kind,label,description\nKetterby,urn:k,Place,Ket\x1b[31mterby,\x07bell \u202e\n", encoding="utf-8"
    )
    found = run("gazetteer", "search", "Ketterby", "--gazetteer", own)
    explained = run("link", "Talks were held in Ketterby.", "--gazetteer", own, "--explain", "--extractor", "rules")
    assert r"Ket\x1b[31mterby" in found.stdout and r"Ket\x1b[31mterby" in explained.stdout
    printed = found.stdout + found.stderr + explained.stdout + explained.stderr
    assert not [c for c in printed if not c.isprintable() and c not in "\n\t"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["info", "--gazetteer", "missing.sqlite"], "KGL-301"),
        (["add", "missing.csv", "-o", "x.sqlite"], "KGL-101"),
        (["build", "missing.json.gz", "-o", "x.sqlite"], "KGL-101"),
        (["build", "--from-sparql", "not-an-address", "-o", "x.sqlite"], "KGL-504"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_line(tmp_path: Path, arguments: list[str], code: str) -> None:
    done = run("gazetteer", *arguments, cwd=tmp_path)
    assert told(done) == code and done.returncode in (2, 3)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("arguments", [["build", "-o", "x"], ["build", "a", "--from-sparql", "b", "-o", "x"]])
def test_a_build_reads_one_source(arguments: list[str]) -> None:
    done = run("gazetteer", *arguments)
    assert done.returncode == 2 and "Traceback" not in done.stderr


def test_a_live_service_is_asked_only_when_it_is_named_and_never_fails_the_run(tmp_path: Path) -> None:
    cache = {"XDG_CACHE_HOME": str(tmp_path)}
    item = {"id": "Q9", "concepturi": "http://www.wikidata.org/entity/Q9", "label": "Mara Dunn"}
    answer = Reply(json.dumps({"search": [item]}).encode())
    with serving(lambda asked: answer if asked.query["search"] == "Mara Dunn" else Reply(b"<html>")) as service:
        assert names(TEXT, env=cache)["Mara Dunn"]["outcome"] == "unknown"
        assert not service.asked
        address = service.address + "/w/api.php"
        done = run("link", TEXT, "--online", address, "--extractor", "rules", "--json", env=cache)
        found = {name["name"]: name for name in json.loads(done.stdout)}
        assert found["Mara Dunn"]["outcome"] == "close" and found["Mara Dunn"]["iri"].endswith("/Q9")
        assert done.returncode == 0 and "live look-up: 127.0.0.1 answered with what is no JSON" in done.stderr


def test_a_service_that_is_not_there_is_told_of_once(tmp_path: Path) -> None:
    with serving(lambda asked: Reply()) as service:
        address = service.address + "/api.php"
    done = run("link", TEXT, "--online", address, "--extractor", "rules", env={"XDG_CACHE_HOME": str(tmp_path)})
    assert done.returncode == 0 and done.stderr.count("connection refused") == 1


def test_nif_is_written_and_parses(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    done = run("convert", tmp_path / "a.txt", "--format", "nif", "--extractor", "rules", "--quiet")
    graph = Graph().parse(data=done.stdout, format="turtle")
    items = {str(o) for o in graph.objects() if str(o).startswith("http://www.wikidata.org/entity/Q")}
    assert "http://www.wikidata.org/entity/Q3052772" in items
    assert "ontology#Event" not in done.stdout
