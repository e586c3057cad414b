"""The main job on the sample articles: articles in, a graph out, loaded and asked; the same bytes in every process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import kgload

EXAMPLES = Path(__file__).parents[1] / "examples" / "articles"


def test_articles_go_through_the_library_down_to_answers(tmp_path: Path) -> None:
    documents = list(kgload.extract(kgload.read([EXAMPLES])))
    assert len(documents) == 7
    assert sum(len(document.events) for document in documents) > 10
    assert kgload.convert([EXAMPLES], tmp_path / "news.nq.gz") == 7
    kgload.load([tmp_path / "news.nq.gz"], store=tmp_path / "db")
    assert kgload.query("meetings-of", name="Trump", store=tmp_path / "db").rows


def test_another_process_with_another_hash_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    for name, seed in (("one.trig", "0"), ("two.trig", "7")):
        code = f"import kgload; kgload.convert([{str(EXAMPLES)!r}], {str(tmp_path / name)!r})"
        subprocess.run([sys.executable, "-c", code], check=True, env=os.environ | {"PYTHONHASHSEED": seed})
    assert (tmp_path / "one.trig").read_bytes() == (tmp_path / "two.trig").read_bytes()
