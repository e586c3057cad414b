// When: a mark for each event where there are few, bars by time where there are many. How well a time is known shows as
// the mark's length; what is known less well than a bar is wide stands beneath the axis.
import { scaleUtc } from "d3-scale";
import { h, many, number, roving, s, seldom } from "../shared/dom.ts";
import { form, hue, mark, STATUSES } from "../shared/glyphs.ts";
import type { Context, View } from "./context.ts";
import { date, iso, precision, span } from "./days.ts";
import { type Graph, NO_DAY } from "./graph.ts";
import { heading } from "./selection.ts";

const FEW = 160;
const LANE = 18;
const DOT = 12;
const BAR_HEIGHT = 110;
const BINS = 90;

interface Bin {
  from: number;
  to: number;
  exact: Map<number, number>; // by type and status together
  total: number;
  vague: number;
}

export class Timeline implements View {
  readonly element: HTMLElement;
  private readonly figure = h("div", { class: "figure scroll-x" });
  private readonly notes = h("p", { class: "notes" });
  private readonly table = seldom("The timeline as a table", "as-table");

  constructor() {
    this.element = h(
      "section",
      { class: "panel", id: "timeline", "aria-labelledby": "timeline-title" },
      h("div", { class: "head" }, h("h2", { id: "timeline-title" }, "When"), this.notes),
      this.figure,
      this.table.element,
    );
  }

  update(context: Context): void {
    const { graph: g, events, state } = context;
    const dated = events.filter((i) => g.first[i] !== NO_DAY);
    const undated = events.length - dated.length;
    const width = Math.max(320, this.element.clientWidth - 34 || 900);
    const range = reach(g, dated, state.from === "" && state.to === "");
    const shown = range ? dated.filter((i) => g.last[i]! >= range.from && g.first[i]! <= range.to) : dated;
    this.notes.replaceChildren();
    const note = (text: string, change: Parameters<Context["choose"]>[0]) =>
      this.notes.append(h("button", { type: "button", class: "link", click: () => context.choose({ ...change, page: 1 }) }, text));
    if (range?.earlier) note(`◂ ${number(range.earlier)} earlier`, { to: iso(range.from - 1), from: iso(range.least), undated: false });
    if (range?.later) note(`${number(range.later)} later ▸`, { from: iso(range.to + 1), to: iso(range.most), undated: false });
    if (undated && !state.undated) note(`${number(undated)} without a date`, { undated: true, from: "", to: "" });
    if (!range) {
      this.figure.replaceChildren(h("p", { class: "empty" }, undated ? `${many(undated, "event")} without a date: see the table below.` : "No event matches."));
      this.table.fill(null);
      return;
    }
    if (shown.length <= FEW) this.few(context, shown, range.from, range.to, width);
    else this.many(context, shown, range.from, range.to, width);
  }

  private few(context: Context, events: Uint32Array, from: number, to: number, width: number): void {
    const { graph: g, state } = context;
    const left = 6;
    const x = scaleUtc([date(from), date(to + 1)], [left + DOT / 2, width - 2 * DOT - 6]);
    const svg = s("svg", { width, role: "group", "aria-label": `Timeline of ${many(events.length, "event")}; arrow keys go from one to the next` });
    let top = 4;
    const types = [...new Set(Array.from(events, (i) => g.type[i]!))].sort((a, b) => hue(g.types[a]!) - hue(g.types[b]!));
    for (const type of types) {
      const own = Array.from(events).filter((i) => g.type[i] === type).sort((a, b) => g.first[a]! - g.first[b]! || g.last[a]! - g.last[b]!);
      const label = s("text", { x: left, y: top + 13, class: "lane-name" }, `${g.types[type]} (${number(own.length)})`);
      const band = s("g", {}, label);
      const ends: number[] = [];
      const marks = s("g", { role: "group", "aria-label": `${g.types[type]} events` });
      for (const i of own) {
        const start = x(date(g.first[i]!));
        const length = g.first[i] === g.last[i] ? 0 : Math.max(DOT + 6, x(date(g.last[i]! + 1)) - start);
        let lane = ends.findIndex((end) => end < start - 2);
        if (lane < 0) lane = ends.length;
        ends[lane] = length ? start + length : start + DOT;
        const y = top + 24 + lane * LANE + LANE / 2;
        const at = s(
          "g",
          {
            class: `pick${context.state.event === g.iri(i) ? " chosen" : ""}`,
            role: "button",
            "aria-pressed": state.event === g.iri(i) ? "true" : "false",
            "aria-label": `${g.types[type]}, ${g.statuses[g.status[i]!]}, ${span(g.first[i]!, g.last[i]!)} (${precision(g.first[i]!, g.last[i]!)}): ${heading(g, i)}`,
            click: () => context.choose({ event: g.iri(i) }),
          },
          mark(g.types[type]!, g.statuses[g.status[i]!]!, start, y, length, DOT),
          s("title", {}, `${span(g.first[i]!, g.last[i]!)} · ${g.statuses[g.status[i]!]}\n${heading(g, i)}`),
        );
        marks.append(at);
      }
      const height = 26 + Math.max(1, ends.length) * LANE + 6;
      band.prepend(s("rect", { x: 0, y: top, width, height: height - 4, class: "lane", rx: 6 }));
      svg.append(band, marks);
      top += height;
    }
    svg.append(axis(x, top, width));
    svg.setAttribute("height", String(top + 24));
    this.figure.replaceChildren(svg);
    roving(svg, ".pick");
    this.table.fill(() =>
      table(
        "Events of the timeline",
        ["When", "How exact", "Type", "Status", "Who"],
        Array.from(events).sort((a, b) => g.first[a]! - g.first[b]!).map((i) => [span(g.first[i]!, g.last[i]!), precision(g.first[i]!, g.last[i]!), g.types[g.type[i]!]!, g.statuses[g.status[i]!]!, heading(g, i)]),
      ),
    );
  }

