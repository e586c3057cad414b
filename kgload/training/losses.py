"""What the network is told that it got wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from kgload.extraction.encoder.model import Settings
from kgload.training.batches import NEVER, Batch, choices, date_choices, force_tags, pairs
from kgload.training.gold import Example
from kgload.training.network import Network, Read, average


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part of the loss counts; ``optional`` is how much an optional event's arguments do."""

    trigger: float = 2.0
    tags: float = 4.0
    event: float = 1.0
    participant: float = 2.0
    role: float = 1.0
    status: float = 1.5
    mode: float = 0.5
    date: float = 1.0
    force: float = 8.0
    pair: float = 1.5
    optional: float = 0.3
    smoothing: float = 0.05


def read(network: Network, hidden: Tensor, batch: Batch) -> Read:
    """What the heads say of a batch of windows."""
    spans = batch.names[:, :3]
    return network.heads(  # type: ignore[no-any-return]
        hidden,
        batch.marks,
        average(hidden, spans),
        spans[:, 0],
        batch.names[:, 3],
        batch.names[:, 4],
        average(hidden, batch.dates),
        batch.dates[:, 0],
    )


def by_entity(said: Read, batch: Batch, sequences: int) -> Tensor:
    """Log-odds of the roles, [sequences, entities + 1, roles]: its best name speaks for an entity; "nobody" last."""
    count = len(batch.places)
    roles = said.roles.float()
    best = roles.new_full((count, roles.shape[1]), NEVER)
    best = best.scatter_reduce(0, batch.entities[:, None].expand(-1, roles.shape[1]), roles, "amax")
    width = int(batch.places[:, 1].max()) + 1 if count else 0
    table = roles.new_full((sequences, width, roles.shape[1]), NEVER)
    if count:
        table = table.index_put((batch.places[:, 0], batch.places[:, 1]), best)
    return torch.cat([table, said.nobody.float()[:, None]], 1)


def window_loss(
    network: Network, settings: Settings, weights: Weights, examples: Sequence[Example], batch: Batch, hidden: Tensor
) -> Tensor:
    """The loss over a batch of windows."""
    said = read(network, hidden, batch)
    events = [i for i, x in enumerate(examples) if x.labels]
    certain = [i for i, x in enumerate(examples) if not x.labels or not x.labels.optional]
    total = hidden.new_zeros((), dtype=torch.float32)
    if certain:
        real = torch.tensor([float(examples[i].labels is not None) for i in certain])
        total = total + weights.event * functional.binary_cross_entropy_with_logits(said.event.float()[certain], real)
    if not events:
        return total
    worth = torch.tensor([weights.optional if x.labels and x.labels.optional else 1.0 for x in examples])
    table = by_entity(said, batch, len(examples))
    total = total + weights.participant * _participants(table[:, :-1, 0], examples, worth)
    for number, role in enumerate(settings.roles[1:], start=1):
        rows, ignore, only = choices(examples, role, table.shape[1])
        if rows:
            loss = _one_of(table[rows, :, number] + ignore, only) * worth[rows]
            total = total + weights.role * loss.sum() / len(events)
    total = total + _attributes(said, settings, weights, examples, worth)
    width = 2 + max(len(x.surroundings.dates) for x in examples)
    rows, only = date_choices(examples, width)
    if rows:
        loss = _one_of(_dates(said, batch, len(examples), width)[rows], only) * worth[rows]
        total = total + weights.date * loss.mean()
    tagged = [(i, tags) for i in events if (tags := force_tags(examples[i]))]
    for i, tags in tagged:
        scores = said.force.float()[i, : len(tags)]
        loss = functional.binary_cross_entropy_with_logits(scores, torch.tensor(tags))
        total = total + weights.force * loss / len(events)
    rows_, numbers, same = pairs(examples)
    if len(rows_):
        judged = network.pairs(said.vector[rows_[:, 0]], said.vector[rows_[:, 1]], numbers).float()
        loss = functional.binary_cross_entropy_with_logits(judged, same)
        total = total + weights.pair * loss * min(1.0, len(rows_) / 4)
    return total


def tag_loss(scores: Tensor, tags: Tensor, weights: Weights) -> Tensor:
    """The loss of the tagger; tags of -1 do not count."""
    worth = torch.full((scores.shape[-1],), weights.trigger)
    worth[0] = 1.0
    return weights.tags * functional.cross_entropy(scores.flatten(0, 1).float(), tags.flatten(), worth, ignore_index=-1)


def _participants(scores: Tensor, examples: Sequence[Example], worth: Tensor) -> Tensor:
    labels = torch.full(scores.shape, -1.0)
    for row, example in enumerate(examples):
        if example.labels:
            labels[row, : len(example.labels.participants)] = torch.tensor(
                example.labels.participants, dtype=torch.float
            )
    told = labels >= 0
    loss = functional.binary_cross_entropy_with_logits(scores[told], labels[told], reduction="none")
    return (loss * worth[:, None].expand_as(labels)[told]).sum() / max(1, int(told.sum()))


def _attributes(said: Read, settings: Settings, weights: Weights, examples: Sequence[Example], worth: Tensor) -> Tensor:
    statuses = [(i, settings.statuses.index(x.labels.status)) for i, x in enumerate(examples)
                if x.labels and x.labels.status]  # fmt: skip
    modes = [(i, settings.modes.index(x.labels.mode)) for i, x in enumerate(examples)
             if x.labels and x.labels.mode is not None]  # fmt: skip
    total = said.status.new_zeros((), dtype=torch.float32)
    for scores, labelled, weight, smoothing in (
        (said.status, statuses, weights.status, weights.smoothing),
        (said.mode, modes, weights.mode, 0.0),
    ):
        if labelled:
            rows, labels = [row for row, _ in labelled], torch.tensor([label for _, label in labelled])
            loss = functional.cross_entropy(scores.float()[rows], labels, reduction="none", label_smoothing=smoothing)
            total = total + weight * (loss * worth[rows]).mean()
    return total


def _dates(said: Read, batch: Batch, sequences: int, width: int) -> Tensor:
    table = said.dates.new_full((sequences, width), NEVER, dtype=torch.float32)
    table = torch.cat([said.dates.float(), table[:, 2:]], 1)
    if not len(batch.dates):
        return table
    rows = batch.dates[:, 0]
    order = torch.arange(len(rows))
    first = torch.searchsorted(rows.contiguous(), rows.contiguous())
    return table.index_put((rows, 2 + order - first), said.said.float())


def _one_of(scores: Tensor, only: Tensor) -> Tensor:
    """Minus the log of the probability that one of the right choices is chosen."""
    return torch.logsumexp(scores, 1) - torch.logsumexp(scores + only, 1)
