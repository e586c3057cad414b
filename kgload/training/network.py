"""The network: a six-layer BERT with a tagger of triggers and heads that read one trigger in its window.

The base weights are those of ``all-MiniLM-L6-v2`` (22 M parameters, Apache-2.0): ``model.safetensors`` as published.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

WIDTH, LAYERS, HEADS, INNER, VOCABULARY, POSITIONS = 384, 6, 12, 1536, 30522, 512
NAMES = {
    "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
    "mix": "attention.output.dense", "norm": "attention.output.LayerNorm",
    "widen": "intermediate.dense", "narrow": "output.dense", "last": "output.LayerNorm",
}  # fmt: skip
"""Parts of a layer here and in the published weights."""


def drop(x: Tensor, share: float, training: bool) -> Tensor:
    """Dropout of whole channels of a sequence: as good as of single values, and much faster without a GPU."""
    if not training or share == 0:
        return x
    kept = torch.rand(x.shape[0], 1, x.shape[2]) > share
    return x * (kept.to(x.dtype) / (1 - share))


class Layer(nn.Module):
    """A transformer layer, normalised after each half as BERT is."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.query, self.key, self.value, self.mix = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.norm, self.last = nn.LayerNorm(WIDTH, 1e-12), nn.LayerNorm(WIDTH, 1e-12)
        self.widen, self.narrow = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.dropout = dropout

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """[batch, length, width] in and out."""

        def split(y: Tensor) -> Tensor:
            return y.unflatten(-1, (HEADS, WIDTH // HEADS)).transpose(1, 2)

        query, key, value = split(self.query(x)), split(self.key(x)), split(self.value(x))
        heard = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        mixed = self.mix(heard.transpose(1, 2).flatten(2))
        x = self.norm(x + drop(mixed, self.dropout, self.training))
        inner = self.narrow(functional.gelu(self.widen(x)))
        return self.last(x + drop(inner, self.dropout, self.training))  # type: ignore[no-any-return]


class Encoder(nn.Module):
    """BERT: word pieces in, a vector each out."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.word = nn.Embedding(VOCABULARY, WIDTH)
        self.position = nn.Embedding(POSITIONS, WIDTH)
        self.segment = nn.Embedding(2, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, 1e-12)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))
        self.dropout = dropout

    def forward(self, ids: Tensor, segments: Tensor, mask: Tensor | None = None) -> Tensor:
        """[batch, length] of pieces and segments, and which of them count, to [batch, length, width]."""
        places = torch.arange(ids.shape[1], device=ids.device)
        x = self.norm(self.word(ids) + self.position(places)[None] + self.segment(segments))
        x = drop(x, self.dropout, self.training)
        wide = None if mask is None else mask[:, None, None, :]
        for layer in self.layers:
            x = layer(x, wide)
        return x

    def load_base(self, path: Path) -> None:
        """Take the base weights from a published ``model.safetensors``."""
        from safetensors.torch import load_file

        theirs = load_file(str(path))
        ours = {
            "word.weight": theirs["embeddings.word_embeddings.weight"],
            "position.weight": theirs["embeddings.position_embeddings.weight"],
            "segment.weight": theirs["embeddings.token_type_embeddings.weight"],
            "norm.weight": theirs["embeddings.LayerNorm.weight"],
            "norm.bias": theirs["embeddings.LayerNorm.bias"],
        }
        for layer in range(LAYERS):
            for here, there in NAMES.items():
                for part in ("weight", "bias"):
                    ours[f"layers.{layer}.{here}.{part}"] = theirs[f"encoder.layer.{layer}.{there}.{part}"]
        self.load_state_dict(ours)


@dataclass(frozen=True, slots=True)
class Shape:
    """How many types, kinds and sides of names, roles (without ``participant``), statuses and modes there are."""

    types: int
    kinds: int
    sides: int
    roles: int
    statuses: int
    modes: int


@dataclass(frozen=True, slots=True)
class Read:
    """Log-odds of what the heads say. ``roles`` and ``said`` have a row for each name and each expression of a date;
    ``nobody`` and ``dates`` (publication date, none) one for each trigger, ``force`` one for each piece."""

    event: Tensor
    status: Tensor
    mode: Tensor
    nobody: Tensor
    dates: Tensor
    roles: Tensor
    said: Tensor
    force: Tensor
    vector: Tensor


def _head(inputs: int, hidden: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Dropout(0.2), nn.Linear(inputs, hidden), nn.GELU(), nn.Dropout(0.2), nn.Linear(hidden, outputs)
    )


class Heads(nn.Module):
    """Read a trigger: is it an event, who takes which part, its status, mode and date."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.trigger = nn.Linear(2 * WIDTH, WIDTH)
        self.kind, self.side = nn.Embedding(shape.kinds, 32), nn.Embedding(shape.sides, 16)
        self.name, self.expression = nn.Linear(WIDTH + 48, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.role, self.nobody = _head(3 * WIDTH, 192, 1 + shape.roles), _head(WIDTH, 128, 1 + shape.roles)
        self.event, self.status = _head(WIDTH, 128, 1), _head(WIDTH, 128, shape.statuses)
        self.mode = _head(WIDTH, 128, shape.modes)
        self.dates, self.said = _head(WIDTH, 128, 2), _head(3 * WIDTH, 128, 1)
        self.force = nn.Sequential(nn.Dropout(0.1), nn.Linear(2 * WIDTH, 1))

    def forward(
        self,
        hidden: Tensor,
        marks: Tensor,
        names: Tensor,
        name_rows: Tensor,
        kinds: Tensor,
        sides: Tensor,
        dates: Tensor,
        date_rows: Tensor,
    ) -> Read:
        """``hidden`` [batch, length, width]; ``marks`` [batch, 2] places of the markers; ``names`` and ``dates``
        [any, width] averaged vectors of spans, ``name_rows`` and ``date_rows`` which sequence each is of."""
        rows = torch.arange(hidden.shape[0], device=hidden.device)
        ends = torch.cat([hidden[rows, marks[:, 0]], hidden[rows, marks[:, 1]]], -1)
        trigger = functional.gelu(self.trigger(ends))
        name = functional.gelu(self.name(torch.cat([names, self.kind(kinds), self.side(sides)], -1)))
        said = functional.gelu(self.expression(dates))
        at_name, at_date = trigger[name_rows], trigger[date_rows]
        each = trigger[:, None].expand(-1, hidden.shape[1], -1)
        return Read(
            event=self.event(trigger)[:, 0],
            status=self.status(trigger),
            mode=self.mode(trigger),
            nobody=self.nobody(trigger),
            dates=self.dates(trigger),
            roles=self.role(torch.cat([name, at_name, name * at_name], -1)),
            said=self.said(torch.cat([said, at_date, said * at_date], -1))[:, 0],
            force=self.force(torch.cat([hidden, each], -1))[..., 0],
            vector=trigger,
        )


FEATURES = 4
"""Numbers that say how two triggers stand to each other: see ``kgload.extraction.encoder.merging``."""


class Pairs(nn.Module):
    """Do two triggers, given by their vectors, speak of one event?"""

    def __init__(self) -> None:
        super().__init__()
        self.narrow = nn.Linear(WIDTH, 128)
        self.judge = nn.Sequential(nn.Dropout(0.1), nn.Linear(256 + FEATURES, 64), nn.GELU(), nn.Linear(64, 1))

    def forward(self, left: Tensor, right: Tensor, features: Tensor) -> Tensor:
        """[any, width] twice and [any, FEATURES] to [any] log-odds."""
        a, b = self.narrow(left), self.narrow(right)
        judged: Tensor = self.judge(torch.cat([(a - b).abs(), a * b, features], -1))
        return judged[:, 0]


class Network(nn.Module):
    """All parts together."""

    def __init__(self, shape: Shape, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = Encoder(dropout)
        self.tagger = nn.Sequential(nn.Dropout(0.1), nn.Linear(WIDTH, 1 + shape.types))
        self.heads = Heads(shape)
        self.pairs = Pairs()


def average(hidden: Tensor, spans: Tensor) -> Tensor:
    """Average vectors of spans, given as rows of (sequence, begin, end)."""
    sums = functional.pad(hidden.float().cumsum(1), (0, 0, 1, 0))
    row, begin, end = spans.unbind(1)
    return ((sums[row, end] - sums[row, begin]) / (end - begin)[:, None]).to(hidden.dtype)
