"""Live look-up against a server that replays recorded answers and faults: polite, cached, and never failing a run."""

from __future__ import annotations

import contextlib
import email.utils
import json
import socket
import threading
import time
from pathlib import Path

import pytest
from services import Asked, Reply, one_after_the_other, serving

from kgload.errors import EndpointRefused, EndpointUnreachable
from kgload.linking.gazetteer import Gazetteer
from kgload.linking.index import Index, Item, Sense
from kgload.linking.linker import Linker
from kgload.linking.online import Online, Reconciliation, Search, online
from kgload.linking.polite import Service
from kgload.records import Entity, EntityKind

REFERENCE = Path(__file__).parents[3] / "shared" / "reference"
ADDRESS = "/w/api.php"


def found(*items: tuple[str, str, str]) -> bytes:
    """An answer of `wbsearchentities`: items of (QID, label, description)."""
    search = [
        {"id": qid, "concepturi": f"http://www.wikidata.org/entity/{qid}", "label": label, "description": text,
         "match": {"type": "label", "language": "en", "text": label}}
        for qid, label, text in items
    ]  # fmt: skip
    return json.dumps({"searchinfo": {"search": "x"}, "search": search, "success": 1}).encode()


ONE = Reply(
    found(("Q1", "Norland", "a state"), ("Q2", "Norland", "Wikimedia disambiguation page"), ("Q3", "Norlandia", ""))
)
FAULTS = {
    "429": Reply(b"slow down", 429, (("Retry-After", "0"),)),
    "500": Reply(b"{}", 500),
    "503": Reply(b"", 503),
    "404": Reply(b"{}", 404),
    "HTML": Reply(b"<html>maintenance</html>", 200, (("Content-Type", "text/html"),)),
    "cut off": Reply(b'{"search": [{"id": "Q1"', 200),
    "another form": Reply(b'{"results": 3}', 200),
    "a list": Reply(b"[1, 2]", 200),
    "an error of the API": Reply(b'{"error": {"code": "maxlag"}}', 200),
    "another host": Reply(b"", 302, (("Location", "http://elsewhere.example/w/api.php"),)),
    "round and round": Reply(b"", 302, (("Location", ADDRESS),)),
    "deep": Reply(b"[" * 200_000),
    "no number": Reply(b"", 503, (("Retry-After", "\u00b2"),)),
    "no date": Reply(b"", 503, (("Retry-After", "Mon, 99 Foo 99999999999 00:00:00"),)),
    "no address": Reply(b"", 302, (("Location", "http://[x"),)),
    "late": Reply(b"{}", delay=1.0),
}


