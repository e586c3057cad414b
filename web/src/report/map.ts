// Where: circles by the number of events, filled as far as these took place.
import { h, many, number, roving, s, seldom } from "../shared/dom.ts";
import { tookPlace } from "../shared/glyphs.ts";
import type { Context, View } from "./context.ts";
import { table } from "./timeline.ts";

const MOST = 200;
interface Box {
  x: number;
  y: number;
  width: number;
}

export class WorldMap implements View {
  readonly element: HTMLElement;
  private readonly figure = h("div", { class: "figure map" });
  private readonly aside = h("div", {});
  private readonly table = seldom("The map as a table", "as-table");
  private readonly notes = h("p", { class: "small" });
  private box: Box | null = null;
  private context: Context | null = null;

  constructor() {
    const button = (text: string, label: string, act: () => void) => h("button", { type: "button", class: "tool", "aria-label": label, title: label, click: act }, text);
    this.element = h(
      "section",
      { class: "panel", id: "map", "aria-labelledby": "map-title" },
      h(
        "div",
        { class: "head" },
        h("h2", { id: "map-title" }, "Where"),
        h("div", { class: "controls" }, button("+", "Zoom in", () => this.zoom(0.6)), button("−", "Zoom out", () => this.zoom(1 / 0.6)), button("World", "Show the whole world", () => this.whole())),
      ),
      this.figure,
      this.notes,
      this.aside,
      this.table.element,
    );
  }

  private ratio(): number {
    const { outline } = this.context!.graph;
    return outline.height / outline.width;
  }

  private zoom(by: number): void {
    if (!this.context) return;
    const box = this.box ?? this.full();
    const width = Math.min(this.context.graph.outline.width, Math.max(60, box.width * by));
    const ratio = this.ratio();
    this.box = this.within({ x: box.x + (box.width - width) / 2, y: box.y + ((box.width - width) * ratio) / 2, width });
    this.update(this.context);
  }

  private full(): Box {
    return { x: 0, y: 0, width: this.context!.graph.outline.width };
  }

  private whole(): void {
    if (!this.context) return;
    this.box = this.full();
    this.update(this.context);
  }

  private within(box: Box): Box {
    const { width, height } = this.context!.graph.outline;
    return { width: box.width, x: Math.max(0, Math.min(width - box.width, box.x)), y: Math.max(0, Math.min(height - box.width * this.ratio(), box.y)) };
  }

  update(context: Context): void {
    const isFirst = !this.context;
    this.context = context;
    const { graph: g, events } = context;
    const all = new Uint32Array(g.parties.length);
    const real = new Uint32Array(g.parties.length);
    let nowhere = 0;
    for (const i of events) {
      const [from, to] = [g.placesFrom[i]!, g.placesFrom[i + 1]!];
      if (from === to) nowhere++;
      const took = tookPlace(g.statuses[g.status[i]!]!);
      for (let k = from; k < to; k++) {
        all[g.places[k]!]!++;
        if (took) real[g.places[k]!]!++;
      }
    }
    const found = Array.from(all.keys()).filter((i) => all[i]).sort((a, b) => all[b]! - all[a]! || a - b);
    const known = found.filter((i) => g.parties[i]!.at);
    const unknown = found.filter((i) => !g.parties[i]!.at);
    if (isFirst) this.box = this.fitted(known.slice(0, MOST));
    this.draw(context, known.slice(0, MOST), all, real);
    this.notes.textContent = `${many(known.length, "place")}${known.length > MOST ? `, of which the ${MOST} most frequent are drawn` : ""}; a circle is filled as far as its events took place. ${many(nowhere, "event")} without a place.`;
    this.aside.replaceChildren(...(unknown.length ? [this.apart(context, unknown, all)] : []));
    this.table.fill(() =>
      table(
        "Places of the map",
        ["Place", "Events", "Of these took place", "On the map"],
        found.map((i) => [g.parties[i]!.label, number(all[i]!), number(real[i]!), g.parties[i]!.at ? "yes" : "no"]),
      ),
    );
  }

