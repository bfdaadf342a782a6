// certgate as an ES module: objects in, objects out.

import init, * as wasm from "./certgate_wasm.js";

/** Loads certgate, once; later calls return at once. See index.d.ts. */
export async function load(source = new URL("./certgate.wasm", import.meta.url)) {
  await init({ module_or_path: source });
  return certgate;
}

const certgate = {
  check: (form, options) => JSON.parse(certgate.checkText(form, options)),
  checkText: (form, options) => wasm.check(bytes(form), text(options), Date.now()),
  inspect: (file, options) => JSON.parse(wasm.inspect(bytes(file), text(options), Date.now())),
  fix: (form, options) => JSON.parse(wasm.fix(bytes(form), text(options), Date.now())),
  fixOnly: (form, code, field, options) => JSON.parse(wasm.fix_only(bytes(form), code, field, text(options), Date.now())),
  open(files, passphrase, options) {
    const held = new wasm.Files();
    for (const file of files) held.add(file.name, bytes(file.bytes));
    return JSON.parse(held.open(passphrase, text(options), Date.now()));
  },
  explain: (code, options) => JSON.parse(wasm.explain(code, text(options))),
  rules: () => JSON.parse(wasm.rules()),
  get version() {
    return wasm.version();
  },
};

/** What a call takes as bytes: bytes as they are, a text in UTF-8, an object as JSON. */
function bytes(given) {
  if (given instanceof Uint8Array) return given;
  return new TextEncoder().encode(typeof given === "string" ? given : JSON.stringify(given));
}

function text(options) {
  return options === undefined ? "" : JSON.stringify(options);
}
