// The chain as a picture: each certificate a box, each signature a line, the key beside the certificate that it fits.

import type { CertificateFacts, Field, Finding, Inspection } from "certgate";

import { button, h, keyIcon, sentence } from "./dom.js";
import { labels } from "./labels/index.js";
import type { Look } from "./engine.js";

const PAIRS: [Field, Field][] = [
  ["cert_content", "private_key"],
  ["cert_content_sign", "private_key_sign"],
];

/** The certificates of an inspection, in the order of the text. */
export const certificates = (held?: Inspection): CertificateFacts[] =>
  held?.certificate ? [held.certificate, ...(held.chain ?? [])] : [];

/** The chains of an upload, side by side where there are two; nothing where there is no certificate. */
export function chainView(look: Look, goTo: (finding: Finding) => void): HTMLElement | null {
  const lanes = PAIRS.filter(([field]) => certificates(look.held[field]).length > 0);
  if (lanes.length === 0) return null;
  return h(
    "section",
    { class: "card", "aria-labelledby": "chain-title", id: "chain" },
    h("h2", { id: "chain-title" }, labels.chain),
    h("p", { class: "quiet" }, labels.chainText),
    h(
      "div",
      { class: "lanes" },
      ...lanes.map(([field, key]) =>
        h(
          "div",
          { class: "lane" },
          certificates(look.held[field])[0]?.algorithm_type === "SM2" && h("h3", {}, laneTitle(field)),
          lane(field, key, look, goTo),
        ),
      ),
    ),
  );
}

/** What the certificate of that field is for, in an SM2 set. */
export const laneTitle = (field: Field): string => (field === "cert_content" ? labels.chainEncryption : labels.chainSignature);

function lane(field: Field, keyField: Field, { held, report }: Look, goTo: (finding: Finding) => void): HTMLElement {
  const all = certificates(held[field]);
  const fingerprints = new Set((held[keyField]?.keys ?? []).map((key) => key.spki_sha256).filter(Boolean));
  const fits = (facts: CertificateFacts) => fingerprints.has(facts.key.spki_sha256);
  const { way, apart } = order(all, fits);
  const findings = report.findings.filter((finding) => finding.field === field);
  // A key can fit a certificate, and yet not the one that the upload needs it for: the report says so.
  const wrong = report.findings.find((finding) => finding.field === keyField && finding.code.startsWith("match-") && finding.severity === "error");
  const boxes: Node[] = [];
  for (const [at, facts] of way.entries()) {
    boxes.push(member(facts, fits(facts), findings, wrong, goTo));
    boxes.push(...link(facts, way[at + 1], findings));
  }
  for (const facts of apart) {
    boxes.push(h("li", { class: "link broken" }, labels.apart), member(facts, fits(facts), findings, wrong, goTo));
  }
  const hasStray = fingerprints.size > 0 && !all.some(fits);
  return h("ol", { class: "chain" }, hasStray && h("li", { class: "stray" }, keyIcon(), " ", labels.keyNowhere), ...boxes);
}

/**
 * The way from the certificate that issued none of the others, the one whose key is here before others, up through the issuers; and what is
 * not on it.
 */
function order(all: CertificateFacts[], fits: (facts: CertificateFacts) => boolean) {
  const issuers = new Set(all.filter((facts) => facts.issued_by !== facts.block).map((facts) => facts.issued_by));
  const lowest = all.filter((facts) => !issuers.has(facts.block));
  const way: CertificateFacts[] = [];
  let next = lowest.find(fits) ?? lowest[0] ?? all[0];
  while (next && !way.includes(next)) {
    way.push(next);
    const issuer: number | undefined = next.issued_by;
    next = all.find((facts) => facts.block === issuer);
  }
  return { way, apart: all.filter((facts) => !way.includes(facts)) };
}

function member(facts: CertificateFacts, hasKey: boolean, findings: Finding[], wrongKey: Finding | undefined, goTo: (finding: Finding) => void): HTMLElement {
  const own = findings.filter((finding) => finding.location?.block === facts.block && finding.severity !== "note");
  const worst = own.some((finding) => finding.severity === "error") ? "error" : own.length > 0 ? "warning" : "";
  return h(
    "li",
    { class: `member ${worst}` },
    h("strong", {}, facts.common_name ?? facts.subject),
    hasKey && h("span", { class: wrongKey ? "key wrong" : "key" }, keyIcon(), " ", labels.keyHere),
    h("span", { class: "quiet" }, [labels.block(facts.block ?? 1), keyText(facts), facts.not_after?.slice(0, 10)].filter(Boolean).join(" · ")),
    ...(hasKey && wrongKey ? [wrongKey, ...own] : own).map((finding) => button(sentence(finding.message), () => goTo(finding), { class: `reason ${finding.severity}` })),
  );
}

const keyText = ({ key }: CertificateFacts) => (key.type === "RSA" ? `RSA ${key.bits}` : key.type);

/** What stands between a certificate and its issuer. */
function link(facts: CertificateFacts, issuer: CertificateFacts | undefined, findings: Finding[]): Node[] {
  if (facts.issued_by !== undefined && facts.issued_by === facts.block) {
    const isGood = facts.issuer_signature === "verified";
    return [h("li", { class: isGood ? "link end" : "link end broken" }, isGood ? labels.selfSigned : labels.wrong)];
  }
  if (issuer) {
    const said = { verified: labels.verified, wrong: labels.wrong, "not-verified": labels.notVerified };
    const signature = facts.issuer_signature ?? "not-verified";
    return [h("li", { class: `link ${signature === "wrong" ? "broken" : ""}` }, said[signature])];
  }
  const isAskedFor = findings.some((finding) => finding.severity !== "note" && Object.values(finding.facts ?? {}).includes(facts.issuer_name));
  return [
    h("li", { class: "link open" }, labels.signedBy),
    h("li", { class: "member missing" }, h("strong", {}, facts.issuer_name), h("span", { class: "quiet" }, isAskedFor ? labels.missing : labels.notAskedFor)),
  ];
}
