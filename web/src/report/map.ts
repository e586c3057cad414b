// Where: circles by the number of events, filled as far as these took place.
import { h, many, number, roving, s, seldom } from "../shared/dom.ts";
import { tookPlace } from "../shared/glyphs.ts";
import { greatest } from "./columns.ts";
import type { Context, View } from "./context.ts";
import { table } from "./table.ts";

const MOST = 200;
// Rows of the table.
const ROWS = 500;
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
  // The outline stays as it is, and is painted apart from the circles above it: it is what costs most.
  private readonly land = s("svg", { class: "outline", "aria-hidden": "true" });
  private readonly svg = s("svg", { class: "places", role: "group" });
  private box: Box | null = null;
  private scale = 1;
  private width = 0;
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

  measure(): void {
    this.width = Math.max(300, this.element.clientWidth - 34 || 560);
  }

  update(context: Context): void {
    const isFirst = !this.context;
    this.context = context;
    if (isFirst) {
      const { outline } = context.graph;
      for (const name of ["sphere", "graticule", "land", "borders"] as const) this.land.append(s("path", { class: name, d: outline[name] }));
      this.drag();
    }
    const { graph: g, events } = context;
    const all = new Uint32Array(g.parties);
    const real = new Uint32Array(g.parties);
    const took = g.statuses.map(tookPlace);
    let nowhere = 0;
    for (let n = 0; n < events.length; n++) {
      const i = events[n]!;
      const from = g.placesFrom[i]!;
      const to = g.placesFrom[i + 1]!;
      if (from === to) nowhere++;
      const isReal = took[g.status[i]!];
      for (let k = from; k < to; k++) {
        all[g.places[k]!]!++;
        if (isReal) real[g.places[k]!]!++;
      }
    }
    const known = all.map((n, i) => n * g.isPlaced[i]!);
    const unknown = all.map((n, i) => (g.isPlaced[i] ? 0 : n));
    const [count, apart] = [known, unknown].map((sums) => sums.reduce((sum, n) => sum + Number(n > 0), 0)) as [number, number];
    const drawn = greatest(known, MOST);
    if (isFirst) this.box = this.fitted(drawn);
    this.draw(context, drawn, all, real);
    this.notes.textContent = `${many(count, "place")}${count > MOST ? `, of which the ${MOST} most frequent are drawn` : ""}; a circle is filled as far as its events took place. ${many(nowhere, "event")} without a place.`;
    this.aside.replaceChildren(...(apart ? [this.apart(context, unknown, apart)] : []));
    this.table.fill(() =>
      table(
        "Places of the map",
        ["Place", "Events", "Of these took place", "On the map"],
        greatest(all, ROWS).map((i) => [g.labels.at(i), number(all[i]!), number(real[i]!), g.isPlaced[i] ? "yes" : "no"]),
        count + apart,
      ),
    );
  }

  // Places whose position nobody knows: not linked, or not in the table.
  private apart(context: Context, sums: Uint32Array, count: number): HTMLElement {
    const { graph: g, state } = context;
    const shown = greatest(sums, 100);
    const chip = (i: number) => {
      const iri = g.iris.at(i);
      const isChosen = state.where === iri;
      return h("button", { type: "button", class: "chip", "aria-pressed": String(isChosen), click: () => context.choose({ where: isChosen ? "" : iri, page: 1 }) }, `${g.labels.at(i)} (${number(sums[i]!)})`);
    };
    return h(
      "details",
      { class: "apart", open: count <= 12 },
      h("summary", {}, `${many(count, "place")} without coordinates`),
      h("p", { class: "chips" }, ...shown.map(chip), count > shown.length && h("span", { class: "small" }, ` and ${number(count - shown.length)} more in the table`)),
    );
  }

  private fitted(places: number[]): Box {
    const { graph: g } = this.context!;
    const { outline } = g;
    const points = places.map((i) => g.party(i).at!);
    if (!points.length) return this.full();
    const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const ratio = this.ratio();
    const width = Math.min(outline.width, Math.max(240, (right - left) * 1.2 + 60, ((bottom - top) * 1.25 + 40) / ratio));
    return this.within({ x: (left + right) / 2 - width / 2, y: (top + bottom) / 2 - (width * ratio) / 2, width });
  }

  private draw(context: Context, places: number[], all: Uint32Array, real: Uint32Array): void {
    const { graph: g, state } = context;
    const box = this.box!;
    this.frame();
    const { scale } = this;
    const most = Math.max(1, ...places.map((i) => all[i]!));
    const group = s("g", {});
    const labels = s("g", { class: "labels", "aria-hidden": "true" });
    const taken: [number, number, number, number][] = [];
    for (const i of places) {
      const party = g.party(i);
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
    const { svg, land } = this;
    svg.setAttribute("aria-label", `Map of ${many(places.length, "place")}; arrow keys go from one to the next, Enter shows the events of one alone`);
    svg.replaceChildren(group, labels);
    const isThere = svg.parentNode === this.figure;
    if (!places.length) this.figure.replaceChildren(h("p", { class: "empty" }, "No place that lies on the map."));
    else if (!isThere) this.figure.replaceChildren(land, svg);
    roving(group, ".pick");
  }

  // Have both pictures show the box, and find out how many of the outline's units a pixel is.
  private frame(): void {
    const box = this.box!;
    for (const each of [this.svg, this.land]) each.setAttribute("viewBox", `${box.x} ${box.y} ${box.width} ${box.width * this.ratio()}`);
    this.scale = box.width / this.width;
  }

  private drag(): void {
    let from: { x: number; y: number; box: Box } | null = null;
    this.svg.addEventListener("pointerdown", (event) => {
      from = { x: event.clientX, y: event.clientY, box: this.box! };
    });
    this.svg.addEventListener("pointermove", (event) => {
      if (!from || !(event.buttons & 1) || event.pointerType === "touch") return;
      this.box = this.within({ ...from.box, x: from.box.x - (event.clientX - from.x) * this.scale, y: from.box.y - (event.clientY - from.y) * this.scale });
      this.frame();
    });
    this.svg.addEventListener("pointerup", () => {
      from = null;
    });
  }
}
