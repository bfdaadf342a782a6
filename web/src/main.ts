// The page: fields on one side, what the library says of them on the other.

import type { Field, Finding, Form } from "certgate";

import { metadataView, shareView, targetsView, verdictBox, verdictView } from "./answer.js";
import { chainView } from "./chain.js";
import { announce, button, byId, h } from "./dom.js";
import { Engine, Forgotten, type Look } from "./engine.js";
import { type Fields, FilesView, type Kept } from "./files.js";
import { findingsView, focusFindings } from "./findings.js";
import { FormView } from "./form.js";
import { choose, labels, languages } from "./labels/index.js";
import { askDialog, mendDialog } from "./mend.js";
import { validityView } from "./validity.js";

/** How long a person must have stopped typing, in milliseconds. */
const PAUSE = 40;

/** Whether there is room for fields and results side by side. */
const WIDE = matchMedia("(min-width: 64rem)");

/** One worker, whatever the language. */
const engine = new Engine();

/** How many checks were told. */
let told = 0;

/** What a page hands on to the one in another language. */
interface Session {
  form: Form;
  hosts: string[];
  derived: Iterable<Field>;
  kept?: Kept;
}

/** The verdict outlives a change of the language, so that a person who listens hears of the next one. */
const verdict = h("div", { id: "verdict", "aria-live": "polite", "aria-atomic": "true" });

class Page implements Fields {
  private readonly root = h("div", { class: "page" });
  private readonly fields = new FormView((byPerson) => this.changed(byPerson), (field) => this.files.fillFrom(field));
  private readonly files: FilesView;
  /** The findings by themselves: on a narrow page they stand before the fields, and the rest behind. */
  private readonly findings = h("div", { class: "results" });
  private readonly rest = h("div", { class: "results" });
  private readonly side = h("div", { class: "results side" }, this.rest);
  private readonly undoButton = button(labels.undo, () => this.undo(), { id: "undo", hidden: true });
  /** What the fields held before they were last filled; until something else is changed. */
  private former?: Session;
  private timer?: number;
  /** Whether a check runs, and whether something has changed since it began. */
  private checking = false;
  private again = false;
  /** What files wait for. */
  private waiting?: string;
  /** Whether the person is led to the result of the next check. */
  private leads = false;

  constructor(kept?: Kept) {
    this.files = new FilesView(engine, this.root, this, kept);
    this.root.addEventListener("keydown", (event) => {
      if (event.key !== "F8") return;
      event.preventDefault();
      this.fields.step(event.shiftKey ? -1 : 1);
    });
  }

  show(): void {
    const main = h("main", {}, this.files.element, verdict, h("div", { class: "columns" }, this.fields.element, this.side));
    const arrange = () => (WIDE.matches ? this.side.prepend(this.findings) : this.fields.element.before(this.findings));
    arrange();
    WIDE.onchange = arrange;
    // A form that is taller than the window sticks with its end, so that nothing scrolls inside of what scrolls.
    new ResizeObserver(() => (this.fields.element.style.top = `min(1rem, calc(100vh - ${this.fields.element.offsetHeight}px - 1rem))`)).observe(this.fields.element);
    document.title = labels.title;
    const version = h("p", { class: "quiet" });
    this.root.replaceChildren(this.header(), main, h("footer", {}, version));
    document.querySelector(".page")?.remove();
    document.body.prepend(this.root);
    // The first check need not wait until WebAssembly is compiled.
    void engine.version().then((number) => (version.textContent = labels.footer(number)), this.failed);
  }

  private header(): HTMLElement {
    const language = h("select", { id: "language", onchange: () => {
      start(language.value, this.session);
      byId("language").focus();
    } },
      ...languages.map((name) => h("option", { value: name, selected: name === document.documentElement.lang }, labels.languages[name] ?? name)));
    return h("header", {},
      h("div", { class: "bar" },
        h("p", { class: "brand" }, "certgate"),
        h("div", { class: "actions" },
          languages.length > 1 && h("label", { for: "language", class: "only-read" }, labels.language),
          languages.length > 1 && language,
          this.undoButton,
          button(labels.clear, () => this.clear(), { id: "clear" }))),
      h("h1", {}, labels.lead),
      h("p", { class: "intro" }, labels.intro),
      h("details", { class: "local" }, h("summary", {}, h("strong", {}, labels.local), " ", h("span", {}, labels.localWhy)),
        ...labels.localText.map((text) => h("p", {}, text))));
  }

  get form(): Form {
    return this.fields.form;
  }

  get derived(): ReadonlySet<Field> {
    return this.fields.derived;
  }

  private get session(): Session {
    return { form: this.form, hosts: this.fields.hosts, derived: [...this.derived], kept: { ...this.files.kept } };
  }

  /** Puts a form into the fields; what they held can be brought back. */
  take(form: Form, derived: Iterable<Field>): void {
    const former = this.session;
    this.fields.fill(form, derived);
    this.former = former;
    this.undoButton.hidden = Object.keys(former.form).length === 0;
  }