  // Places whose position nobody knows: not linked, or not in the table.
  private apart(context: Context, places: number[], all: Uint32Array): HTMLElement {
    const { graph: g, state } = context;
    const shown = places.slice(0, 100);
    return h(
      "details",
      { class: "apart", open: places.length <= 12 },
      h("summary", {}, `${many(places.length, "place")} without coordinates`),
      h(
        "p",
        { class: "chips" },
        ...shown.map((i) => h("button", { type: "button", class: "chip", "aria-pressed": String(state.where === g.parties[i]!.iri), click: () => context.choose({ where: state.where === g.parties[i]!.iri ? "" : g.parties[i]!.iri, page: 1 }) }, `${g.parties[i]!.label} (${number(all[i]!)})`)),
        places.length > shown.length && h("span", { class: "small" }, ` and ${number(places.length - shown.length)} more in the table`),
      ),
    );
  }

  private fitted(places: number[]): Box {
    const { graph: g } = this.context!;
    const { outline } = g;
    const points = places.map((i) => g.parties[i]!.at!);
    if (!points.length) return this.full();
    const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const ratio = this.ratio();
    const width = Math.min(outline.width, Math.max(240, (right - left) * 1.2 + 60, ((bottom - top) * 1.25 + 40) / ratio));
    return this.within({ x: (left + right) / 2 - width / 2, y: (top + bottom) / 2 - (width * ratio) / 2, width });
  }

  private draw(context: Context, places: number[], all: Uint32Array, real: Uint32Array): void {
    const { graph: g, state } = context;
    const { outline } = g;
    const box = this.box!;
    const scale = box.width / Math.max(300, this.element.clientWidth - 34 || 560);
    const most = Math.max(1, ...places.map((i) => all[i]!));
    const svg = s("svg", { viewBox: `${box.x} ${box.y} ${box.width} ${box.width * this.ratio()}`, role: "group", "aria-label": `Map of ${many(places.length, "place")}; arrow keys go from one to the next, Enter shows the events of one alone` });
    svg.append(
      s("g", { class: "outline", "aria-hidden": "true" }, s("path", { class: "sphere", d: outline.sphere }), s("path", { class: "graticule", d: outline.graticule }), s("path", { class: "land", d: outline.land }), s("path", { class: "borders", d: outline.borders })),
    );
    const group = s("g", {});
    const labels = s("g", { class: "labels", "aria-hidden": "true" });
    const taken: [number, number, number, number][] = [];
    for (const i of places) {
      const party = g.parties[i]!;
      const [x, y] = party.at!;
      const r = (3.5 + 15 * Math.sqrt(all[i]! / most)) * scale;
      const isChosen = party.iri === state.where;
      const label = `${party.label}: ${many(all[i]!, "event")}, of which ${number(real[i]!)} took place`;
      group.append(
        s(
          "g",
          { class: `pick place${isChosen ? " chosen" : ""}`, role: "button", "aria-pressed": String(isChosen), "aria-label": label, click: () => context.choose({ where: isChosen ? "" : party.iri, page: 1 }) },
          s("circle", { cx: x, cy: y, r, class: "ring" }),
          s("circle", { cx: x, cy: y, r: r * Math.sqrt(real[i]! / all[i]!), class: "core" }),
          s("title", {}, label),
        ),
      );
      const size = 11 * scale;
      const at: [number, number, number, number] = [x + r, y - size / 2, x + r + party.label.length * size * 0.56, y + size / 2];
      if (at[2] < box.x + box.width && !taken.some(([a, b, c, d]) => at[0] < c && at[2] > a && at[1] < d && at[3] > b)) {
        taken.push(at);
        labels.append(s("text", { x: x + r + 2 * scale, y: y + size * 0.35, "font-size": size }, party.label));
      }
    }
    svg.append(group, labels);
    this.drag(svg, scale);
    this.figure.replaceChildren(places.length ? svg : h("p", { class: "empty" }, "No place that lies on the map."));
    roving(group, ".pick");
  }

  private drag(svg: SVGSVGElement, scale: number): void {
    let from: { x: number; y: number; box: Box } | null = null;
    svg.addEventListener("pointerdown", (event) => {
      from = { x: event.clientX, y: event.clientY, box: this.box! };
    });
    svg.addEventListener("pointermove", (event) => {
      if (!from || !(event.buttons & 1) || event.pointerType === "touch") return;
      this.box = this.within({ ...from.box, x: from.box.x - (event.clientX - from.x) * scale, y: from.box.y - (event.clientY - from.y) * scale });
      svg.setAttribute("viewBox", `${this.box.x} ${this.box.y} ${this.box.width} ${this.box.width * this.ratio()}`);
    });
    svg.addEventListener("pointerup", () => {
      from = null;
    });
  }
}
