// The check, in a worker: the worker's side. It keeps nothing between two calls.

import { type Certgate, type Field, type Form, type Inspection, load, type Options } from "certgate";

export type Call =
  | { kind: "look"; form: Form; hosts: string[] }
  | { kind: "fix"; form: Form; hosts: string[]; only?: { code: string; field: Field } }
  | { kind: "open"; files: { name: string; bytes: Uint8Array }[]; passphrase?: string }
  | { kind: "explain"; code: string }
  | { kind: "version" };

/** The language that the library answers in. */
export type Language = Options["language"];

export type Answer = { id: number } & ({ value: unknown } | { error: string; stopped: boolean });

/** The fields that the picture of the chain is made of. */
const HELD: Field[] = ["cert_content", "private_key", "cert_content_sign", "private_key_sign"];

/** The fields that hold PEM. */
const LONG: Field[] = [...HELD, "trusted_root_ca"];

let certgate: Promise<Certgate> | undefined;

addEventListener("message", async ({ data }: MessageEvent<{ wasm: Uint8Array } | { id: number; call: Call; language: Language }>) => {
  if ("wasm" in data) {
    certgate = load(data.wasm);
    return;
  }
  const { id, call, language } = data;
  try {
    if (!certgate) throw new Error("certgate is not there yet");
    postMessage({ id, value: answer(await certgate, call, language) } satisfies Answer);
  } catch (error) {
    const text = String(error);
    const stopped = error instanceof WebAssembly.RuntimeError || text.includes("certgate stopped");
    postMessage({ id, error: text, stopped } satisfies Answer);
  }
});

/** Whether the text of a field is a request body, or holds what belongs into another field. */
function isForOthers(certgate: Certgate, field: Field, text = ""): boolean {
  const { forms } = certgate.open([{ name: field, bytes: new TextEncoder().encode(text) }]);
  return forms.some(({ form, is_proven }) => form && (is_proven === undefined || (form.cert_content && LONG.some((other) => other !== field && form[other]))));
}

function answer(certgate: Certgate, call: Call, language: Language): unknown {
  const options = (hosts: string[]) => ({ policy: { hosts }, language });
  switch (call.kind) {
    case "look": {
      const held: Partial<Record<Field, Inspection>> = {};
      for (const field of HELD) {
        const text = call.form[field];
        if (text) held[field] = certgate.inspect(text, { language });
      }
      const report = certgate.check(call.form, { ...options(call.hosts), targets: ["all"] });
      return { report, held, spread: LONG.filter((field) => report.findings.some((finding) => finding.field === field && finding.severity === "error") && isForOthers(certgate, field, call.form[field])) };
    }
    case "fix":
      return call.only
        ? certgate.fixOnly(call.form, call.only.code, call.only.field, options(call.hosts))
        : certgate.fix(call.form, options(call.hosts));
    case "open":
      return certgate.open(call.files, call.passphrase, { language });
    case "explain":
      return certgate.explain(call.code, { language });
    case "version":
      return certgate.version;
  }
}
