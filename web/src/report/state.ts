// What a reader has chosen, kept in the address's fragment so that it can be sent round.

export interface State {
  q: string;
  types: string[];
  statuses: string[];
  from: string;
  to: string;
  undated: boolean;
  source: string;
  confidence: number;
  who: string;
  where: string;
  event: string;
  sort: string;
  page: number;
}

export const EMPTY: State = { q: "", types: [], statuses: [], from: "", to: "", undated: false, source: "", confidence: 0, who: "", where: "", event: "", sort: "-when", page: 1 };
const DAY = /^\d{4}-\d\d-\d\d$/;

export function read(fragment: string): State {
  const given = new URLSearchParams(fragment.replace(/^#/, ""));
  const list = (name: string) => (given.get(name) ?? "").split(",").filter(Boolean);
  const day = (name: string) => (DAY.test(given.get(name) ?? "") ? given.get(name)! : "");
  const whole = (name: string, least: number, most: number) => Math.min(most, Math.max(least, Math.trunc(Number(given.get(name))) || least));
  return {
    q: given.get("q") ?? "",
    types: list("type"),
    statuses: list("status"),
    from: day("from"),
    to: day("to"),
    undated: given.get("undated") === "1",
    source: given.get("source") ?? "",
    confidence: whole("confidence", 0, 100),
    who: given.get("who") ?? "",
    where: given.get("where") ?? "",
    event: given.get("event") ?? "",
    sort: given.get("sort") ?? EMPTY.sort,
    page: whole("page", 1, 1_000_000),
  };
}

export function written(state: State): string {
  const said = new URLSearchParams();
  const put = (name: string, value: string) => value && said.set(name, value);
  put("q", state.q);
  put("type", state.types.join(","));
  put("status", state.statuses.join(","));
  put("from", state.from);
  put("to", state.to);
  put("undated", state.undated ? "1" : "");
  put("source", state.source);
  put("confidence", state.confidence ? String(state.confidence) : "");
  put("who", state.who);
  put("where", state.where);
  put("event", state.event);
  put("sort", state.sort === EMPTY.sort ? "" : state.sort);
  put("page", state.page > 1 ? String(state.page) : "");
  return said.size ? `#${said}` : "";
}
