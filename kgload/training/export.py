"""A trained network as the files that run without torch: ONNX graphs, settings, vocabulary."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor, nn

from kgload.errors import ExtractorError
from kgload.extraction.encoder.model import Settings
from kgload.extraction.encoder.text import KINDS
from kgload.training.levels import cut
from kgload.training.network import FEATURES, WIDTH, Network

OPSET = 20
FREE = torch.export.Dim.DYNAMIC


class _Encoder(nn.Module):
    def __init__(self, network: Network) -> None:
        super().__init__()
        self.encoder, self.tagger = network.encoder, network.tagger

    def forward(self, ids: Tensor, segments: Tensor) -> tuple[Tensor, Tensor]:
        hidden = self.encoder(ids, segments)
        return hidden, self.tagger(hidden)


class _Heads(nn.Module):
    """The heads for one sequence, with names and dates as matrices that average their pieces."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.heads = network.heads

    def forward(
        self, hidden: Tensor, marks: Tensor, names: Tensor, kinds: Tensor, sides: Tensor, dates: Tensor
    ) -> tuple[Tensor, ...]:
        said = self.heads(
            hidden[None],
            marks[None],
            names @ hidden,
            torch.zeros_like(kinds),
            kinds,
            sides,
            dates @ hidden,
            torch.zeros_like(dates[:, 0], dtype=torch.long),
        )
        return (
            said.event, said.status[0], said.mode[0], said.nobody[0], said.dates[0],
            said.roles, said.said, said.force[0], said.vector[0],
        )  # fmt: skip


class _Pairs(nn.Module):
    def __init__(self, network: Network) -> None:
        super().__init__()
        self.pairs = network.pairs

    def forward(self, left: Tensor, right: Tensor, features: Tensor) -> Tensor:
        judged: Tensor = self.pairs(left[None], right[None], features[None])
        return judged


def export(
    network: Network, settings: Settings, vocabulary: Path, folder: Path, samples: Sequence[tuple[int, ...]]
) -> None:
    """Write a model's folder. Files that stand there are replaced. ``samples`` are sequences of pieces by which the
    encoder's matrices are evened out before they are cut to 8 bits. The encoder is nearly all of the size; the heads
    keep their 32 bits."""
    network = copy.deepcopy(network).eval()
    cut(network.encoder, samples)
    write(network, settings, vocabulary, folder)


def write(network: Network, settings: Settings, vocabulary: Path, folder: Path) -> None:
    """Write a network as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    ids = torch.randint(1000, 2000, (1, 24))
    pieces = {1: FREE}
    _write(
        _Encoder(network), (ids, torch.zeros_like(ids)), ["ids", "segments"], ["hidden", "tags"],
        (pieces, pieces), folder / "encoder.onnx",
    )  # fmt: skip
    _write(
        _Heads(network),
        (
            torch.randn(24, WIDTH), torch.tensor([2, 4]), torch.rand(3, 24), torch.tensor([0, 1, 2]),
            torch.tensor([0, 1, 2]), torch.rand(2, 24),
        ),
        ["hidden", "marks", "names", "kinds", "sides", "dates"],
        ["event", "status", "mode", "nobody", "dated", "roles", "said", "force", "vector"],
        ({0: FREE}, {}, {0: FREE, 1: FREE}, {0: FREE}, {0: FREE}, {0: FREE, 1: FREE}),
        folder / "heads.onnx",
    )  # fmt: skip
    _write(
        _Pairs(network), (torch.randn(WIDTH), torch.randn(WIDTH), torch.randn(FEATURES)),
        ["left", "right", "features"], ["same"], ({}, {}, {}), folder / "pairs.onnx",
    )  # fmt: skip
    shutil.copyfile(vocabulary, folder / "vocab.txt")
    (folder / "model.json").write_text(
        json.dumps(asdict(settings), indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )


def settings_for(types: tuple[str, ...], single: tuple[str, ...], statuses: tuple[str, ...], modes: tuple[str, ...],
                 name: str) -> Settings:  # fmt: skip
    """Settings of a model that is to be trained."""
    return Settings(
        types=types, kinds=KINDS, roles=("participant", *single), statuses=statuses, modes=("", *modes), name=name
    )


def _write(
    module: nn.Module,
    example: tuple[Tensor, ...],
    inputs: list[str],
    outputs: list[str],
    free: tuple[dict[int, object], ...],
    path: Path,
) -> None:
    program = torch.onnx.export(
        module.eval(), example, dynamo=True, input_names=inputs, output_names=outputs,
        dynamic_shapes=free, opset_version=OPSET, verbose=False,
    )  # fmt: skip
    if program is None:
        raise ExtractorError(f"torch exported no {path.name}")
    program.save(str(path), external_data=False)
    _strip(path)


def _strip(path: Path) -> None:
    """Take out what the exporter notes beside the graph: the files and lines that each node came from."""
    import onnx

    model = onnx.load(str(path))
    for noted in (model, model.graph, *model.graph.node, *model.graph.value_info):
        del noted.metadata_props[:]
        noted.doc_string = ""
    onnx.save(model, str(path))
