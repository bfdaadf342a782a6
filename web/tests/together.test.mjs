// What is dropped or pasted is added to what is there, and can be undone.

import assert from "node:assert/strict";

import { checked } from "./browser.mjs";
import { blocks, choose, codes, drop, example, fieldText, focused, keystore, paste, scene, verdict } from "./scene.mjs";

const { cert_content, private_key } = example("rsa");
const [leaf, issuer] = blocks(cert_content);

scene("files are dropped, and a form is made of them", async (page) => {
  await checked(page, () => drop(page, { "www.key": private_key, "fullchain.pem": cert_content }));
  assert.equal(await verdict(page), "Accepted");
  assert.equal(await focused(page), "findings-title");
});

scene("a drop is added: what was typed stays, and so do key and chain", async (page) => {
  await checked(page, () => page.fill("#name", "typed_name"));
  await checked(page, () => page.selectOption("#type", "instance"));
  await checked(page, () => page.fill("#instance_id", "my-gateway"));
  await checked(page, () => drop(page, { "key.pem": private_key }));
  await checked(page, () => drop(page, { "leaf.pem": leaf }));
  await checked(page, () => drop(page, { "issuer.pem": issuer }, "#cert_content"));
  assert.equal(blocks(await fieldText(page, "cert_content")).length, 2);
  assert.match(await fieldText(page, "private_key"), /BEGIN PRIVATE KEY/);
  assert.equal(await page.inputValue("#name"), "typed_name");
  assert.equal(await page.inputValue("#instance_id"), "my-gateway");
  assert.equal(await page.inputValue("#type"), "instance");
  assert.ok(!(await codes(page)).some((code) => code.startsWith("chain-") || code.startsWith("match-")));
});

scene("a name that was made from a file follows the next file", async (page) => {
  await checked(page, () => drop(page, { "key.pem": private_key }));
  await checked(page, () => drop(page, { "chain.pem": cert_content }));
  assert.equal(await page.inputValue("#name"), "www_example_com");
});

scene("the right key takes the place of the wrong one, which is told and can come back", async (page) => {
  const wrong = example("ecc").private_key;
  await checked(page, () => drop(page, { "wrong.pem": wrong, "chain.pem": cert_content }));
  assert.equal(await verdict(page), "Rejected");
  await checked(page, () => drop(page, { "right.pem": private_key }, "#private_key"));
  assert.equal(await verdict(page), "Accepted");
  assert.match(await page.textContent("#files-said"), /Not used.*Private key.*belongs to none of the certificates/s);
  await checked(page, () => page.getByRole("button", { name: "Undo" }).click());
  assert.equal(await verdict(page), "Rejected");
  assert.equal((await fieldText(page, "private_key")).trim(), wrong.trim());
  assert.equal(await page.locator("#undo").isVisible(), false);
});

scene("a key of no use is kept until its certificate comes", async (page) => {
  await checked(page, () => drop(page, { "other.pem": example("ecc").private_key, "own.pem": private_key, "chain.pem": cert_content }));
  assert.match(await page.textContent("#files-said"), /other\.pem/);
  await checked(page, () => drop(page, { "shop.pem": blocks(example("ecc").cert_content)[0] }).then(() => page.getByRole("button", { name: /shop_example_com/ }).click()));
  assert.match(await page.textContent("#metadata"), /shop\.example\.com/);
  assert.equal((await fieldText(page, "private_key")).trim(), example("ecc").private_key.trim());
});

scene("an example, a drop and a repair can be undone; the next change forgets what was there", async (page) => {
  await checked(page, () => page.fill("#name", "typed_name"));
  await choose(page, "a good one");
  await checked(page, () => page.getByRole("button", { name: "Undo" }).click());
  assert.equal(await page.inputValue("#name"), "typed_name");
  assert.doesNotMatch(await fieldText(page, "private_key"), /BEGIN PRIVATE/);
  await choose(page, "a broken one");
  assert.equal(await page.locator("#undo").isVisible(), true);
  await checked(page, () => page.fill("#name", "another_name"));
  assert.equal(await page.locator("#undo").isVisible(), false);
});

scene("own files take the place of an example that nobody changed", async (page) => {
  await choose(page, "an SM2 set");
  await checked(page, () => drop(page, { "www.key": private_key, "fullchain.pem": cert_content }));
  assert.equal(await verdict(page), "Accepted");
  assert.equal(await page.locator("#chain .lane").count(), 1);
  assert.equal(await page.inputValue("#name"), "www_example_com");
});

scene("Clear asks where something own would be lost, and nothing brings it back", async (page) => {
  await checked(page, () => drop(page, { "www.key": private_key, "fullchain.pem": cert_content }));
  await page.click("#clear");
  assert.match(await page.textContent("dialog"), /cannot be undone/);
  await page.getByRole("button", { name: "Keep" }).click();
  assert.match(await fieldText(page, "private_key"), /BEGIN/);
  await page.click("#clear");
  await page.click("#ask-yes");
  assert.equal(await verdict(page), "Nothing to check yet");
  assert.equal(await page.locator("#undo").isVisible(), false);
  assert.doesNotMatch(await fieldText(page, "private_key"), /BEGIN PRIVATE/);
  assert.equal(await focused(page), "choose");
  await page.getByText("Everything is cleared.").waitFor({ state: "attached" });
});

