// Debian's Chromium with the built page, without any connection of its own.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium } from "playwright-core";

import { serve } from "../serve.mjs";

/** The browser of the tests. */
export const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** It opens no connection of its own. */
export const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts the browser and a server of the page. `context` takes settings of Playwright; `close` ends all. */
export async function start(context = {}) {
  const server = await serve();
  const folder = mkdtempSync(join(tmpdir(), "certgate-page-"));
  const browser = await chromium.launchPersistentContext(folder, {
    executablePath: CHROMIUM,
    args: FLAGS,
    viewport: { width: 1440, height: 900 },
    reducedMotion: "reduce",
    ...context,
  });
  const url = `http://127.0.0.1:${server.address().port}/`;
  return {
    browser,
    url,
    /** A new page that is loaded; what it complains about is in `complaints`. */
    async open(path = "") {
      const page = await browser.newPage();
      const complaints = [];
      page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
      page.on("pageerror", (error) => complaints.push(String(error)));
      await page.goto(url + path);
      await page.waitForSelector("#verdict h2");
      return Object.assign(page, { complaints });
    },
    async close() {
      await browser.close();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until a check that began after `act` has been told. */
export async function checked(page, act) {
  const before = await page.getAttribute("html", "data-checked");
  await act();
  await page.locator(`html[data-checked]:not([data-checked="${before}"])`).waitFor({ state: "attached" });
}
