"""A store that is written to while it is served: readers and the writer do not see each other."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from record_samples import invented
from running import COMMAND, run, told
from web_server import Web, web
from wire import wire

from kgload import library, records_json
from kgload.errors import StoreLocked
from kgload.serving.snapshot import Snapshots
from kgload.stores import open_store
from kgload.stores.embedded import EmbeddedStore

COUNT = "SELECT (COUNT(DISTINCT ?g) AS ?n) WHERE { GRAPH ?g { ?d a <https://w3id.org/kgload/ontology#Document> } }"
WHOLE = (
    "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?d a <https://w3id.org/kgload/ontology#Document> } "
    "FILTER NOT EXISTS { GRAPH ?g { ?e a <https://w3id.org/kgload/ontology#Event> } } "
    "FILTER(CONTAINS(STR(?g), 'many')) }"
)


def counted(served: Web, query: str = COUNT) -> int:
    reply = served.sparql(query)
    assert reply.status == 200, reply.text
    return int(json.loads(reply.body)["results"]["bindings"][0]["n"]["value"])


def wait_for(served: Web, number: int) -> None:
    until = time.monotonic() + 60
    while counted(served) != number:
        assert time.monotonic() < until, f"there are {counted(served)} documents, not {number}"
        time.sleep(0.2)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    library.write(wire(), tmp_path / "wire.nq")
    library.load([tmp_path / "wire.nq"], store=tmp_path / "news.db")
    return tmp_path / "news.db"


def many(path: Path, count: int) -> Path:
    row = json.loads(records_json.dump(invented()))
    with path.open("w", encoding="utf-8") as stream:
        for number in range(count):
            row["article"]["id"] = f"many/{number}"
            stream.write(json.dumps(row) + "\n")
    return path


def test_a_hundred_readers_while_a_load_is_running(store: Path, tmp_path: Path) -> None:
    many(tmp_path / "many.jsonl", 300)
    with web("--store", store, "--workers", 2) as served:
        loading = subprocess.Popen([*COMMAND, "load", "many.jsonl", "--store", "news.db", "--quiet"], cwd=tmp_path)
        with ThreadPoolExecutor(100) as readers:
            rounds = 0
            while loading.poll() is None or rounds == 0:
                asked = [readers.submit(counted, served, (COUNT, WHOLE)[i % 2]) for i in range(100)]
                found = [a.result() for a in asked]
                # Each sees a state that the store was in, with whole documents.
                assert set(found[1::2]) == {0}
                assert all(n >= 4 for n in found[::2])
                rounds += 1
        assert loading.wait() == 0
        wait_for(served, 304)
        assert served.page("/events", source="many/7").text.count('<li class="event">') == 3


def test_what_is_loaded_and_forgotten_shows_on_the_pages(store: Path, tmp_path: Path) -> None:
    with web("--store", store) as served:
        assert served.page("/events", source="many/0").text.count('<li class="event">') == 0
        many(tmp_path / "many.jsonl", 1)
        assert run("load", tmp_path / "many.jsonl", "--store", store).returncode == 0
        wait_for(served, 5)
        shown = served.page("/events", source="many/0").text.count('<li class="event">')
        assert shown == 3
        assert run("forget", "many/0", "--store", store).returncode == 0
        wait_for(served, 4)
        assert served.page("/events", source="many/0").text.count('<li class="event">') == 0


def test_a_snapshot_is_one_state_and_costs_no_room(store: Path) -> None:
    snapshots = Snapshots(store)
    try:
        first = snapshots.take()
        assert any(p.stat().st_nlink > 1 for p in first.folder.glob("*.sst"))
        with EmbeddedStore(store) as writer:
            with pytest.raises(StoreLocked):
                _elsewhere(store)
            for name in list(writer.graphs()):
                writer.replace(name, [])
        with open_store(first.folder, read_only=True) as old, open_store(store, read_only=True) as new:
            assert len(list(old.graphs())) == 5
            assert not any(new.graph(name) for name in new.graphs())
        assert snapshots.signature() != first.signature
        first.remove()
    finally:
        snapshots.close()
    assert [p.name for p in store.parent.iterdir() if "served" in p.name] == []


def _elsewhere(store: Path) -> None:
    """Take a snapshot in another process, as this one holds the lock itself."""
    done = run("serve", "--store", store, "--port", "0")
    if told(done) == "KGL-502":
        raise StoreLocked("as told")


def test_what_a_killed_writer_had_not_written_out_is_in_the_snapshot(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys, pyoxigraph as ox\nfrom pathlib import Path\n"
        "from kgload.stores.embedded import EmbeddedStore\n"
        "store = EmbeddedStore(Path(sys.argv[1]), create=True)\n"
        "iri = ox.NamedNode\n"
        "store.add('urn:g', [ox.Triple(iri('urn:s'), iri('urn:p'), ox.Literal(n)) for n in range(50)])\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([COMMAND[0], "-c", program, tmp_path / "news.db"], check=False)
    assert done.returncode == -signal.SIGKILL
    snapshots = Snapshots(tmp_path / "news.db")
    with open_store(snapshots.take().folder, read_only=True) as taken:
        assert len(taken.graph("urn:g")) == 50
    snapshots.close()


def test_what_a_killed_server_left_behind_is_cleared_away_by_the_next_one(store: Path) -> None:
    with web("--store", store) as served:
        os.kill(served.process.pid, signal.SIGKILL)
        served.process.wait(30)
    left = [p for p in store.parent.iterdir() if "served" in p.name]
    assert len(left) == 1
    with web("--store", store):
        assert not left[0].exists()
    assert [p for p in store.parent.iterdir() if "served" in p.name] == []
