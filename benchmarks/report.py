"""The report of very many invented events in Chromium: when the first view is drawn, how long a filter takes, its size.

    python benchmarks/report.py [--events N] [--store STORE] [--report FILE] [--rounds N]

Times are milliseconds: of the first view from the beginning of the navigation, of a filter from the event until the
next picture stands on the screen, the wait after a letter of a search included. The median and the worst of the rounds;
and what the page's thread took of the processor, which other work on the machine changes less.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from browser import browsing
from many_events import fill

from kgload.stores import open_store
from kgload.views.exporting import ReportFormat, export
from kgload.views.filters import Filters

DRAWN = """
const frame = () => new Promise(done => requestAnimationFrame(done));
const drawn = async from => { await frame(); await frame(); return performance.now() - from; };
const timed = act => { const from = performance.now(); act(); return drawn(from); };
const put = async (selector, value) => {
  const [box, from, before] = [document.querySelector(selector), performance.now(), location.hash];
  box.value = value;
  for (const kind of ['input', 'change']) box.dispatchEvent(new Event(kind, {bubbles: true}));
  while (location.hash === before) await new Promise(done => setTimeout(done, 1));
  return drawn(from);
};
const click = selector => {
  const found = document.querySelector(selector);
  return timed(() => found.dispatchEvent(new MouseEvent('click', {bubbles: true})));
};
const check = name => click(`label.check[data-name="${name}"] input`);
"""
# What a reader does, one after the other; each begins where everything is shown.
ACTS = {
    "type": "await check('Meeting')",
    "status": "await check('Planned')",
    "a party": "await click('#network .pick')",
    "a place": "await click('#map .pick')",
    "a bar of the timeline": "await click('#timeline .pick:nth-of-type(20)')",
    "dates": "await put('#from', '2020-01-01')",
    "a search": "await put('#q', 'russia')",
    "confidence": "await put('#confidence', '80')",
    "sorting": "await click('#table th.who button')",
    "another page": "await click('.pager button:nth-of-type(3)')",
}


def measured(browser: Any, path: Path) -> dict[str, tuple[float, float]]:
    """Milliseconds of the first view and of each act: on the clock, and of the page's own thread."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True).new_page()
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")

    def busy() -> float:
        found = session.send("Performance.getMetrics")["metrics"]
        return 1000 * next(float(each["value"]) for each in found if each["name"] == "ThreadTime")

    before = busy()
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-ready]")
    page.wait_for_timeout(500)
    begun = page.evaluate("() => performance.getEntriesByName('drawn')[0].startTime")
    found = {"first view": (begun, busy() - before)}
    for name, act in ACTS.items():
        before = busy()
        took = page.evaluate(f"async () => {{ {DRAWN} return {act}; }}")
        found[name] = (took, busy() - before)
        page.evaluate("() => [...document.querySelectorAll('.chosen-chips .chip')].at(-1)?.click()")
        page.wait_for_timeout(300)
    page.context.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--store", type=Path, help="one that many_events.py has filled")
    parser.add_argument("--report", type=Path, help="one that was made before")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        path = given.report or Path(made) / "report.html"
        if not given.report:
            store = given.store or Path(made) / "store"
            if not given.store:
                fill(store, given.events)
            begun = time.monotonic()
            with open_store(store, read_only=True) as opened:
                done = export(opened, Filters(), ReportFormat.HTML, path)
            took = time.monotonic() - begun
            print(f"{done.events:,} events, {done.without_evidence:,} without their sentences, made in {took:.0f} s")
        with browsing() as browser:
            rounds = [measured(browser, path.resolve()) for _ in range(given.rounds)]
        print(f"{path.stat().st_size / 1e6:.1f} MB; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors\n")
        print("| | median, ms | worst, ms | processor, median, ms |\n| --- | --- | --- | --- |")
        for name in rounds[0]:
            clock, processor = ([each[name][n] for each in rounds] for n in (0, 1))
            print(
                f"| {name} | {statistics.median(clock):.0f} | {max(clock):.0f} | {statistics.median(processor):.0f} |"
            )


if __name__ == "__main__":
    main()
