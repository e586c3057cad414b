// A sentence with its trigger and names marked; marks may overlap, so the text is cut wherever one begins or ends.
import { h } from "./dom.ts";

export interface Marked {
  begin: number;
  end: number;
  what: string;
}

const ROLES: Record<string, string> = { trigger: "what tells of the event", attributedTo: "who says so", deployedForce: "what is sent", place: "place", destination: "destination", origin: "origin" };
export const roleName = (role: string): string => ROLES[role] ?? role.replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);

// Offsets count code points, as the graph's do.
export function marked(text: string, marks: Marked[]): HTMLElement {
  const points = [...text];
  const cuts = [...new Set([0, points.length, ...marks.flatMap(({ begin, end }) => [begin, end])])].filter((at) => at >= 0 && at <= points.length).sort((a, b) => a - b);
  const quote = h("blockquote", { dir: "auto" });
  for (const [i, from] of cuts.entries()) {
    const to = cuts[i + 1];
    if (to === undefined) break;
    const piece = points.slice(from, to).join("");
    const over = marks.filter(({ begin, end }) => begin <= from && to <= end);
    if (!over.length) quote.append(piece);
    else {
      const trigger = over.some(({ what }) => what === "trigger");
      const names = [...new Set(over.map(({ what }) => roleName(what)))].join(", ");
      quote.append(h("mark", { class: trigger ? "trigger" : "party", title: names }, piece, h("span", { class: "unseen" }, ` (${names})`)));
    }
  }
  return quote;
}
