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


ROUNDS = (Round(8, 6e-5, 5e-4, 0.8), Round(6, 8e-5, 6e-4, 0.5, tag_every=3), Round(6, 1e-4, 6e-4, 0.5, tag_every=3))


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a network is trained.

    ``tokens`` is the size of a batch in word pieces, ``warm`` the share of a round's steps over which the rates rise.
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
) -> Network:
    """Train a network on gold texts, from the base weights in the file ``base``, or further from ``start``. ``tell``
    hears of each pass."""
    torch.manual_seed(recipe.seed)
    torch.set_num_threads(recipe.threads)
    shuffle = random.Random(recipe.seed)  # noqa: S311 - not for secrets
    network = start
    if network is None:
        network = Network(shape_of(settings), recipe.dropout)
        network.encoder.load_base(base)
    network.encoder.word.weight.requires_grad_(False)
    network.train()
    material = _Material(
        tagged=[x for one in texts for x in _tagged(one, settings)],
        triggers=[x for one in texts for x in examples(one, settings.types, settings.widths)],
        others=distractors(texts, settings),
    )
    for number, part in enumerate(recipe.rounds, start=1):
        plan = [_jobs(material, part, recipe.tokens, shuffle, passed) for passed in range(part.passes)]
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
