"""One picture of all events, as SVG or PNG: when, who with whom, where."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from kgload.views import assets
from kgload.views.periods import Period, periods
from kgload.views.shown import Shown
from kgload.views.ties import network, xml_text

if TYPE_CHECKING:
    import networkx as nx

WIDTH, HEIGHT = 1200, 860
MOST_PARTIES = 28
MOST_PLACES = 120
HUES = {"Meeting": "#2563c9", "Deployment": "#b4470a", "Agreement": "#0d7a62"}
OTHER = "#7b3fb5"
INK, FAINT, LINE, BLUE = "#1c1d1f", "#595c62", "#b8babd", "#1a56b0"
# Forms that need no colour: filled where it took place, hollow where it may yet, dotted where it was called off.
TOOK_PLACE = ("Occurred", "Ongoing")
FONT = "DejaVu Sans, Arial, sans-serif"


def svg(events: Iterable[Shown], title: str) -> bytes:
    """The picture as SVG; every label in it is text. The same events give the same bytes.

    Raises:
        ViewsNotBuilt: the map's outline is not built.
    """
    held = list(events)
    root = ET.Element(
        "svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH} {HEIGHT}", width=str(WIDTH),
        height=str(HEIGHT), role="img",
    )  # fmt: skip
    root.set("font-family", FONT)
    ET.SubElement(root, "title").text = xml_text(title)
    _add(root, "rect", width=WIDTH, height=HEIGHT, fill="#ffffff")
    _text(root, 30, 42, title, 22, weight="bold")
    documents = len({event.source.iri for event in held})
    _text(root, 30, 66, f"{len(held):,} events in {documents:,} documents", 14, fill=FAINT)
    _legend(root, held, 30, 92)
    _timeline(_add(root, "g", transform="translate(30,118)"), held, WIDTH - 60, 190)
    _network(_add(root, "g", transform="translate(30,370)"), held, 560, 460)
    _map(_add(root, "g", transform="translate(620,370)"), held, 550)
    drawn: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return drawn


def png(drawn: bytes, width: int = 2 * WIDTH) -> bytes:
    """An SVG of :func:`svg` as a PNG picture so many pixels wide, in the font that kgload brings."""
    import resvg_py

    fonts = [str(assets.path("shared", name)) for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")]
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=drawn.decode(),
            width=width,
            skip_system_fonts=True,
            font_files=fonts,
            sans_serif_family="DejaVu Sans",
        )
    )


def _add(parent: ET.Element, tag: str, **attributes: object) -> ET.Element:
    names = {name.replace("_", "-"): f"{value:.1f}" if isinstance(value, float) else str(value)
             for name, value in attributes.items()}  # fmt: skip
    return ET.SubElement(parent, tag, names)


def _text(
    parent: ET.Element, x: float, y: float, words: str, size: float, *, fill: str = INK, weight: str = "normal",
    anchor: str = "start", halo: bool = False,
) -> None:  # fmt: skip
    around = (
        {"paint_order": "stroke", "stroke": "#ffffff", "stroke_width": 3, "stroke_linejoin": "round"} if halo else {}
    )
    made = _add(
        parent,
        "text",
        x=float(x),
        y=float(y),
        font_size=size,
        fill=fill,
        font_weight=weight,
        text_anchor=anchor,
        **around,
    )
    made.text = xml_text(words)


def _hue(type_: str) -> str:
    return HUES.get(type_, OTHER)


def _form(status: str, hue: str) -> dict[str, object]:
    if status in TOOK_PLACE:
        return {"fill": hue, "stroke": hue, "stroke_width": 1}
    dashes = {"Proposed": "3 2", "Cancelled": "1 2"}.get(status)
    return {"fill": "#ffffff", "stroke": hue, "stroke_width": 1} | ({"stroke_dasharray": dashes} if dashes else {})


def _legend(root: ET.Element, events: list[Shown], x: float, y: float) -> None:
    for name, number in sorted(Counter(event.type for event in events).items()):
        _add(root, "rect", x=x, y=y - 10, width=12, height=12, fill=_hue(name))
        _text(root, x + 18, y, f"{name} {number:,}", 13)
        x += 40 + 8.5 * len(f"{name} {number:,}")
    for name, number in sorted(Counter(event.status for event in events).items()):
        _add(root, "rect", x=x, y=y - 10, width=12, height=12, **_form(name, INK))
        _text(root, x + 18, y, f"{name} {number:,}", 13)
        x += 40 + 8.5 * len(f"{name} {number:,}")


def _timeline(parent: ET.Element, events: list[Shown], width: float, height: float) -> None:
    bars, undated = periods(events)
    if not bars:
        _text(parent, 0, 20, f"{undated:,} events without a date", 14, fill=FAINT)
        return
    most = max(sum(bar.counts.values()) for bar in bars) or 1
    step = width / len(bars)
    for number, bar in enumerate(bars):
        y = height
        for (type_, status), count in sorted(bar.counts.items(), key=lambda item: (item[0][0], _rank(item[0][1]))):
            tall = count / most * (height - 14)
            y -= tall
            _add(parent, "rect", x=number * step + 0.5, y=y, width=max(1.0, step - 1), height=tall,
                 **_form(status, _hue(type_)))  # fmt: skip
    _add(parent, "line", x1=0, x2=width, y1=height, y2=height, stroke=FAINT)
    _text(parent, 0, 8, f"{most:,}", 11, fill=FAINT)
    for number in _ticks(bars):
        _text(parent, number * step, height + 16, bars[number].name, 11, fill=FAINT)
    _text(parent, width, height + 34, f"{undated:,} without a date", 12, fill=FAINT, anchor="end")


def _rank(status: str) -> tuple[bool, str]:
    return status not in TOOK_PLACE, status


def _ticks(bars: list[Period]) -> Iterator[int]:
    yield from range(0, len(bars), max(1, math.ceil(len(bars) / 12)))


def _network(parent: ET.Element, events: list[Shown], width: float, height: float) -> None:
    import networkx as nx

    whole = network(events)
    top = sorted(whole.nodes, key=lambda name: (-whole.nodes[name]["events"], name))[:MOST_PARTIES]
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from((name, whole.nodes[name]) for name in top if any(other in top for other in whole[name]))
    graph.add_edges_from((a, b, whole.edges[a, b]) for a, b in whole.edges if a in graph and b in graph)
    _text(parent, 0, 0, "Who with whom", 15, weight="bold")
    if not graph:
        _text(parent, 0, 24, "No two parties take part in the same event.", 13, fill=FAINT)
        return
    places = _laid_out(graph)
    xs, ys = ([place[axis] for place in places.values()] for axis in (0, 1))
    at = {name: (_fit(x, xs, 20, width - 110), _fit(y, ys, 30, height - 20)) for name, (x, y) in places.items()}
    heaviest = max(said["weight"] for _, _, said in graph.edges(data=True))
    for one, other, said in graph.edges(data=True):
        (x1, y1), (x2, y2) = at[one], at[other]
        _add(parent, "line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=LINE, stroke_width=0.8 + 5 * said["weight"] / heaviest)
    most = max(said["events"] for _, said in graph.nodes(data=True))
    for name, said in graph.nodes(data=True):
        x, y = at[name]
        r = 4 + 9 * math.sqrt(said["events"] / most)
        _add(parent, "circle", cx=x, cy=y, r=r, fill=BLUE if "item" in said else "#ffffff", stroke=BLUE, stroke_width=2)
    taken = [(x - 10, y - 8, x + 10, y + 8) for x, y in at.values()]
    for name, said in sorted(graph.nodes(data=True), key=lambda node: (-node[1]["events"], node[0])):
        x, y = at[name]
        label, r = _short(said["label"]), 5 + 9 * math.sqrt(said["events"] / most)
        wide = 6.8 * len(label)
        for left, base in (
            (x + r, y + 4),
            (x - r - wide, y + 4),
            (x - wide / 2, y + r + 10),
            (x - wide / 2, y - r - 2),
        ):
            box = (left, base - 9, left + wide, base + 2)
            if left < -20 or left + wide > width + 20:
                continue
            others = [
                each
                for each in taken
                if each[0] < box[2] and each[2] > box[0] and each[1] < box[3] and each[3] > box[1]
            ]
            if all(abs((a + c) / 2 - x) < 1 and abs((b + d) / 2 - y) < 1 for a, b, c, d in others):
                taken.append(box)
                _text(parent, left, base, label, 11, halo=True)
                break


def _laid_out(graph: nx.Graph[str]) -> dict[str, tuple[float, float]]:
    """Places of the nodes, spread evenly: half by the forces between them, half by their order alone."""
    import networkx as nx

    whole = graph.copy()
    # Pieces that hang together by nothing would drift apart.
    first, *others = (min(piece) for piece in sorted(nx.connected_components(graph), key=lambda p: (-len(p), min(p))))
    whole.add_edges_from((first, other) for other in others)
    forces = nx.spring_layout(whole, weight=None, seed=1, iterations=150)
    found: dict[str, list[float]] = {name: [] for name in graph}
    for axis in (0, 1):
        values = [float(place[axis]) for place in forces.values()]
        ordered = sorted(found, key=lambda name: (float(forces[name][axis]), name))
        for rank, name in enumerate(ordered):
            share = rank / max(1, len(ordered) - 1)
            found[name].append((_fit(float(forces[name][axis]), values, 0, 1) + share) / 2)
    return {name: (x, y) for name, (x, y) in found.items()}


def _fit(value: float, values: list[float], low: float, high: float) -> float:
    least, most = min(values), max(values)
    return (low + high) / 2 if most - least < 1e-9 else low + (value - least) / (most - least) * (high - low)


def _short(label: str, most: int = 24) -> str:
    return label if len(label) <= most else label[: most - 1] + "…"


def _map(parent: ET.Element, events: list[Shown], width: float) -> None:
    outline = assets.outline()
    scale = width / outline["width"]
    _text(parent, 0, 0, "Where", 15, weight="bold")
    world = _add(parent, "g", transform=f"translate(0,16) scale({scale:.4f})")
    _add(world, "path", d=outline["sphere"], fill="#eaf0f5")
    _add(world, "path", d=outline["land"], fill="#d5d5cc")
    _add(world, "path", d=outline["borders"], fill="none", stroke="#ffffff", stroke_width=0.8)
    every: Counter[tuple[float, float, str]] = Counter()
    took: Counter[tuple[float, float, str]] = Counter()
    for event in events:
        for place in event.having("place", "destination"):
            found = assets.located(place.item)
            if found:
                spot = (found.x, found.y, place.label)
                every[spot] += 1
                took[spot] += event.status in TOOK_PLACE
    most = max(every.values(), default=1)
    shown = sorted(every, key=lambda spot: (-every[spot], spot))[:MOST_PLACES]
    for spot in shown:
        x, y, _ = spot
        r = 5 + 20 * math.sqrt(every[spot] / most)
        _add(world, "circle", cx=x, cy=y, r=r, fill="#ffffff", fill_opacity=0.6, stroke=BLUE, stroke_dasharray="4 3")
        _add(world, "circle", cx=x, cy=y, r=r * math.sqrt(took[spot] / every[spot]), fill=BLUE, fill_opacity=0.8)
    taken: list[tuple[float, float]] = []
    for x, y, label in shown[:30]:
        if all(abs(x - a) > 100 or abs(y - b) > 18 for a, b in taken):
            taken.append((x, y))
            _text(world, x + 8, y + 5, label, 18, halo=True)
    below = 16 + outline["height"] * scale + 18
    without = sum(1 for event in events if not event.having("place", "destination"))
    _text(parent, 0, below, "A circle is filled as far as its events took place.", 11, fill=FAINT)
    _text(parent, 0, below + 16, f"{without:,} events without a place. Outline: Natural Earth.", 11, fill=FAINT)
