// Who dealt with whom: the parties with most events, tied where they took part in the same ones.
import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY, type SimulationLinkDatum, type SimulationNodeDatum } from "d3-force";
import { h, many, number, roving, s, seldom } from "../shared/dom.ts";
import { greatest } from "./columns.ts";
import type { Context, View } from "./context.ts";
import { table } from "./table.ts";

interface Node extends SimulationNodeDatum {
  party: number;
  events: number;
  r: number;
}
interface Tie extends SimulationLinkDatum<Node> {
  weight: number;
}
const TICKS = 180;
const TICKS_AGAIN = 50;
// More ties than these are a thicket: until the reader says otherwise, the weakest are left out.
const CLEAR = 90;

export class Network implements View {
  readonly element: HTMLElement;
  private readonly figure = h("div", { class: "figure" });
  private readonly table = seldom("The network as a table", "as-table");
  private readonly notes = h("p", { class: "small" });
  private readonly least: HTMLInputElement;
  private readonly leastSaid = h("output", {}, "1");
  private readonly count: HTMLSelectElement;
  private readonly known = new Map<number, { x: number; y: number }>();
  private context: Context | null = null;
  private isChosen = false;
  private width = 0;

  constructor() {
    const again = () => this.context && this.update(this.context);
    const chosen = () => ((this.isChosen = true), again());
    this.least = h("input", { type: "range", min: 1, max: 10, value: 1, id: "least", input: chosen });
    this.count = h("select", { id: "most-parties", change: again }, ...[15, 30, 60, 100].map((n) => h("option", { value: n }, String(n))));
    this.count.value = window.innerWidth < 700 ? "15" : "30";
    this.element = h(
      "section",
      { class: "panel", id: "network", "aria-labelledby": "network-title" },
      h(
        "div",
        { class: "head" },
        h("h2", { id: "network-title" }, "Who with whom"),
        h("div", { class: "controls" }, h("label", { for: "most-parties" }, "Parties "), this.count, h("label", { for: "least" }, "Events together, at least "), this.least, this.leastSaid),
      ),
      this.figure,
      this.notes,
      this.table.element,
    );
  }

  measure(): void {
    this.width = Math.max(300, this.element.clientWidth - 34 || 560);
  }

  update(context: Context): void {
    this.context = context;
    const { graph: g, events, state } = context;
    const sums = new Uint32Array(g.parties);
    for (let n = 0; n < events.length; n++) {
      const i = events[n]!;
      for (let k = g.actorsFrom[i]!, end = g.actorsFrom[i + 1]!; k < end; k++) sums[g.actors[k]!]!++;
    }
    let all = 0;
    for (const n of sums) if (n) all++;
    const top = greatest(sums, Number(this.count.value));
    const weights = together(context, top);
    const strongest = Math.max(1, ...weights.values());
    this.least.max = String(strongest);
    if (!this.isChosen) {
      const descending = [...weights.values()].sort((a, b) => b - a);
      const weakest = descending[CLEAR];
      this.least.value = String(weakest === undefined ? 1 : Math.min(strongest, weakest + 1));
    }
    const least = Math.min(Number(this.least.value), strongest);
    this.leastSaid.textContent = String(least);
    const size = top.length;
    const ties: Tie[] = [];
    const biggest = Math.max(1, ...top.map((i) => sums[i]!));
    const nodes: Node[] = top.map((party) => ({ party, events: sums[party]!, r: 5 + 11 * Math.sqrt(sums[party]! / biggest), ...this.known.get(party) }));
    for (const [key, weight] of weights) if (weight >= least) ties.push({ source: nodes[Math.floor(key / size)]!, target: nodes[key % size]!, weight });
    const tied = new Set(ties.flatMap((tie) => [tie.source as Node, tie.target as Node]));
    const drawn = nodes.filter((node) => tied.has(node) || g.iris.at(node.party) === state.who);
    const { width } = this;
    const height = Math.max(300, Math.min(460, width * 0.8));
    if (!drawn.length) {
      this.figure.replaceChildren(h("p", { class: "empty" }, events.length ? "No two parties take part in the same event." : "No event matches."));
      this.notes.textContent = "";
      this.table.fill(null);
      return;
    }
    const isKnown = drawn.filter((node) => this.known.has(node.party)).length > 0.7 * drawn.length;
    layOut(drawn, ties, width, height, isKnown);
    for (const node of drawn) this.known.set(node.party, { x: node.x!, y: node.y! });
    this.draw(context, drawn, ties, width, height, strongest);
    const alone = top.length - drawn.length;
    this.notes.textContent = `${many(drawn.length, "party", "parties")} of ${number(all)}, ${many(ties.length, "tie")}. ${ties.length < weights.size ? `${many(weights.size - ties.length, "weaker tie")} left out. ` : ""}${alone ? `${number(alone)} without a tie left out. ` : ""}A hollow sign is a name that is not linked to Wikidata; the same names are counted as one.`;
    this.table.fill(() =>
      table(
        "Pairs of the network",
        ["One", "The other", "Events together"],
        ties.sort((a, b) => b.weight - a.weight).map((tie) => [g.labels.at((tie.source as Node).party), g.labels.at((tie.target as Node).party), number(tie.weight)]),
      ),
    );
  }

