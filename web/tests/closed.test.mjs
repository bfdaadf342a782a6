// Nothing leaves the browser: what a fault or an intruder in the page could try is refused, and a server that counts sees none of it.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import test, { after, before } from "node:test";

import { checked, start } from "./browser.mjs";

let chromium;
let counter;
const seen = [];

before(async () => {
  chromium = await start();
  counter = createServer(({ url }, response) => {
    seen.push(url);
    response.writeHead(200, { "access-control-allow-origin": "*", "content-type": "text/html" }).end("<!doctype html><title>counter</title>");
  });
  counter.on("upgrade", ({ url }, socket) => {
    seen.push(url);
    socket.destroy();
  });
  await new Promise((resolve) => counter.listen(0, "127.0.0.1", resolve));
});
after(async () => {
  await chromium.close();
  counter.close();
});

/** Tries to reach a server in every way that code has, and says which ways were not refused. Runs in a page and in a worker. */
async function attempt(base) {
  const url = (way) => `${base}/${way}`;
  const socket = () =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(url("websocket").replace("http", "ws"));
      socket.onopen = resolve;
      socket.onerror = reject;
    });
  const request = () =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", url("xhr"));
      request.onload = resolve;
      request.onerror = reject;
      request.send("x");
    });
  const events = () =>
    new Promise((resolve, reject) => {
      const source = new EventSource(url("eventsource"));
      source.onopen = resolve;
      source.onerror = () => (source.close(), reject(new Error("refused")));
    });
  const ways = { fetch: () => fetch(url("fetch"), { method: "POST", body: "x" }), socket, request, events, module: () => import(url("module")) };
  if (typeof importScripts === "function") ways.importScripts = () => importScripts(url("importScripts"));
  if (typeof document !== "undefined") {
    const load = (name, set) => () =>
      new Promise((resolve, reject) => {
        const element = document.createElement(name);
        element.onload = resolve;
        element.onerror = reject;
        set(element);
        document.body.append(element);
        setTimeout(reject, 1500);
      });
    ways.image = load("img", (element) => (element.src = url("image")));
    ways.style = load("link", (element) => Object.assign(element, { rel: "stylesheet", href: url("style") }));
    ways.frame = () => new Promise((resolve, reject) => {
      const frame = document.createElement("iframe");
      frame.src = url("frame");
      document.body.append(frame);
      setTimeout(reject, 500);
    });
    ways.form = () => new Promise((resolve, reject) => {
      const form = document.createElement("form");
      Object.assign(form, { action: url("form"), method: "post" });
      document.body.append(form);
      form.submit();
      setTimeout(reject, 500);
    });
    // It says yes before it is refused: only the counter knows.
    ways.beacon = () => navigator.sendBeacon(url("beacon"), "x") && Promise.reject(new Error("see the counter"));
    ways.worker = () => new Promise((resolve, reject) => {
      const worker = new Worker(url("worker"));
      worker.onmessage = resolve;
      worker.onerror = reject;
      setTimeout(reject, 500);
    });
  }
  const open = [];
  for (const [way, go] of Object.entries(ways)) {
    try {
      await go();
      open.push(way);
    } catch {
      // Refused, as it must be.
    }
  }
  return { open, tried: Object.keys(ways).length };
}

test("page and worker reach nobody; a request without the policy is counted", async () => {
  const page = await chromium.open();
  await checked(page, () => page.getByRole("button", { name: "a good one" }).click());
  const base = `http://127.0.0.1:${counter.address().port}`;
  const worker = page.workers()[0];
  assert.match(worker.url(), /^blob:/);
  const inPage = await page.evaluate(`(${attempt})(${JSON.stringify(`${base}/page`)})`);
  const inWorker = await worker.evaluate(`(${attempt})(${JSON.stringify(`${base}/worker`)})`);
  assert.deepEqual([inPage.open, inWorker.open], [[], []]);
  assert.ok(inPage.tried >= 11 && inWorker.tried >= 6, `${inPage.tried} and ${inWorker.tried} ways tried`);
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.deepEqual(seen, []);

  // The same attempts from a page without the policy: the counter counts, and the attempts can succeed.
  const free = await chromium.browser.newPage();
  await free.goto(`${base}/control`);
  const control = await free.evaluate(`(${attempt})(${JSON.stringify(`${base}/free`)})`).catch(() => ({ open: ["it navigated"] }));
  assert.ok(control.open.length > 0);
  for (const way of ["fetch", "websocket", "xhr"]) assert.ok(seen.includes(`/free/${way}`), `${way}: ${seen}`);
});

test("the page works without a network", async () => {
  const page = await chromium.open();
  await chromium.browser.setOffline(true);
  try {
    await checked(page, () => page.getByRole("button", { name: "an SM2 set" }).click());
    assert.equal(await page.textContent("#verdict h2"), "Accepted");
  } finally {
    await chromium.browser.setOffline(false);
  }
});

test("a start asks for the page's own files alone", async () => {
  const page = await chromium.browser.newPage();
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(chromium.url);
  await checked(page, () => page.getByRole("button", { name: "a good one" }).click());
  const own = asked.filter((url) => !url.startsWith("blob:")).map((url) => url.replace(chromium.url, "/")).sort();
  assert.deepEqual(own.filter((url) => url !== "/icon.svg"), ["/", "/page.css", "/page.js"]);
});

test("a page that was changed on its way does not run", async () => {
  const page = await chromium.browser.newPage();
  await page.route("**/page.js", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${await response.text()}\n// changed` });
  });
  const complaints = [];
  page.on("console", (message) => complaints.push(message.text()));
  await page.goto(chromium.url);
  await page.waitForTimeout(300);
  assert.equal(await page.locator("#verdict").count(), 0);
  assert.ok(complaints.some((text) => text.includes("integrity")), complaints.join("\n"));
});
