// The fields of an upload: editors for the long texts, inputs for the short ones.

import type { Field, Finding, Form } from "certgate";

import { announce, button, h, sentence } from "./dom.js";
import { Editor } from "./editor.js";
import { saidOf } from "./findings.js";
import { labels } from "./labels/index.js";

const LONG = ["cert_content", "private_key"] as const;
const MORE = ["trusted_root_ca", "cert_content_sign", "private_key_sign"] as const;

type Short = HTMLInputElement | HTMLSelectElement;

/** Which of two places comes first. */
const compare = (one: number[], other: number[]): number => one.map((value, at) => value - (other[at] ?? 0)).find((difference) => difference !== 0) ?? 0;

/** All fields, and the host names to check. */
export class FormView {
  readonly element: HTMLElement;
  private readonly editors = new Map<Field, Editor>();
  private readonly inputs = new Map<Field, Short>();
  private readonly notes = new Map<Field, HTMLElement>();
  private readonly more: HTMLDetailsElement;
  private readonly hostNames: HTMLInputElement;

  private readonly offers = new Map<Field, HTMLElement>();
  /** The short fields that hold what was made from a certificate; what a person types is the person's own. */
  private readonly made = new Set<Field>();
  private isFilling = false;
  /** The findings that have a field, from the top to the bottom of the form. */
  private findings: Finding[] = [];
  /** The finding that the person was led to last. */
  private last?: Finding;

  /** `changed` hears of each change, and whether a person made it; `fillFrom` fills all fields from the text of one. */
  constructor(private readonly changed: (byPerson: boolean) => void, private readonly fillFrom: (field: Field) => void) {
    this.hostNames = h("input", { id: "hosts", autocomplete: "off", spellcheck: "false", oninput: () => changed(true), "aria-describedby": "hosts-hint" });
    this.more = h("details", {}, h("summary", {}, labels.more), ...MORE.map((field) => this.long(field)));
    const options = (values: [string, string][]) => values.map(([value, text]) => h("option", { value }, text));
    this.element = h(
      "section",
      { class: "card form", "aria-labelledby": "form-title" },
      h("h2", { id: "form-title" }, labels.yourUpload),
      h("div", { class: "pair" },
        this.short("name", h("input", { autocomplete: "off", spellcheck: "false" })),
        this.short("algorithm_type", h("select", {}, ...options([["", labels.notSet], ["RSA", "RSA"], ["ECC", "ECC"], ["SM2", "SM2"]])))),
      ...LONG.map((field) => this.long(field)),
      this.more,
      h("div", { class: "pair" },
        this.short("type", h("select", {}, ...options([["", labels.notSet], ["global", labels.global], ["instance", labels.instance]]))),
        this.short("instance_id", h("input", { autocomplete: "off", spellcheck: "false" }))),
      h("div", { class: "field" },
        h("label", { for: "hosts" }, labels.hosts), this.hostNames, h("p", { class: "quiet", id: "hosts-hint" }, labels.hostsHint)),
    );
  }

  /** The form; a field that is empty is not in it. */
  get form(): Form {
    const form: Form = {};
    for (const [field, editor] of this.editors) if (editor.text) form[field] = editor.text;
    for (const [field, input] of this.inputs) if (input.value) form[field] = input.value;
    return form;
  }

  /** The fields from the top to the bottom of the page. */
  private get order(): Field[] {
    return ["name", "algorithm_type", ...LONG, ...MORE, "type", "instance_id"];
  }

  get derived(): ReadonlySet<Field> {
    return this.made;
  }

  /** Fills the fields; those in `derived` were made from a certificate. */
  fill(form: Form, derived: Iterable<Field> = []): void {
    this.isFilling = true;
    for (const [field, editor] of this.editors) editor.text = form[field] ?? "";
    for (const [field, input] of this.inputs) this.put(input, form[field] ?? "");
    this.isFilling = false;
    this.made.clear();
    for (const field of derived) this.made.add(field);
    this.more.open = MORE.some((field) => form[field]);
    this.changed(false);
  }

  /** The host names, one by one. */
  get hosts(): string[] {
    return this.hostNames.value.split(/[\s,;]+/).filter(Boolean);
  }

