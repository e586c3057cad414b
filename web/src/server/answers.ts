// How answers are shown: as text. What a graph holds never becomes markup here, and links lead to this server alone.
import type Yasr from "@zazuko/yasr";
import { h, many, number } from "../shared/dom.ts";

interface Value {
  type: string;
  value: unknown;
  datatype?: string;
  "xml:lang"?: string;
}
const AT_ONCE = 200;

function cell(value: Value | undefined): Node | string {
  if (!value) return "";
  const text = typeof value.value === "string" ? value.value : JSON.stringify(value.value);
  if (value.type === "uri") return h("a", { href: `/describe?iri=${encodeURIComponent(text)}` }, h("bdi", {}, text));
  const note = value["xml:lang"] ? `@${value["xml:lang"]}` : (value.datatype ?? "").replace(/^.*[#/]/, "");
  return h("span", {}, h("bdi", {}, text), note && note !== "string" ? h("small", { class: "quiet" }, ` ${note}`) : null);
}

// Rows are added a portion at a time, so that a long answer does not hold up the page.
function table(caption: string, names: string[], rows: (Value | undefined)[][]): HTMLElement {
  const body = h("tbody", {});
  const more = h("button", { type: "button", click: () => add() }, "More rows");
  let shown = 0;
  const add = () => {
    body.append(...rows.slice(shown, shown + AT_ONCE).map((row) => h("tr", {}, ...row.map((value) => h("td", {}, cell(value))))));
    shown = Math.min(rows.length, shown + AT_ONCE);
    more.hidden = shown >= rows.length;
    more.textContent = `More rows (${number(rows.length - shown)})`;
  };
  add();
  const head = h("tr", {}, ...names.map((name) => h("th", { scope: "col" }, name)));
  return h(
    "div",
    {},
    h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Answer" }, h("table", {}, h("caption", {}, caption), h("thead", {}, head), body)),
    more,
  );
}

export class Answer {
  priority = 10;
  label = "Table";
  constructor(private readonly yasr: Yasr) {}
  canHandleResults(): boolean {
    const found = this.yasr.results;
    return Boolean(found && !found.hasError() && (found.getBoolean() !== undefined || found.getVariables()?.length || found.getStatements()?.length));
  }
  getIcon(): undefined {
    return undefined;
  }
  draw(): void {
    const found = this.yasr.results!;
    const answer = found.getAsJson();
    if (answer && typeof answer.boolean === "boolean") {
      this.yasr.resultsEl.replaceChildren(h("p", {}, h("strong", {}, answer.boolean ? "Yes" : "No")));
      return;
    }
    const names = found.getVariables() ?? [];
    if (names.length) {
      const rows = (found.getBindings() ?? []).map((binding) => names.map((name) => binding[name] as Value | undefined));
      this.yasr.resultsEl.replaceChildren(table(many(rows.length, "row"), names, rows));
      return;
    }
    const term = (each: { termType: string; value: string; language?: string }): Value => ({
      type: each.termType === "NamedNode" ? "uri" : "literal",
      value: each.value,
      ...(each.language ? { "xml:lang": each.language } : {}),
    });
    const rows = found.getStatements().map((quad) => [quad.subject, quad.predicate, quad.object].map((each) => term(each as never)));
    this.yasr.resultsEl.replaceChildren(table(many(rows.length, "statement"), ["subject", "predicate", "object"], rows));
  }
}

export class Failure {
  priority = 20;
  label = "Error";
  hideFromSelection = true;
  constructor(private readonly yasr: Yasr) {}
  canHandleResults(): boolean {
    return Boolean(this.yasr.results?.hasError());
  }
  getIcon(): undefined {
    return undefined;
  }
  draw(): void {
    const { status, statusText, text } = this.yasr.results!.getError();
    const title = status ? `${status} ${statusText ?? ""}` : "The server does not answer";
    this.yasr.resultsEl.replaceChildren(h("div", { class: "wrong", role: "alert" }, h("p", {}, h("strong", {}, title)), h("p", {}, text || "")));
  }
}
