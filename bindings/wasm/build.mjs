// Builds the npm package into dist/: WebAssembly by cargo, its glue by pack/, made small by wasm-opt, and the types by docs/schema.json.

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { compile } from "json-schema-to-typescript";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("../..", import.meta.url));
const target = `${root}target`;
const dist = `${here}dist`;
/** What Rust's compiler uses of WebAssembly; browsers know all of it since 2023. */
const FEATURES = ["bulk-memory", "bulk-memory-opt", "multivalue", "mutable-globals", "nontrapping-float-to-int", "reference-types", "sign-ext"];
const run = (program, args, env = {}) =>
  execFileSync(program, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...env } });

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);

// ring holds C code, which clang can build for WebAssembly. No path of this machine goes into the file.
const clang = { CC_wasm32_unknown_unknown: "clang", AR_wasm32_unknown_unknown: "llvm-ar" };
const home = process.env.CARGO_HOME ?? `${process.env.HOME}/.cargo`;
const flags = { CARGO_ENCODED_RUSTFLAGS: [`--remap-path-prefix=${root}=`, `--remap-path-prefix=${home}/registry/src=`].join("\x1f") };
run("cargo", ["build", "-p", "certgate-wasm", "--profile", "wasm", "--target", "wasm32-unknown-unknown", "--target-dir", target], {
  ...clang,
  ...flags,
});
const pack = ["run", "--quiet", "--manifest-path", `${here}pack/Cargo.toml`, "--target-dir", `${target}/wasm-pack`, "--"];
run("cargo", [...pack, `${target}/wasm32-unknown-unknown/wasm/certgate_wasm.wasm`, dist]);
run(`${here}node_modules/.bin/wasm-opt`, [
  process.env.WASM_OPT ?? "-Oz", ...FEATURES.map((name) => `--enable-${name}`), "--strip-debug", "--strip-producers",
  `${dist}/certgate_wasm_bg.wasm`, "-o", `${dist}/certgate.wasm`,
]);
for (const left of ["certgate_wasm_bg.wasm", "certgate_wasm_bg.wasm.d.ts"]) rmSync(`${dist}/${left}`);
for (const name of ["index.js", "index.d.ts", "node.js"]) copyFileSync(`${here}js/${name}`, `${dist}/${name}`);
writeFileSync(`${dist}/answers.d.ts`, await types());
const wasm = readFileSync(`${dist}/certgate.wasm`);
console.log(`certgate.wasm: ${wasm.length} bytes, ${gzipSync(wasm, { level: 9 }).length} bytes with gzip`);

/** The declarations of all answers. */
async function types() {
  const schema = JSON.parse(readFileSync(`${root}docs/schema.json`, "utf8"));
  const names = Object.keys(schema.$defs);
  // The compiler wants one type that names all others.
  const all = { ...schema, type: "object", additionalProperties: false, properties: {} };
  for (const name of names) all.properties[name] = { $ref: `#/$defs/${name}` };
  const text = await compile(all, "Answers", { bannerComment: "// Made from docs/schema.json.", format: false, unreachableDefinitions: false });
  return text;
}
