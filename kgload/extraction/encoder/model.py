"""The trained model: what it was trained for, and its two networks, run one sequence at a time and in 32 bits.

A batch of one keeps every answer free of its neighbours, and arithmetic of 32 bits free of the processor: with 8 bits,
processors without instructions for them gave other events. One thread, no memory arena and no telemetry: kgload runs a
process a core.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kgload.errors import ExtractorError
from kgload.extraction.encoder.windows import Stretch, Widths, Window

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a model was trained for, and the thresholds that were chosen in cross-validation.

    ``types`` are event types in the order of the tags, ``kinds`` the kinds of candidates, ``roles`` those that the
    network scores for each candidate (``participant`` first; the others are filled by one candidate or none), and
    ``thresholds`` those of :mod:`kgload.extraction.encoder.events`.
    """

    types: tuple[str, ...]
    kinds: tuple[str, ...]
    roles: tuple[str, ...]
    statuses: tuple[str, ...]
    modes: tuple[str, ...]
    widths: Widths = field(default_factory=Widths)
    thresholds: dict[str, float] = field(default_factory=dict)
    name: str = ""


@dataclass(frozen=True, slots=True)
class Scores:
    """What the network says of one trigger; probabilities but for ``vector``, which serves to compare triggers.

    ``event`` is that of a real event. ``roles`` holds a row of the settings' roles for each candidate, as log-odds;
    ``nobody`` one of no candidate. ``dates`` is over: the publication date, none, each date expression. ``force``
    has one for each piece of the window.
    """

    event: float
    status: Floats
    mode: Floats
    roles: Floats
    nobody: Floats
    dates: Floats
    force: Floats
    vector: Floats


SLOWER_FUSED = ["SkipLayerNormFusion"]
"""Operators that ONNX Runtime 1.32 is faster without: fused, normalisation takes a quarter of all time."""


class Model:
    """A model's folder, opened: ``model.json``, ``vocab.txt``, ``encoder.onnx``, ``heads.onnx``, ``pairs.onnx``.

    Raises:
        ExtractorError: a file is missing or not what it should be.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._opening, self._opened = threading.Lock(), dict[str, Any]()
        try:
            raw = json.loads((folder / "model.json").read_text(encoding="utf-8"))
            self.settings = read_settings(raw)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ExtractorError(f"{folder} holds no model: {error}") from error

    @property
    def vocabulary(self) -> Path:
        """The file of the word pieces that go with the network."""
        return self.folder / "vocab.txt"

    def open(self) -> None:
        """Open the networks ahead of their first use. What is wrong with them is told when they are used."""
        with contextlib.suppress(ExtractorError):
            _ = self._encoder, self._heads, self._pairs

    def tags(self, stretch: Stretch) -> Floats:
        """Probability of each tag (no trigger, then the types) for each wanted piece of a stretch."""
        ids = np.asarray([stretch.ids], dtype=np.int64)
        _, tags = self._encoder.run(None, {"ids": ids, "segments": np.zeros_like(ids)})
        begin = 1 + stretch.wanted - stretch.first
        return softmax(tags[0, begin : begin + stretch.end - stretch.wanted])

    def read(
        self,
        window: Window,
        names: Sequence[tuple[int, int, int, int]],
        dates: Sequence[tuple[int, int]],
    ) -> Scores:
        """Read a trigger in its window.

        ``names`` are (begin, end, kind, side) with places in the sequence and numbers of kinds and
        sides of names; ``dates`` are (begin, end).
        """
        ids = np.asarray([window.ids], dtype=np.int64)
        segments = np.asarray([window.segments], dtype=np.int64)
        hidden, _ = self._encoder.run(None, {"ids": ids, "segments": segments})
        length = len(window.ids)
        # One idle row keeps the network's shapes from being empty.
        kinds = np.asarray([kind for *_, kind, _ in names] or [0], dtype=np.int64)
        sides = np.asarray([side for *_, side in names] or [0], dtype=np.int64)
        event, status, mode, nobody, pub, roles, said, force, vector = self._heads.run(
            None,
            {
                "hidden": hidden[0],
                "marks": np.asarray([window.opening, window.closing], dtype=np.int64),
                "names": _pool([(b, e) for b, e, *_ in names], length),
                "kinds": kinds,
                "sides": sides,
                "dates": _pool(dates, length),
            },
        )
        return Scores(
            event=float(sigmoid(event)[0]),
            status=softmax(status),
            mode=softmax(mode),
            roles=roles[: len(names)],
            nobody=nobody,
            dates=softmax(np.concatenate([pub, said[: len(dates)]])),
            force=sigmoid(force),
            vector=vector,
        )

    def same(self, left: Floats, right: Floats, features: Sequence[float]) -> float:
        """Probability that two triggers speak of one event."""
        (score,) = self._pairs.run(
            None, {"left": left, "right": right, "features": np.asarray(features, dtype=np.float32)}
        )
        return float(sigmoid(score)[0])

    @cached_property
    def _encoder(self) -> Any:
        return self._open("encoder.onnx")

    @cached_property
    def _heads(self) -> Any:
        return self._open("heads.onnx")

    @cached_property
    def _pairs(self) -> Any:
        return self._open("pairs.onnx")

    def _open(self, name: str) -> Any:
        with self._opening:
            if name not in self._opened:
                self._opened[name] = self._session(name)
            return self._opened[name]

    def _session(self, name: str) -> Any:
        import onnxruntime as ort

        ort.disable_telemetry_events()
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            return ort.InferenceSession(
                str(self.folder / name),
                options,
                providers=["CPUExecutionProvider"],
                disabled_optimizers=SLOWER_FUSED,
            )
        except Exception as error:
            raise ExtractorError(f"{name} of the model {self.folder.name} cannot be opened: {error}") from error


def read_settings(raw: dict[str, Any]) -> Settings:
    """The settings in a ``model.json``.

    Raises:
        KeyError, TypeError: it does not hold them.
    """
    lists = {key: tuple(str(x) for x in raw[key]) for key in ("types", "kinds", "roles", "statuses", "modes")}
    return Settings(
        **lists,
        widths=Widths(**raw["widths"]),
        thresholds={key: float(value) for key, value in raw["thresholds"].items()},
        name=str(raw["name"]),
    )


def softmax(scores: Floats) -> Floats:
    """Probabilities from log-odds, over the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return result


def sigmoid(scores: Floats) -> Floats:
    """Probabilities from log-odds, each by itself."""
    return (1 / (1 + np.exp(-scores))).astype(np.float32)


def _pool(spans: Sequence[tuple[int, int]], length: int) -> Floats:
    """A matrix that averages the vectors of each span."""
    matrix = np.zeros((max(len(spans), 1), length), dtype=np.float32)
    for row, (begin, end) in enumerate(spans):
        matrix[row, begin:end] = 1 / (end - begin)
    return matrix
