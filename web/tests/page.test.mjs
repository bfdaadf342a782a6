// What a person does with the page, in a real browser.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { checked } from "./browser.mjs";
import { blocks, choose, codes, example, fieldText, paste, picture, scene, shots, verdict, violations } from "./scene.mjs";

scene("the empty page says so, and has nothing to complain about", async (page) => {
  assert.equal(await verdict(page), "Nothing to check yet");
  assert.deepEqual(await violations(page), []);
  await picture(page, "empty");
});

scene("a good form is accepted, with its chain, its times and its metadata", async (page) => {
  await choose(page, "a good one");
  assert.equal(await verdict(page), "Accepted");
  assert.match(await page.textContent("#chain"), /www\.example\.com.*private key.*signed by the next.*Example Trust TLS CA 1.*not in your upload, and not asked for/s);
  assert.equal(await page.locator("#validity .period").count(), 2);
  assert.match(await page.textContent("#metadata"), /common_name\s*www\.example\.com/);
  await page.getByRole("button", { name: "Copy as JSON" }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
  assert.equal(copied.serial_number, "53663304138173251617232");
  assert.deepEqual(await violations(page), []);
  await picture(page, "good");
});

scene("an SM2 set has two lanes", async (page) => {
  await choose(page, "an SM2 set");
  assert.equal(await verdict(page), "Accepted");
  assert.equal(await page.locator("#chain .lane").count(), 2);
  assert.equal(await page.locator("#chain .key").count(), 2);
  assert.deepEqual(await page.locator("#chain h3").allTextContents(), ["Encryption", "Signature"]);
  assert.match(await page.textContent("#validity"), /gm\.example\.com \(Encryption\).*gm\.example\.com \(Signature\)/s);
  // Most servers know no SM2, and each says why.
  assert.match(await page.textContent("#targets"), /Does not work \(\d+\).*rustls.*Works \(\d+\).*huawei-apig/s);
  await picture(page, "sm2");
});

scene("a broken form is rejected, each finding at its place", async (page) => {
  await choose(page, "a broken one");
  assert.equal(await verdict(page), "Rejected");
  assert.match(await page.textContent("#verdict"), /6 errors.*400: APIG\.2001/s);
  const wanted = ["chain-leaf-not-first", "field-missing", "match-other-key", "name-start", "pem-escaped-newlines", "pem-quoted"];
  assert.deepEqual((await codes(page)).sort(), wanted);
  // The underline begins at the quote that the finding is about.
  const marked = await page.evaluate(() => document.getElementById("cert_content").shadowRoot.querySelector(".cm-lintRange-error").textContent);
  assert.ok(marked.startsWith('"-----BEGIN'), marked);
  assert.match(await page.textContent("#chain .member.error"), /right order of the blocks is 2, 1/);
  assert.deepEqual(await violations(page), []);
  await picture(page, "broken");
});

scene("the picture of the README", async (page) => {
  await page.setViewportSize({ width: 1200, height: 960 });
  await choose(page, "a broken one");
  const path = process.env.CERTGATE_BLESS ? fileURLToPath(new URL("../../docs/page.png", import.meta.url)) : `${shots}readme.png`;
  await page.screenshot({ path, scale: "css" });
});

scene("a finding leads to its place", async (page) => {
  await choose(page, "a broken one");
  await page.getByRole("button", { name: "Go to line 1, column 29" }).click();
  await checked(page, () => page.keyboard.insertText("@"));
  assert.match(await fieldText(page, "cert_content"), /-----BEGIN CERTIFICATE-----@/);
  await page.locator(".finding", { hasText: "field-missing" }).getByRole("button", { name: "Go to" }).click();
  assert.equal(await page.evaluate(() => document.activeElement.id), "instance_id");
});

scene("why a rule exists is told in place", async (page) => {
  await choose(page, "a broken one");
  const finding = page.locator(".finding", { hasText: "match-other-key" });
  await finding.getByRole("button", { name: "Why?" }).click();
  await finding.locator(".why p").first().waitFor();
  assert.ok((await finding.locator(".why").textContent()).length > 200);
  assert.deepEqual(await violations(page), []);
});

scene("one finding is mended alone, after a look at the difference", async (page) => {
  await choose(page, "a broken one");
  const before = await fieldText(page, "private_key");
  await page.locator(".finding", { hasText: "chain-leaf-not-first" }).getByRole("button", { name: "Fix it" }).click();
  await page.locator("dialog .difference .removed").first().waitFor();
  assert.deepEqual(await violations(page), []);
  await picture(page, "mend");
  await checked(page, () => page.getByRole("button", { name: "Change my upload" }).click());
  assert.ok(!(await codes(page)).includes("chain-leaf-not-first"));
  assert.equal(await fieldText(page, "private_key"), before);
});

scene("all that can be mended is mended, and nothing else; the rest is for the person", async (page) => {
  await choose(page, "a broken one");
  await page.getByRole("button", { name: "Fix 3 of 6 automatically" }).click();
  await checked(page, () => page.getByRole("button", { name: "Change my upload" }).click());
  assert.deepEqual((await codes(page)).sort(), ["field-missing", "match-other-key", "name-start"]);
  await checked(page, () => page.fill("#name", "first_example_com"));
  await checked(page, () => page.selectOption("#type", "global"));
  await paste(page, "private_key", example("rsa").private_key);
  assert.equal(await verdict(page), "Accepted");
});

scene("the keyboard alone is enough", async (page) => {
  const reach = async (name) => {
    for (let presses = 0; presses < 80; presses++) {
      await page.keyboard.press("Tab");
      if ((await page.evaluate(() => document.activeElement.textContent)) === name) return;
    }
    assert.fail(`Tab does not reach "${name}"`);
  };
  await reach("a broken one");
  await checked(page, () => page.keyboard.press("Enter"));
  // Out of an editor the Tab key leads on: it is not swallowed there.
  await reach("Fix 3 of 6 automatically");
  await page.keyboard.press("Enter");
  await page.locator("dialog[open]").waitFor();
  await checked(page, () => page.keyboard.press("Enter"));
  assert.equal((await codes(page)).length, 3);
});

scene("text is pasted", async (page) => {
  const { cert_content, private_key } = example("ecc");
  await paste(page, "cert_content", cert_content);
  await paste(page, "private_key", private_key);
  await checked(page, () => page.fill("#name", "pasted"));
  assert.equal(await verdict(page), "Accepted");
  await checked(page, () => page.fill("#hosts", "www.example.com other.example"));
  assert.match(await page.textContent("#metadata"), /other\.example: not served/);
});

scene("a JSON text that is no form is told with its place", async (page) => {
  await page.setInputFiles("#files", { name: "form.json", mimeType: "application/json", buffer: Buffer.from('{"cert_content": "x",\n"private_key": }') });
  await page.getByText(/line 2/).waitFor();
});

scene("a report for a colleague holds no secret", async (page) => {
  await choose(page, "a broken one");
  await page.getByRole("button", { name: "Copy a report without secrets" }).click();
  const report = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(report, /Rejected\n.*APIG\.2001.*error\[match-other-key\] block 1, line 1/s);
  const { private_key, cert_content } = example("broken");
  for (const line of [...private_key.split("\n"), ...cert_content.split("\\n")]) {
    if (line.length > 20 && !line.includes("-----")) assert.ok(!report.includes(line.slice(0, 20)), line.slice(0, 20));
  }
  assert.match(await page.textContent(".command"), /^certgate check --name 1st_example_com --cert chain\.pem --key key\.pem --type instance/);
});

scene("a report of a good upload says whose certificate it is, and until when", async (page) => {
  await choose(page, "a good one");
  await page.getByRole("button", { name: "Copy a report without secrets" }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  const report = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(report, /^Accepted\n.*name: www_example_com\ncommon_name: www\.example\.com\nsan: www\.example\.com, .*not_before: 2026-01-01.*not_after: 2037-01-01/s);
});

scene("the words beside a field and a file are about this upload", async (page) => {
  await choose(page, "a good one");
  await checked(page, () => page.selectOption("#algorithm_type", ""));
  assert.equal(await page.locator("#algorithm_type option").first().textContent(), "not set (detected: RSA)");
  assert.match(await page.textContent("#share"), /form\.json and key\.pem hold your private key/);
  // Without a key no file holds one.
  await page.locator("#private_key .cm-content").focus();
  await page.keyboard.press("Control+a");
  await checked(page, () => page.keyboard.press("Delete"));
  assert.doesNotMatch(await page.textContent("#share"), /private key/);
  // The certificate alone: its issuer is asked for.
  await paste(page, "cert_content", blocks(example("rsa").cert_content)[0]);
  assert.match(await page.textContent("#chain .missing"), /not in your upload$/);
});

scene("the key of another certificate is drawn as wrong, with what the report says", async (page) => {
  await choose(page, "a broken one");
  assert.match(await page.textContent("#chain .member:has(.key.wrong)"), /Example Trust TLS CA 1.*private key.*does not belong to the certificate/s);
  await choose(page, "a good one");
  assert.equal(await page.locator("#chain .key.wrong").count(), 0);
  assert.equal(await page.locator("#chain .key").count(), 1);
});

scene("a difference shows what changes: a long line is cut, and can be seen whole", async (page) => {
  await choose(page, "a broken one");
  await page.getByRole("button", { name: "Fix 3 of 6" }).click();
  const long = page.locator("dialog .removed summary").first();
  assert.match(await long.innerText(), /^"-----BEGIN CERTIFICATE-----.* … \d+ characters … /s);
  assert.ok((await long.innerText()).length < 200);
  assert.match(await page.locator("dialog details summary").last().innerText(), /^\d+ more lines$/);
});

scene("the mended files are downloaded", async (page) => {
  await choose(page, "a good one");
  for (const [name, text] of [["chain.pem", example("rsa").cert_content], ["key.pem", example("rsa").private_key]]) {
    const waiting = page.waitForEvent("download");
    await page.getByRole("button", { name, exact: true }).click();
    const download = await waiting;
    assert.equal(download.suggestedFilename(), name);
    assert.equal(readFileSync(await download.path(), "utf8"), text);
  }
});

scene("Clear forgets everything: no text, nothing to undo, no worker", async (page) => {
  await choose(page, "a good one");
  const old = page.workers()[0];
  const closed = new Promise((resolve) => old.once("close", resolve));
  await page.click("#clear");
  await closed;
  assert.equal(await verdict(page), "Nothing to check yet");
  await page.locator("#private_key .cm-content").focus();
  await page.keyboard.press("Control+z");
  assert.doesNotMatch(await fieldText(page, "private_key"), /BEGIN PRIVATE/);
  const kept = await page.evaluate(async () => ({
    local: localStorage.length,
    session: sessionStorage.length,
    cookies: document.cookie,
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
  }));
  assert.deepEqual(kept, { local: 0, session: 0, cookies: "", databases: 0, caches: 0 });
});

for (const [name, viewport, colorScheme] of [
  ["360-light", { width: 360, height: 740 }, "light"],
  ["800-dark", { width: 800, height: 900 }, "dark"],
  ["1440-dark", { width: 1440, height: 900 }, "dark"],
]) {
  scene(`at ${name} nothing is cut off, and the contrast is enough`, async (page) => {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme });
    for (const [kind, button] of [["broken", "a broken one"], ["sm2", "an SM2 set"]]) {
      await choose(page, button);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= viewport.width, `${width} pixels wide`);
      assert.deepEqual(await violations(page), []);
      await picture(page, `${kind}-${name}`);
    }
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(ground, colorScheme === "dark" ? "rgb(19, 23, 22)" : "rgb(245, 246, 245)");
  });
}

