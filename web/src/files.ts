// Files that are dropped, chosen or pasted: what the library makes of them, together with what the fields hold.

import type { Field, Form, Opened } from "certgate";

import { announce, button, byId, h, sentence } from "./dom.js";
import type { Engine } from "./engine.js";
import { labels } from "./labels/index.js";
import { type Given, given, isBody, merge, repaired, stands, textOf, textsOf, unused } from "./together.js";

import broken from "../../examples/broken.json";
import good from "../../examples/rsa.json";
import sm2 from "../../examples/sm2.json";

/** The fields, as files see them. */
export interface Fields {
  readonly form: Form;
  /** The short fields that were filled from a certificate, and not by a person. */
  readonly derived: ReadonlySet<Field>;
  /** Puts a form into the fields. */
  take(form: Form, derived: Iterable<Field>): void;
  /** What the files wait for, or that they wait no longer. Until then the verdict on the fields is not shown: it is not about the files. */
  wait(title?: string): void;
  /** Something was put in: where the person looks next. */
  showResult(): void;
}

/** What is kept of the files of this session: in memory alone, until Clear. */
export interface Kept {
  /** The files that the form does not use, or not all of. */
  files: Given[];
  passphrase?: string;
  /** Whether the fields hold an example that nobody changed: files take its place. */
  isExample: boolean;
  /** The files that wait for a passphrase or a choice. */
  pending?: Given[];
}

/** The drop zone, the examples, and what is said of the files. */
export class FilesView {
  readonly element: HTMLElement;
  private readonly said = h("div", { id: "files-said", "aria-live": "polite", "aria-atomic": "true" });

  private last = Promise.resolve();

  constructor(private readonly engine: Engine, page: HTMLElement, private readonly fields: Fields, public kept: Kept = { files: [], isExample: false }) {
    const chosen = h("input", { type: "file", multiple: true, hidden: true, id: "files", onchange: () => {
      void this.addFiles([...(chosen.files ?? [])]);
      chosen.value = "";
    } });
    const example = (text: string, form: Form) => button(text, () => this.takeExample(form), { class: "link-button" });
    this.element = h(
      "section",
      { class: "drop", id: "drop", "aria-labelledby": "drop-title" },
      h("h2", { id: "drop-title" }, labels.drop),
      h("p", {}, labels.dropTogether),
      h("p", { class: "quiet" }, labels.dropHint),
      h("p", {}, button(labels.choose, () => chosen.click(), { class: "primary", id: "choose" }), chosen),
      h("p", { class: "examples" }, labels.or, " ", example(labels.exampleGood, good), " · ", example(labels.exampleBroken, broken), " · ", example(labels.exampleSm2, sm2)),
      this.said,
    );
    page.addEventListener("dragover", (event) => {
      event.preventDefault();
      this.element.classList.add("over");
    });
    page.addEventListener("dragleave", (event) => {
      if (!event.relatedTarget) this.element.classList.remove("over");
    });
    page.addEventListener("drop", (event) => {
      event.preventDefault();
      this.element.classList.remove("over");
      const onRoots = event.composedPath().some((target) => (target as Element).id === "trusted_root_ca");
      void this.addFiles([...(event.dataTransfer?.files ?? [])], onRoots);
    });
  }

  /** A person changed something: an example is the person's own now. */
  changed(): void {
    this.kept.isExample = false;
  }

  /** Nothing more is said of the files. */
  quiet(): void {
    this.said.replaceChildren();
  }

  /** Takes what the clipboard holds as dropped files. */
  paste(data: DataTransfer): void {
    const text = data.getData("text/plain");
    if (data.files.length > 0) void this.addFiles([...data.files]);
    else if (text.trim()) void this.add([given(labels.pasted, text)]);
  }

  /** Fills all fields from the text that stands in one of them. */
  fillFrom(field: Field): void {
    const { [field]: text = "", ...others } = this.fields.form;
    void this.add([given(labels.fields[field], text)], { now: others });
  }

  private takeExample(form: Form): void {
    this.said.replaceChildren();
    this.fields.wait();
    this.fields.take(form, []);
    this.kept = { files: [], isExample: true };
  }

