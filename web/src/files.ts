// Files that are dropped or chosen: what the library makes of them.

import type { Form, Opened } from "certgate";

import { button, byId, h } from "./dom.js";
import type { Engine } from "./engine.js";
import { labels } from "./labels/index.js";

import broken from "../../examples/broken.json";
import good from "../../examples/rsa.json";
import sm2 from "../../examples/sm2.json";

/** The drop zone, the examples, and what is said of the files. */
export class FilesView {
  readonly element: HTMLElement;
  private readonly said = h("div", { id: "files-said", "aria-live": "polite" });

  constructor(private readonly engine: Engine, page: HTMLElement, private readonly take: (form: Form) => void) {
    const chosen = h("input", { type: "file", multiple: true, class: "only-read", id: "files", tabindex: -1, "aria-label": labels.choose, onchange: () => {
      void this.open([...(chosen.files ?? [])]);
      chosen.value = "";
    } });
    const example = (text: string, form: Form) => button(text, () => this.takeExample(form), { class: "link-button" });
    this.element = h(
      "section",
      { class: "drop", id: "drop", "aria-labelledby": "drop-title" },
      h("h2", { id: "drop-title" }, labels.drop),
      h("p", { class: "quiet" }, labels.dropHint),
      h("p", {}, button(labels.choose, () => chosen.click(), { class: "primary" }), chosen),
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
      void this.open([...(event.dataTransfer?.files ?? [])]);
    });
  }

  clear(): void {
    this.said.replaceChildren();
  }

  private takeExample(form: Form): void {
    this.clear();
    this.take(form);
  }

  private async open(files: File[], passphrase?: string): Promise<void> {
    if (files.length === 0) return;
    const read = files.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }));
    let opened: Opened;
    try {
      opened = await this.engine.open(await Promise.all(read), passphrase);
    } catch (error) {
      this.said.replaceChildren(h("p", {}, String(error)));
      return;
    }
    this.say(opened, files);
    const [first, ...others] = opened.forms;
    if (first?.form && others.length === 0) this.take(first.form);
  }

  private say({ forms, left_out }: Opened, files: File[]): void {
    this.said.replaceChildren();
    if (forms.length > 1) {
      this.said.append(h("p", {}, labels.severalForms), h("p", { class: "actions" },
        ...forms.map(({ form }, at) => button(form?.name ?? String(at + 1), () => form && this.take(form)))));
    }
    for (const finding of forms.flatMap((form) => form.report?.findings ?? [])) {
      this.said.append(h("p", {}, finding.message, " ", finding.hint));
    }
    if (left_out.some((left) => left.needs_passphrase)) {
      const passphrase = h("input", { type: "password", id: "passphrase", autocomplete: "off" });
      const open = () => void this.open(files, passphrase.value);
      passphrase.addEventListener("keydown", ({ key }) => key === "Enter" && open());
      this.said.append(h("p", {}, labels.needsPassphrase), h("p", { class: "actions" },
        h("label", { for: "passphrase" }, labels.passphrase), passphrase, button(labels.openWith, open)));
    }
    if (left_out.length > 0) {
      this.said.append(h("h3", {}, labels.leftOut), h("ul", { class: "plain" },
        ...left_out.map((left) => h("li", {}, `${left.inside.join(", ")}: ${left.why}`))));
    }
    if (this.said.childElementCount > 0) byId("drop").scrollIntoView({ block: "nearest" });
  }
}