  set hosts(hosts: string[]) {
    this.hostNames.value = hosts.join(" ");
  }

  /** Says which algorithm the certificate has, where none is chosen. */
  detect(algorithm?: string): void {
    const none = this.inputs.get("algorithm_type")?.querySelector("option");
    if (none) none.textContent = algorithm ? labels.notSetDetected(algorithm) : labels.notSet;
  }

  /** Offers to fill all fields from the texts of these. */
  offer(spread: Field[]): void {
    for (const [field, place] of this.offers) {
      const isOffered = spread.includes(field);
      // What stands already stays, and with it the focus.
      if (isOffered === place.childElementCount > 0) continue;
      place.replaceChildren(...(isOffered ? [button(labels.fillAll, () => this.fillFrom(field), { class: "primary" })] : []));
    }
  }

  /** Marks the findings at their fields. */
  mark(findings: Finding[]): void {
    this.findings = findings.filter(({ field }) => field).sort((one, other) => compare(this.placeOf(one), this.placeOf(other)));
    for (const [field, editor] of this.editors) editor.mark(findings.filter((finding) => finding.field === field));
    for (const [field, input] of this.inputs) {
      const own = findings.filter((finding) => finding.field === field);
      input.setAttribute("aria-invalid", String(own.some((finding) => finding.severity === "error")));
      this.notes.get(field)?.replaceChildren(...own.slice(0, 1).flatMap((finding) => sentence(finding.message)));
    }
  }

  /** Goes to the next finding from where the person is, or to the one before; after the last one comes the first. */
  step(by: 1 | -1): void {
    const at = this.last && this.last.field === document.activeElement?.id ? this.findings.indexOf(this.last) : -1;
    const here = this.here();
    const behind = this.findings.filter((finding) => compare(this.placeOf(finding), here) < 0).length;
    const next = at >= 0 ? at + by : by > 0 ? behind : behind - 1;
    const finding = this.findings.at(next % Math.max(this.findings.length, 1));
    if (finding) this.goTo(finding);
  }

  /** Where the person is: the field, and the place of the caret in it. */
  private here(): number[] {
    const field = document.activeElement?.id as Field;
    const caret = this.editors.get(field)?.caret;
    return [this.order.indexOf(field), caret?.line ?? 0, caret?.column ?? 0];
  }

  private placeOf({ field, location }: Finding): number[] {
    return [field ? this.order.indexOf(field) : -1, location?.line ?? 1, location?.column ?? 1];
  }

  goTo(finding: Finding): void {
    if (!finding.field) return;
    this.last = finding;
    announce(labels.told(labels.fields[finding.field], saidOf(finding)));
    if ((MORE as readonly Field[]).includes(finding.field)) this.more.open = true;
    this.editors.get(finding.field)?.goTo(finding);
    const input = this.inputs.get(finding.field);
    input?.focus();
    if (input instanceof HTMLInputElement && finding.location?.column) {
      input.setSelectionRange(finding.location.column - 1, finding.location.column);
    }
  }

  /** A value that the API does not know stays as it is: the check says so. */
  private put(input: Short, value: string): void {
    if (input instanceof HTMLSelectElement && ![...input.options].some((option) => option.value === value)) {
      input.append(h("option", { value }, value));
    }
    input.value = value;
  }

  private short(field: Field, input: Short): HTMLElement {
    const note = h("p", { class: "field-note", id: `${field}-note` });
    input.id = field;
    input.setAttribute("aria-describedby", note.id);
    input.addEventListener("input", () => {
      this.made.delete(field);
      this.changed(true);
    });
    this.inputs.set(field, input);
    this.notes.set(field, note);
    return h("div", { class: "field" }, h("label", { for: field }, labels.fields[field], " ", h("code", { class: "quiet" }, field)), input, note);
  }

  private long(field: Field): HTMLElement {
    const host = h("div", { class: "editor", id: field });
    this.editors.set(field, new Editor(host, labels.fields[field], () => this.isFilling || this.changed(true)));
    const offer = h("p", { class: "offer" });
    this.offers.set(field, offer);
    return h("div", { class: "field" }, h("p", { class: "label" }, labels.fields[field], " ", h("code", { class: "quiet" }, field)), host, offer);
  }
}
