"""A store with the invented wire, and the web server over it, for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from web_server import Web, web
from wire import wire

from kgload import library


@pytest.fixture(scope="session")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served")
    library.write(wire(), folder / "wire.nq")
    library.load([folder / "wire.nq"], store=folder / "news.db")
    return folder / "news.db"


@pytest.fixture(scope="session")
def served(stored: Path) -> Iterator[Web]:
    with web("--store", stored) as started:
        yield started
