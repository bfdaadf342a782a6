// What the tests of the page share: a browser, a fresh page for each scene, and what a person does with it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { fileURLToPath } from "node:url";

import { checked, start } from "./browser.mjs";

export const example = (name) => JSON.parse(readFileSync(new URL(`../../examples/${name}.json`, import.meta.url), "utf8"));
export const shots = fileURLToPath(new URL("../screenshots/", import.meta.url));
const axe = readFileSync(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

let chromium;
before(async () => {
  mkdirSync(shots, { recursive: true });
  chromium = await start({ permissions: ["clipboard-read", "clipboard-write"] });
});
after(() => chromium.close());

/** Runs `body` with a fresh page, which must not have complained at its end. */
export function scene(name, body) {
  test(name, async () => {
    const page = await chromium.open();
    try {
      await body(page);
      assert.deepEqual(page.complaints, []);
    } finally {
      await page.close();
    }
  });
}

export const choose = (page, name) => checked(page, () => page.getByRole("button", { name }).click());
export const verdict = (page) => page.textContent("#verdict h2");
export const codes = (page) => page.locator("#findings .finding .code").allTextContents();
export const fieldText = (page, field) =>
  page.evaluate((field) => document.getElementById(field).shadowRoot.querySelector(".cm-content").innerText, field);
/** Pastes a text in the place of what a field holds. */
export const paste = (page, field, text) =>
  checked(page, async () => {
    await page.evaluate((text) => navigator.clipboard.writeText(text), text);
    await page.locator(`#${field} .cm-content`).focus();
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Control+v");
  });
export const picture = async (page, name) => {
  // The editors measure their lines once more when they are shown.
  await page.waitForTimeout(100);
  await page.screenshot({ path: `${shots}${name}.png`, fullPage: true });
};

/** What axe-core finds. It comes through the browser's own door for debuggers, so that the page's policy stays as it is. */
export async function violations(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: axe });
  const run = "axe.run().then(({ violations }) => JSON.stringify(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`)))";
  const { result } = await session.send("Runtime.evaluate", { expression: run, awaitPromise: true });
  return JSON.parse(result.value);
}

/** The name of the focused element: its id, or its text. Inside an editor it is the field's. */
export const focused = (page) => page.evaluate(() => document.activeElement.id || document.activeElement.textContent);
/** Drops files, given by name and text, on an element. */
export async function drop(page, files, target = "#drop") {
  const dropped = await page.evaluateHandle((files) => {
    const transfer = new DataTransfer();
    for (const [name, text] of Object.entries(files)) transfer.items.add(new File([text], name));
    return transfer;
  }, files);
  await page.dispatchEvent(target, "drop", { dataTransfer: dropped });
}
/** The certificates of a text, each by itself. */
export const blocks = (text) => text.match(/-----BEGIN[^]*?-----END [A-Z ]+-----\n?/g);
/** A PKCS#12 keystore of an example, whose passphrase is "throw-away". */
export function keystore(name) {
  const folder = mkdtempSync(join(tmpdir(), "certgate-keystore-"));
  try {
    const { cert_content, private_key } = example(name);
    writeFileSync(join(folder, "chain.pem"), cert_content);
    writeFileSync(join(folder, "key.pem"), private_key);
    execFileSync("openssl", "pkcs12 -export -in chain.pem -inkey key.pem -passout pass:throw-away -out web.p12".split(" "), { cwd: folder });
    return readFileSync(join(folder, "web.p12"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
