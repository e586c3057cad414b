// What can be chosen: search, types, statuses, dates, source, confidence; and what is chosen, to be taken away.
import { h, many, number } from "../shared/dom.ts";
import { glyph, STATUSES } from "../shared/glyphs.ts";
import { greatest } from "./columns.ts";
import type { Context, View } from "./context.ts";
import { span } from "./days.ts";
import { type Graph, NO_DAY } from "./graph.ts";
import { EMPTY, type State } from "./state.ts";

const MANY_SOURCES = 400;
const WAIT = 40;

export class Controls implements View {
  readonly element: HTMLElement;
  private readonly search = h("input", { type: "search", id: "q", placeholder: "Name, words of a sentence, title …", autocomplete: "off" });
  private readonly from = h("input", { type: "date", id: "from" });
  private readonly to = h("input", { type: "date", id: "to" });
  private readonly source = h("select", { id: "source" });
  private readonly confidence = h("input", { type: "range", id: "confidence", min: 0, max: 100, step: 1 });
  private readonly sure = h("output", { for: "confidence" });
  private readonly chosen = h("div", { class: "chips chosen-chips" });
  private readonly summary = h("p", { class: "summary", role: "status" });
  private readonly boxes = new Map<string, { box: HTMLInputElement; count: HTMLElement }>();
  private timer = 0;

  constructor(graph: Graph, choose: (change: Partial<State>) => void) {
    const later = (act: () => void) => {
      clearTimeout(this.timer);
      this.timer = window.setTimeout(act, WAIT);
    };
    this.search.addEventListener("input", () => later(() => choose({ q: this.search.value, page: 1 })));
    for (const [input, name] of [[this.from, "from"], [this.to, "to"]] as const) {
      input.addEventListener("change", () => choose({ [name]: input.value, undated: false, page: 1 }));
    }
    this.confidence.addEventListener("input", () => {
      this.sure.textContent = (Number(this.confidence.value) / 100).toFixed(2);
      later(() => choose({ confidence: Number(this.confidence.value), page: 1 }));
    });
    this.source.append(h("option", { value: "" }, "All sources"), ...sources(graph));
    this.source.addEventListener("change", () => choose({ source: this.source.value, page: 1 }));
    const statuses = [...STATUSES.filter((name) => graph.statuses.includes(name)), ...graph.statuses.filter((name) => name && !STATUSES.includes(name))];
    const group = (legend: string, names: string[], key: "types" | "statuses", picture: (name: string) => Node) =>
      h("fieldset", {}, h("legend", {}, legend), ...names.map((name) => this.box(key, name, picture(name), choose)));
    const types = [...graph.types].sort((a, b) => ["Meeting", "Deployment", "Agreement"].indexOf(a) - ["Meeting", "Deployment", "Agreement"].indexOf(b));
    this.element = h(
      "search",
      { class: "controls-bar", "aria-label": "Filters" },
      h("div", { class: "field wide" }, h("label", { for: "q" }, "Search"), this.search),
      group("Type", types.filter(Boolean), "types", (name) => glyph(name, "Occurred")),
      group("Status", statuses, "statuses", (name) => glyph("Meeting", name)),
      h(
        "details",
        { class: "more", open: window.innerWidth >= 700 },
        h("summary", {}, "Dates, source, confidence"),
        h(
          "div",
          { class: "fields" },
          h("div", { class: "field" }, h("label", { for: "from" }, "From"), this.from),
          h("div", { class: "field" }, h("label", { for: "to" }, "To"), this.to),
          h("div", { class: "field" }, h("label", { for: "source" }, "Source"), this.source),
          h("div", { class: "field" }, h("label", { for: "confidence" }, "Confidence from ", this.sure), this.confidence),
        ),
      ),
      h("div", { class: "result" }, this.summary, this.chosen),
    );
  }

  private box(key: "types" | "statuses", name: string, picture: Node, choose: (change: Partial<State>) => void): HTMLElement {
    const count = h("span", { class: "count" });
    const box = h("input", {
      type: "checkbox",
      change: () => {
        const now = [...this.boxes].filter(([id, { box: each }]) => id.startsWith(`${key}:`) && each.checked).map(([id]) => id.slice(key.length + 1));
        choose({ [key]: now, page: 1 });
      },
    });
    this.boxes.set(`${key}:${name}`, { box, count });
    return h("label", { class: "check", "data-name": name }, box, picture, ` ${name} `, count);
  }

