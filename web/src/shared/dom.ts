// Making elements. Texts go in as text nodes and attributes alone: nothing here parses markup.

export type Child = Node | string | number | null | undefined | false;
type Attributes = Record<string, string | number | boolean | null | undefined | ((event: never) => void)>;

const SVG = "http://www.w3.org/2000/svg";

function fill<E extends Element>(element: E, attributes: Attributes, children: Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name, value as EventListener);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child !== null && child !== undefined && child !== false) element.append(typeof child === "number" ? String(child) : child);
  return element;
}

export function h<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), attributes, children);
}

export function s<K extends keyof SVGElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: Child[]): SVGElementTagNameMap[K] {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

// A link where the address is one of the web, else the address as text.
export function link(address: string, text = address): HTMLElement {
  let url: URL | null = null;
  try {
    url = new URL(address);
  } catch {
    // no address at all
  }
  if (!url || !["http:", "https:"].includes(url.protocol) || url.username || url.password) return h("span", {}, text);
  return h("a", { href: url.href, rel: "noreferrer noopener", target: "_blank" }, text);
}

// One tab stop for a group of marks: arrow keys go from one to the next, Home and End to the ends.
export function roving(group: Element, selector: string): void {
  const marks = () => [...group.querySelectorAll<SVGElement | HTMLElement>(selector)];
  const first = marks();
  for (const [i, mark] of first.entries()) mark.setAttribute("tabindex", i === 0 ? "0" : "-1");
  if (group.hasAttribute("data-roving")) return;
  group.setAttribute("data-roving", "");
  group.addEventListener("keydown", (event) => {
    const key = (event as KeyboardEvent).key;
    const all = marks();
    const at = all.indexOf(document.activeElement as SVGElement);
    if (at < 0) return;
    const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[key];
    if (to !== undefined) {
      event.preventDefault();
      const next = all[Math.max(0, Math.min(all.length - 1, to))]!;
      for (const mark of all) mark.setAttribute("tabindex", "-1");
      next.setAttribute("tabindex", "0");
      next.focus();
    } else if (key === "Enter" || key === " ") {
      event.preventDefault();
      all[at]!.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    }
  });
}

// A part that is opened seldom, filled when it is.
export function seldom(summary: string, name: string): { element: HTMLDetailsElement; fill: (make: (() => Node) | null) => void } {
  let waiting: (() => Node) | null = null;
  const body = h("div", {});
  const element = h("details", { class: name }, h("summary", {}, summary), body);
  const show = () => {
    if (element.open && waiting) body.replaceChildren(waiting());
    if (element.open) waiting = null;
  };
  element.addEventListener("toggle", show);
  return {
    element,
    fill: (make) => {
      if (!make || !element.open) body.replaceChildren();
      waiting = make;
      show();
    },
  };
}

// One formatter for all: making one costs more than a thousand uses.
const FORMAT = new Intl.NumberFormat("en");
export const number = (n: number): string => FORMAT.format(n);
export const many = (n: number, one: string, more = `${one}s`): string => `${number(n)} ${n === 1 ? one : more}`;
