"""The pictures of the README and the docs, from the sample articles: `python scripts/screenshots.py` (needs Chromium).

They are taken of a report that is made anew, at a desk's width and at a phone's.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from browser import SIZES, browsing

from kgload import library
from kgload.asking import opened
from kgload.views.exporting import ReportFormat, export
from kgload.views.filters import Filters

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
# Name, size, colours, and what is chosen.
SHOTS = (
    ("report", "desk", "light", ""),
    ("report-phone", "phone", "dark", ""),
)
LARGEST = 200_000


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, browsing() as browser:
        graph, page_path = Path(folder) / "news.trig", Path(folder) / "report.html"
        library.convert([ROOT / "examples" / "articles"], graph)
        with opened(None, None, graph) as store:
            export(store, Filters(), ReportFormat.HTML, page_path)
        for name, size, scheme, fragment in SHOTS:
            page = browser.new_context(viewport=SIZES[size], color_scheme=scheme, offline=True).new_page()
            page.goto(page_path.as_uri() + fragment)
            page.wait_for_selector("html[data-ready]")
            path = IMAGES / f"{name}.png"
            page.screenshot(path=path)
            print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1000:.0f} kB")
            if path.stat().st_size > LARGEST:
                sys.exit(f"{path.name} is too large")


if __name__ == "__main__":
    main()