  update(context: Context): void {
    const { graph: g, events, state } = context;
    const active = document.activeElement;
    if (active !== this.search) this.search.value = state.q;
    if (active !== this.from) this.from.value = state.from;
    if (active !== this.to) this.to.value = state.to;
    this.source.value = state.source;
    this.confidence.value = String(state.confidence);
    this.sure.textContent = (state.confidence / 100).toFixed(2);
    const counts = new Map<string, number>();
    const documents = new Uint8Array(g.documents);
    let [first, last, undated] = [2 ** 31 - 1, NO_DAY, 0];
    const types = new Uint32Array(g.types.length);
    const statuses = new Uint32Array(g.statuses.length);
    for (let k = 0; k < events.length; k++) {
      const i = events[k]!;
      types[g.type[i]!]!++;
      statuses[g.status[i]!]!++;
      documents[g.document[i]!] = 1;
      const day = g.first[i]!;
      if (day === NO_DAY) undated++;
      else {
        if (day < first) first = day;
        if (g.last[i]! > last) last = g.last[i]!;
      }
    }
    for (const [i, name] of g.types.entries()) counts.set(`types:${name}`, types[i]!);
    for (const [i, name] of g.statuses.entries()) counts.set(`statuses:${name}`, statuses[i]!);
    for (const [id, { box, count }] of this.boxes) {
      const [key, name] = [id.slice(0, id.indexOf(":")) as "types" | "statuses", id.slice(id.indexOf(":") + 1)];
      box.checked = state[key].includes(name);
      count.textContent = number(counts.get(id) ?? 0);
    }
    let docs = 0;
    for (let i = 0; i < documents.length; i++) docs += documents[i]!;
    const whole = events.length === g.size;
    this.summary.replaceChildren(
      h("strong", {}, whole ? many(g.size, "event") : `${number(events.length)} of ${many(g.size, "event")}`),
      ` in ${many(docs, "document")}${first <= last ? `, ${span(first, first)} to ${span(last, last)}` : ""}${undated ? `, ${number(undated)} without a date` : ""}`,
    );
    const chips: [string, Partial<State>][] = [];
    const party = (iri: string) => {
      const i = g.iris.find(iri);
      return i < 0 ? iri : g.labels.at(i);
    };
    if (state.who) chips.push([`With ${party(state.who)}`, { who: "" }]);
    if (state.where) chips.push([`At ${party(state.where)}`, { where: "" }]);
    if (state.undated) chips.push(["Without a date", { undated: false }]);
    if (state.from || state.to) chips.push([`${state.from || "…"} to ${state.to || "…"}`, { from: "", to: "" }]);
    if (state.q) chips.push([`“${state.q}”`, { q: "" }]);
    if (state.source) chips.push([state.source, { source: "" }]);
    const isFiltered = !whole || chips.length || state.types.length || state.statuses.length || state.confidence;
    this.chosen.replaceChildren(
      ...chips.map(([text, change]) =>
        h("button", { type: "button", class: "chip on", "aria-label": `${text}: take this filter away`, click: () => (this.clear(change), context.choose({ ...change, page: 1 })) }, text, h("span", { "aria-hidden": "true" }, " ×")),
      ),
      ...(isFiltered ? [h("button", { type: "button", class: "chip", click: () => (this.clear({ q: "" }), context.choose({ ...EMPTY, sort: state.sort, event: state.event })) }, "Show all")] : []),
    );
  }

  private clear(change: Partial<State>): void {
    if (change.q === "") this.search.value = "";
  }
}

// Sites first, then documents, those of most events first; a page of thousands would help nobody.
function sources(g: Graph): Node[] {
  const events = new Uint32Array(g.documents);
  for (let i = 0; i < g.size; i++) events[g.document[i]!]!++;
  const sites = new Uint32Array(g.hosts.size);
  for (let i = 0; i < g.documents; i++) if (g.hosts.at(g.host[i]!)) sites[g.host[i]!]! += events[i]!;
  const options = (label: string, counts: Uint32Array, name: (i: number) => string) => {
    const found = greatest(counts, MANY_SOURCES);
    const isCut = found.length === MANY_SOURCES && found.length < counts.reduce((sum, n) => sum + Number(n > 0), 0);
    const option = (i: number) => {
      const said = name(i);
      return h("option", { value: said }, `${said.length > 60 ? `${said.slice(0, 60)}…` : said} (${number(counts[i]!)})`);
    };
    return found.length ? [h("optgroup", { label: isCut ? `${label} (the ${MANY_SOURCES} of most events)` : label }, ...found.map(option))] : [];
  };
  return [...options("Sites", sites, (i) => g.hosts.at(i)), ...options("Documents", events, (i) => g.documentIds.at(i))];
}
