"""Training: a few passes over the gold, from the base weights, with fixed seeds."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch

from kgload.extraction.encoder.merging import stem
from kgload.extraction.encoder.model import Settings
from kgload.extraction.encoder.text import KINDS, SIDES, surroundings
from kgload.extraction.encoder.windows import stretches
from kgload.training.batches import Tagged, group, group_tagged, sequences, tensors
from kgload.training.gold import SINGLE, Example, GoldText, examples, tags
from kgload.training.losses import Weights, tag_loss, window_loss
from kgload.training.network import Network, Shape

Job = list[Tagged] | list[Example]
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Round:
    """Passes over the texts in which the rates rise and fall once.

    ``distractors`` is how many words that look like triggers and are none are read for each trigger; ``tag_every`` in
    which passes triggers are tagged too: the tagger has learned long before the readers have.
    """

    passes: int
    rate: float
    head_rate: float
    distractors: float
    tag_every: int = 1


FURTHER = (Round(5, 6e-5, 5e-4, 0.5, tag_every=2),)
"""The round in which a network that was trained before learns from further texts."""
FROZEN = 2
"""Layers that stay as they are meanwhile, from the lowest: a fifth of the time, and nothing of the answers."""
ROUNDS = (Round(8, 6e-5, 5e-4, 0.8), Round(6, 8e-5, 6e-4, 0.5, tag_every=3), Round(6, 1e-4, 6e-4, 0.5, tag_every=3))


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a network is trained.

    ``tokens`` is the size of a batch in word pieces, ``warm`` the share of a round's steps over which the rates rise.
    ``frozen`` is how many of the lowest layers stay as they are, and the embeddings with them. Of texts that the
    network has learned from before, ``rehearsed`` is the share that comes in each pass again, lest it forget them.
    ``threads`` changes the weights in their last digits, and so does the processor, by its instructions: the same model
    needs the same of both.
    """

    rounds: tuple[Round, ...] = ROUNDS
    tokens: int = 2400
    warm: float = 0.06
    decay: float = 0.01
    dropout: float = 0.1
    seed: int = 0
    threads: int = 1
    frozen: int = 0
    rehearsed: float = 0.35
    weights: Weights = field(default_factory=Weights)


def shape_of(settings: Settings) -> Shape:
    """The network's shape for some settings."""
    return Shape(
        types=len(settings.types),
        kinds=len(KINDS),
        sides=len(SIDES),
        roles=len(SINGLE),
        statuses=len(settings.statuses),
        modes=len(settings.modes),
    )


def train(
    texts: Sequence[GoldText],
    settings: Settings,
    recipe: Recipe,
    base: Path,
    tell: Tell,
    start: Network | None = None,
    before: Sequence[GoldText] = (),
) -> Network:
    """Train a network on gold texts, from the base weights in the file ``base``, or further from ``start``, which has
    learned from the texts ``before``. ``tell`` hears of each pass."""
    torch.manual_seed(recipe.seed)
    torch.set_num_threads(recipe.threads)
    shuffle = random.Random(recipe.seed)  # noqa: S311 - not for secrets
    network = start
    if network is None:
        network = Network(shape_of(settings), recipe.dropout)
        network.encoder.load_base(base)
    network.encoder.word.weight.requires_grad_(False)
    network.train()
    if recipe.frozen:
        encoder = network.encoder
        for part in (encoder.position, encoder.segment, encoder.norm, *list(encoder.layers)[: recipe.frozen]):
            part.requires_grad_(False)
    old, new = _material(before, settings), _material(texts, settings)
    for number, part in enumerate(recipe.rounds, start=1):
        plan = [
            _jobs(_with(old, new, recipe.rehearsed, shuffle) if before else new, part, recipe.tokens, shuffle, passed)
            for passed in range(part.passes)
        ]
        tell(f"round {number} of {len(recipe.rounds)}")
        _run(network, settings, recipe, part, plan, tell)
    network.eval()
    return network


def _run(
    network: Network, settings: Settings, recipe: Recipe, part: Round, plan: Sequence[list[Job]], tell: Tell
) -> None:
    """The passes of a round."""
    inner = [p for p in network.encoder.parameters() if p.requires_grad]
    outer = [p for name, p in network.named_parameters() if not name.startswith("encoder.")]
    rates = [part.rate, part.head_rate]
    optimizer = torch.optim.AdamW(
        [{"params": inner, "lr": part.rate}, {"params": outer, "lr": part.head_rate}],
        weight_decay=recipe.decay,
        fused=True,
    )
    step, steps = 0, sum(map(len, plan))
    for number, jobs in enumerate(plan, start=1):
        lost = 0.0
        for job in jobs:
            share = min(1.0, (step + 1) / (recipe.warm * steps)) * (1 - step / steps)
            for group_, rate in zip(optimizer.param_groups, rates, strict=True):
                group_["lr"] = rate * share
            loss = _loss(network, settings, recipe.weights, job)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            lost += float(loss.detach())
            step += 1
        tell(f"pass {number} of {part.passes}: loss {lost / len(jobs):.3f}")


