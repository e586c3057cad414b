// Which events a state asks for: one pass over the columns.
import { dayOf } from "./days.ts";
import { type Graph, NO_DAY } from "./graph.ts";
import type { State } from "./state.ts";

export class Selector {
  private ranks = new Map<string, Uint32Array>();
  private byIri: Map<string, number>;

  constructor(private readonly graph: Graph) {
    this.byIri = new Map(graph.parties.map(({ iri }, i) => [iri, i]));
  }

  party(iri: string): number {
    return this.byIri.get(iri) ?? -1;
  }

  // The events that match, in the order that the state asks for.
  select(state: State): Uint32Array {
    const g = this.graph;
    const has = (names: string[], chosen: string[]) => Uint8Array.from(names, (name) => (!chosen.length || chosen.includes(name) ? 1 : 0));
    const types = has(g.types, state.types);
    const statuses = has(g.statuses, state.statuses);
    const from = state.from ? dayOf(state.from) : NO_DAY;
    const to = state.to ? dayOf(state.to) : NO_DAY;
    const documents = state.source ? Uint8Array.from(g.documents, (doc) => Number(doc.host === state.source || doc.id === state.source)) : null;
    const who = state.who ? this.party(state.who) : -1;
    const where = state.where ? this.party(state.where) : -1;
    const holds = state.q.trim() ? g.holding(state.q.trim()) : null;
    const order = this.order(state.sort);
    const found = new Uint32Array(g.size);
    let count = 0;
    for (let k = 0; k < g.size; k++) {
      const i = order[k]!;
      if (!types[g.type[i]!] || !statuses[g.status[i]!]) continue;
      if (state.confidence && g.confidence[i]! !== 255 && g.confidence[i]! < state.confidence) continue;
      if (state.undated && g.first[i] !== NO_DAY) continue;
      if (from !== NO_DAY && (g.last[i] === NO_DAY || g.last[i]! < from)) continue;
      if (to !== NO_DAY && (g.first[i] === NO_DAY || g.first[i]! > to)) continue;
      if (documents && !documents[g.document[i]!]) continue;
      if (state.who && (who < 0 || !g.takesPart(i, who))) continue;
      if (state.where && (where < 0 || !g.takesPart(i, where))) continue;
      if (holds && !holds(i)) continue;
      found[count++] = i;
    }
    return found.subarray(0, count);
  }

  // All events in an order, worked out once.
  private order(sort: string): Uint32Array {
    const known = this.ranks.get(sort);
    if (known) return known;
    const g = this.graph;
    const descending = sort.startsWith("-");
    const by = sort.replace(/^-/, "");
    const title = by === "who" ? Array.from({ length: g.size }, (_, i) => names(g, i)) : null;
    const keys: Record<string, (i: number) => number | string> = {
      when: (i) => (g.last[i] === NO_DAY ? (descending ? -Infinity : Infinity) : descending ? g.last[i]! : g.first[i]!),
      type: (i) => g.types[g.type[i]!]!,
      status: (i) => g.statuses[g.status[i]!]!,
      confidence: (i) => (g.confidence[i] === 255 ? -1 : g.confidence[i]!),
      who: (i) => title![i]!,
      source: (i) => g.documents[g.document[i]!]!.title || g.documents[g.document[i]!]!.id,
    };
    // The address may name anything.
    const key = Object.hasOwn(keys, by) ? keys[by]! : keys.when!;
    const values = Array.from({ length: g.size }, (_, i) => key(i));
    const order = Uint32Array.from({ length: g.size }, (_, i) => i);
    const sign = descending ? -1 : 1;
    order.sort((a, b) => (values[a]! < values[b]! ? -sign : values[a]! > values[b]! ? sign : a - b));
    this.ranks.set(sort, order);
    return order;
  }
}

// Who takes part, in a line: names alone.
export function names(g: Graph, event: number): string {
  const found: string[] = [];
  for (let k = g.actorsFrom[event]!; k < g.actorsFrom[event + 1]!; k++) found.push(g.parties[g.actors[k]!]!.label);
  return found.join(", ");
}

export function heading(g: Graph, event: number): string {
  const who = names(g, event);
  const places = g.having(event, "destination").map((i) => g.parties[i]!.label);
  return (who || "Nobody named") + (places.length ? ` → ${places.join(", ")}` : "");
}
