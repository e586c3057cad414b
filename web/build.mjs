// Builds the web parts: `node build.mjs OUTPUT`.
//
// A file src/AREA/NAME.entry.{ts,js,css} becomes OUTPUT/AREA/NAME.{js,css}, bundled with all that it imports: adding a
// file is all that a new page needs. A file src/AREA/NAME.make.mjs exports `make()`, whose answer (an object of file
// names to texts or bytes) is written to OUTPUT/AREA/: for data that is worked out once, when the package is built.
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const output = process.argv[2];
if (!output) {
  console.error("usage: node build.mjs OUTPUT");
  process.exit(2);
}
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
  await build({
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
}
