"""How quickly `kgload serve` shows and filters very many events: over HTTP, and in Chromium.

    python benchmarks/serve.py [--events 200000] [--store DIR]

The store is made by benchmarks/many_events.py where it is not there. Each figure is the median of five requests that
differ in what they ask for, so that no answer has been kept; in Chromium from the start of the navigation to the end of
the page's loading.
"""

from __future__ import annotations

import argparse
import functools
import http.client
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from many_events import fill

TIMES = 5
DAYS = ("2016-02-03", "2017-04-05", "2019-06-07", "2021-08-09", "2023-10-11")
ASKED: dict[str, Sequence[str]] = {
    "overview": [f"/?since={day}" for day in DAYS],
    "type": [f"/events?type=Meeting&since={day}" for day in DAYS],
    "status": [f"/events?status=Planned&until={day}" for day in DAYS],
    "time": [f"/events?since={day}&until={day[:4]}" for day in DAYS],
    "confidence": [f"/events?confidence=0.{n}" for n in range(71, 76)],
    "person or state": [f"/events?entity=Q{n}" for n in (30, 16, 17, 142, 145)],
    "source": [f"/events?source=news{n}.example" for n in range(TIMES)],
    "words": [f"/events?text=report+{n}" for n in range(1000, 1005)],
    "page 1000": [f"/events?page={n}" for n in range(1000, 1005)],
    "timeline": [f"/timeline?until={day}" for day in DAYS],
    "network": [f"/network?until={day}" for day in DAYS],
    "map": [f"/map?until={day}" for day in DAYS],
}
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


def get(port: int, path: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    connection.request("GET", path, headers={"Accept": "text/html"})
    response = connection.getresponse()
    response.read()
    if response.status != 200:
        raise SystemExit(f"{path}: HTTP {response.status}")


def timed(run: Callable[[], object]) -> float:
    before = time.perf_counter()
    run()
    return 1000 * (time.perf_counter() - before)


def measure(ask: Callable[[str], object]) -> dict[str, float]:
    """Milliseconds by what is asked for: the median."""
    return {name: statistics.median(timed(lambda p=path: ask(p)) for path in paths) for name, paths in ASKED.items()}


def in_chromium(port: int) -> tuple[float, dict[str, float]]:
    """The first page of a new browser, and then each kind of page."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=list(FLAGS))
        page = browser.new_page()
        first = timed(lambda: page.goto(f"http://127.0.0.1:{port}/", wait_until="load"))
        found = measure(lambda path: page.goto(f"http://127.0.0.1:{port}{path}&_={time.time_ns()}", wait_until="load"))
        browser.close()
    return first, found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--store", type=Path, default=Path(tempfile.gettempdir()) / "kgload-many.db")
    parser.add_argument("--cache", type=Path, help="where columns are kept  [default: a new folder]")
    given = parser.parse_args()
    if not given.store.exists():
        print(f"making {given.events:,} events: {timed(lambda: fill(given.store, given.events)) / 1000:,.0f} s")
    cache = given.cache or Path(tempfile.mkdtemp())
    command = [sys.executable, "-m", "kgload.cli.main", "serve", "--store", str(given.store), "--port", "0"]
    for start in ("first start over this state", "next start"):
        begun = time.perf_counter()
        server = subprocess.Popen(
            command, stderr=subprocess.PIPE, text=True, env=os.environ | {"XDG_CACHE_HOME": str(cache)}
        )
        try:
            assert server.stderr
            found = re.search(r":(\d+)/ ", server.stderr.readline())
            if not found:
                raise SystemExit("it did not start")
            port = int(found[1])
            listens = time.perf_counter() - begun
            while not any(cache.rglob("columns")):
                time.sleep(0.5)
            print(f"{start}: listens after {listens:.1f} s, columns after {time.perf_counter() - begun:.1f} s")
            if start == "next start":
                ask = functools.partial(get, port)
                first, by_http = timed(functools.partial(ask, "/")), measure(ask)
                first_shown, shown = in_chromium(port)
                print(f"{'':18} {'HTTP':>9} {'Chromium':>9}")
                print(f"{'first page':18} {first:6.0f} ms {first_shown:6.0f} ms")
                for name in ASKED:
                    print(f"{name:18} {by_http[name]:6.0f} ms {shown[name]:6.0f} ms")
        finally:
            server.terminate()
            server.wait(60)
    load = os.getloadavg()[0]
    print(f"load of the machine: {load:.1f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
