// Checks a form: node check.mjs FORM.json. Prints the report. Exit status: 0 accepted, 1 rejected, 2 could not run. Needs `npm install koffi`.
import { readFileSync } from "node:fs";
import koffi from "koffi";

const library = koffi.load("libcertgate.so.1");
const free = library.func("void certgate_free(void *text)");
const call = library.func("int certgate_check(const void *form, size_t length, const char *options, _Out_ void **text)");

/** Whether a form (a Buffer) is accepted, and the report as text. */
export function check(form, options = null) {
  const out = [null];
  const status = call(form, form.length, options, out);
  const text = out[0] && koffi.decode(out[0], "char", -1);
  free(out[0]);
  if (status < 0) throw new Error(text ?? `certgate returned ${status}`);
  return { accepted: status === 0, report: text };
}

try {
  const [, , path, options] = process.argv;
  const { accepted, report } = check(readFileSync(path), options);
  console.log(report);
  process.exitCode = accepted ? 0 : 1;
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}
