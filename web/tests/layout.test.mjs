// What a person sees: order, sizes and colours.

import assert from "node:assert/strict";

import { checked } from "./browser.mjs";
import { choose, codes, paste, picture, scene, violations } from "./scene.mjs";

/** The contrast of two colours as a browser writes them. */
function contrast(one, other) {
  const light = (colour) => {
    const [red, green, blue] = colour.match(/\d+/g).map((value) => value / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05;
  };
  const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
  return high / low;
}

for (const colorScheme of ["light", "dark"]) {
  scene(`the edges of inputs and editors have a contrast of 3 at least: ${colorScheme}`, async (page) => {
    await page.emulateMedia({ colorScheme });
    for (const selector of ["#name", "#type", "#cert_content", "#choose"]) {
      const colours = await page.locator(selector).evaluate((element) => [getComputedStyle(element).borderTopColor, getComputedStyle(element.closest(".card, .drop")).backgroundColor]);
      assert.ok(contrast(...colours) >= 3, `${selector}: ${contrast(...colours).toFixed(2)}`);
    }
  });
}

for (const [width, height, least] of [[360, 740, 44], [800, 900, 40]]) {
  scene(`at ${width} pixels verdict and findings stand before the fields, and a finger hits their buttons`, async (page) => {
    await page.setViewportSize({ width, height });
    await choose(page, "a broken one");
    const [drop, verdict, findings, form, chain] = await Promise.all(["#drop", "#verdict", "#findings", ".form", "#chain"].map((selector) => page.locator(selector).boundingBox()));
    const order = [drop, verdict, findings, form, chain].map(({ y }) => y);
    assert.deepEqual(order, [...order].sort((a, b) => a - b));
    const heights = await page.locator("#findings button").evaluateAll((buttons) => buttons.map((button) => button.getBoundingClientRect().height));
    assert.ok(Math.min(...heights) >= least, String(heights));
    // The order of the Tab key is that of the eye.
    const isBefore = await page.evaluate(() => Boolean(document.getElementById("findings").compareDocumentPosition(document.querySelector(".form")) & Node.DOCUMENT_POSITION_FOLLOWING));
    assert.equal(isBefore, true);
  });
}

scene("side by side nothing but an editor scrolls inside the page, and the end of the form can be seen", async (page) => {
  await choose(page, "an SM2 set");
  const scrolling = await page.evaluate(() =>
    [...document.querySelectorAll("main *")].filter((element) => ["auto", "scroll"].includes(getComputedStyle(element).overflowY) && element.scrollHeight > element.clientHeight + 1).map((element) => element.className));
  assert.deepEqual(scrolling, []);
  await page.locator("#share").scrollIntoViewIfNeeded();
  const { y, height } = await page.locator("#hosts").boundingBox();
  assert.ok(y > 0 && y + height <= 900, `${y}`);
  // Where the window becomes narrow the findings move.
  await page.setViewportSize({ width: 800, height: 900 });
  await page.waitForFunction(() => document.getElementById("findings").getBoundingClientRect().top < document.querySelector(".form").getBoundingClientRect().top);
});

scene("forty findings of one rule are one, with their lines; each can be seen and gone to", async (page) => {
  const lines = Array.from({ length: 40 }, (_, at) => `-----BEGIN CERTIFICATE-----\nMIIB${"A".repeat(4 * at)}!\n-----END CERTIFICATE-----`);
  await checked(page, () => page.fill("#name", "forty_findings"));
  await paste(page, "cert_content", lines.join("\n"));
  const folded = page.locator("#findings details.many", { hasText: "pem-bad-character" });
  assert.match(await folded.locator("summary").innerText(), /40 × pem-bad-character lines 2, 5, 8, .*…/);
  assert.ok((await codes(page)).length < 10, String(await codes(page)));
  await picture(page, "forty");
  await folded.locator("summary").click();
  await folded.locator(".finding").nth(39).waitFor();
  assert.deepEqual(await violations(page), []);
  await folded.getByRole("button", { name: /line 119/ }).click();
  assert.equal(await page.evaluate(() => document.activeElement.id), "cert_content");
});
