// Builds the page into dist/: four static files that any web server can serve. WebAssembly and worker are inside of page.js.

import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const wasm = fileURLToPath(new URL("../bindings/wasm/", import.meta.url));
const dist = `${here}dist`;

// The package of the library; `--page` builds the page alone where that is there already.
if (!process.argv.includes("--page") || !existsSync(`${wasm}dist/certgate.wasm`)) {
  execFileSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: wasm, stdio: "inherit" });
  execFileSync("npm", ["run", "build"], { cwd: wasm, stdio: "inherit" });
}

const common = {
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  alias: { certgate: `${wasm}dist/index.js` },
  write: false,
  legalComments: "none",
};

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
// The worker is given WebAssembly's bytes, so that no address of a file is needed in it.
const worker = await build({
  ...common,
  entryPoints: [`${here}src/worker.ts`],
  format: "iife",
  define: { "import.meta.url": '""' },
});
const page = await build({
  ...common,
  entryPoints: [`${here}src/main.ts`],
  define: {
    WORKER_SOURCE: JSON.stringify(worker.outputFiles[0].text),
    WASM_GZIP_BASE64: JSON.stringify(gzipSync(readFileSync(`${wasm}dist/certgate.wasm`), { level: 9 }).toString("base64")),
  },
});
const css = await build({ entryPoints: [`${here}src/page.css`], minify: true, write: false });
const files = { "page.js": page.outputFiles[0].contents, "page.css": css.outputFiles[0].contents };
for (const [name, contents] of Object.entries(files)) writeFileSync(`${dist}/${name}`, contents);
copyFileSync(`${here}src/icon.svg`, `${dist}/icon.svg`);

/** What the browser compares with what it gets. */
const integrity = (contents) => `sha384-${createHash("sha384").update(contents).digest("base64")}`;
const html = readFileSync(`${here}src/index.html`, "utf8");
writeFileSync(
  `${dist}/index.html`,
  html.replace("%CSS%", integrity(files["page.css"])).replace("%JS%", integrity(files["page.js"])),
);
for (const [name, contents] of Object.entries(files)) {
  console.log(`${name}: ${contents.length} bytes, ${gzipSync(contents, { level: 9 }).length} bytes with gzip`);
}
