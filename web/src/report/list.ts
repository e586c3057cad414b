// The table of events, a page at a time.
import { h, many, number } from "../shared/dom.ts";
import { glyph } from "../shared/glyphs.ts";
import type { Context, View } from "./context.ts";
import { span } from "./days.ts";
import { UNSURE } from "./graph.ts";
import { heading } from "./selection.ts";

const PAGE = 50;
const COLUMNS: [string, string][] = [["when", "When"], ["type", "Type"], ["status", "Status"], ["who", "Who"], ["", "Where"], ["confidence", "Confidence"], ["source", "Source"]];

export class List implements View {
  readonly element: HTMLElement;
  private readonly body = h("tbody", {});
  private readonly headers = new Map<string, HTMLElement>();
  private readonly pager = h("nav", { class: "pager", "aria-label": "Pages of the table" });
  private context: Context | null = null;

  constructor() {
    const header = ([key, name]: [string, string]) => {
      const cell = h("th", { scope: "col", class: name.toLowerCase() }, key ? h("button", { type: "button", class: "sort", click: () => this.sort(key) }, name, h("span", { class: "arrow", "aria-hidden": "true" })) : name);
      if (key) this.headers.set(key, cell);
      return cell;
    };
    this.element = h(
      "section",
      { class: "panel", id: "table", "aria-labelledby": "table-title" },
      h("div", { class: "head" }, h("h2", { id: "table-title" }, "Events"), this.pager),
      h("div", { class: "scroll-x", tabindex: "0", role: "region", "aria-label": "Table of events" }, h("table", { class: "data events" }, h("thead", {}, h("tr", {}, ...COLUMNS.map(header))), this.body)),
    );
  }

  private sort(by: string): void {
    if (!this.context) return;
    const now = this.context.state.sort;
    const first = by === "when" || by === "confidence" ? `-${by}` : by;
    this.context.choose({ sort: now === first ? (first.startsWith("-") ? by : `-${by}`) : first, page: 1 });
  }

  update(context: Context): void {
    this.context = context;
    const { graph: g, events, state } = context;
    const pages = Math.max(1, Math.ceil(events.length / PAGE));
    const page = Math.min(state.page, pages);
    for (const [key, cell] of this.headers) {
      const by = state.sort.replace(/^-/, "");
      cell.setAttribute("aria-sort", by !== key ? "none" : state.sort.startsWith("-") ? "descending" : "ascending");
    }
    const chosen = state.event || (events.length ? g.iri(events[0]!) : "");
    const shown = Array.from(events.subarray((page - 1) * PAGE, page * PAGE));
    this.body.replaceChildren(
      ...shown.map((i) => {
        const [type, status, doc] = [g.types[g.type[i]!]!, g.statuses[g.status[i]!]!, g.doc(g.document[i]!)];
        const iri = g.iri(i);
        const where = [...new Set(g.having(i, "place", "destination"))].map((k) => g.labels.at(k)).join(", ");
        const confidence = g.confidence[i] === UNSURE ? "" : (g.confidence[i]! / 100).toFixed(2);
        return h(
          "tr",
          { class: chosen === iri ? "chosen" : "", click: () => context.choose({ event: iri }) },
          h("td", { class: "when" }, days(span(g.first[i]!, g.last[i]!)) ?? h("span", { class: "faint" }, g.words(i) ? `“${g.words(i)}”` : "no date")),
          h("td", { class: "type" }, type),
          h("td", { class: "status" }, glyph(type, status), h("span", {}, ` ${status}`)),
          h("th", { scope: "row", class: "who" }, h("button", { type: "button", class: "link", "aria-pressed": String(chosen === iri), click: (event: Event) => (event.stopPropagation(), context.choose({ event: iri })) }, heading(g, i))),
          h("td", { class: "where" }, where),
          h("td", { class: "number" }, confidence),
          h("td", { class: "source" }, h("span", { title: doc.title || doc.id }, doc.title || doc.id)),
        );
      }),
      ...(shown.length ? [] : [h("tr", {}, h("td", { colspan: COLUMNS.length, class: "empty" }, "No event matches. “Show all” takes all filters away."))]),
    );
    const go = (to: number, text: string, label: string) => h("button", { type: "button", class: "tool", "aria-label": label, disabled: to < 1 || to > pages || to === page, click: () => context.choose({ page: to }) }, text);
    this.pager.replaceChildren(
      h("span", {}, events.length ? `${number((page - 1) * PAGE + 1)}–${number(Math.min(events.length, page * PAGE))} of ${many(events.length, "event")}` : "none"),
      go(1, "«", "First page"),
      go(page - 1, "‹", "Previous page"),
      go(page + 1, "›", "Next page"),
      go(pages, "»", "Last page"),
    );
  }
}

// A span of days, to be broken between them alone.
function days(said: string): HTMLElement | null {
  const [first, last] = said.split(" to ");
  return first ? h("span", {}, h("span", { class: "day" }, last ? `${first} to` : first), last && " ", last && h("span", { class: "day" }, last)) : null;
}