@dataclass(frozen=True, slots=True)
class _Material:
    """Stretches with their tags, triggers, and what makes the words that look like triggers."""

    tagged: Sequence[Tagged]
    triggers: Sequence[Example]
    others: Sequence[Callable[[], Example]]


def _material(texts: Sequence[GoldText], settings: Settings) -> _Material:
    return _Material(
        tagged=[x for one in texts for x in _tagged(one, settings)],
        triggers=[x for one in texts for x in examples(one, settings.types, settings.widths)],
        others=distractors(texts, settings),
    )


def _with(old: _Material, new: _Material, share: float, shuffle: random.Random) -> _Material:
    """All that is new and a share of the old; words that look like triggers come from new texts twice as often."""
    tagged = shuffle.sample(old.tagged, int(share * len(old.tagged)))
    triggers = shuffle.sample(old.triggers, int(share * len(old.triggers)))
    return _Material([*tagged, *new.tagged], [*triggers, *new.triggers], [*old.others, *new.others, *new.others])


def _jobs(material: _Material, part: Round, tokens: int, shuffle: random.Random, number: int) -> list[Job]:
    """The batches of a pass, in random order: all triggers, some distractors, and stretches to tag where it is time."""
    wanted = min(len(material.others), int(part.distractors * len(material.triggers)))
    some = [make() for make in shuffle.sample(material.others, wanted)]
    jobs: list[Job] = [*group([*material.triggers, *some], tokens, shuffle)]
    if number % part.tag_every == 0:
        jobs += group_tagged(material.tagged, tokens * 2, shuffle)
    shuffle.shuffle(jobs)
    return jobs


def _loss(network: Network, settings: Settings, weights: Weights, job: Job) -> torch.Tensor:
    # Where the processor has no instructions for 16 bits, they are emulated, at a tenth of the speed of 32.
    halved = torch.backends.cpu.get_cpu_capability().startswith("AVX512")
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=halved):
        stretched = [x for x in job if isinstance(x, Tagged)]
        if stretched:
            ids, segments, mask = sequences(
                [x.stretch.ids for x in stretched], [(0,) * len(x.stretch.ids) for x in stretched]
            )
            labels = torch.full(ids.shape, -1)
            for row, x in enumerate(stretched):
                labels[row, : len(x.tags)] = torch.tensor(x.tags)
            return tag_loss(network.tagger(network.encoder(ids, segments, mask)), labels, weights)
        windows = [x for x in job if isinstance(x, Example)]
        batch = tensors(windows)
        hidden = network.encoder(batch.ids, batch.segments, batch.mask)
        return window_loss(network, settings, weights, windows, batch, hidden)


def _tagged(one: GoldText, settings: Settings) -> list[Tagged]:
    labels = tags(one, settings.types)
    return [
        Tagged(stretch, (-1, *labels[stretch.first : stretch.end], -1))
        for stretch in stretches(one.text.pieces, settings.widths)
    ]


def distractors(texts: Sequence[GoldText], settings: Settings) -> list[Callable[[], Example]]:
    """Words that are triggers elsewhere and none where they stand, each as what makes the example of it."""
    known: dict[str, Counter[int]] = {}
    for one in texts:
        for event in one.gold.events:
            for mention in () if event.optional else event.mentions:
                for _, _, word in _words(one, mention.begin, mention.end):
                    known.setdefault(word, Counter())[settings.types.index(event.type)] += 1
    common = {word: kinds.most_common(1)[0][0] for word, kinds in known.items() if kinds.total() >= 2}
    found: list[Callable[[], Example]] = []
    for one in texts:
        spans = [(m.begin, m.end) for event in one.gold.events for m in event.mentions]
        for begin, end, word in _words(one, 0, len(one.text.article.text)):
            if word in common and not any(b < end and begin < e for b, e in spans):
                found.append(_Distractor(one, begin, end, common[word], settings))
    return found


@dataclass(frozen=True, slots=True)
class _Distractor:
    one: GoldText
    begin: int
    end: int
    kind: int
    settings: Settings

    def __call__(self) -> Example:
        first, last = self.one.text.pieces.locate(self.begin, self.end)
        around = surroundings(self.one.text, first, last, self.kind, self.settings.widths)
        return Example(self.one.text, self.kind, around, None)


def _words(one: GoldText, begin: int, end: int) -> list[tuple[int, int, str]]:
    """Nouns, verbs and adjectives between two places of a text, with what each has in common with its other forms."""
    return [
        (token.begin, token.end, stem(token.text))
        for token in one.analysis.tokens
        if begin <= token.begin < end and token.tag[:2] in ("NN", "VB", "JJ") and len(token.text) > 2
    ]
