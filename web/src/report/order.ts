// All events in an order, worked out once for each: by numbers alone, so that no comparison of texts is made twice.
import { type Graph, NO_DAY, UNSURE } from "./graph.ts";

// Names of an event that tell it from others in the order by names.
const NAMES = 3;

export class Orders {
  private readonly known = new Map<string, Uint32Array>();

  constructor(private readonly graph: Graph) {}

  // By `when`, `type`, `status`, `who`, `confidence` or `source`, a `-` before it turning it round; of equal ones, as
  // they stand in the report.
  by(sort: string): Uint32Array {
    let found = this.known.get(sort);
    if (!found) this.known.set(sort, (found = this.sorted(sort.replace(/^-/, ""), sort.startsWith("-"))));
    return found;
  }

  private sorted(by: string, descending: boolean): Uint32Array {
    const g = this.graph;
    const plain = Uint32Array.from({ length: g.size }, (_, i) => i);
    const ranked = (names: (string | undefined)[], of: ArrayLike<number>) => {
      const rank = ranks(names);
      return [Uint32Array.from(of, (i) => rank[i]!)];
    };
    const keys: Record<string, () => Uint32Array[]> = {
      type: () => ranked(g.types, g.type),
      status: () => ranked(g.statuses, g.status),
      confidence: () => [Uint32Array.from(g.confidence, (n) => (n === UNSURE ? 0 : n + 1))],
      source: () => ranked(Array.from({ length: g.documents }, (_, i) => g.titles.at(i) || g.documentIds.at(i)), g.document),
      who: () => this.names(),
    };
    // The address may name anything.
    const [...columns] = Object.hasOwn(keys, by) ? keys[by]!() : [days(g, descending)];
    // Undated events come last either way.
    const isTurned = descending && Object.hasOwn(keys, by);
    return columns.reverse().reduce((order, column) => counted(order, column, isTurned), plain);
  }

  // The ranks of each event's first names; none comes before any.
  private names(): Uint32Array[] {
    const g = this.graph;
    const rank = ranks(Array.from({ length: g.parties }, (_, i) => g.labels.at(i)));
    return Array.from({ length: NAMES }, (_, n) =>
      Uint32Array.from({ length: g.size }, (_, i) => {
        const at = g.actorsFrom[i]! + n;
        return at < g.actorsFrom[i + 1]! ? rank[g.actors[at]!]! + 1 : 0;
      }),
    );
  }
}

// The place of each text among all of them; equal ones share theirs.
function ranks(texts: (string | undefined)[]): Uint32Array {
  const order = Array.from(texts.keys()).sort((a, b) => (texts[a]! < texts[b]! ? -1 : texts[a]! > texts[b]! ? 1 : 0));
  const found = new Uint32Array(texts.length);
  let rank = 0;
  for (const [k, i] of order.entries()) {
    if (k && texts[i] !== texts[order[k - 1]!]) rank++;
    found[i] = rank;
  }
  return found;
}

// Days as numbers from 0 on, so that they can be counted; by the last one where the newest come first.
function days(g: Graph, descending: boolean): Uint32Array {
  const column = descending ? g.last : g.first;
  let [least, most] = [Infinity, -Infinity];
  for (const day of column) {
    if (day === NO_DAY) continue;
    if (day < least) least = day;
    if (day > most) most = day;
  }
  const none = most < least ? 0 : most - least + 1;
  return Uint32Array.from(column, (day) => (day === NO_DAY ? none : descending ? most - day : day - least));
}

// An order sorted by a key, without changing that of equal ones: the events of each key are counted, not compared.
function counted(order: Uint32Array, key: Uint32Array, isTurned: boolean): Uint32Array {
  let most = 0;
  for (const n of key) if (n > most) most = n;
  const from = new Uint32Array(most + 2);
  const place = isTurned ? (n: number) => most - n : (n: number) => n;
  for (const n of key) from[place(n) + 1]!++;
  for (let n = 0; n <= most; n++) from[n + 1]! += from[n]!;
  const found = new Uint32Array(order.length);
  for (const i of order) found[from[place(key[i]!)]!++] = i;
  return found;
}
