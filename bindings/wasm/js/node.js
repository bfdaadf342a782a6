// certgate for Node: the same, from the package's own file.

import { readFile } from "node:fs/promises";

import { load as loadFrom } from "./index.js";

/** Loads certgate; see index.d.ts. */
export async function load(source) {
  return loadFrom(source ?? (await readFile(new URL("./certgate.wasm", import.meta.url))));
}
