// Events by time: which days are shown, and how many events fall into each bar. Days are counted, not sorted.
import { date } from "./days.ts";
import { type Graph } from "./graph.ts";

const BINS = 90;

// Which days are shown, of those from the first to the last; and how many events lie wholly before and after them.
export interface Range {
  from: number;
  to: number;
  least: number;
  most: number;
  earlier: number;
  later: number;
}

export interface Bins {
  // The first day of each bar; the last day of the last one.
  firsts: number[];
  to: number;
  // Events within each bar by kind, a row of `kinds` a bar: the kind of a type and a status is type * statuses + status.
  kinds: number;
  exact: Uint32Array;
  total: Uint32Array;
  // Events that no bar holds alone, in each bar that they touch.
  vague: Int32Array;
}

// The events that any day of these may be of.
export function among(events: Uint32Array, first: Int32Array, last: Int32Array, from: number, to: number): Uint32Array {
  const found = new Uint32Array(events.length);
  let count = 0;
  for (let k = 0; k < events.length; k++) {
    const i = events[k]!;
    if (last[i]! >= from && first[i]! <= to) found[count++] = i;
  }
  return found.subarray(0, count);
}

// The days to be shown. A few events far from all the others would press these together: they are told of instead.
export function reach(g: Graph, events: Uint32Array, mayCut: boolean): Range | null {
  if (!events.length) return null;
  let [least, most] = [g.first[events[0]!]!, g.last[events[0]!]!];
  const { first, last } = g;
  for (let k = 0; k < events.length; k++) {
    const i = events[k]!;
    if (first[i]! < least) least = first[i]!;
    if (last[i]! > most) most = last[i]!;
  }
  const firsts = new Uint32Array(most - least + 1);
  const lasts = new Uint32Array(most - least + 1);
  for (let k = 0; k < events.length; k++) {
    const i = events[k]!;
    firsts[first[i]! - least]!++;
    lasts[last[i]! - least]!++;
  }
  const at = (days: Uint32Array, share: number) => {
    let left = Math.floor((events.length - 1) * share);
    let day = 0;
    while (left >= days[day]!) left -= days[day++]!;
    return least + day;
  };
  let [from, to] = [least, most];
  if (mayCut && events.length >= 20) {
    const [low, high] = [at(firsts, 0.06), at(lasts, 0.97)];
    const reach = Math.max(30, high - low);
    if (low - least > 1.5 * reach) from = low - Math.round(reach * 0.1);
    if (most - high > 1.5 * reach) to = high + Math.round(reach * 0.1);
  }
  const sum = (days: Uint32Array) => days.reduce((all, n) => all + n, 0);
  return { from, to, least, most, earlier: sum(lasts.subarray(0, from - least)), later: sum(firsts.subarray(to - least + 1)) };
}

export function binned(g: Graph, events: Uint32Array, from: number, to: number): Bins {
  const firsts = starts(from, to);
  const size = firsts.length;
  const bar = new Uint16Array(to - from + 1);
  for (const [n, first] of firsts.entries()) bar.fill(n, Math.max(0, first - from), (firsts[n + 1] ?? to + 1) - from);
  const kinds = g.types.length * g.statuses.length;
  const bins = { firsts, to, kinds, exact: new Uint32Array(size * kinds), total: new Uint32Array(size), vague: new Int32Array(size) };
  // A difference a bar, summed up at the end: spans of years cost no more than days.
  const edges = new Int32Array(size + 1);
  const { exact, total } = bins;
  const { type, status, statuses } = g;
  for (let k = 0; k < events.length; k++) {
    const i = events[k]!;
    const first = g.first[i]!;
    const last = g.last[i]!;
    const a = bar[first < from ? 0 : first - from]!;
    const b = bar[last > to ? to - from : last - from]!;
    if (a === b && first >= from && last <= to) {
      exact[a * kinds + type[i]! * statuses.length + status[i]!]!++;
      total[a]!++;
    } else {
      edges[a]!++;
      edges[b + 1]!--;
    }
  }
  let open = 0;
  for (let n = 0; n < size; n++) bins.vague[n] = open += edges[n]!;
  return bins;
}

// The first days of bars: days, weeks, months, years or tens of them, whichever gives not too many.
function starts(from: number, to: number): number[] {
  const days = to - from + 1;
  const found: number[] = [];
  if (days <= BINS) for (let day = from; day <= to; day++) found.push(day);
  else if (days <= BINS * 7) for (let day = from - ((((from + 3) % 7) + 7) % 7); day <= to; day += 7) found.push(day);
  else {
    const step = days <= BINS * 31 ? 1 : days <= BINS * 92 ? 3 : days <= BINS * 366 ? 12 : 120;
    const first = date(from);
    for (let month = Math.floor((first.getUTCFullYear() * 12 + first.getUTCMonth()) / step) * step; ; month += step) {
      const day = new Date(0).setUTCFullYear(Math.floor(month / 12), month % 12, 1) / 86_400_000;
      if (day > to) break;
      found.push(day);
    }
  }
  return found;
}
