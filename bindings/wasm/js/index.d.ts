// What goes in and comes out. The types of the answers are made from docs/schema.json.

import type { Explanation, Field, Form, Inspection, Opened, Repair, Report, Rules, Severity } from "./answers.js";

export type * from "./answers.js";

/** What a call may be told beside its input. */
export interface Options {
  /** The time of the check in RFC 3339; `null`: validity is not evaluated. Without it, the present. */
  at?: string | null;
  /** Servers and services whose answer to the upload `check` foretells: `nginx`, `java`, …, or `all`. */
  targets?: string[];
  /** The language of the sentences: English, or Simplified Chinese. Names, values and commands stay as they are. */
  language?: "en" | "zh";
  /** Limits and severities: the names of a policy file of the command line. */
  policy?: { hosts?: string[]; strict?: boolean; severity?: Record<string, Severity>; [setting: string]: unknown };
}

/** A file, and its name. */
export interface File {
  name: string;
  bytes: Uint8Array;
}

/** The calls. None of them reads a clock (but the time above), a file or the network, and none keeps anything. */
export interface Certgate {
  /** Checks a form. A text or bytes are read as JSON; whatever they are, there is a report. */
  check(form: Form | string | Uint8Array, options?: Options): Report;
  /** The same report as the text that `certgate check --format json` prints. */
  checkText(form: Form | string | Uint8Array, options?: Options): string;
  /** What a file in PEM or DER holds: certificates, keys, and who signed whom. */
  inspect(file: string | Uint8Array, options?: Options): Inspection;
  /** Changes everything that can be fixed without inventing anything. The answer holds the private keys. */
  fix(form: Form | string | Uint8Array, options?: Options): Repair;
  /** Changes only what fixes the findings of one rule in one field. */
  fixOnly(form: Form | string | Uint8Array, code: string, field: Field, options?: Options): Repair;
  /** Makes forms of files: keystores, archives, chains, keys. The answer holds the private keys. */
  open(files: File[], passphrase?: string, options?: Options): Opened;
  /** The page of one rule. Of the options the language counts: for summary and hint; the rest is English. */
  explain(code: string, options?: Options): Explanation;
  /** All rules. */
  rules(): Rules;
  /** The version of certgate. */
  readonly version: string;
}

/**
 * Loads certgate. Without a source Node reads the package's file, and a browser fetches it from beside the module.
 *
 * An error of a call that begins with "certgate stopped" is a bug; it shows nothing of what was given. Load certgate in a new worker then.
 */
export function load(source?: Uint8Array | ArrayBuffer | WebAssembly.Module | URL | Response): Promise<Certgate>;
