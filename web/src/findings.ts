// What was found: grouped by field, the heaviest first.

import type { Explanation, Field, Finding, NotEvaluated, Report, Severity } from "certgate";

import { button, h, paragraphs, sentence } from "./dom.js";
import { labels } from "./labels/index.js";

const WEIGHT: Record<Severity, number> = { error: 0, warning: 1, note: 2 };

export interface Actions {
  goTo(finding: Finding): void;
  explain(code: string): Promise<Explanation>;
  mend(finding: Finding): void;
  mendAll(): void;
}

/** A finding in one line: its place, and what is wrong. */
export function saidOf({ location, message }: Finding): string {
  const place = location && labels.place(location);
  return `${place ? `${place}: ` : ""}${message.replaceAll("`", "")}`;
}

/** Moves the focus to the findings. */
export const focusFindings = (): void => document.getElementById("findings-title")?.focus();

/** The findings of a report. */
export function findingsView(report: Report, actions: Actions): HTMLElement {
  const { findings } = report;
  const fixable = findings.filter((finding) => finding.fixable).length;
  return h(
    "section",
    { class: "card", "aria-labelledby": "findings-title", id: "findings" },
    h(
      "div",
      { class: "bar" },
      h("h2", { id: "findings-title", tabindex: -1 }, labels.findings),
      fixable > 0 && button(labels.mendAll(fixable, findings.length), actions.mendAll, { class: "primary", id: "mend-all" }),
    ),
    h("p", { class: "quiet" }, findings.length === 0 ? labels.noFindings : labels.keys),
    ...groups(findings).map(([field, group]) =>
      h(
        "section",
        { class: "group" },
        h("h3", {}, field ? labels.fields[field] : labels.wholeForm, " ", field ? h("code", { class: "quiet" }, field) : null),
        h("ul", { class: "findings" }, ...alike(group).map((some) => (some.length > MANY ? many(some, actions) : some.map((finding) => item(finding, actions)))).flat()),
      ),
    ),
    report.not_evaluated.length > 0 && notEvaluated(report.not_evaluated),
  );
}

/** The fields with findings, the one with the heaviest finding first, and inside of each the heaviest first. */
export function groups(findings: Finding[]): [Field | undefined, Finding[]][] {
  const byField = new Map<Field | undefined, Finding[]>();
  for (const finding of findings) byField.set(finding.field, [...(byField.get(finding.field) ?? []), finding]);
  const weight = (finding?: Finding) => (finding ? WEIGHT[finding.severity] : 3);
  // Sorting keeps the order of what weighs the same: that of the form.
  const sorted = [...byField].map(([field, group]): [Field | undefined, Finding[]] => [
    field,
    group.sort((one, other) => weight(one) - weight(other)),
  ]);
  return sorted.sort(([, one], [, other]) => weight(one[0]) - weight(other[0]));
}

/** Above this number the findings of one rule in one field are folded into one. */
const MANY = 3;

/** How many lines are named of findings that are folded. */
const LINES = 12;

/** The findings of one rule together, in the order of the first of each. */
function alike(group: Finding[]): Finding[][] {
  const byCode = new Map<string, Finding[]>();
  for (const finding of group) byCode.set(finding.code, [...(byCode.get(finding.code) ?? []), finding]);
  return [...byCode.values()].flatMap((some) => (some.length > MANY ? [some] : some.map((finding) => [finding])));
}

/** Many findings of one rule, folded: how many, in which lines, and each on demand. */
function many(some: Finding[], actions: Actions): HTMLElement {
  const [first] = some;
  const lines = [...new Set(some.flatMap(({ location }) => location?.line ?? []))];
  const list = h("ul", { class: "findings" });
  const details = h("details", { class: "many", ontoggle: () => {
    if (list.childElementCount === 0) list.append(...some.map((finding) => item(finding, actions)));
  } },
    h("summary", {}, h("span", { class: "badge" }, first ? labels.severity[first.severity] : ""), ` ${some.length} × `, h("code", { class: "code" }, first?.code ?? ""),
      lines.length > 0 && h("span", { class: "quiet" }, ` ${labels.lines(lines.slice(0, LINES).join(", ") + (lines.length > LINES ? ", …" : ""))}`)),
    list);
  return h("li", { class: `finding ${first?.severity ?? ""}` }, details);
}

