// Serves dist/ for a look: `npm run serve`, then http://127.0.0.1:8080. Any other web server does as well.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

const KINDS = { "index.html": "text/html; charset=utf-8", "page.js": "text/javascript", "page.css": "text/css", "icon.svg": "image/svg+xml" };

/** A server of the built page, on a port of this computer alone; 0 takes one that is free. */
export function serve(port = 0) {
  const server = createServer(async ({ url }, response) => {
    const name = new URL(url, "http://page").pathname.slice(1) || "index.html";
    if (!Object.hasOwn(KINDS, name)) {
      response.writeHead(404).end();
      return;
    }
    const body = await readFile(new URL(`./dist/${name}`, import.meta.url));
    response.writeHead(200, { "content-type": KINDS[name], "x-content-type-options": "nosniff" }).end(body);
  });
  return new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve(server)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const server = await serve(Number(process.env.PORT ?? 8080));
  console.log(`http://127.0.0.1:${server.address().port}`);
}