class Pauses(list[float]):
    """Waits that are noted and not waited."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def searching(
    address: str, cache: Path | None = None, told: list[str] | None = None, wait: Pauses | None = None
) -> Online:
    service = Service(address + ADDRESS, cache=cache, wait=Pauses() if wait is None else wait, timeout=0.3)
    return Online(Search(service), (told if told is not None else []).append)


def iris(candidates: object) -> list[str]:
    return [candidate.known.iri.rpartition("/")[2] for candidate in candidates]  # type: ignore[attr-defined]


def test_items_of_that_very_name_are_candidates_and_never_trusted() -> None:
    with serving(lambda asked: ONE) as service:
        candidates = searching(service.address).candidates("Norland", EntityKind.STATE)
        assert iris(candidates) == ["Q1"]
        assert service.asked[0].query["search"] == "Norland" and service.asked[0].query["action"] == "wbsearchentities"
        assert service.asked[0].headers["User-Agent"].startswith("kgload/")
        linker = Linker(Gazetteer(), searching(service.address))
        link = linker.decide(Entity("e1", EntityKind.STATE, "Norland", ())).link
    assert link and link.iri.endswith("/Q1") and not link.trusted


@pytest.mark.parametrize("fault", FAULTS)
def test_no_fault_fails_the_run_and_each_is_told_once(fault: str) -> None:
    told: list[str] = []
    with serving(lambda asked: FAULTS[fault]) as service:
        lookup = searching(service.address, told=told)
        for name in ("Norland", "Estmark"):
            assert list(lookup.candidates(name, EntityKind.STATE)) == []
    assert len(told) == 1 and "\n" not in told[0] and "Traceback" not in told[0]


@pytest.mark.parametrize("fault", ["another form", "a list", "an error of the API"])
def test_what_is_no_answer_is_not_kept(tmp_path: Path, fault: str) -> None:
    with serving(one_after_the_other(FAULTS[fault], ONE)) as service:
        for expected in ([], ["Q1"]):
            assert iris(searching(service.address, cache=tmp_path).candidates("Norland", EntityKind.STATE)) == expected


def test_what_is_no_answer_is_asked_anew_where_an_earlier_version_kept_it(tmp_path: Path) -> None:
    with serving(lambda asked: ONE) as service:
        searching(service.address, cache=tmp_path).candidates("Norland", EntityKind.STATE)
        (kept,) = tmp_path.iterdir()
        kept.write_bytes(FAULTS["an error of the API"].body)
        assert iris(searching(service.address, cache=tmp_path).candidates("Norland", EntityKind.STATE)) == ["Q1"]


def test_after_three_failures_a_service_is_left_alone() -> None:
    with serving(lambda asked: FAULTS["404"]) as service:
        lookup = searching(service.address)
        for number in range(9):
            lookup.candidates(f"Town {number}", EntityKind.PLACE)
        assert len(service.asked) == 3


def test_a_redirect_to_another_host_is_not_followed() -> None:
    with serving(lambda asked: ONE) as other:
        moved = Reply(b"", 307, (("Location", other.address + ADDRESS),))
        with serving(lambda asked: moved) as service:
            told: list[str] = []
            assert not searching(service.address, told=told).candidates("Norland", EntityKind.STATE)
        assert not other.asked and "another host" in told[0]


def test_a_redirect_on_the_same_host_is_followed() -> None:
    def answer(asked: Asked) -> Reply:
        return ONE if asked.path == "/new" else Reply(b"", 301, (("Location", "/new"),))

    with serving(answer) as service:
        assert iris(searching(service.address).candidates("Norland", EntityKind.STATE)) == ["Q1"]


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_service_is_waited_for_as_long_as_it_asks(status: int) -> None:
    pauses = Pauses()
    busy = Reply(b"", status, (("Retry-After", "7"),))
    with serving(one_after_the_other(busy, busy, ONE)) as service:
        assert iris(searching(service.address, wait=pauses).candidates("Norland", EntityKind.STATE)) == ["Q1"]
    assert pauses == [7, 7]


def test_a_date_to_come_back_at_is_understood_and_an_hour_is_too_long() -> None:
    soon = email.utils.formatdate(time.time() + 30, usegmt=True)
    pauses = Pauses()
    with serving(one_after_the_other(Reply(b"", 503, (("Retry-After", soon),)), ONE)) as service:
        searching(service.address, wait=pauses).candidates("Norland", EntityKind.STATE)
    assert 20 < pauses[0] <= 31
    with (
        serving(lambda asked: Reply(b"", 429, (("Retry-After", "3600"),))) as service,
        pytest.raises(EndpointRefused, match="3,600 seconds"),
    ):
        Service(service.address, cache=None, wait=Pauses()).get({})


def test_waits_grow_where_a_service_says_nothing() -> None:
    pauses = Pauses()
    with serving(lambda asked: Reply(b"", 503)) as service, pytest.raises(EndpointRefused, match="status 503"):
        Service(service.address, cache=None, wait=pauses).get({})
    assert pauses == [1, 2, 4]


def test_what_was_answered_is_not_asked_again_by_a_later_run(tmp_path: Path) -> None:
    with serving(lambda asked: ONE) as service:
        for _ in range(2):
            lookup = searching(service.address, cache=tmp_path / "kept")
            assert iris(lookup.candidates("Norland", EntityKind.STATE)) == ["Q1"]
        assert len(service.asked) == 1
        (kept,) = (tmp_path / "kept").iterdir()
        kept.write_bytes(b"{broken")
        assert iris(searching(service.address, cache=tmp_path / "kept").candidates("Norland", EntityKind.STATE)) == [
            "Q1"
        ]
        assert len(service.asked) == 2


def test_faults_are_not_kept(tmp_path: Path) -> None:
    with serving(one_after_the_other(FAULTS["HTML"], ONE)) as service:
        cache = tmp_path / "kept"
        assert not searching(service.address, cache=cache).candidates("Norland", EntityKind.STATE)
        assert iris(searching(service.address, cache=cache).candidates("Norland", EntityKind.STATE)) == ["Q1"]


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    with serving(lambda asked: ONE) as service:
        lookup = searching(service.address, cache=tmp_path / "file")
        assert iris(lookup.candidates("Norland", EntityKind.STATE)) == ["Q1"]


def test_a_service_that_is_not_there_is_told_of() -> None:
    with serving(lambda asked: ONE) as service:
        address = service.address
    with pytest.raises(EndpointUnreachable, match=rf"port {address.rpartition(':')[2]}: connection refused"):
        Service(address, cache=None, wait=Pauses(), timeout=0.3).get({})
    told: list[str] = []
    lookup = searching(address, told=told)
    for number in range(5):
        lookup.candidates(f"Town {number}", EntityKind.PLACE)
    assert len(told) == 1 and "connection refused" in told[0] and "not asked again" in told[0]


def test_an_answer_that_drips_is_not_waited_for_without_end() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            with contextlib.suppress(OSError), server.accept()[0] as connection:
                for byte in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 600:
                    connection.sendall(bytes([byte]))
                    time.sleep(0.05)

        threading.Thread(target=drip, daemon=True).start()
        service = Service(f"http://127.0.0.1:{server.getsockname()[1]}", cache=None, wait=Pauses(), timeout=0.2)
        with pytest.raises(EndpointUnreachable, match="no whole answer within"):
            service.get({})


@pytest.mark.parametrize(
    "address",
    [
        "ftp://x.example/",
        "x.example",
        "https://user:secret@x.example/",
        "http://",
        "x/?secret",
        "user:secret@x.example",
        "http://[secret",
        "http://x.example:secret/",
    ],
)
def test_an_address_that_is_none_is_refused_without_its_secrets(address: str) -> None:
    with pytest.raises(EndpointRefused) as refused:
        online(address, cache=None)
    assert "secret" not in str(refused.value) and "`wikidata`" in str(refused.value)


def reconciling(asked: Asked) -> Reply:
    if not asked.form:
        return Reply(json.dumps({"versions": ["0.2"], "identifierSpace": "https://ids.example/"}).encode())
    query = json.loads(asked.form["queries"])["q0"]["query"]
    results = [
        {"id": "n1", "name": "Norland", "score": 99.0, "match": query == "Norland", "type": []},
        {"id": "https://others.example/9", "name": "Norland Hill", "score": 20.0, "match": False, "type": []},
    ]
    return Reply(json.dumps({"q0": {"result": results if query != "Nowhere" else []}}).encode())


def test_a_reconciliation_service_may_be_sure_of_a_match() -> None:
    with serving(reconciling) as service:
        lookup = Online(Reconciliation(Service(service.address + "/en/api", cache=None)))
        linker = Linker(Gazetteer(), lookup)

        def link(name: str) -> tuple[str, bool] | None:
            found = linker.decide(Entity("e1", EntityKind.STATE, name, ())).link
            return (found.iri, found.trusted) if found else None

        assert link("Norland") == ("https://ids.example/n1", True)
        assert link("Nor-Land") == ("https://ids.example/n1", False)
        assert link("Nowhere") is None


@pytest.mark.parametrize(
    "iri", ["http://[x", "a:b%zz", "https://x.example/%zz", "https://x.example/\x7f", "urn:\ud800"]
)
def test_an_answer_that_is_no_iri_is_dropped_and_the_others_kept(iri: str) -> None:
    search = [{"id": "Q1", "concepturi": uri, "label": "Norland"} for uri in (iri, "http://x.example/Q2")]
    answer = json.dumps({"search": search}).encode()
    with serving(lambda asked: Reply(answer)) as service:
        assert iris(searching(service.address).candidates("Norland", EntityKind.STATE)) == ["Q2"]
    results = [{"id": uri, "name": "Norland", "match": False} for uri in (iri, "http://x.example/Q2")]
    bodies = [{"identifierSpace": "ids:"}, {"q0": {"result": results}}]
    with serving(one_after_the_other(*(Reply(json.dumps(body).encode()) for body in bodies))) as service:
        lookup = Online(Reconciliation(Service(service.address, cache=None)))
        assert iris(lookup.candidates("Norland", EntityKind.STATE)) == ["Q2"]


def test_names_that_a_gazetteer_knows_are_not_asked_for() -> None:
    index = Index.held(
        [Item("urn:own:1", "Norland", EntityKind.STATE)],
        [(("estmark",), ()), (("norland",), (Sense(0, "name", 1.0),))],
        "own",
    )
    with serving(lambda asked: ONE) as service:
        linker = Linker(Gazetteer(index), searching(service.address))
        assert linker.decide(Entity("e1", EntityKind.STATE, "Norland", ())).link
        # Known to mean no item.
        assert not linker.decide(Entity("e2", EntityKind.STATE, "Estmark", ())).link
        assert not linker.decide(Entity("e3", EntityKind.FORCE, "Norland", ())).link
        assert not service.asked


@pytest.mark.shared
@pytest.mark.skipif(not REFERENCE.exists(), reason="the recorded answers are not here")
def test_wikidata_s_recorded_answer_is_read() -> None:
    recorded = Reply((REFERENCE / "wdtk_wbsearchentities-abc.json").read_bytes())
    with serving(lambda asked: recorded) as service:
        candidates = searching(service.address).candidates("ABC", EntityKind.ORGANIZATION)
    # The disambiguation page is none of them.
    assert sorted(iris(candidates)) == ["Q1057802", "Q169889", "Q26298", "Q287076", "Q304330", "Q781365"]
    assert all(candidate.score < 0.6 for candidate in candidates)