function item(finding: Finding, actions: Actions): HTMLElement {
  const page = h("div", { class: "why", hidden: true });
  // Read out by itself, a button says what it is about.
  const about = (text: string) => h("span", { class: "only-read" }, ` ${text}`);
  const why = button([labels.why, about(finding.code)], async () => {
    const opens = why.getAttribute("aria-expanded") !== "true";
    if (opens && page.childElementCount === 0) page.append(...rulePage(await actions.explain(finding.code)));
    page.toggleAttribute("hidden", !opens);
    why.setAttribute("aria-expanded", String(opens));
  }, { "aria-expanded": "false" });
  const place = finding.location && labels.place(finding.location);
  return h(
    "li",
    { class: `finding ${finding.severity}` },
    h(
      "p",
      { class: "message" },
      h("span", { class: "badge" }, labels.severity[finding.severity]),
      " ",
      ...sentence(finding.message),
    ),
    h("p", { class: "hint" }, ...sentence(finding.hint)),
    h(
      "p",
      { class: "actions" },
      finding.field && button(place ? [`${labels.goTo} ${place}`, about(labels.fields[finding.field])] : `${labels.goTo} ${labels.fields[finding.field]}`, () => actions.goTo(finding)),
      why,
      finding.fixable && button([labels.mendIt, about(finding.code)], () => actions.mend(finding), { class: "mend" }),
      h("code", { class: "quiet code" }, finding.code),
    ),
    page,
  );
}

/** The page of a rule, in place. */
function rulePage(rule: Explanation): Node[] {
  return [
    h("p", {}, h("strong", {}, rule.summary)),
    ...(labels.englishOnly ? [h("p", { class: "quiet" }, labels.englishOnly)] : []),
    h("div", { lang: "en" }, ...paragraphs(rule.why)),
    ...(rule.citations.length > 0
      ? [h("p", { class: "quiet" }, labels.sources), h("ul", { class: "sources" }, ...rule.citations.map((text) => h("li", {}, ...sentence(text))))]
      : []),
  ];
}

function notEvaluated(entries: NotEvaluated[]): HTMLElement {
  return h(
    "section",
    { class: "group" },
    h("h3", {}, labels.notEvaluated),
    h("ul", { class: "plain" }, ...entries.map((entry) => h("li", {}, ...sentence(entry.why)))),
  );
}

/** The report as text for a colleague. It holds what the report says, and the report holds no key. */
export function reportText(report: Report): string {
  const lines = [report.accepted ? labels.verdictGood : labels.verdictBad];
  if (report.api) lines.push(`${labels.apiAnswers}: ${report.api.status} ${report.api.error_code}, ${report.api.error_msg}`);
  for (const [title, certificate] of [["", report.certificate], [labels.metadataSign, report.sign_certificate]] as const) {
    if (!certificate) continue;
    const { name, common_name, san, not_before, not_after } = certificate;
    lines.push("", ...(title ? [title] : []), ...Object.entries({ name, common_name, san: san?.join(", "), not_before, not_after }).flatMap(([key, value]) => (value ? [`${key}: ${value}`] : [])));
  }
  for (const [field, group] of groups([...report.findings])) {
    lines.push("", field ?? labels.wholeForm);
    for (const finding of group) {
      const place = finding.location ? labels.place(finding.location) : "";
      lines.push(`- ${finding.severity}[${finding.code}]${place && ` ${place}`}: ${finding.message}`, `  ${finding.hint}`);
    }
  }
  if (report.not_evaluated.length > 0) lines.push("", labels.notEvaluated, ...report.not_evaluated.map((entry) => `- ${entry.why}`));
  return `${lines.join("\n")}\n`;
}
