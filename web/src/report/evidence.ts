// One event: what is said of it, and the sentences that say so.
import { h, link } from "../shared/dom.ts";
import { glyph } from "../shared/glyphs.ts";
import { marked, roleName } from "../shared/marked.ts";
import type { Context, View } from "./context.ts";
import { iso, precision, span } from "./days.ts";
import { NO_DAY, UNSURE } from "./graph.ts";
import { heading } from "./selection.ts";

const FIRST = ["deployer", "signatory", "host", "participant", "deployedForce", "origin", "destination", "place", "attributedTo"];

export class EvidencePanel implements View {
  readonly element: HTMLElement;
  private readonly body = h("div", {});
  private shown = "";

  constructor() {
    this.element = h("section", { class: "panel evidence", id: "evidence", "aria-labelledby": "evidence-title", tabindex: "-1" }, this.body);
  }

  update(context: Context): void {
    const { graph: g, state } = context;
    // Before anything is chosen, the first event in the table shows what stands here.
    const event = state.event ? g.find(state.event) : (context.events[0] ?? -1);
    const had = this.shown;
    this.shown = state.event;
    if (event < 0) {
      this.body.replaceChildren(
        h("h2", { id: "evidence-title" }, "Evidence"),
        h("p", { class: "empty" }, state.event ? "This report does not hold that event." : "No event matches, so there is nothing to show."),
      );
      return;
    }
    const [type, status, doc] = [g.types[g.type[event]!]!, g.statuses[g.status[event]!]!, g.doc(g.document[event]!)];
    const sentences = g.evidence(event);
    const facts = h("dl", { class: "facts" });
    const fact = (name: string, ...value: (Node | string)[]) => facts.append(h("dt", {}, name), h("dd", {}, ...value));
    const parts = g.parts(event);
    const roles = [...new Set(parts.map(({ role }) => role))].sort((a, b) => (FIRST.indexOf(a) + 1 || 99) - (FIRST.indexOf(b) + 1 || 99));
    for (const role of roles) {
      fact(
        role === "attributedTo" ? "who says so" : roleName(role),
        h("ul", { class: "plain" }, ...parts.filter((part) => part.role === role).map(({ party }) => this.party(context, party))),
      );
    }
    if (!roles.includes("attributedTo")) fact("who says so", "the document itself");
    const when = span(g.first[event]!, g.last[event]!);
    fact("when", when ? `${when} (${precision(g.first[event]!, g.last[event]!)})` : "not said, or not understood", g.words(event) ? h("span", { class: "faint" }, ` “${g.words(event)}”`) : "");
    if (g.mode(event)) fact("how", g.mode(event).replace("InPerson", "In person"));
    if (g.topic(event)) fact("about", g.topic(event));
    const confidence = g.confidence[event]!;
    if (confidence !== UNSURE) fact("confidence", (confidence / 100).toFixed(2), h("meter", { min: 0, max: 1, value: confidence / 100, "aria-label": "Confidence" }));
    fact("source", h("cite", {}, doc.title || doc.id), doc.url ? h("div", {}, link(doc.url)) : "", h("div", { class: "faint" }, `${doc.id}${doc.issued === NO_DAY ? "" : `, published ${iso(doc.issued)}`}`));
    fact("name in the graph", h("code", {}, g.iri(event)));
    this.body.replaceChildren(
      h("div", { class: "head" }, h("h2", { id: "evidence-title" }, "Evidence"), state.event ? h("button", { type: "button", class: "tool", click: () => context.choose({ event: "" }) }, "Close") : h("span", { class: "small" }, "of the first event in the table")),
      h("p", { class: "event-title" }, glyph(type, status), ` ${type}, ${status.toLowerCase()}: `, h("strong", {}, heading(g, event))),
      ...(sentences.length ? sentences.map(({ text, marks }) => marked(text, marks)) : [h("p", { class: "note" }, "The sentence is left out: this report is too large to hold all. ", h("code", {}, "kgload query evidence-of"), " shows it.")]),
      facts,
    );
    if (had !== state.event && state.event) this.element.dispatchEvent(new CustomEvent("shown", { bubbles: true }));
  }

  private party(context: Context, index: number): HTMLElement {
    const party = context.graph.party(index);
    return h(
      "li",
      {},
      h("button", { type: "button", class: "link", title: "Show this one's events alone", click: () => context.choose({ who: party.iri, page: 1 }) }, party.label),
      h("span", { class: "faint" }, ` ${party.kind === "Entity" ? "" : party.kind.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase()}`),
      party.item ? " " : "",
      party.item ? link(party.item, `${party.linked ? "" : "perhaps "}${/\/Q\d+$/.test(party.item) ? `Wikidata ${party.item.slice(party.item.lastIndexOf("/") + 1)}` : party.item}`) : "",
    );
  }
}
