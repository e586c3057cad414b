"""A shipped model goes on learning from what it is: reopened, it says what its files say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kgload import data
from kgload.errors import ExtractorError
from kgload.extraction.encoder.model import Model
from kgload.extraction.encoder.windows import Stretch, Window

pytest.importorskip("torch", reason="torch comes with kgload[train] only")
pytest.importorskip("onnx", reason="onnx comes with kgload[train] only")

PIECES = tuple(range(2000, 2050))


def test_a_reopened_network_says_what_the_model_says() -> None:
    from kgload.training.reopening import reopened
    from kgload.training.running import Running
    from kgload.training.train import shape_of

    model = Model(data.path("model"))
    running = Running(reopened(model.folder, shape_of(model.settings)), model.settings)
    stretch = Stretch((101, *PIECES, 102), 0, 0, len(PIECES))
    assert np.allclose(model.tags(stretch), running.tags(stretch), atol=1e-4)
    window = Window((101, 1, *PIECES, 2, 102), (0,) * 54, 1, 52, {}, 0, 0, 0, 0)
    ours, theirs = (one.read(window, [(3, 5, 1, 0), (8, 9, 2, 1)], [(10, 12)]) for one in (running, model))
    for part in ("event", "status", "mode", "roles", "nobody", "dates", "force", "vector"):
        assert np.allclose(getattr(ours, part), getattr(theirs, part), atol=1e-3), part
    features = [1.0, 0.0, 0.0, 1.0]
    same = model.same(theirs.vector, theirs.vector, features)
    assert running.same(ours.vector, ours.vector, features) == pytest.approx(same, abs=1e-4)


@pytest.mark.parametrize("broken", ["missing", "no graph"])
def test_a_folder_without_a_network_is_told(tmp_path: Path, broken: str) -> None:
    from kgload.training.reopening import reopened
    from kgload.training.train import shape_of

    if broken == "no graph":
        for name in ("encoder", "heads", "pairs"):
            (tmp_path / f"{name}.onnx").write_bytes(b"no graph at all")
    with pytest.raises(ExtractorError, match="no network"):
        reopened(tmp_path, shape_of(Model(data.path("model")).settings))
