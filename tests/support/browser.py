"""Debian's Chromium, driven by Playwright: a new profile each, no network of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
SIZES = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}


def chromium() -> str:
    """The path of Chromium; without one the test is skipped, but where ``KGLOAD_REQUIRE_BROWSER`` is set."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        if os.environ.get("KGLOAD_REQUIRE_BROWSER"):
            pytest.fail("there is no Chromium; `apt-get install chromium` brings it")
        pytest.skip("there is no Chromium; `apt-get install chromium` brings it")
    return found


@contextlib.contextmanager
def browsing() -> Iterator[Any]:
    """A browser with a profile of its own, to be asked for pages by ``new_context``."""
    from playwright.sync_api import sync_playwright

    path = chromium()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def violations(page: Any) -> list[str]:
    """What axe finds wrong with a page: rule, and the elements that break it."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed; `make web` brings it")
    # Through the debugger, as the page's own policy lets no script in.
    page.evaluate(AXE.read_text("utf-8") + "; undefined")
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{each['id']}: {node['html'][:160]}" for each in found["violations"] for node in each["nodes"]]