  private draw(context: Context, nodes: Node[], ties: Tie[], width: number, height: number, strongest: number): void {
    const { graph: g, state } = context;
    const svg = s("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": `Network of ${many(nodes.length, "party", "parties")}; arrow keys go from one to the next, Enter shows the events of one alone` });
    const lines = s("g", { class: "ties", "aria-hidden": "true" });
    for (const tie of ties) {
      const [a, b] = [tie.source as Node, tie.target as Node];
      lines.append(s("line", { x1: a.x, y1: a.y, x2: b.x, y2: b.y, "stroke-width": 0.8 + 6 * (tie.weight / strongest) }, s("title", {}, `${g.labels.at(a.party)} and ${g.labels.at(b.party)}: ${many(tie.weight, "event")}`)));
    }
    svg.append(lines);
    const group = s("g", {});
    // Beside the signs, not in them: a name that is cut short is not what a reader of screens is told.
    const labels = s("g", { class: "labels", "aria-hidden": "true" });
    const taken = nodes.map((node): [number, number, number, number] => [node.x! - node.r, node.y! - node.r, node.x! + node.r, node.y! + node.r]);
    for (const node of nodes) {
      const party = g.party(node.party);
      const isChosen = party.iri === state.who;
      const at = s(
        "g",
        {
          class: `pick node${isChosen ? " chosen" : ""}${party.linked ? "" : " unlinked"}`,
          transform: `translate(${node.x!.toFixed(1)},${node.y!.toFixed(1)})`,
          role: "button",
          "aria-pressed": String(isChosen),
          "aria-label": `${party.label}, ${party.kind}, ${many(node.events, "event")}`,
          click: () => context.choose({ who: isChosen ? "" : party.iri, page: 1 }),
        },
        shape(party.kind, node.r),
        s("title", {}, `${party.label} (${party.kind}): ${many(node.events, "event")}`),
      );
      const label = short(party.label);
      const wide = label.length * 6.8 + 8;
      // To the right, to the left, beneath or above, wherever there is room. Names without any are for the pointer, the
      // table and the reader of screens.
      const { x, y, r } = node as Required<Node>;
      const places: [number, number, "start" | "end" | "middle"][] = [[r + 3, 4, "start"], [-r - 3, 4, "end"], [0, r + 12, "middle"], [0, -r - 5, "middle"]];
      for (const [dx, dy, anchor] of places) {
        const left = x + dx - (anchor === "start" ? 0 : anchor === "end" ? wide : wide / 2);
        const box: [number, number, number, number] = [left, y + dy - 10, left + wide, y + dy + 2];
        const isFree = left > 0 && box[2] < width && !taken.some(([a, b, c, d]) => box[0] < c && box[2] > a && box[1] < d && box[3] > b);
        if (!isFree) continue;
        taken.push(box);
        labels.append(s("text", { x: x + dx, y: y + dy, "text-anchor": anchor, class: isChosen ? "chosen" : null }, label));
        break;
      }
      group.append(at);
    }
    svg.append(group, labels);
    this.figure.replaceChildren(svg);
    roving(group, ".pick");
  }
}

// In how many events two of these parties take part together, by one * size + other.
function together({ graph: g, events }: Context, top: number[]): Map<number, number> {
  const place = new Int32Array(g.parties).fill(-1);
  for (const [i, party] of top.entries()) place[party] = i;
  const size = top.length;
  const sums = new Uint32Array(size * size);
  for (let n = 0; n < events.length; n++) {
    const i = events[n]!;
    const end = g.actorsFrom[i + 1]!;
    for (let a = g.actorsFrom[i]!; a < end; a++) {
      const one = place[g.actors[a]!]!;
      if (one < 0) continue;
      for (let b = a + 1; b < end; b++) {
        const other = place[g.actors[b]!]!;
        if (other >= 0) sums[one < other ? one * size + other : other * size + one]!++;
      }
    }
  }
  const found = new Map<number, number>();
  for (const [key, n] of sums.entries()) if (n) found.set(key, n);
  return found;
}

// Where most of them stood before, they begin there and are moved a little.
function layOut(nodes: Node[], ties: Tie[], width: number, height: number, isKnown: boolean): void {
  const far = Math.min(110, Math.sqrt((width * height) / nodes.length) * 0.8);
  const simulation = forceSimulation(nodes)
    .force("ties", forceLink<Node, Tie>(ties).distance(far).strength((tie) => 0.15 + 0.4 * Math.min(1, tie.weight / 5)))
    .force("apart", forceManyBody().strength(-far * 3))
    .force("x", forceX(width / 2).strength(0.09))
    .force("y", forceY(height / 2).strength(0.14))
    .force("room", forceCollide<Node>((node) => node.r + 9))
    .stop();
  if (isKnown) simulation.alpha(0.3);
  simulation.tick(isKnown ? TICKS_AGAIN : TICKS);
  // The picture is as wide as it is: what was laid out is fitted into it.
  const [xs, ys] = [nodes.map((node) => node.x!), nodes.map((node) => node.y!)];
  const fit = (value: number, values: number[], low: number, high: number) => {
    const [least, most] = [Math.min(...values), Math.max(...values)];
    return most - least < 1 ? (low + high) / 2 : low + ((value - least) / (most - least)) * (high - low);
  };
  for (const node of nodes) {
    node.x = fit(node.x!, xs, 24, width - 90);
    node.y = fit(node.y!, ys, 22, height - 22);
  }
}

// A person is round, a state a square, an organisation a diamond, an armed group a triangle.
function shape(kind: string, r: number): SVGElement {
  if (kind === "Person") return s("circle", { r });
  if (kind === "State" || kind === "Place") return s("rect", { x: -r * 0.9, y: -r * 0.9, width: r * 1.8, height: r * 1.8, rx: 2 });
  if (kind === "ArmedGroup") return s("path", { d: `M0,${-r * 1.1}L${r * 1.1},${r * 0.85}L${-r * 1.1},${r * 0.85}Z` });
  return s("path", { d: `M0,${-r * 1.15}L${r * 1.15},0L0,${r * 1.15}L${-r * 1.15},0Z` });
}

const short = (label: string): string => (label.length > 22 ? `${[...label].slice(0, 21).join("")}…` : label);
