// When: a mark for each event where there are few, bars by time where there are many. How well a time is known shows as
// the mark's length; what is known less well than a bar is wide stands beneath the axis.
import { scaleUtc } from "d3-scale";
import { h, many, number, roving, s, seldom } from "../shared/dom.ts";
import { form, hue, mark, STATUSES } from "../shared/glyphs.ts";
import { among, binned, reach } from "./bins.ts";
import type { Context, View } from "./context.ts";
import { date, iso, precision, span } from "./days.ts";
import { NO_DAY } from "./graph.ts";
import { heading } from "./selection.ts";
import { table } from "./table.ts";

const FEW = 160;
const LANE = 18;
const DOT = 12;
const BAR_HEIGHT = 110;

export class Timeline implements View {
  readonly element: HTMLElement;
  private readonly figure = h("div", { class: "figure scroll-x" });
  private readonly notes = h("p", { class: "notes" });
  private readonly table = seldom("The timeline as a table", "as-table");
  private width = 0;

  constructor() {
    this.element = h(
      "section",
      { class: "panel", id: "timeline", "aria-labelledby": "timeline-title" },
      h("div", { class: "head" }, h("h2", { id: "timeline-title" }, "When"), this.notes),
      this.figure,
      this.table.element,
    );
  }

  measure(): void {
    this.width = Math.max(280, this.element.clientWidth - 34 || 900);
  }

  update(context: Context): void {
    const { graph: g, events, state } = context;
    const { width } = this;
    const dated = among(events, g.first, g.last, NO_DAY + 1, Infinity);
    const undated = events.length - dated.length;
    const range = reach(g, dated, state.from === "" && state.to === "");
    const shown = range?.earlier || range?.later ? among(dated, g.first, g.last, range.from, range.to) : dated;
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
    const { firsts, kinds, exact, total, vague } = binned(g, events, from, to);
    const x = scaleUtc([date(from), date(to + 1)], [30, width - 10]);
    const most = Math.max(1, ...total);
    const vaguest = Math.max(1, ...vague);
    const anyVague = vague.some(Boolean);
    const under = anyVague ? 34 : 0;
    const svg = s("svg", { width, height: BAR_HEIGHT + 46 + under, role: "group", "aria-label": `Events by time, ${many(events.length, "event")}; arrow keys go from bar to bar, Enter shows those events alone` });
    const base = BAR_HEIGHT + 12;
    svg.append(s("text", { x: 2, y: 12, class: "tick" }, number(most)), s("line", { x1: 30, x2: width - 10, y1: 12, y2: 12, class: "grid" }));
    const ordered = STATUSES.concat(g.statuses.filter((each) => !STATUSES.includes(each))).filter((each) => g.statuses.includes(each));
    const keys = g.types.flatMap((type, t) => ordered.map((status) => ({ type, status, key: t * g.statuses.length + g.statuses.indexOf(status) })));
    keys.sort((a, b) => hue(a.type) - hue(b.type));
    // All bars of a kind are one path, above what can be chosen: a tenth of the elements that a rectangle each would be.
    const bars = keys.map(() => "");
    let beneath = "";
    const picks: SVGElement[] = [];
    for (const [n, first] of firsts.entries()) {
      if (!total[n] && !vague[n]) continue;
      const last = (firsts[n + 1] ?? to + 1) - 1;
      const [a, b] = [x(date(Math.max(from, first))), x(date(last + 1))];
      const label = `${span(first, last)}: ${many(total[n]!, "event")}${vague[n] ? `, and ${number(vague[n]!)} whose time is known less well` : ""}`;
      picks.push(
        s(
          "g",
          { class: "pick", role: "button", "aria-label": label, click: () => context.choose({ from: iso(first), to: iso(last), page: 1, undated: false }) },
          s("title", {}, `${label}\nClick to see these alone`),
          s("rect", { x: a, y: 12, width: Math.max(2, b - a), height: BAR_HEIGHT + under, class: "hit" }),
        ),
      );
      let y = base;
      for (const [k, { key }] of keys.entries()) {
        const count = exact[n * kinds + key]!;
        if (!count) continue;
        const tall = Math.max(0.5, (count / most) * BAR_HEIGHT);
        y -= tall;
        bars[k] += box(a + 0.5, y, Math.max(1.5, b - a - 1), tall);
      }
      if (vague[n]) beneath += box(a, base + 20, b - a + 0.5, Math.max(1, (vague[n]! / vaguest) * (under - 6)));
    }
    const drawn = keys.map(({ type, status }, k) => bars[k] && s("g", { class: `mark hue-${hue(type)}` }, s("path", { d: bars[k], class: `bar ${form(status)}` })));
    svg.append(...picks, s("g", { class: "bars", "aria-hidden": "true" }, ...drawn, beneath && s("path", { class: "vague", d: beneath })), axis(x, base, width));
    this.figure.replaceChildren(svg);
    if (anyVague) this.figure.append(h("p", { class: "small" }, "Beneath the axis: events whose time is known to a longer span alone."));
    roving(svg, ".pick");
    this.table.fill(() =>
      table(
        "Events by time",
        ["When", ...g.types, "All", "Known less well"],
        [...firsts.entries()]
          .filter(([n]) => total[n] || vague[n])
          .map(([n, first]) => {
            const of = (t: number) => exact.subarray(n * kinds + t * g.statuses.length, n * kinds + (t + 1) * g.statuses.length).reduce((sum, each) => sum + each, 0);
            return [span(first, (firsts[n + 1] ?? to + 1) - 1), ...g.types.map((_, t) => number(of(t))), number(total[n]!), number(vague[n]!)];
          }),
      ),
    );
  }
}

const box = (x: number, y: number, width: number, height: number): string => `M${x.toFixed(1)},${y.toFixed(1)}h${width.toFixed(1)}v${height.toFixed(1)}h${(-width).toFixed(1)}z`;

function axis(x: ReturnType<typeof scaleUtc<number, number>>, y: number, width: number): SVGGElement {
  const group = s("g", { class: "axis", "aria-hidden": "true" }, s("line", { x1: 0, x2: width, y1: y, y2: y }));
  const format = x.tickFormat();
  for (const tick of x.ticks(Math.max(3, Math.floor(width / 110)))) {
    const at = x(tick);
    group.append(s("line", { x1: at, x2: at, y1: y, y2: y + 5 }), s("text", { x: at, y: y + 18, class: "tick", "text-anchor": at < 20 ? "start" : at > width - 30 ? "end" : "middle" }, format(tick)));
  }
  return group;
}
