"""A network that is still in training, run as the shipped one is: one sequence at a time."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from kgload.extraction.encoder.model import Floats, Scores, Settings, sigmoid, softmax
from kgload.extraction.encoder.windows import Stretch, Window
from kgload.training.network import Network, Read, average


class Running:
    """Implements :class:`kgload.extraction.encoder.reading.Network` with torch."""

    def __init__(self, network: Network, settings: Settings) -> None:
        self.network, self.settings = network.eval(), settings

    @torch.inference_mode()
    def tags(self, stretch: Stretch) -> Floats:
        """Probability of each tag for each wanted piece of a stretch."""
        ids = torch.tensor([stretch.ids])
        scores = self.network.tagger(self.network.encoder(ids, torch.zeros_like(ids)))[0].numpy()
        begin = 1 + stretch.wanted - stretch.first
        return softmax(scores[begin : begin + stretch.end - stretch.wanted])

    @torch.inference_mode()
    def read(
        self, window: Window, names: Sequence[tuple[int, int, int, int]], dates: Sequence[tuple[int, int]]
    ) -> Scores:
        """Read a trigger in its window."""
        hidden = self.network.encoder(torch.tensor([window.ids]), torch.tensor([window.segments]))
        rows = torch.tensor([(0, *name) for name in names], dtype=torch.long).reshape(-1, 5)
        said_rows = torch.tensor([(0, *span) for span in dates], dtype=torch.long).reshape(-1, 3)
        said: Read = self.network.heads(
            hidden,
            torch.tensor([(window.opening, window.closing)]),
            average(hidden, rows[:, :3]),
            rows[:, 0],
            rows[:, 3],
            rows[:, 4],
            average(hidden, said_rows),
            said_rows[:, 0],
        )
        return Scores(
            event=float(sigmoid(said.event.numpy())[0]),
            status=softmax(said.status[0].numpy()),
            mode=softmax(said.mode[0].numpy()),
            roles=said.roles.numpy(),
            nobody=said.nobody[0].numpy(),
            dates=softmax(torch.cat([said.dates[0], said.said]).numpy()),
            force=sigmoid(said.force[0].numpy()),
            vector=said.vector[0].numpy(),
        )

    @torch.inference_mode()
    def same(self, left: Floats, right: Floats, features: Sequence[float]) -> float:
        """Probability that two triggers speak of one event."""
        judged = self.network.pairs(torch.tensor(left)[None], torch.tensor(right)[None], torch.tensor([features]))
        return float(sigmoid(judged.numpy())[0])
