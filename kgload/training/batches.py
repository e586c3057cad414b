"""Examples as tensors: sequences of like length together, a document's triggers in one batch."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor

from kgload.extraction.encoder.merging import Stand, features
from kgload.extraction.encoder.windows import Stretch
from kgload.training.gold import Example

LARGEST_GROUP = 12
"""Triggers of a document that are kept together; of more than these, pairs are learned within each part."""
NEVER = -1e4
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Tagged:
    """A stretch of a text with a tag for each of its sequence's pieces, -1 where nothing is to be learned."""

    stretch: Stretch
    tags: tuple[int, ...]


def group(examples: Sequence[Example], tokens: int, shuffle: random.Random) -> list[list[Example]]:
    """Batches of about ``tokens`` pieces each, in random order."""
    by_text: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        by_text[example.text.article.id].append(example)
    parts = [g[i : i + LARGEST_GROUP] for g in by_text.values() for i in range(0, len(g), LARGEST_GROUP)]
    return _packed(parts, [max(len(x.surroundings.window.ids) for x in part) for part in parts], tokens, shuffle)


def group_tagged(stretches: Sequence[Tagged], tokens: int, shuffle: random.Random) -> list[list[Tagged]]:
    """Batches of stretches, likewise."""
    return _packed([[x] for x in stretches], [len(x.tags) for x in stretches], tokens, shuffle)


def _packed(parts: list[list[T]], lengths: list[int], tokens: int, shuffle: random.Random) -> list[list[T]]:
    order = sorted(range(len(parts)), key=lambda i: lengths[i] + shuffle.random() * 16)
    batches: list[list[T]] = []
    longest = 0
    for i in order:
        longest = max(longest, lengths[i])
        if batches and longest * (len(batches[-1]) + len(parts[i])) <= tokens:
            batches[-1] += parts[i]
        else:
            batches.append(list(parts[i]))
            longest = lengths[i]
    shuffle.shuffle(batches)
    return batches


def sequences(ids: Sequence[tuple[int, ...]], segments: Sequence[tuple[int, ...]]) -> tuple[Tensor, Tensor, Tensor]:
    """Padded pieces, segments and mask, each [batch, length]."""
    longest = max(map(len, ids))
    padded = torch.zeros(2, len(ids), longest, dtype=torch.long)
    mask = torch.zeros(len(ids), longest, dtype=torch.bool)
    for row, (one, segment) in enumerate(zip(ids, segments, strict=True)):
        padded[0, row, : len(one)] = torch.tensor(one)
        padded[1, row, : len(one)] = torch.tensor(segment)
        mask[row, : len(one)] = True
    return padded[0], padded[1], mask


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows as tensors.

    ``names`` are rows of (sequence, begin, end, kind, side), ``entities`` which entity of the batch each names and
    ``places`` (sequence, number) of each entity; ``dates`` rows of (sequence, begin, end).
    """

    ids: Tensor
    segments: Tensor
    mask: Tensor
    marks: Tensor
    names: Tensor
    entities: Tensor
    places: Tensor
    dates: Tensor


def tensors(batch: Sequence[Example]) -> Batch:
    """What the network is given of a batch."""
    around = [x.surroundings for x in batch]
    ids, segments, mask = sequences([s.window.ids for s in around], [s.window.segments for s in around])
    names, entities, places, first = [], [], [], 0
    for row, one in enumerate(around):
        order = {entity: number for number, entity in enumerate(one.entities)}
        names += [(row, *name) for name in one.names]
        entities += [first + order[owner] for owner in one.owners]
        places += [(row, number) for number in range(len(order))]
        first += len(order)
    dates = [(row, *span) for row, one in enumerate(around) for span in one.dates]
    return Batch(
        ids, segments, mask,
        torch.tensor([(s.window.opening, s.window.closing) for s in around]),
        _rows(names, 5), torch.tensor(entities, dtype=torch.long), _rows(places, 2), _rows(dates, 3),
    )  # fmt: skip


def _rows(values: Sequence[tuple[int, ...]], width: int) -> Tensor:
    return torch.tensor(values, dtype=torch.long).reshape(-1, width)


def choices(batch: Sequence[Example], role: str, width: int) -> tuple[list[int], Tensor, Tensor]:
    """For one role: the rows that have a label, what to add to their scores so that open candidates do not count, and
    so that only right ones do. "Nobody" is the last of ``width`` columns."""
    rows = [i for i, x in enumerate(batch) if x.labels and role in x.labels.roles]
    ignore, only = torch.zeros(len(rows), width), torch.full((len(rows), width), NEVER)
    for place, row in enumerate(rows):
        if labels := batch[row].labels:
            nobody = len(labels.participants)
            for number in labels.roles[role].right:
                only[place, width - 1 if number == nobody else number] = 0
            for number in labels.roles[role].open:
                ignore[place, number] = NEVER
    return rows, ignore, only


def date_choices(batch: Sequence[Example], width: int) -> tuple[list[int], Tensor]:
    """Rows whose date can be learned, and what to add so that only right choices count."""
    rows = [i for i, x in enumerate(batch) if x.labels and x.labels.dates]
    only = torch.full((len(rows), width), NEVER)
    for place, row in enumerate(rows):
        if labels := batch[row].labels:
            only[place, list(labels.dates)] = 0
    return rows, only


def pairs(batch: Sequence[Example]) -> tuple[Tensor, Tensor, Tensor]:
    """Pairs of triggers of one document and type: their rows, features, and whether they are of one event."""
    rows, numbers, labels = [], [], []
    for j, right in enumerate(batch):
        for i, left in enumerate(batch[:j]):
            if not (left.labels and right.labels) or left.kind != right.kind:
                continue
            if left.text.article.id == right.text.article.id:
                rows.append((i, j))
                numbers.append(features(stand(left), stand(right)))
                labels.append(float(left.labels.event == right.labels.event))
    return _rows(rows, 2), torch.tensor(numbers).reshape(len(rows), 4), torch.tensor(labels)


def stand(example: Example) -> Stand:
    """Where an example's trigger stands."""
    return example.text.stand(example.surroundings)


def force_tags(example: Example) -> list[float] | None:
    """1 for the pieces of the window that are words of the force, 0 for the others; None where there is none."""
    if example.labels is None or example.labels.force is None:
        return None
    begin, end = example.labels.force
    pieces, tags = example.text.pieces, [0.0] * len(example.surroundings.window.ids)
    for piece, place in example.surroundings.window.positions.items():
        if pieces.begins[piece] < end and begin < pieces.ends[piece]:
            tags[place] = 1.0
    return tags if any(tags) else None
