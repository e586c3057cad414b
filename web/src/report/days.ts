// Days since 1970 as dates, and spans of days as short as they can be said.
import { NO_DAY } from "./graph.ts";

const MS = 86_400_000;

export const date = (day: number): Date => new Date(day * MS);
export const iso = (day: number): string => date(day).toISOString().slice(0, 10);
export const dayOf = (text: string): number => Math.round(Date.parse(`${text}T00:00:00Z`) / MS);

export function span(first: number, last: number): string {
  if (first === NO_DAY) return "";
  const [a, b] = [iso(first), iso(last)];
  if (a === b) return a;
  const endsMonth = date(last + 1).getUTCDate() === 1;
  if (a.endsWith("-01") && endsMonth && a.slice(0, 7) === b.slice(0, 7)) return a.slice(0, 7);
  if (a.slice(0, 4) === b.slice(0, 4) && a.endsWith("-01-01") && b.endsWith("-12-31")) return a.slice(0, 4);
  return `${a} to ${b}`;
}

export function precision(first: number, last: number): string {
  if (first === NO_DAY) return "no date";
  if (first === last) return "to the day";
  const said = span(first, last);
  return said.length === 7 ? "to the month" : said.length === 4 ? "to the year" : `within ${last - first + 1} days`;
}
