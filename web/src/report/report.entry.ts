// The report: reads the data in the page, and shows all views of what is chosen.
import { h, number } from "../shared/dom.ts";
import type { Context, View } from "./context.ts";
import { Controls } from "./controls.ts";
import { EvidencePanel } from "./evidence.ts";
import { Graph } from "./graph.ts";
import { List } from "./list.ts";
import { WorldMap } from "./map.ts";
import { Network } from "./network.ts";
import { Selector } from "./selection.ts";
import { read, type State, written } from "./state.ts";
import { Timeline } from "./timeline.ts";

function start(): void {
  const holder = document.getElementById("data")!;
  const graph = new Graph(JSON.parse(holder.textContent!));
  holder.remove();
  const selector = new Selector(graph);
  let state = read(location.hash);

  const choose = (change: Partial<State>) => {
    const before = state;
    state = { ...state, ...change };
    // A search being typed is one step of the history, not one a letter.
    const isTyping = "q" in change || "confidence" in change;
    history[isTyping ? "replaceState" : "pushState"](null, "", written(state) || location.pathname + location.search);
    show(before);
  };

  const controls = new Controls(graph, choose);
  const evidence = new EvidencePanel();
  const list = new List();
  const pictures: View[] = [new Timeline(), new Network(), new WorldMap()];
  const left = about(graph);
  document.getElementById("report")!.replaceChildren(
    h("a", { class: "skip", href: "#table", click: (event: Event) => (event.preventDefault(), list.element.querySelector("button")?.focus()) }, "To the table of events"),
    h("header", {}, h("h1", {}, graph.about.title), left),
    controls.element,
    h("main", {}, pictures[0]!.element, h("div", { class: "pair" }, pictures[1]!.element, pictures[2]!.element), h("div", { class: "pair lower" }, list.element, evidence.element)),
    h(
      "footer",
      {},
      h("p", {}, `Made by kgload ${graph.about.version}. Nothing in this page asks a network for anything. What is shown was extracted by a program and can be wrong: each event names its sentence. `),
      h("p", {}, "Outline: Natural Earth, public domain. States of the United States: Census Bureau, public domain. Cities: GeoNames, CC BY 4.0. Items: Wikidata, CC0."),
    ),
  );

  let events = selector.select(state);
  function show(before: State | null): void {
    const same = before !== null && (Object.keys(state) as (keyof State)[]).every((key) => key === "event" || key === "page" || String(state[key]) === String(before[key]));
    if (!same) events = selector.select(state);
    const context: Context = { graph, state, events, choose };
    const views: View[] = same ? [list, evidence] : [controls, ...pictures, list, evidence];
    // The timeline marks the chosen event.
    if (same && before!.event !== state.event) views.unshift(pictures[0]!);
    const focus = focused();
    for (const view of views) view.measure?.();
    for (const view of views) view.update(context);
    focus();
  }

  window.addEventListener("popstate", () => {
    const before = state;
    state = read(location.hash);
    show(before);
  });
  let wide = window.innerWidth;
  let timer = 0;
  window.addEventListener("resize", () => {
    if (window.innerWidth === wide) return;
    wide = window.innerWidth;
    clearTimeout(timer);
    timer = window.setTimeout(() => show(null), 150);
  });
  evidence.element.addEventListener("shown", () => {
    // Where the panel stands below the table, the reader is taken there; beside it, it is seen anyway.
    const { top, bottom } = evidence.element.getBoundingClientRect();
    if (top > window.innerHeight - 120 || bottom < 80) {
      evidence.element.scrollIntoView({ block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
      evidence.element.focus({ preventScroll: true });
    }
  });
  show(null);
  document.documentElement.dataset.ready = "true";
  // For whoever measures: when the first picture stood on the screen.
  requestAnimationFrame(() => requestAnimationFrame(() => performance.mark("drawn")));
}

// After a view was drawn anew, the focus stays on what says the same as before.
function focused(): () => void {
  const active = document.activeElement as HTMLElement | null;
  const label = active?.getAttribute("aria-label") ?? active?.textContent;
  const panel = active?.closest("[id]")?.closest("section, search");
  return () => {
    if (!active || active === document.body || active.isConnected || !panel) return;
    const again = [...panel.querySelectorAll<HTMLElement>("button, [role=button], select, input")].find((each) => (each.getAttribute("aria-label") ?? each.textContent) === label);
    (again ?? panel.querySelector<HTMLElement>("button, [role=button], input"))?.focus({ preventScroll: true });
  };
}

function about({ about: { asked, withoutEvidence, leftOut } }: Graph): HTMLElement {
  return h(
    "div",
    { class: "about" },
    asked && h("p", {}, `Asked for: ${asked}.`),
    withoutEvidence > 0 && h("p", { class: "note" }, `Left out for size: the sentences of ${number(withoutEvidence)} older events.`),
    leftOut > 0 && h("p", { class: "note" }, `Left out for size: ${number(leftOut)} older events altogether. Filters of kgload report bring others.`),
  );
}

start();
