// The verdict, the metadata, and what can be taken along.

import type { CertificateResponse, Field, Form, Report, TargetReport } from "certgate";

import { focusFindings, groups, reportText, saidOf } from "./findings.js";
import { button, type Child, copyButton, download, h, sentence, svg } from "./dom.js";
import { labels } from "./labels/index.js";

/** The result in words. */
export function verdictView(report: Report): HTMLElement {
  const count = (severity: string) => report.findings.filter((finding) => finding.severity === severity).length;
  const counts = [
    count("error") && labels.errors(count("error")),
    count("warning") && labels.warnings(count("warning")),
    count("note") && labels.notes(count("note")),
  ].filter(Boolean);
  const first = groups([...report.findings])[0]?.[1].find((finding) => finding.severity === "error");
  const toFindings = (event: Event) => {
    event.preventDefault();
    focusFindings();
  };
  return verdictBox(
    report.accepted ? "good" : "bad",
    report.accepted ? labels.verdictGood : labels.verdictBad,
    [report.accepted ? labels.verdictGoodText : labels.verdictBadText, " ", counts.length > 0 && h("a", { href: "#findings", onclick: toFindings }, counts.join(", ")),
      first && h("span", { class: "first" }, labels.first(first.field ? labels.told(labels.fields[first.field], saidOf(first)) : saidOf(first)))],
    report.api && `${labels.apiAnswers} ${report.api.status}: ${report.api.error_code} ${report.api.error_msg}`,
  );
}

export function verdictBox(state: string, title: string, text: Child[], api?: string): HTMLElement {
  const path = { good: "M5 12.5l4.5 4.5L19 7.5", bad: "M6 6l12 12M18 6L6 18" }[state] ?? "M6 12h.01M12 12h.01M18 12h.01";
  return h(
    "div",
    { class: `verdict ${state}` },
    svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true", class: "mark" }, svg("path", { d: path })),
    h("div", {}, h("h2", {}, title), h("p", {}, ...text), api && h("p", { class: "api" }, api)),
  );
}

/** The metadata of the certificates, and the hosts that were asked for. */
export function metadataView(report: Report): HTMLElement | null {
  if (!report.certificate) return null;
  const { certificate, sign_certificate: sign } = report;
  const json = JSON.stringify(certificate, null, 2);
  return h(
    "section",
    { class: "card", "aria-labelledby": "metadata-title", id: "metadata" },
    h("div", { class: "bar" }, h("h2", { id: "metadata-title" }, labels.metadata), copyButton(labels.copyJson, () => json)),
    table(certificate),
    sign && h("h3", {}, labels.metadataSign),
    sign && table(sign),
    report.hosts && h("h3", {}, labels.hostsServed),
    report.hosts && h(
      "ul",
      { class: "plain" },
      ...report.hosts.map(({ host, served_by }) =>
        h("li", {}, h("strong", {}, host), ": ", served_by ? `${labels.served} ${served_by}` : labels.notServed),
      ),
    ),
  );
}

function table(certificate: CertificateResponse): HTMLElement {
  const rows = Object.entries(certificate).flatMap(([name, value]) => [
    h("dt", {}, h("code", {}, name)),
    h("dd", {}, Array.isArray(value) ? value.join(", ") : String(value)),
  ]);
  return h("dl", { class: "metadata" }, ...rows);
}

/** What servers and services will do with the upload: those that refuse it first. */
export function targetsView(report: Report): HTMLElement | null {
  const all = Object.entries(report.targets ?? {});
  if (all.length === 0) return null;
  const groups = (["refuses", "warns", "loads"] as const).flatMap((verdict) => {
    const targets = all.filter(([, target]) => target.verdict === verdict);
    if (targets.length === 0) return [];
    // Those with the same reasons stand together.
    const byReason = new Map<string, [string, TargetReport][]>();
    for (const one of targets) {
      const reason = one[1].findings.map((finding) => finding.message).join(" ");
      byReason.set(reason, [...(byReason.get(reason) ?? []), one]);
    }
    const items = [...byReason].map(([reason, alike]) => h("li", {}, ...names(alike), h("span", { class: "reasons" }, ...sentence(reason))));
    return [h("h3", { class: `target-verdict ${verdict}` }, `${labels.verdicts[verdict]} (${targets.length})`), h("ul", { class: "plain" }, ...items)];
  });
  return h("section", { class: "card", "aria-labelledby": "targets-title", id: "targets" }, h("h2", { id: "targets-title" }, labels.targets), labels.englishOnly && h("p", { class: "quiet" }, labels.englishOnly), ...groups);
}

/** The names of targets; each says on demand how its answer is known. */
const names = (targets: [string, TargetReport][]) =>
  targets.flatMap(([name, { known }], at) => [at > 0 && ", ", h("strong", { title: `${labels.known}: ${known}` }, name)]);

/** The files of an upload: the name of each, its option of the command line, and its text. */
const FILES: [Field, string, string][] = [
  ["cert_content", "chain.pem", "--cert"],
  ["private_key", "key.pem", "--key"],
  ["trusted_root_ca", "roots.pem", "--root-ca"],
  ["cert_content_sign", "sign-chain.pem", "--sign-cert"],
  ["private_key_sign", "sign-key.pem", "--sign-key"],
];

/** The command that makes the same check. */
export function command(form: Form, hosts: string[]): string {
  const word = (text: string) => (/^[\w.,:/@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
  const values: [string, string | undefined][] = [
    ["--name", form.name],
    ...FILES.map(([field, file, option]): [string, string | undefined] => [option, form[field] === undefined ? undefined : file]),
    ["--type", form.type],
    ["--instance-id", form.instance_id],
    ["--algorithm", form.algorithm_type],
    ...hosts.map((host): [string, string] => ["--host", host]),
  ];
  return ["certgate check", ...values.flatMap(([option, value]) => (value === undefined ? [] : [`${option} ${word(value)}`]))].join(" ");
}

/** What can be copied and kept. */
export function shareView(report: Report, form: Form, hosts: string[]): HTMLElement {
  const files = FILES.filter(([field]) => form[field]);
  const secret = files.filter(([field]) => field.startsWith("private_key")).map(([, name]) => name);
  return h(
    "section",
    { class: "card", "aria-labelledby": "share-title", id: "share" },
    h("h2", { id: "share-title" }, labels.share),
    h("p", {}, copyButton(labels.copyReport, () => reportText(report))),
    h("p", { class: "quiet" }, labels.shareText),
    h("h3", {}, labels.command),
    h("pre", { class: "command", tabindex: 0 }, command(form, hosts)),
    h("p", {}, copyButton(labels.copyCommand, () => command(form, hosts))),
    h("h3", {}, labels.downloads),
    h(
      "p",
      { class: "actions" },
      button("form.json", () => download("form.json", `${JSON.stringify(form, null, 2)}\n`)),
      ...files.map(([field, name]) => button(name, () => download(name, form[field] ?? ""))),
    ),
    secret.length > 0 && h("p", { class: "quiet" }, labels.downloadsText(["form.json", ...secret])),
  );
}
