"""Real servers for tests: started on free ports, stopped by their process, and a user who may write to them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from servers import KINDS, Missing, Server, free_port

# Where all of them are to be had, one that is missing is a failure; elsewhere it is a skip that says so.
REQUIRED = os.environ.get("CI", "") not in ("", "0", "false") or os.environ.get("KGLOAD_REQUIRE_SERVERS") == "1"
# Passwords with what ends a field, a header or a quoted string elsewhere; each without the quotes that the program
# which stores it trips over: Fuseki's file has no " and Virtuoso's option no '.
OPTIONS = {"fuseki": {"password": "pä'ss: wörd}#%41@&"}, "virtuoso": {"password": 'o"d d: ä#%41'}}


@contextmanager
def running(kind: str, folder: Path) -> Iterator[Server]:
    """A server of a kind with its data in a folder, for as long as the block runs."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        server = KINDS[kind](folder, free_port(), **OPTIONS.get(kind, {}))
    except Missing as missing:
        if REQUIRED:
            pytest.fail(f"{kind} is needed here: {missing}")
        pytest.skip(f"no {kind}: {missing}")
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def signed(server: Server) -> Iterator[None]:
    """The environment of a user who may write to the server, and no netrc beside."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NETRC", os.devnull)
        for name in ("KGLOAD_USER", "KGLOAD_PASSWORD", "KGLOAD_TOKEN"):
            patch.delenv(name, raising=False)
        if server.user:
            patch.setenv("KGLOAD_USER", server.user)
            patch.setenv("KGLOAD_PASSWORD", server.password)
        yield
