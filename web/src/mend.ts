// Mending: what would change, before and after, and then the change.

import { diffLines } from "diff";
import type { Field, Form, Repair } from "certgate";

import { button, type Child, h, sentence } from "./dom.js";
import { labels } from "./labels/index.js";

/** How many lines that stay are shown beside a change. */
const AROUND = 2;

/** Shows what a repair would change, and makes the change where the person wants it. */
export function mendDialog(before: Form, repair: Repair, apply: (form: Form) => void): void {
  const after = repair.form ?? before;
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])] as Field[];
  const changed = fields.filter((field) => before[field] !== after[field]);
  const dialog = h(
    "dialog",
    { class: "mend-dialog", "aria-labelledby": "mend-title", "aria-describedby": "mend-edits" },
    h("h2", { id: "mend-title" }, labels.mendTitle),
    changed.length === 0
      ? h("p", { id: "mend-edits" }, labels.mendNothing)
      : h("ul", { id: "mend-edits" }, ...repair.edits.map((edit) => h("li", {}, h("strong", {}, labels.fields[edit.field]), ": ", ...sentence(edit.text)))),
    ...changed.map((field) =>
      h(
        "section",
        {},
        h("h3", {}, labels.fields[field]),
        difference(labels.fields[field], before[field] ?? "", after[field] ?? ""),
      ),
    ),
    h(
      "div",
      { class: "actions" },
      changed.length > 0 && button(labels.apply, () => {
        dialog.close();
        apply(after);
      }, { class: "primary", autofocus: true }),
      button(labels.cancel, () => dialog.close()),
    ),
  );
  open(dialog);
}

/** Shows a dialog until it is closed. The Tab key stays in it. */
function open(dialog: HTMLDialogElement): void {
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Tab") return;
    const stops = [...dialog.querySelectorAll<HTMLElement>("button, summary, [tabindex='0']")].filter((stop) => stop.checkVisibility());
    const at = stops.indexOf(document.activeElement as HTMLElement);
    event.preventDefault();
    stops.at((at + (event.shiftKey ? -1 : 1)) % stops.length)?.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}

/** Asks before something is done that cannot be undone. */
export function askDialog(title: string, text: string, yes: string, no: string, act: () => void): void {
  const dialog = h(
    "dialog",
    { "aria-labelledby": "ask-title", "aria-describedby": "ask-text" },
    h("h2", { id: "ask-title" }, title),
    h("p", { id: "ask-text" }, text),
    h("div", { class: "actions" },
      button(yes, () => {
        dialog.close();
        act();
      }, { class: "primary", id: "ask-yes" }),
      button(no, () => dialog.close())),
  );
  open(dialog);
}

/** Two texts, line by line. */
function difference(name: string, before: string, after: string): HTMLElement {
  const rows = diffLines(before, after).flatMap((part, at, all) => {
    const lines = part.value.replace(/\n$/, "").split("\n");
    if (part.added || part.removed) return folded(lines.map((line) => row(part.added ? "added" : "removed", line)));
    const first = at === 0 ? 0 : AROUND;
    const last = at === all.length - 1 ? 0 : AROUND;
    if (lines.length <= first + last + 1) return lines.map((line) => row("same", line));
    return [
      ...lines.slice(0, first).map((line) => row("same", line)),
      h("div", { class: "kept" }, labels.linesKept(lines.length - first - last)),
      ...lines.slice(lines.length - last).map((line) => row("same", line)),
    ];
  });
  return h("div", { class: "difference", tabindex: 0, role: "group", "aria-label": labels.beforeAndAfter(name) }, ...rows);
}

/** The most lines of one change that stand open, and the most characters of one line. */
const [OPEN, WIDTH] = [6, 160];

/** Of many changed lines the first are shown, and the others on demand. */
const folded = (rows: HTMLElement[]): HTMLElement[] =>
  rows.length <= OPEN + 1 ? rows : [...rows.slice(0, OPEN), h("details", {}, h("summary", {}, labels.moreLines(rows.length - OPEN)), ...rows.slice(OPEN))];

/** A long line: its begin and its end, and the whole on demand. */
function short(line: string): Child[] {
  if (line.length <= WIDTH) return [line || " "];
  const [begin, end] = [line.slice(0, WIDTH / 2), line.slice(-WIDTH / 4)];
  return [h("details", {}, h("summary", {}, begin, h("em", {}, ` … ${labels.charactersKept(line.length)} … `), end), line)];
}

function row(kind: "added" | "removed" | "same", line: string): HTMLElement {
  const sign = { added: "+", removed: "−", same: " " }[kind];
  const said = { added: labels.added, removed: labels.removed, same: "" }[kind];
  return h(
    "div",
    { class: kind },
    h("span", { class: "sign", "aria-hidden": "true" }, sign),
    said && h("span", { class: "only-read" }, `${said}: `),
    h(kind === "added" ? "ins" : kind === "removed" ? "del" : "span", {}, ...short(line)),
  );
}
