// The page: fields on one side, what the library says of them on the other.

import type { Field, Finding, Form } from "certgate";

import { metadataView, shareView, targetsView, verdictBox, verdictView } from "./answer.js";
import { chainView } from "./chain.js";
import { button, h } from "./dom.js";
import { Engine, Forgotten, type Look } from "./engine.js";
import { FilesView } from "./files.js";
import { findingsView } from "./findings.js";
import { FormView } from "./form.js";
import { choose, labels, languages } from "./labels/index.js";
import { mendDialog } from "./mend.js";
import { validityView } from "./validity.js";

/** How long a person must have stopped typing, in milliseconds. */
const PAUSE = 40;

/** One worker, whatever the language. */
const engine = new Engine();

/** How many checks were told. */
let told = 0;

class Page {
  private readonly root = h("div", { class: "page" });
  private readonly form = new FormView(() => this.changed());
  private readonly files = new FilesView(engine, this.root, (form) => this.take(form));
  private readonly verdict = h("div", { id: "verdict", "aria-live": "polite" });
  private readonly results = h("div", { class: "results" });
  private timer?: number;
  /** Whether a check runs, and whether something has changed since it began. */
  private checking = false;
  private again = false;

  show(): void {
    const main = h("main", {}, this.files.element, this.verdict, h("div", { class: "columns" }, this.form.element, this.results));
    document.title = labels.title;
    const version = h("p", { class: "quiet" });
    this.root.replaceChildren(this.header(), main, h("footer", {}, version));
    document.body.replaceChildren(this.root);
    this.empty();
    // The first check need not wait until WebAssembly is compiled.
    void engine.version().then((number) => (version.textContent = labels.footer(number)), this.failed);
  }

  private header(): HTMLElement {
    const language = h("select", { id: "language", onchange: () => start(language.value, this.form.form) },
      ...languages.map((name) => h("option", { value: name, selected: name === document.documentElement.lang }, labels.languages[name] ?? name)));
    return h("header", {},
      h("div", { class: "bar" },
        h("p", { class: "brand" }, "certgate"),
        h("div", { class: "actions" },
          languages.length > 1 && h("label", { for: "language", class: "only-read" }, labels.language),
          languages.length > 1 && language,
          button(labels.clear, () => this.clear(), { id: "clear" }))),
      h("h1", {}, labels.lead),
      h("p", { class: "intro" }, labels.intro),
      h("details", { class: "local" }, h("summary", {}, h("strong", {}, labels.local), " ", h("span", {}, labels.localWhy)),
        ...labels.localText.map((text) => h("p", {}, text))));
  }

  /** Puts a form into the fields. */
  take(form: Form): void {
    this.form.form = form;
  }

  private changed(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.check(), PAUSE);
  }

  /** Checks what the fields hold. One check runs at a time; what changed meanwhile is checked after it. */
  private async check(): Promise<void> {
    this.again = this.checking;
    if (this.checking) return;
    const [form, hosts] = [this.form.form, this.form.hosts];
    if (Object.keys(form).length === 0) {
      this.empty();
      return;
    }
    this.checking = true;
    const begun = performance.now();
    try {
      const look = await engine.look(form, hosts);
      performance.measure("certgate-look", { start: begun });
      if (!this.again) this.tell(look, form, hosts);
    } catch (error) {
      this.failed(error);
    }
    this.checking = false;
    if (this.again) await this.check();
  }

  private tell(look: Look, form: Form, hosts: string[]): void {
    const { report } = look;
    this.form.mark(report.findings);
    // A screen reader hears the verdict only where it changes.
    const verdict = verdictView(report);
    if (verdict.textContent !== this.verdict.textContent) this.verdict.replaceChildren(verdict);
    const goTo = (finding: Finding) => this.form.goTo(finding);
    const views = [
      findingsView(report, {
        goTo,
        explain: (code) => engine.explain(code),
        mend: (finding) => void this.mend(finding.field && { code: finding.code, field: finding.field }),
        mendAll: () => void this.mend(),
      }),
      chainView(look, goTo),
      validityView(look, new Date(report.checked_at ?? Date.now())),
      report.accepted ? targetsView(report) : null,
      metadataView(report),
      shareView(report, form, hosts),
    ];
    this.results.replaceChildren(...views.filter((view) => view !== null));
    document.documentElement.setAttribute("data-checked", String(++told));
    performance.mark("certgate-checked");
  }

  private async mend(only?: { code: string; field: Field }): Promise<void> {
    const form = this.form.form;
    try {
      const repair = await engine.fix(form, this.form.hosts, only);
      mendDialog(form, repair, (after) => this.take(after));
    } catch (error) {
      this.failed(error);
    }
  }

  private clear(): void {
    clearTimeout(this.timer);
    engine.forget();
    this.files.clear();
    // New editors, so that nothing can be undone.
    start(document.documentElement.lang, {});
  }

  private empty(): void {
    this.form.mark([]);
    this.verdict.replaceChildren(verdictBox("none", labels.verdictEmpty, [labels.verdictEmptyText]));
    this.results.replaceChildren();
  }

  private readonly failed = (error: unknown): void => {
    if (error instanceof Forgotten) return;
    const text = typeof WebAssembly === "undefined" ? labels.noWasm : labels.failed;
    this.verdict.replaceChildren(verdictBox("bad", text, [String(error)]));
  };
}

function start(language: string | undefined, form: Form): void {
  document.documentElement.lang = choose(language);
  const page = new Page();
  page.show();
  if (Object.keys(form).length > 0) page.take(form);
}

start(undefined, {});
