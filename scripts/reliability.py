"""How well confidence is calibrated: tables on the terminal, and a reliability plot as SVG.

    python scripts/reliability.py GRAPH GOLD.jsonl [-o docs/reliability.svg]

Events are put into ten bins by confidence; a bar is the share of a bin's events that gold has (precision), the line is
where bars would end if confidence were right. The number of events stands over each bar. Guo et al. 2017, "On
Calibration of Modern Neural Networks".
"""

from __future__ import annotations

import argparse
from pathlib import Path

from kgload import gold
from kgload.evaluation.graph import read_graph
from kgload.evaluation.report import calibration_error, figures
from kgload.evaluation.scores import Scores, score

SIZE, EDGE = 320, 46


def plot(bins: list[dict[str, float]], title: str) -> str:
    """The plot, drawn by hand: a square with confidence to the right and precision upward."""

    def x(share: float) -> str:
        return f"{EDGE + share * SIZE:g}"

    def y(share: float) -> str:
        return f"{EDGE + (1 - share) * SIZE:g}"

    side = SIZE + 2 * EDGE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" width="{side}" height="{side}" '
        'font-family="sans-serif" font-size="11" fill="#333">',
        f"<title>{title}</title>",
        f'<rect width="{side}" height="{side}" fill="white"/>',
    ]
    for tick in range(0, 11, 2):
        share = tick / 10
        parts += [
            f'<line x1="{x(0)}" x2="{x(1)}" y1="{y(share)}" y2="{y(share)}" stroke="#ddd"/>',
            f'<text x="{x(share)}" y="{EDGE + SIZE + 15}" text-anchor="middle">{share:g}</text>',
            f'<text x="{EDGE - 6}" y="{float(y(share)) + 4:g}" text-anchor="end">{share:g}</text>',
        ]
    for one in bins:
        low, high, right = one["from"], one["to"], one["precision"]
        parts += [
            f'<rect x="{x(low + 0.006)}" y="{y(right)}" width="{(high - low - 0.012) * SIZE:g}" '
            f'height="{right * SIZE:g}" fill="#7aa6c2"/>',
            f'<circle cx="{x(one["confidence"])}" cy="{y(right)}" r="3" fill="#1f4e6b"/>',
            f'<text x="{x((low + high) / 2)}" y="{float(y(right)) - 6:g}" text-anchor="middle">{one["events"]}</text>',
        ]
    parts += [
        f'<line x1="{x(0)}" y1="{y(0)}" x2="{x(1)}" y2="{y(1)}" stroke="#c0392b" stroke-dasharray="4 3"/>',
        f'<text x="{x(0.5)}" y="{side - 8}" text-anchor="middle">confidence</text>',
        f'<text transform="translate(12 {y(0.5)}) rotate(-90)" text-anchor="middle">share that is right</text>',
        f'<text x="{x(0.5)}" y="24" text-anchor="middle" font-size="13">{title}</text>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def tables(scores: Scores) -> str:
    said = figures(scores)
    lines = ["| `--min-confidence` | events | precision | recall |", "| --- | --- | --- | --- |"]
    lines += [
        f"| {level['min_confidence']:g} | {level['events']} | {level['precision']:.3f} | {level['recall']:.3f} |"
        for level in said["levels"]
    ]
    lines += ["", "| confidence | events | mean confidence | share right |", "| --- | --- | --- | --- |"]
    lines += [
        f"| {one['from']:g} to {one['to']:g} | {one['events']} | {one['confidence']:.3f} | {one['precision']:.3f} |"
        for one in said["calibration"]["bins"]
    ]
    return "\n".join([*lines, "", f"expected calibration error: {calibration_error(scores):.3f}"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("graph", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument("-o", "--output", type=Path)
    options = parser.parse_args()
    scores = score(gold.read(options.gold), read_graph(options.graph))
    print(tables(scores))
    if options.output:
        title = f"{len(scores.confidences)} events, expected calibration error {calibration_error(scores):.3f}"
        options.output.write_text(plot(figures(scores)["calibration"]["bins"], title), encoding="utf-8")


if __name__ == "__main__":
    main()
