"""An encoder's matrices cut to 8 bits: a quarter of the file, and nothing of the answers.

The network computes in 32 bits. Arithmetic of 8 bits would be faster on processors that have instructions for it, but
its products overflow on those that have not (ONNX Runtime saturates them at 16 bits with AVX2), so that the same text
gave other events on another machine. Weights are therefore kept as levels with their scales and multiplied out when the
model is opened.

A weight's scale is that of its input and of its output. Inputs are evened out first, by how large they are (Lin et al.
2024, "AWQ"): what is multiplied by large numbers is rounded finer.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from kgload.training.network import HEADS, WIDTH, Encoder, Layer

BALANCE = 0.5
"""How much of the unevenness of inputs the weights take over."""
SMALLEST = 1e-6
LEVELS = 127


class Words(nn.Module):
    """An embedding in 8 bits, a scale for each row."""

    def __init__(self, words: nn.Embedding) -> None:
        super().__init__()
        weight = words.weight.detach()
        scale = weight.abs().amax(1, keepdim=True).clamp(min=SMALLEST) / LEVELS
        self.levels = nn.Buffer(torch.round(weight / scale).to(torch.int8))
        self.scale = nn.Buffer(scale)

    def forward(self, ids: Tensor) -> Tensor:
        """Nearly the same as the embedding before."""
        levels, scale = functional.embedding(ids, self.levels), functional.embedding(ids, self.scale)
        return levels.float() * scale


class Levelled(nn.Module):
    """Linear layers of one input, their weights in 8 bits: ``levels`` [in, out], ``outputs`` [out], ``inputs`` [in]."""

    def __init__(self, linears: Sequence[nn.Linear], inputs: Tensor) -> None:
        """``inputs`` [in] are the largest numbers that come in."""
        super().__init__()
        weight = torch.cat([linear.weight.detach() for linear in linears]).T
        evened = inputs.clamp(min=1e-4) ** BALANCE / weight.abs().amax(1).clamp(min=1e-4) ** (1 - BALANCE)
        evened = evened / evened.log().mean().exp()
        weight = weight * evened[:, None]
        outputs = weight.abs().amax(0).clamp(min=SMALLEST) / LEVELS
        self.levels = nn.Buffer(torch.round(weight / outputs).to(torch.int8))
        self.inputs, self.outputs = nn.Buffer(1 / evened), nn.Buffer(outputs)
        self.bias = nn.Parameter(torch.cat([linear.bias.detach() for linear in linears]))

    def forward(self, x: Tensor) -> Tensor:
        """[…, in] to […, out], nearly the same as the layers before, one after the other."""
        return (x * self.inputs) @ (self.levels.float() * self.outputs) + self.bias


class LevelledLayer(nn.Module):
    """A transformer layer for one sequence, its matrices in 8 bits."""

    def __init__(self, layer: Layer, inputs: dict[nn.Module, Tensor]) -> None:
        super().__init__()
        self.joined = Levelled((layer.query, layer.key, layer.value), inputs[layer.query])
        self.mix, self.widen, self.narrow = (
            Levelled((linear,), inputs[linear]) for linear in (layer.mix, layer.widen, layer.narrow)
        )
        self.norm, self.last = layer.norm, layer.last

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """[1, length, width] in and out."""
        query, key, value = (y.unflatten(-1, (HEADS, WIDTH // HEADS)).transpose(1, 2)
                             for y in self.joined(x).split(WIDTH, -1))  # fmt: skip
        heard = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        x = self.norm(x + self.mix(heard.transpose(1, 2).flatten(2)))
        y: Tensor = self.last(x + self.narrow(functional.gelu(self.widen(x))))
        return y


@torch.inference_mode()
def cut(encoder: Encoder, sequences: Sequence[tuple[int, ...]]) -> None:
    """Cut an encoder's words and matrices to 8 bits, by the inputs that they have in some sequences of pieces."""
    largest: dict[nn.Module, Tensor] = {}

    def watch(module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        found = inputs[0].abs().flatten(0, -2).amax(0)
        largest[module] = torch.maximum(largest[module], found) if module in largest else found

    layers: list[Layer] = list(encoder.layers)  # type: ignore[arg-type]
    watched = [part for layer in layers for part in (layer.query, layer.mix, layer.widen, layer.narrow)]
    hooks = [linear.register_forward_pre_hook(watch) for linear in watched]
    for ids in sequences:
        row = torch.tensor([ids])
        encoder(row, torch.zeros_like(row))
    for hook in hooks:
        hook.remove()
    encoder.layers = nn.ModuleList(LevelledLayer(layer, largest) for layer in layers)
    encoder.word = Words(encoder.word)
