// The font that pictures are drawn in, so that they look the same on a machine without fonts.
import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";

const require = createRequire(import.meta.url);
const NAMES = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"];

export async function make() {
  const read = async (name) => [name, await readFile(require.resolve(`dejavu-fonts-ttf/ttf/${name}`))];
  return Object.fromEntries(await Promise.all(NAMES.map(read)));
}
