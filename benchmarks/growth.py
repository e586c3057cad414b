"""How a store grows when its documents are replaced again and again, and what `kgload compact` gives back.

    python benchmarks/growth.py GRAPH.nq [--rounds N]

Each round loads all documents of the graph in a version that differs by one statement each, into a fresh Fuseki (TDB2)
and into the embedded store. Sizes are those of the folders on disk.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))

import servers

from kgload import library
from kgload.loading.graphs import read_graphs
from kgload.stores import open_store


def version(graph: Path, number: int, folder: Path) -> Path:
    """The graph's documents, each with a statement of this round."""
    path = folder / f"round{number}.nq"
    with path.open("wb") as out:
        for found in read_graphs(graph):
            name = f"<{found.name}>"
            out.write(found.lines)
            out.write(f'{name} <http://www.w3.org/2000/01/rdf-schema#comment> "round {number}" {name} .\n'.encode())
    return path


def size(folder: Path) -> float:
    """Megabytes that the folder's files take on disk."""
    return sum(p.stat().st_blocks * 512 for p in folder.rglob("*") if p.is_file()) / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("graph", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    os.environ["NETRC"] = os.devnull
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "fuseki").mkdir()
        server = servers.fuseki(folder / "fuseki", servers.free_port())
        places = {
            "fuseki": ({"endpoint": server.url}, folder / "fuseki" / "news"),
            "embedded": ({"store": folder / "embedded"}, folder / "embedded"),
        }
        try:
            print("| round | " + " | ".join(f"{name}, MB" for name in places) + " |")
            print("| --- |" + " --- |" * len(places))
            for number in range(given.rounds + 1):
                path = version(given.graph, number, folder)
                for where, _ in places.values():
                    library.load([path], **where)
                print(f"| {number} | " + " | ".join(f"{size(at):.1f}" for _, at in places.values()) + " |", flush=True)
                path.unlink()
            with open_store(endpoint=server.url) as opened:
                opened.compact()
            with open_store(folder / "embedded") as opened:
                opened.compact()
            print("| compacted | " + " | ".join(f"{size(at):.1f}" for _, at in places.values()) + " |")
        finally:
            server.stop()


if __name__ == "__main__":
    main()