for (const [what, text] of [["a request body", JSON.stringify(example("rsa"))], ["a bundle of certificate and key", cert_content + private_key]]) {
  scene(`${what} that is pasted into a field fills all fields where the person wants it`, async (page) => {
    await paste(page, "cert_content", text);
    await checked(page, () => page.getByRole("button", { name: "Fill all fields from this text" }).click());
    assert.equal(await verdict(page), "Accepted");
    assert.equal((await fieldText(page, "cert_content")).trim(), cert_content.trim());
    assert.equal(await page.getByRole("button", { name: "Fill all fields from this text" }).count(), 0);
  });
}

scene("what is pasted beside the fields is a dropped file; in a field it is a text", async (page) => {
  await page.evaluate((text) => navigator.clipboard.writeText(text), cert_content + private_key);
  await page.locator("h1").click();
  await checked(page, () => page.keyboard.press("Control+v"));
  assert.equal(await verdict(page), "Accepted");
  await page.evaluate(() => navigator.clipboard.writeText("pasted_name"));
  await page.locator("#name").selectText();
  await checked(page, () => page.keyboard.press("Control+v"));
  assert.equal(await page.inputValue("#name"), "pasted_name");
});

scene("a keystore waits for its passphrase, and nothing old looks like its result", async (page) => {
  await checked(page, () => drop(page, { "www.key": private_key, "fullchain.pem": cert_content }));
  assert.equal(await verdict(page), "Accepted");
  await page.setInputFiles("#files", { name: "web.p12", mimeType: "application/x-pkcs12", buffer: keystore("ecc") });
  await page.getByText("Waiting for the passphrase of web.p12").waitFor();
  assert.equal(await page.locator("#metadata").count(), 0);
  assert.doesNotMatch(await page.textContent("#files-said"), /Not used/);
  assert.equal(await focused(page), "passphrase");
  // Another language changes nothing of it.
  await page.selectOption("#language", "zh");
  await page.getByText("等待输入 web.p12 的口令").waitFor();
  await page.selectOption("#language", "en");
  await page.getByText("Waiting for the passphrase of web.p12").waitFor();
  await page.keyboard.type("wrong");
  await page.keyboard.press("Enter");
  await page.locator('#passphrase[aria-invalid="true"]').waitFor();
  assert.equal(await focused(page), "passphrase");
  const said = await page.evaluate(() => document.getElementById(document.activeElement.getAttribute("aria-describedby")).textContent);
  assert.match(said, /web\.p12.*the passphrase does not open it/);
  assert.equal(await verdict(page), "Waiting for the passphrase of web.p12");
  await page.keyboard.type("throw-away");
  await page.keyboard.press("Enter");
  // Two uploads: the question stands where the verdict of the former would mislead.
  await page.getByText("Waiting for your choice").waitFor();
  await checked(page, () => page.getByRole("button", { name: /shop_example_com/ }).click());
  assert.match(await page.textContent("#metadata"), /shop\.example\.com/);
});

scene("a keystore can be left out; Undo leaves it out too", async (page) => {
  await checked(page, () => page.fill("#name", "typed_name"));
  await checked(page, () => drop(page, { "key.pem": private_key }));
  await page.setInputFiles("#files", { name: "web.p12", mimeType: "application/x-pkcs12", buffer: keystore("rsa") });
  await page.getByText("Waiting for the passphrase").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.locator("#verdict h2", { hasText: "Rejected" }).waitFor();
  assert.doesNotMatch(await fieldText(page, "private_key"), /BEGIN PRIVATE/);
  await page.fill("#name", "");
  await page.setInputFiles("#files", { name: "web.p12", mimeType: "application/x-pkcs12", buffer: keystore("rsa") });
  await page.getByRole("button", { name: "Leave it out" }).click();
  await page.getByText("Nothing to check yet").waitFor();
});

scene("a file that was repaired when it was read says so", async (page) => {
  const damaged = cert_content.replace("-----END CERTIFICATE-----", "----END CERTIFICATE----");
  await checked(page, () => drop(page, { "chain.pem": damaged, "key.pem": private_key }));
  assert.match(await page.textContent("#files-said"), /chain\.pem was repaired when it was read/);
  assert.doesNotMatch(await page.textContent("#files-said"), /key\.pem/);
});

scene("a file of no use changes no letter of the fields", async (page) => {
  await choose(page, "a broken one");
  await checked(page, () => page.fill("#name", "my_own_name"));
  const before = await fieldText(page, "cert_content");
  await drop(page, { "notes.txt": "bread, milk" });
  await page.getByText("notes.txt: holds no certificate").waitFor();
  assert.equal(await fieldText(page, "cert_content"), before);
});

scene("roots that are dropped on their field stay there", async (page) => {
  await checked(page, () => drop(page, { "www.key": private_key, "fullchain.pem": cert_content }));
  await page.locator("summary", { hasText: /root/i }).click();
  await checked(page, () => drop(page, { "ca.pem": issuer }, "#trusted_root_ca"));
  assert.match(await fieldText(page, "trusted_root_ca"), /BEGIN CERTIFICATE/);
  assert.equal(blocks(await fieldText(page, "cert_content")).length, 2);
});
