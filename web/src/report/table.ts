// A table that says what a picture shows: so many rows at most, of `all` that there are.
import { h, number } from "../shared/dom.ts";

export function table(name: string, head: string[], rows: string[][], all = rows.length, most = 500): HTMLElement {
  const cut = all > most;
  return h(
    "div",
    { class: "scroll-x", tabindex: "0", role: "region", "aria-label": name },
    h("table", { class: "data" }, h("thead", {}, h("tr", {}, ...head.map((name) => h("th", { scope: "col" }, name)))), h("tbody", {}, ...rows.slice(0, most).map((row) => h("tr", {}, ...row.map((cell) => h("td", {}, cell)))))),
    cut && h("p", { class: "small" }, `${number(all - most)} more rows are left out here; filters bring them.`),
  );
}
