"""One real server after the other: each test here runs against all of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from real_servers import running, signed
from servers import KINDS, Server


@pytest.fixture(scope="session", params=sorted(KINDS))
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    kind: str = request.param
    with running(kind, tmp_path_factory.mktemp(kind)) as started:
        yield started


@pytest.fixture(autouse=True)
def user(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each test runs as the server's user."""
    if "server" not in request.fixturenames:
        yield
        return
    with signed(request.getfixturevalue("server")):
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.servers)