  private undo(): void {
    const { former } = this;
    if (!former) return;
    this.forget();
    this.files.kept = former.kept ?? this.files.kept;
    this.files.quiet();
    this.wait();
    this.fields.fill(former.form, former.derived);
    announce(labels.undone);
    this.showResult();
  }

  /** The former form is gone. */
  private forget(): void {
    this.former = undefined;
    this.undoButton.hidden = true;
  }

  /** Goes on with what was handed on. */
  resume({ form, hosts, derived }: Session): void {
    this.fields.hosts = hosts;
    this.fields.fill(form, derived);
    this.files.resume();
  }

  wait(title?: string): void {
    if (title === this.waiting) return;
    this.waiting = title;
    if (title === undefined) this.changed(false);
    else this.showWaiting(title);
  }

  /** Leads the person to what the next check finds. */
  showResult(): void {
    this.leads = true;
  }

  private changed(byPerson: boolean): void {
    if (byPerson) {
      this.forget();
      this.files.changed();
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.check(), PAUSE);
  }

  /** Checks what the fields hold. One check runs at a time; what changed meanwhile is checked after it. */
  private async check(): Promise<void> {
    this.again = this.checking;
    if (this.checking) return;
    const [form, hosts] = [this.form, this.fields.hosts];
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
    this.fields.mark(report.findings);
    this.fields.offer(look.spread);
    this.fields.detect(report.certificate?.algorithm_type);
    if (this.waiting !== undefined) this.showWaiting(this.waiting);
    else this.showVerdict(verdictView(report));
    const goTo = (finding: Finding) => this.fields.goTo(finding);
    const findings = findingsView(report, {
      goTo,
      explain: (code) => engine.explain(code),
      mend: (finding) => void this.mend(finding.field && { code: finding.code, field: finding.field }),
      mendAll: () => void this.mend(),
    });
    const views = [
      chainView(look, goTo),
      validityView(look, new Date(report.checked_at ?? Date.now())),
      report.accepted ? targetsView(report) : null,
      metadataView(report),
      shareView(report, form, hosts),
    ];
    this.showResults(...(this.waiting === undefined ? [findings, ...views] : []));
    if (this.leads && this.waiting === undefined) this.lead();
    document.documentElement.setAttribute("data-checked", String(++told));
    performance.mark("certgate-checked");
  }

  private showResults(findings: HTMLElement | null = null, ...views: (HTMLElement | null)[]): void {
    this.findings.replaceChildren(...(findings ? [findings] : []));
    this.rest.replaceChildren(...views.filter((view) => view !== null));
  }

  /** A screen reader hears the verdict where it changes. */
  private showVerdict(view: HTMLElement): void {
    if (view.textContent !== verdict.textContent) verdict.replaceChildren(view);
    // The same result of something new is said again.
    else if (this.leads) announce(verdict.textContent ?? "");
  }

  private showWaiting(title: string): void {
    this.showResults();
    this.showVerdict(verdictBox("none", title, [labels.waitingText]));
  }

  /** Moves the focus to the findings: what a person did has brought others. */
  private lead(): void {
    this.leads = false;
    focusFindings();
  }

  private async mend(only?: { code: string; field: Field }): Promise<void> {
    const form = this.form;
    try {
      const repair = await engine.fix(form, this.fields.hosts, only);
      mendDialog(form, repair, (after) => {
        this.take(after, this.derived);
        this.showResult();
      });
    } catch (error) {
      this.failed(error);
    }
  }

  /** Forgets everything, after a question: what is forgotten cannot come back. */
  private clear(): void {
    const isOwn = Object.keys(this.form).length > 0 && !this.files.kept.isExample;
    if (isOwn || this.waiting !== undefined) askDialog(labels.clearTitle, labels.clearText, labels.clear, labels.keep, () => this.clearNow());
    else this.clearNow();
  }

  private clearNow(): void {
    clearTimeout(this.timer);
    engine.forget();
    this.forget();
    // New editors, so that nothing can be undone.
    start(document.documentElement.lang);
    announce(labels.cleared);
    byId("choose").focus();
  }

  empty(): void {
    this.fields.mark([]);
    this.fields.offer([]);
    this.fields.detect();
    this.showResults();
    if (this.waiting !== undefined) this.showWaiting(this.waiting);
    else this.showVerdict(verdictBox("none", labels.verdictEmpty, [labels.verdictEmptyText]));
  }

  private readonly failed = (error: unknown): void => {
    if (error instanceof Forgotten) return;
    const text = typeof WebAssembly === "undefined" ? labels.noWasm : labels.failed;
    verdict.replaceChildren(verdictBox("bad", text, [String(error)]));
  };

  /** Takes a text that was pasted beside the fields as a dropped file. */
  paste(data: DataTransfer): void {
    this.files.paste(data);
  }
}

let page: Page;

function start(language: string | undefined, session?: Session): void {
  document.documentElement.lang = choose(language);
  page = new Page(session?.kept);
  page.show();
  if (session) page.resume(session);
  else page.empty();
}

document.addEventListener("paste", (event) => {
  const isField = event.composedPath().some((target) => target instanceof HTMLElement && (target.isContentEditable || target.matches("input, select")));
  if (isField || !event.clipboardData || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  page.paste(event.clipboardData);
});

start(undefined);
