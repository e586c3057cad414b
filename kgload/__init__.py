"""kgload: news articles in, a knowledge graph of meetings, deployments and agreements out."""

from __future__ import annotations

__version__ = "0.1.0"
