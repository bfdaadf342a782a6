// What Lighthouse says of the page: at least 95 for accessibility and for best practices.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { CHROMIUM, FLAGS } from "./browser.mjs";
import { serve } from "../serve.mjs";

test("lighthouse gives 95 or more", async () => {
  const server = await serve();
  const folder = mkdtempSync(join(tmpdir(), "certgate-lighthouse-"));
  try {
    const cli = fileURLToPath(new URL("../node_modules/lighthouse/cli/index.js", import.meta.url));
    const file = join(folder, "report.json");
    const options = [
      `http://127.0.0.1:${server.address().port}/`,
      "--quiet",
      "--no-enable-error-reporting",
      "--only-categories=accessibility,best-practices",
      "--output=json",
      `--output-path=${file}`,
      `--chrome-flags=${[...FLAGS, `--user-data-dir=${join(folder, "profile")}`].join(" ")}`,
    ];
    // Not synchronous: the server of the page runs in this process.
    await promisify(execFile)(process.execPath, [cli, ...options], { env: { ...process.env, CHROME_PATH: CHROMIUM } });
    const { categories } = JSON.parse(readFileSync(file, "utf8"));
    const scores = Object.values(categories).map(({ id, score }) => [id, score * 100]);
    console.log(scores.map(([id, score]) => `${id} ${score}`).join(", "));
    assert.equal(scores.length, 2);
    for (const [id, score] of scores) assert.ok(score >= 95, `${id}: ${score}`);
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
