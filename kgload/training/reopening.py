"""A model's folder as a network that can learn further: levels multiplied out, everything else as it stands."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from kgload.errors import ExtractorError
from kgload.training.network import LAYERS, WIDTH, Network, Shape

JOINED = ("query", "key", "value")
MATRICES = ("mix", "widen", "narrow")
FORCE = "heads.force.1.weight"


def reopened(folder: Path, shape: Shape, dropout: float = 0.1) -> Network:
    """The network of a model that :mod:`kgload.training.export` wrote.

    Raises:
        ExtractorError: it holds no such network, or one of another shape.
    """
    try:
        encoder, heads, pairs = (_Graph(folder / f"{name}.onnx") for name in ("encoder", "heads", "pairs"))
        numbers = encoder.numbers | heads.numbers | pairs.numbers
        state = {name: value for name, value in numbers.items() if _is_own(name)}
        for number in range(LAYERS):
            state |= _layer(encoder, f"encoder.layers.{number}.")
        state["encoder.word.weight"] = numbers["encoder.word.levels"].float() * numbers["encoder.word.scale"]
        # The exporter turns the matrices of linear layers that it multiplies by itself, and gives them other names.
        state["tagger.1.weight"] = encoder.turned((WIDTH, 1 + shape.types))
        state[FORCE] = heads.turned((2 * WIDTH, 1))
        network = Network(shape, dropout)
        network.load_state_dict(state)
    except (OSError, KeyError, ValueError, RuntimeError) as error:
        raise ExtractorError(f"{folder} holds no network that training can go on from: {error}") from error
    return network


class _Graph:
    """An ONNX graph's tensors by name, and which nodes make and take what."""

    def __init__(self, path: Path) -> None:
        import onnx
        from google.protobuf.message import DecodeError
        from onnx import numpy_helper

        try:
            graph = onnx.load(str(path)).graph
        except DecodeError as error:
            raise ValueError(f"{path.name} is no ONNX graph") from error
        self.numbers = {one.name: torch.tensor(numpy_helper.to_array(one).copy()) for one in graph.initializer}
        self._makes = {name: node for node in graph.node for name in node.output}
        self._takes = {name: node for node in graph.node for name in node.input}

    def matrix(self, name: str) -> tuple[Tensor, Tensor]:
        """A linear layer's weight [out, in] and bias [out].

        Scales are found by what they are multiplied with: those that are equal in several layers stand there once,
        under the name of one of them.
        """
        scaled = self._takes[self._takes[f"{name}.levels"].output[0]]
        times = self._takes[scaled.output[0]]
        outputs, inputs = self._scale(list(scaled.input)), self._scale(list(self._makes[times.input[0]].input))
        levels = self.numbers[f"{name}.levels"].float()
        return (levels * inputs[:, None] * outputs).T.contiguous(), self.numbers[f"{name}.bias"]

    def _scale(self, inputs: list[str]) -> Tensor:
        (scale,) = [self.numbers[name] for name in inputs if name in self.numbers]
        return scale

    def turned(self, shape: tuple[int, int]) -> Tensor:
        """The one nameless matrix of this shape, turned."""
        (found,) = [one for name, one in self.numbers.items() if name.startswith("val_") and tuple(one.shape) == shape]
        return found.T.contiguous()


def _is_own(name: str) -> bool:
    """Whether a tensor is the network's under its own name; matrices of the encoder are not, they are levels."""
    return name.startswith(("encoder.position", "encoder.segment", "encoder.norm", "tagger.", "heads.", "pairs."))


def _layer(encoder: _Graph, prefix: str) -> dict[str, Tensor]:
    state = {f"{prefix}{norm}.{part}": encoder.numbers[f"{prefix}{norm}.{part}"]
             for norm in ("norm", "last") for part in ("weight", "bias")}  # fmt: skip
    weight, bias = encoder.matrix(f"{prefix}joined")
    for name, rows, shifts in zip(JOINED, weight.split(WIDTH), bias.split(WIDTH), strict=True):
        state |= {f"{prefix}{name}.weight": rows, f"{prefix}{name}.bias": shifts}
    for name in MATRICES:
        weight, bias = encoder.matrix(f"{prefix}{name}")
        state |= {f"{prefix}{name}.weight": weight, f"{prefix}{name}.bias": bias}
    return state