scene("in Chinese the page and its findings are Chinese, and what was entered stays", async (page) => {
  await choose(page, "a broken one");
  await checked(page, () => page.selectOption("#language", "zh"));
  assert.equal(await page.getAttribute("html", "lang"), "zh");
  assert.equal(await verdict(page), "会被拒绝");
  assert.equal(await page.inputValue("#name"), "1st_example_com");
  const words = await page.locator("h1, h2, .label, label, button:not(.reason), summary").allInnerTexts();
  // What is folded away has no text.
  const seen = words.filter(Boolean);
  assert.ok(seen.length > 30, String(seen.length));
  for (const text of seen) assert.match(text, /[\u4e00-\u9fff]|^(form\.json|chain\.pem|key\.pem)$/);
  const told = await page.locator("#findings .message, #findings .hint").allInnerTexts();
  assert.equal(told.length, 12);
  // The badge before a message is the page's own word.
  for (const text of told) assert.match(text.replace(/^(错误|警告|提示)/, ""), /[\u4e00-\u9fff]/);
  const finding = page.locator(".finding", { hasText: "match-other-key" });
  assert.match(await finding.locator(".message").textContent(), /私钥有效，但不属于 cert_content 中的证书/);
  await finding.getByRole("button", { name: "为什么？" }).click();
  await finding.getByText("以下说明目前只有英文。").waitFor();
  await page.getByRole("button", { name: "自动修复 3 个问题（共 6 个）" }).click();
  await page.locator("dialog[open]").waitFor();
  assert.match(await page.textContent("dialog"), /证书按 2, 1 的顺序排列/);
  await page.getByRole("button", { name: "保持原样" }).click();
  assert.deepEqual(await violations(page), []);
  await picture(page, "chinese");
});

scene("on paper there are the verdict and the findings, and no key", async (page) => {
  await choose(page, "a broken one");
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator("#findings").isVisible(), true);
  assert.equal(await page.locator("#private_key").isVisible(), false);
});
