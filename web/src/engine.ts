// The check, in a worker: the page's side.

import type { Explanation, Field, Form, Inspection, Opened, Repair, Report } from "certgate";

import type { Answer, Call, Language } from "./worker.js";

declare const WORKER_SOURCE: string;
declare const WASM_GZIP_BASE64: string;

/** The worker comes from a blob, so that the policy of this page binds it; one from a file would bring its own. */
const makeUrl = (): string => URL.createObjectURL(new Blob([WORKER_SOURCE], { type: "text/javascript" }));
const policy = (window as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy("certgate", {
  createScriptURL: (url) => url,
});

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): {
    createScriptURL: (url: string) => string;
  };
}

/** What one look at an upload finds. */
export interface Look {
  report: Report;
  /** What the fields hold, where there is text in them. */
  held: Partial<Record<Field, Inspection>>;
  /** The fields whose text would fill other fields too: a request body, or certificate and key in one text. */
  spread: Field[];
}

/** The worker, and the calls that wait for it. */
export class Engine {
  private worker?: Worker;
  private waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  private last = 0;
  private wasm?: Promise<Uint8Array>;

  look(form: Form, hosts: string[]): Promise<Look> {
    return this.call({ kind: "look", form, hosts });
  }

  fix(form: Form, hosts: string[], only?: { code: string; field: Field }): Promise<Repair> {
    return this.call({ kind: "fix", form, hosts, only });
  }

  open(files: { name: string; bytes: Uint8Array }[], passphrase?: string): Promise<Opened> {
    return this.call({ kind: "open", files, passphrase });
  }

  explain(code: string): Promise<Explanation> {
    return this.call({ kind: "explain", code });
  }

  version(): Promise<string> {
    return this.call({ kind: "version" });
  }

  /** Ends the worker, and with it everything that it held. The next call starts another. */
  forget(): void {
    this.worker?.terminate();
    this.worker = undefined;
    for (const { reject } of this.waiting.values()) reject(new Forgotten());
    this.waiting.clear();
  }

  private async call<T>(call: Call): Promise<T> {
    this.wasm ??= unpack(WASM_GZIP_BASE64);
    const wasm = await this.wasm;
    const worker = (this.worker ??= this.start(wasm));
    const id = ++this.last;
    return new Promise<T>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      // The library answers in the language of the page.
      const language = document.documentElement.lang as Language;
      worker.postMessage({ id, call, language });
    });
  }

  private start(wasm: Uint8Array): Worker {
    const url = makeUrl();
    const worker = new Worker(policy ? policy.createScriptURL(url) : url);
    worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
      const waiting = this.waiting.get(data.id);
      this.waiting.delete(data.id);
      if ("value" in data) waiting?.resolve(data.value as never);
      else {
        waiting?.reject(new Error(data.error));
        // After a bug nothing of it can be used again.
        if (data.stopped) this.forget();
      }
    });
    worker.addEventListener("error", () => this.forget());
    worker.postMessage({ wasm });
    return worker;
  }
}

/** The worker was ended while a call waited for it. */
export class Forgotten extends Error {}

async function unpack(base64: string): Promise<Uint8Array> {
  const packed = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
