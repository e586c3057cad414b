// Which events a state asks for: one pass over the columns for each thing that is asked.
import { dayOf } from "./days.ts";
import { type Graph, NO_DAY } from "./graph.ts";
import { Orders } from "./order.ts";
import type { State } from "./state.ts";

export class Selector {
  private readonly orders: Orders;

  constructor(private readonly graph: Graph) {
    this.orders = new Orders(graph);
  }

  // The events that match, in the order that the state asks for.
  select(state: State): Uint32Array {
    const g = this.graph;
    const mask = new Uint8Array(g.size).fill(1);
    const keep = (is: (i: number) => unknown) => {
      for (let i = 0; i < g.size; i++) if (mask[i] && !is(i)) mask[i] = 0;
    };
    const has = (names: string[], chosen: string[]) => Uint8Array.from(names, (name) => Number(chosen.includes(name)));
    if (state.types.length) {
      const types = has(g.types, state.types);
      keep((i) => types[g.type[i]!]);
    }
    if (state.statuses.length) {
      const statuses = has(g.statuses, state.statuses);
      keep((i) => statuses[g.status[i]!]);
    }
    // One whose confidence nobody gave is the greatest number, and stays.
    if (state.confidence) keep((i) => g.confidence[i]! >= state.confidence);
    if (state.undated) keep((i) => g.first[i] === NO_DAY);
    if (state.from) {
      const from = dayOf(state.from);
      keep((i) => g.last[i] !== NO_DAY && g.last[i]! >= from);
    }
    if (state.to) {
      const to = dayOf(state.to);
      keep((i) => g.first[i] !== NO_DAY && g.first[i]! <= to);
    }
    if (state.source) {
      const [host, id] = [g.hosts.find(state.source), g.documentIds.find(state.source)];
      keep((i) => g.document[i] === id || g.host[g.document[i]!] === host);
    }
    for (const iri of [state.who, state.where]) {
      if (!iri) continue;
      const party = new Uint8Array(g.parties);
      const at = g.iris.find(iri);
      if (at >= 0) party[at] = 1;
      const taking = g.taking(party);
      keep((i) => taking[i]);
    }
    if (state.q.trim()) {
      const holding = g.holding(state.q.trim());
      keep((i) => holding[i]);
    }
    const found = new Uint32Array(g.size);
    let count = 0;
    for (const i of this.orders.by(state.sort)) if (mask[i]) found[count++] = i;
    return found.slice(0, count);
  }
}

// Who takes part, in a line: names alone.
export function names(g: Graph, event: number): string {
  const found: string[] = [];
  for (let k = g.actorsFrom[event]!; k < g.actorsFrom[event + 1]!; k++) found.push(g.labels.at(g.actors[k]!));
  return found.join(", ");
}

export function heading(g: Graph, event: number): string {
  const who = names(g, event);
  const places = g.having(event, "destination").map((i) => g.labels.at(i));
  return (who || "Nobody named") + (places.length ? ` → ${places.join(", ")}` : "");
}
