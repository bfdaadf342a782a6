// The report of every case is that of the native library, and has the shape that docs/schema.json says.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import test from "node:test";

import Ajv from "ajv";
import { parse } from "smol-toml";

import { load } from "certgate";

const root = new URL("../../../", import.meta.url);
const read = (path) => readFileSync(new URL(path, root), "utf8");
const certgate = await load();

const schema = JSON.parse(read("docs/schema.json"));
const ajv = new Ajv({ schemas: [{ ...schema, $id: "certgate" }], allErrors: true });
const shaped = (name, value) => {
  const validate = ajv.getSchema(`certgate#/$defs/${name}`);
  assert.ok(validate(value), `${name}: ${ajv.errorsText(validate.errors)}`);
};

/** The folders of the cases whose form is JSON alone; some few hold DER, which JSON cannot. */
const cases = readdirSync(new URL("tests/cases/", root), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap((entry) => readdirSync(new URL(`tests/cases/${entry.name}/`, root)).map((name) => `tests/cases/${entry.name}/${name}/`))
  .filter((folder) => !readdirSync(new URL(folder, root)).some((name) => name.endsWith(".der")));

/** The options that a case asks for; its time is that of tests/support. */
function options(folder) {
  const { at = "2026-06-01T00:00:00Z", policy = {} } = parse(read(`${folder}case.toml`));
  return { at: at === "none" ? null : at, policy };
}

test("each report is the native one, byte for byte", () => {
  assert.ok(cases.length > 700, `only ${cases.length} cases`);
  for (const folder of cases) {
    const report = certgate.checkText(read(`${folder}form.json`), options(folder));
    // The snapshots are indented, which loses nothing: the same text, once more indented.
    assert.equal(`${JSON.stringify(JSON.parse(report), null, 2)}\n`, read(`${folder}report.json`), folder);
    assert.equal(report, JSON.stringify(JSON.parse(report)), `${folder}: not the text of one line`);
  }
});

test("each answer has the shape that the schema says", () => {
  for (const folder of cases) {
    const form = read(`${folder}form.json`);
    shaped("Report", certgate.check(form, options(folder)));
    const repair = certgate.fix(form, options(folder));
    shaped("Repair", repair);
    for (const field of ["cert_content", "private_key"]) {
      const text = repair.form?.[field];
      if (text) shaped("Inspection", certgate.inspect(text, options(folder)));
    }
    shaped("Opened", certgate.open([{ name: "form.json", bytes: new TextEncoder().encode(form) }]));
  }
  const rules = certgate.rules();
  shaped("Rules", rules);
  for (const { code } of rules.rules) shaped("Explanation", certgate.explain(code));
});

test("the schema refuses what is not an answer", () => {
  const report = certgate.check("{}");
  assert.throws(() => shaped("Report", { ...report, more: 1 }));
  assert.throws(() => shaped("Report", { ...report, findings: [{ code: "x" }] }));
});

test("one finding is repaired alone", () => {
  const form = JSON.parse(read("examples/broken.json"));
  const only = certgate.fixOnly(form, "chain-leaf-not-first", "cert_content");
  assert.equal(only.edits.some((edit) => edit.mends.includes("chain-leaf-not-first")), true);
  assert.equal(only.form.private_key, form.private_key);
  assert.throws(() => certgate.fixOnly(form, "chain-leaf-not-first", "no_field"), /no field of that name/);
});

test("files become a form", () => {
  const { cert_content, private_key } = JSON.parse(read("examples/rsa.json"));
  const file = (name, text) => ({ name, bytes: new TextEncoder().encode(text) });
  const opened = certgate.open([file("key.pem", private_key), file("chain.pem", cert_content), file("notes.txt", "x")]);
  shaped("Opened", opened);
  assert.equal(opened.forms.length, 1);
  assert.equal(opened.forms[0].is_proven, true);
  assert.deepEqual(opened.left_out.map((left) => left.inside[0]), ["notes.txt"]);
  assert.equal(certgate.check({ ...opened.forms[0].form, name: "from_files" }).accepted, true);
});

test("findings are told in Chinese, and nothing else differs", () => {
  const form = JSON.parse(read("examples/broken.json"));
  const [english, chinese] = ["en", "zh"].map((language) => certgate.fix(form, { language, at: "2026-06-01T00:00:00Z" }));
  shaped("Repair", chinese);
  assert.ok(english.report.findings.length > 0 && english.edits.length > 0);
  chinese.report.findings.forEach((finding, at) => {
    for (const text of [finding.message, finding.hint]) assert.match(text, /[\u4e00-\u9fff]/);
    const { message, hint } = english.report.findings[at];
    assert.deepEqual({ ...finding, message, hint }, english.report.findings[at]);
  });
  for (const { text } of chinese.edits) assert.match(text, /[\u4e00-\u9fff]/);
  const page = certgate.explain("match-other-key", { language: "zh" });
  assert.equal(page.summary, "私钥有效，但属于另一个证书");
  assert.equal(page.why, certgate.explain("match-other-key").why);
  assert.throws(() => certgate.check(form, { language: "tlh" }), /^Error: no language of that code is built in$/);
});

test("what targets will do is foretold", () => {
  const form = JSON.parse(read("examples/sm2.json"));
  const report = certgate.check(form, { targets: ["nginx", "rustls"] });
  shaped("Report", report);
  assert.deepEqual(Object.keys(report.targets), ["nginx", "rustls"]);
  assert.equal(report.targets.rustls.verdict, "refuses");
  const all = certgate.check(JSON.parse(read("examples/rsa.json")), { targets: ["all"] });
  shaped("Report", all);
  assert.ok(Object.keys(all.targets).length > 20);
  assert.throws(() => certgate.check(form, { targets: ["SECRET"] }), /^Error: no target of that name is built in$/);
});

test("options are understood, and an error quotes nothing", () => {
  const form = { name: "www1", cert_content: "x", private_key: "y" };
  assert.equal(certgate.check(form, { at: null }).checked_at, undefined);
  assert.equal(certgate.check(form, { at: "2030-01-01T00:00:00Z" }).checked_at, "2030-01-01T00:00:00Z");
  const now = Date.parse(certgate.check(form).checked_at);
  assert.ok(Math.abs(now - Date.now()) < 60_000);
  assert.throws(() => certgate.check(form, { policy: { strict: "SECRET" } }), (error) => !String(error).includes("SECRET"));
});

test("WebAssembly asks its host for nothing: no random numbers, no clock, no file", () => {
  const file = readFileSync(new URL("../dist/certgate.wasm", import.meta.url));
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(file)).map(({ name }) => name);
  for (const name of imports) assert.match(name, /^__wbindgen|^__wbg_(Error|new_|throw|wbindgenthrow|__wbindgen)/, `imports ${imports.join(", ")}`);
  assert.doesNotMatch(file.toString("latin1"), /\/root\/|\/home\/|\.cargo\//, "a path of the machine that built it");
});

test("the example of the README runs", async () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const code = readme.match(/```js\n([\s\S]*?)```/)[1];
  const told = [];
  const run = code.replace(/^import .*$/m, "").replaceAll("await load()", "certgate_").replaceAll("console.log", "tell");
  await new Function("certgate_", "tell", `return (async () => {${run}})()`)(certgate, (...words) => told.push(words.join(" ")));
  assert.ok(told.includes("false"), told.join("\n"));
  assert.ok(told.some((line) => line.startsWith("error name-start")), told.join("\n"));
});

test("the package has what package.json promises", () => {
  const { exports } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const files = Object.values(exports).flatMap((entry) => (typeof entry === "string" ? [entry] : Object.values(entry)));
  for (const file of files) assert.ok(existsSync(new URL(`../${file}`, import.meta.url)), file);
});
