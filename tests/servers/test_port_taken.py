"""A server is not said to run where another one answers."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest
import servers
from real_servers import running


def test_a_port_that_is_taken_is_told_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        command = [sys.executable, servers.__file__, "run", "oxigraph", str(tmp_path / "data"), "--port", port]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert port in done.stderr


def test_a_folder_has_one_server_at_a_time(tmp_path: Path) -> None:
    with running("oxigraph", tmp_path / "data") as server:
        command = [sys.executable, servers.__file__, "run", "oxigraph", str(tmp_path / "data")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 1
        assert done.stderr.startswith(f"a server runs on {tmp_path / 'data'} already")
        server.kill()
    with running("oxigraph", tmp_path / "data"):
        pass


def test_the_lock_of_a_virtuoso_that_was_killed_is_removed_and_no_other(tmp_path: Path) -> None:
    lock = tmp_path / "virtuoso.lck"
    sleeping = [sys.executable, "-c", "import time; print(flush=True); time.sleep(60)", "virtuoso-t"]
    with subprocess.Popen(sleeping, stdout=subprocess.PIPE) as process:
        # The system knows a process's command when it runs, a moment after it was started.
        assert process.stdout
        process.stdout.readline()
        lock.write_text(f"VIRT_PID={process.pid}\n", encoding="utf-8")
        with pytest.raises(RuntimeError, match="runs on"):
            servers._remove_left_lock(tmp_path)
        process.kill()
    servers._remove_left_lock(tmp_path)
    assert not lock.exists()
