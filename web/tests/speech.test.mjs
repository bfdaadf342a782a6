// What a person who listens hears, and where the focus goes.

import assert from "node:assert/strict";

import { checked } from "./browser.mjs";
import { choose, example, focused, paste, scene, violations } from "./scene.mjs";

/** Waits until something was said. */
const said = (page, text) => page.locator("#said", { hasText: text }).waitFor({ state: "attached" });
/** What a screen reader is told of an editor. */
const editor = (page, field) =>
  page.evaluate((field) => {
    const content = document.getElementById(field).shadowRoot.querySelector(".cm-content");
    return Object.fromEntries(["aria-invalid", "aria-description", "aria-placeholder"].map((name) => [name, content.getAttribute(name)]));
  }, field);

scene("the verdict is one announcement: its heading first, then the first error, and again where the error is another", async (page) => {
  const attributes = await page.locator("#verdict").evaluate((element) => [element.getAttribute("aria-live"), element.getAttribute("aria-atomic")]);
  assert.deepEqual(attributes, ["polite", "true"]);
  assert.equal(await page.getAttribute("#files-said", "aria-atomic"), "true");
  await choose(page, "a good one");
  await checked(page, () => page.fill("#name", "1st_name"));
  const first = await page.textContent("#verdict");
  assert.match(first, /^Rejected.*1 error.*First error: Name: /s);
  await checked(page, () => page.fill("#name", "good name"));
  const second = await page.textContent("#verdict");
  assert.match(second, /^Rejected.*1 error/s);
  assert.notEqual(first, second);
});

scene("after a repair, an undo and a change of the language the focus stays where the person goes on", async (page) => {
  await choose(page, "a broken one");
  await page.getByRole("button", { name: "Fix 3 of 6" }).click();
  await checked(page, () => page.getByRole("button", { name: "Change my upload" }).click());
  assert.equal(await focused(page), "findings-title");
  await checked(page, () => page.getByRole("button", { name: "Undo" }).click());
  assert.equal(await focused(page), "findings-title");
  const verdict = await page.locator("#verdict").elementHandle();
  await checked(page, () => page.selectOption("#language", "zh"));
  assert.equal(await focused(page), "language");
  // The same element, so that its new text is heard.
  assert.match(await verdict.textContent(), /会被拒绝/);
  assert.equal(await verdict.evaluate((element) => element.isConnected), true);
});

scene("the count of errors leads to the findings, and what was copied is said", async (page) => {
  await choose(page, "a broken one");
  await page.getByRole("link", { name: "6 errors" }).click();
  assert.equal(await focused(page), "findings-title");
  await page.getByRole("button", { name: "Copy the command" }).click();
  await said(page, "Copied");
  assert.equal(await page.getByLabel("Choose files").count(), 0);
});

scene("an editor says how many errors it has, and the first; only an empty one says what to paste", async (page) => {
  assert.deepEqual(await editor(page, "private_key"), { "aria-invalid": null, "aria-description": null, "aria-placeholder": "Paste the text here, from -----BEGIN to -----END" });
  await choose(page, "a broken one");
  const told = await editor(page, "cert_content");
  assert.equal(told["aria-invalid"], "true");
  assert.match(told["aria-description"], /^3 errors\. First error: .*line 1/);
  assert.equal(told["aria-placeholder"], null);
  await choose(page, "a good one");
  assert.deepEqual(await editor(page, "cert_content"), { "aria-invalid": null, "aria-description": null, "aria-placeholder": null });
});

scene("F8 leads from finding to finding and says each; so does the button of a finding", async (page) => {
  await choose(page, "a broken one");
  const fields = [];
  for (let press = 0; press < 6; press++) {
    await page.keyboard.press("F8");
    fields.push(await focused(page));
  }
  assert.deepEqual(fields, ["name", "cert_content", "cert_content", "cert_content", "private_key", "instance_id"]);
  await said(page, /^Gateway ID: .*instance_id/);
  await page.keyboard.press("F8");
  assert.equal(await focused(page), "name");
  await page.keyboard.press("Shift+F8");
  assert.equal(await focused(page), "instance_id");
  await page.getByRole("button", { name: /^Go to .*line 1, column 29 Certificate and its chain$/ }).click();
  await said(page, /line 1, column 29: /);
});

scene("each button of a finding says what it is about", async (page) => {
  await choose(page, "a broken one");
  const finding = page.locator(".finding", { hasText: "chain-leaf-not-first" });
  for (const name of ["Why? chain-leaf-not-first", "Fix it chain-leaf-not-first"]) assert.equal(await finding.getByRole("button", { name, exact: true }).count(), 1, name);
  assert.equal(await page.getByRole("button", { name: /^Go to .*Name$/ }).count(), 1);
  assert.equal(await page.getByRole("button", { name: "Go to Gateway ID", exact: true }).count(), 1);
});

scene("the dialog of a repair is described by its changes, names its fields, and keeps the Tab key", async (page) => {
  await choose(page, "a broken one");
  await page.getByRole("button", { name: "Fix 3 of 6" }).click();
  await page.locator("dialog[open]").waitFor();
  const described = await page.evaluate(() => document.getElementById(document.querySelector("dialog").getAttribute("aria-describedby")).textContent);
  assert.match(described, /order/);
  assert.equal(await page.getByRole("group", { name: "Certificate and its chain: before and after" }).count(), 1);
  for (let press = 0; press < 6; press++) {
    await page.keyboard.press(press % 3 ? "Tab" : "Shift+Tab");
    assert.equal(await page.evaluate(() => document.querySelector("dialog").contains(document.activeElement)), true);
  }
  assert.equal((await page.locator("dialog ul").innerText()).includes("`"), false);
});

scene("one tooltip tells a mark, with its code as code", async (page) => {
  await paste(page, "cert_content", example("broken").private_key);
  const mark = page.locator("#cert_content .cm-lintRange-error").first();
  await mark.hover();
  await page.locator("#cert_content .cm-tooltip-lint").waitFor();
  assert.equal(await page.locator("#cert_content .cm-tooltip-lint").count(), 1);
  const tooltip = page.locator("#cert_content .cm-tooltip-lint");
  assert.ok((await tooltip.locator("code").count()) > 0);
  assert.ok(!(await tooltip.textContent()).includes("`"));
  await page.locator("#cert_content .cm-lint-marker").first().hover();
  await page.waitForTimeout(600);
  assert.ok((await page.locator("#cert_content .cm-tooltip").count()) <= 1);
  assert.deepEqual(await violations(page), []);
});

scene("in forced colours the marks beside the lines are seen", async (page) => {
  await page.emulateMedia({ forcedColors: "active" });
  await choose(page, "a broken one");
  const [mark, ground] = await page.evaluate(() => {
    const root = document.getElementById("cert_content").shadowRoot;
    return [root.querySelector(".cm-lint-marker-error"), root.querySelector(".cm-editor")].map((element) => getComputedStyle(element).backgroundColor);
  });
  assert.notEqual(mark, ground);
});