  private many(context: Context, events: Uint32Array, from: number, to: number, width: number): void {
    const { graph: g } = context;
    const bins = binned(g, events, from, to);
    const x = scaleUtc([date(from), date(to + 1)], [30, width - 10]);
    const most = Math.max(1, ...bins.map((bin) => bin.total));
    const vague = Math.max(1, ...bins.map((bin) => bin.vague));
    const anyVague = bins.some((bin) => bin.vague);
    const under = anyVague ? 34 : 0;
    const svg = s("svg", { width, height: BAR_HEIGHT + 46 + under, role: "group", "aria-label": `Events by time, ${many(events.length, "event")}; arrow keys go from bar to bar, Enter shows those events alone` });
    const base = BAR_HEIGHT + 12;
    svg.append(s("text", { x: 2, y: 12, class: "tick" }, number(most)), s("line", { x1: 30, x2: width - 10, y1: 12, y2: 12, class: "grid" }));
    const keys = g.types.flatMap((type, t) => STATUSES.concat(g.statuses.filter((each) => !STATUSES.includes(each))).map((status) => ({ type, status, key: t * 16 + g.statuses.indexOf(status) })));
    keys.sort((a, b) => hue(a.type) - hue(b.type));
    for (const bin of bins) {
      if (!bin.total && !bin.vague) continue;
      const [a, b] = [x(date(bin.from)), x(date(bin.to + 1))];
      const label = `${span(bin.from, bin.to)}: ${many(bin.total, "event")}${bin.vague ? `, and ${number(bin.vague)} whose time is known less well` : ""}`;
      const bar = s("g", { class: "pick", role: "button", "aria-label": label, click: () => context.choose({ from: iso(bin.from), to: iso(bin.to), page: 1, undated: false }) }, s("title", {}, `${label}\nClick to see these alone`));
      bar.append(s("rect", { x: a, y: 12, width: Math.max(2, b - a), height: BAR_HEIGHT + under, class: "hit" }));
      let y = base;
      for (const { type, status, key } of keys) {
        const n = bin.exact.get(key);
        if (!n) continue;
        const tall = (n / most) * BAR_HEIGHT;
        y -= tall;
        bar.append(s("g", { class: `mark hue-${hue(type)}` }, s("rect", { x: a + 0.5, y, width: Math.max(1.5, b - a - 1), height: Math.max(0.5, tall), class: `bar ${form(status)}` })));
      }
      if (bin.vague) bar.append(s("rect", { class: "vague", x: a, y: base + 20, width: b - a + 0.5, height: Math.max(1, (bin.vague / vague) * (under - 6)) }));
      svg.append(bar);
    }
    svg.append(axis(x, base, width));
    this.figure.replaceChildren(svg);
    if (anyVague) this.figure.append(h("p", { class: "small" }, "Beneath the axis: events whose time is known to a longer span alone."));
    roving(svg, ".pick");
    this.table.fill(() =>
      table(
        "Events by time",
        ["When", ...g.types, "All", "Known less well"],
        bins.filter((bin) => bin.total || bin.vague).map((bin) => [span(bin.from, bin.to), ...g.types.map((_, t) => number([...bin.exact].reduce((sum, [key, n]) => sum + (key >> 4 === t ? n : 0), 0))), number(bin.total), number(bin.vague)]),
      ),
    );
  }
}

