"""Conversion on a Dask cluster: the same bytes, whoever of its workers dies."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from odd_extractor import articles, odd
from running import COMMAND, run, told

pytest.importorskip("distributed")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def cluster(env: dict[str, str], folder: Path, workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and workers as a user starts them, each a process of its own."""
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    quiet = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": os.environ | env}
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    options = ["--host", "127.0.0.1", "--port", str(port), "--dashboard-address", ":0", "--no-dashboard"]
    started = [subprocess.Popen([*dask, *options], **quiet)]  # type: ignore[call-overload]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny"]
    started += [subprocess.Popen([*worker, "--no-dashboard"], **quiet) for _ in range(workers)]  # type: ignore[call-overload]
    try:
        yield address, started[1:]
    finally:
        for process in started:
            process.kill()
            process.wait()


def test_workers_that_die_cost_nothing_and_the_bytes_are_those_of_one_machine(tmp_path: Path) -> None:
    env, log = odd(tmp_path), tmp_path / "log"
    special = {5: "exit now", 40: "fail now", 70: "", **dict.fromkeys(range(100, 200, 4), "They met; go slowly.")}
    source = articles(tmp_path / "in.jsonl", special, 200)
    options = ("--extractor", "odd", "--no-links", "--shard-size", "64")
    here = ("--shards", tmp_path / "here", "--failures", tmp_path / "here.jsonl", "--workers", 2)
    assert run("convert", source, *options, *here, env=env).returncode == 1
    with cluster({**env, "ODD_LOG": str(log)}, tmp_path, 3) as (address, workers):
        there = ("--shards", tmp_path / "there", "--failures", tmp_path / "there.jsonl")
        command = [*COMMAND, "convert", source, *options, *there, "--engine", "dask", "--scheduler", address]
        with subprocess.Popen([*map(str, command)], env=os.environ | env, stderr=subprocess.PIPE) as started:
            give_up = time.monotonic() + 90
            while not log.exists() or len(log.read_text().split()) < 20:
                assert time.monotonic() < give_up
                assert started.poll() is None, started.stderr and started.stderr.read()
                time.sleep(0.05)
            workers[0].send_signal(signal.SIGKILL)
            assert started.stderr is not None
            said = started.stderr.read().decode()
            assert started.wait() == 1, said
    assert "Traceback" not in said
    ours, theirs = ({p.name: p.read_bytes() for p in (tmp_path / name).iterdir()} for name in ("here", "there"))
    assert ours == theirs
    assert (tmp_path / "here.jsonl").read_bytes() == (tmp_path / "there.jsonl").read_bytes()
    rows = [json.loads(line) for line in (tmp_path / "there.jsonl").read_text().splitlines()]
    assert [(row["id"], row["code"]) for row in rows] == [("5", "KGL-902"), ("40", "KGL-701"), ("70", "KGL-106")]


def test_a_cluster_of_its_own_needs_no_address(tmp_path: Path) -> None:
    env, source = odd(tmp_path), articles(tmp_path / "in.jsonl", {}, 40)
    for engine in ("local", "dask"):
        options = ("--extractor", "odd", "--engine", engine, "--workers", 2, "-o", tmp_path / f"{engine}.nq")
        done = run("convert", source, *options, env=env)
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "local.nq").read_bytes() == (tmp_path / "dask.nq").read_bytes()


def test_what_a_cluster_cannot_do_is_one_line(tmp_path: Path) -> None:
    source = articles(tmp_path / "in.jsonl", {}, 2)
    assert told(run("convert", source, "--engine", "spark")) == "KGL-100"
    assert told(run("convert", source, "--scheduler", "tcp://127.0.0.1:1")) == "KGL-100"
    nowhere = ("--engine", "dask", "--scheduler", "nonsense://127.0.0.1")
    assert told(run("convert", source, *nowhere)) == "KGL-900"
    none_such = ("--engine", "dask", "--extractor", "none such", "--workers", 1)
    assert told(run("convert", source, *none_such)) == "KGL-701"
