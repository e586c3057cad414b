"""What tests of several folders share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from real_servers import running

# A busy machine is slow in making examples, too; how fast a test is decides nothing here.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(scope="session")
def oxigraph_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an Oxigraph server with an empty store, for the whole session."""
    with running("oxigraph", tmp_path_factory.mktemp("oxigraph")) as server:
        yield server.url