function axis(x: ReturnType<typeof scaleUtc<number, number>>, y: number, width: number): SVGGElement {
  const group = s("g", { class: "axis", "aria-hidden": "true" }, s("line", { x1: 0, x2: width, y1: y, y2: y }));
  const format = x.tickFormat();
  for (const tick of x.ticks(Math.max(3, Math.floor(width / 110)))) {
    const at = x(tick);
    group.append(s("line", { x1: at, x2: at, y1: y, y2: y + 5 }), s("text", { x: at, y: y + 18, class: "tick", "text-anchor": at < 20 ? "start" : at > width - 30 ? "end" : "middle" }, format(tick)));
  }
  return group;
}

// The days to be shown. A few events far from all the others would press these together: they are told of instead.
function reach(g: Graph, events: Uint32Array, mayCut: boolean) {
  if (!events.length) return null;
  const firsts = Int32Array.from(events, (i) => g.first[i]!).sort();
  const lasts = Int32Array.from(events, (i) => g.last[i]!).sort();
  const [least, most] = [firsts[0]!, lasts.at(-1)!];
  let [from, to] = [least, most];
  if (mayCut && events.length >= 20) {
    const at = (days: Int32Array, share: number) => days[Math.floor((days.length - 1) * share)]!;
    const [low, high] = [at(firsts, 0.06), at(lasts, 0.97)];
    const reach = Math.max(30, high - low);
    if (low - least > 1.5 * reach) from = low - Math.round(reach * 0.1);
    if (most - high > 1.5 * reach) to = high + Math.round(reach * 0.1);
  }
  const earlier = lasts.findIndex((day) => day >= from);
  const later = firsts.length - (firsts.findLastIndex((day) => day <= to) + 1);
  return { from, to, least, most, earlier: Math.max(0, earlier), later };
}

function binned(g: Graph, events: Uint32Array, from: number, to: number): Bin[] {
  const bins: Bin[] = starts(from, to).map((start, i, all) => ({ from: start, to: (all[i + 1] ?? to + 1) - 1, exact: new Map(), total: 0, vague: 0 }));
  const firsts = bins.map((bin) => bin.from);
  const at = (day: number) => {
    let [low, high] = [0, firsts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (firsts[middle]! <= day) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  // A difference a bin, summed up at the end: spans of years cost no more than days.
  const edges = new Int32Array(bins.length + 1);
  for (const i of events) {
    const [a, b] = [at(Math.max(from, g.first[i]!)), at(Math.min(to, g.last[i]!))];
    if (a === b && g.first[i]! >= from && g.last[i]! <= to) {
      const bin = bins[a]!;
      const key = g.type[i]! * 16 + g.status[i]!;
      bin.exact.set(key, (bin.exact.get(key) ?? 0) + 1);
      bin.total++;
    } else {
      edges[a]!++;
      edges[b + 1]!--;
    }
  }
  let open = 0;
  for (const [i, bin] of bins.entries()) bin.vague = open += edges[i]!;
  return bins;
}

// The first days of bars: days, weeks, months, years or tens of them, whichever gives not too many.
function starts(from: number, to: number): number[] {
  const days = to - from + 1;
  const found: number[] = [];
  if (days <= BINS) for (let day = from; day <= to; day++) found.push(day);
  else if (days <= BINS * 7) for (let day = from - ((from + 3) % 7); day <= to; day += 7) found.push(day);
  else {
    const step = days <= BINS * 31 ? 1 : days <= BINS * 92 ? 3 : days <= BINS * 366 ? 12 : 120;
    const first = date(from);
    for (let month = Math.floor((first.getUTCFullYear() * 12 + first.getUTCMonth()) / step) * step; ; month += step) {
      const day = Date.UTC(Math.floor(month / 12), month % 12, 1) / 86_400_000;
      if (day > to) break;
      found.push(day);
    }
  }
  return found;
}

export function table(name: string, head: string[], rows: string[][], most = 500): HTMLElement {
  const cut = rows.length > most;
  return h(
    "div",
    { class: "scroll-x", tabindex: "0", role: "region", "aria-label": name },
    h("table", { class: "data" }, h("thead", {}, h("tr", {}, ...head.map((name) => h("th", { scope: "col" }, name)))), h("tbody", {}, ...rows.slice(0, most).map((row) => h("tr", {}, ...row.map((cell) => h("td", {}, cell)))))),
    cut && h("p", { class: "small" }, `${number(rows.length - most)} more rows are left out here; filters bring them.`),
  );
}
