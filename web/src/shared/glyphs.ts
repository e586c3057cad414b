// How types and statuses look: a type by its colour and place, a status by its form, which needs no colour.
import { s } from "./dom.ts";

export const STATUSES = ["Occurred", "Ongoing", "Planned", "Proposed", "Cancelled"];
const TYPES = ["Meeting", "Deployment", "Agreement"];

// The number of a colour in the style sheet: the three types of old have theirs, others share what is left.
export function hue(type: string): number {
  const at = TYPES.indexOf(type);
  if (at >= 0) return at + 1;
  let sum = 0;
  for (const c of type) sum = (sum + c.codePointAt(0)!) % 3;
  return 4 + sum;
}

export const tookPlace = (status: string): boolean => status === "Occurred" || status === "Ongoing";

// The class that draws a form by its status: filled, striped, hollow, dashed, or hollow and crossed.
export const form = (status: string): string => `form-${STATUSES.includes(status) ? status : "Other"}`;

// A mark of one event: a dot for a day, a bar for a longer span; `width` is that of the bar.
export function mark(type: string, status: string, x: number, y: number, width: number, size: number): SVGGElement {
  const half = size / 2;
  const long = Math.max(size, width);
  const body = s("rect", { x: x - (width ? 0 : half), y: y - half, width: width ? long : size, height: size, rx: half, class: form(status) });
  const group = s("g", { class: `mark hue-${hue(type)}` }, body);
  const middle = width ? x + long / 2 : x;
  const arm = size * 0.24;
  if (status === "Cancelled") {
    group.append(s("path", { class: "cross", d: `M${middle - arm},${y - arm}L${middle + arm},${y + arm}M${middle - arm},${y + arm}L${middle + arm},${y - arm}` }));
  }
  if (status === "Ongoing") group.append(s("path", { class: "arrow", d: `M${middle - arm},${y - arm * 1.3}L${middle + arm * 1.2},${y}L${middle - arm},${y + arm * 1.3}Z` }));
  return group;
}

// A small picture of a status, for lists; what it means stands beside it.
export function glyph(type: string, status: string): SVGSVGElement {
  return s("svg", { class: "glyph", viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true", focusable: "false" }, mark(type, status, 8, 8, 0, 12));
}