  private async addFiles(files: File[], onRoots = false): Promise<void> {
    const read = files.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }));
    await this.add(await Promise.all(read), { onRoots });
  }

  /** Goes on with the files that waited, after a change of the language. */
  resume(): void {
    void this.add(this.kept.pending ?? []);
  }

  /** One after the other, so that each is added to what the one before has made. */
  private add(files: Given[], how?: { now?: Form; passphrase?: string; onRoots?: boolean }): Promise<void> {
    return (this.last = this.last.then(() => this.addNow(files, how)));
  }

  private async addNow(files: Given[], { now, passphrase, onRoots }: { now?: Form; passphrase?: string; onRoots?: boolean } = {}): Promise<void> {
    if (files.length === 0) return;
    try {
      await this.together(files, now ?? (this.kept.isExample ? {} : this.fields.form), passphrase ?? this.kept.passphrase, passphrase !== undefined, onRoots);
    } catch (error) {
      this.said.replaceChildren(h("p", {}, String(error)));
    }
  }

  private async together(files: Given[], now: Form, passphrase: string | undefined, hasTried: boolean, onRoots = false): Promise<void> {
    // The texts of a request body count as the fields' own, so that a file beside it is added to them.
    for (const file of files.length > 1 ? files.filter((file) => textOf(file).trimStart().startsWith("{")) : []) {
      const { forms: [body, ...others] } = await this.engine.open([file]);
      if (!body?.form || !isBody(body) || others.length > 0) continue;
      now = merge(now, body, new Set(), []);
      files = files.filter((other) => other !== file);
      break;
    }
    const texts = onRoots ? [] : textsOf(now, labels.fields);
    const from = [...files, ...texts, ...(onRoots ? [] : this.kept.files.filter((kept) => files.every((file) => file.name !== kept.name)))];
    const opened = await this.engine.open(from.map(({ name, bytes }) => ({ name, bytes })), passphrase);
    const waiting = opened.left_out.filter((left) => left.needs_passphrase);
    if (waiting.length > 0) {
      this.ask(files, now, waiting, hasTried);
      return;
    }
    this.fields.wait();
    this.kept.pending = undefined;
    this.kept.passphrase = passphrase;
    const bodies = opened.forms.filter(isBody);
    // A request body alone stands for itself, beside whatever the fields hold.
    const choices = bodies.length === 1 && files.length === 1 ? bodies : opened.forms.filter(({ form }) => form);
    const put = (made: Opened["forms"][number]) => {
      if (onRoots && made.form) this.fields.take({ ...now, trusted_root_ca: made.form.cert_content ?? made.form.trusted_root_ca }, this.fields.derived);
      else this.put(made, opened, now, from);
    };
    const [first, ...others] = choices;
    const findings = opened.forms.flatMap((form) => form.report?.findings ?? []);
    this.said.replaceChildren(...findings.map((finding) => h("p", {}, ...sentence(`${finding.message} ${finding.hint}`))));
    // Where no new file has a part in the form, the fields stay as they are, letter by letter.
    const isNew = first && (isBody(first) || first.parts?.some((part) => files.some((file) => file.name === part.inside[0])));
    if (first && others.length === 0 && isNew) put(first);
    else if (others.length > 0) {
      this.kept.pending = files;
      this.offer(choices, put);
    }
    else this.leave(unused(opened, now, from));
    if (this.said.childElementCount > 0) byId("drop").scrollIntoView({ block: "nearest" });
  }

  private put(made: Opened["forms"][number], opened: Opened, now: Form, from: Given[]): void {
    const form = merge(now, made, this.fields.derived, from);
    const left = isBody(made) ? [] : unused(opened, form, from);
    const derived = !isBody(made) && (!now.name || this.fields.derived.has("name")) ? (["name"] as const) : [];
    this.fields.take(form, derived);
    const uses = (file: Given) => opened.forms.some((other) => other !== made && other.parts?.some((part) => part.inside[0] === file.name));
    const isUseful = (file: Given) => uses(file) || left.some(({ inside, block }) => inside[0] === file.name && block !== undefined);
    // A text that still stands in its field is not kept a second time.
    const kept = from.filter((file) => !stands(form, file) && isUseful(file)).map(({ name, bytes, field }) => ({ name: field ? labels.former(name) : name, bytes }));
    this.kept = { files: kept, passphrase: this.kept.passphrase, isExample: false };
    this.said.append(...repaired(made).map((name) => h("p", {}, labels.wasRepaired(name))));
    this.leave(left);
    this.fields.showResult();
  }

  /** Asks which of several forms is meant. */
  private offer(choices: Opened["forms"], put: (made: Opened["forms"][number]) => void): void {
    const name = ({ form, parts }: Opened["forms"][number]) => [form?.name, [...new Set(parts?.map((part) => part.inside[0]))].join(" + ")].filter(Boolean).join(": ");
    this.said.append(h("p", {}, labels.severalFormsText), h("p", { class: "actions" },
      ...choices.map((made) => button(name(made), () => {
        this.quiet();
        this.fields.wait();
        put(made);
      })),
      button(labels.keepFields, () => {
        this.quiet();
        this.kept.pending = undefined;
        this.fields.wait();
        this.fields.showResult();
      })));
    this.fields.wait(labels.severalForms);
    this.said.querySelector("button")?.focus();
  }

  private leave(left: Opened["left_out"]): void {
    if (left.length === 0) return;
    this.said.append(h("h3", {}, labels.leftOut), h("ul", { class: "plain" },
      ...left.map(({ inside, why }) => h("li", {}, `${inside.join(", ")}: `, ...sentence(why)))));
  }

  /** Asks for the passphrase of the files that wait. The fields stay as they are meanwhile. */
  private ask(files: Given[], now: Form, waiting: Opened["left_out"], hasTried: boolean): void {
    const names = [...new Set(waiting.map(({ inside }) => inside[0] ?? ""))];
    const passphrase = h("input", { type: "password", id: "passphrase", autocomplete: "off", "aria-describedby": "passphrase-said", "aria-invalid": String(hasTried) });
    const open = () => void this.add(files, { now, passphrase: passphrase.value });
    passphrase.addEventListener("keydown", ({ key }) => key === "Enter" && open());
    const others = files.filter(({ name }) => !names.includes(name));
    const leave = () => {
      this.kept.files = this.kept.files.filter(({ name }) => !names.includes(name));
      this.kept.pending = undefined;
      this.said.replaceChildren();
      this.fields.wait();
      byId("choose").focus();
      void this.add(others, { now });
    };
    this.said.replaceChildren(
      h("p", { id: "passphrase-said", class: hasTried ? "field-note" : undefined }, ...(hasTried ? waiting.flatMap(({ inside, why }) => sentence(`${inside.join(", ")}: ${why}. `)) : [labels.needsPassphrase])),
      h("p", { class: "actions" }, h("label", { for: "passphrase" }, labels.passphrase), passphrase, button(labels.openWith, open), button(labels.leaveOut, leave)));
    this.kept.pending = files;
    this.fields.wait(labels.waitingFor(names.join(", ")));
    passphrase.focus();
    if (hasTried) announce(byId("passphrase-said").textContent ?? "");
  }
}
