// How long each certificate is valid: a bar for each on one time line, and today.

import type { CertificateFacts, Field } from "certgate";

import { certificates, laneTitle } from "./chain.js";
import { h, svg } from "./dom.js";
import type { Look } from "./engine.js";
import { labels } from "./labels/index.js";

/** The bars of all certificates of an upload; nothing where there is no certificate with times. */
export function validityView(look: Look, now: Date): HTMLElement | null {
  const of = (field: "cert_content" | "cert_content_sign") => certificates(look.held[field]).map((facts) => ({ ...facts, field }));
  const timed = [...of("cert_content"), ...of("cert_content_sign")].filter((facts) => facts.not_before && facts.not_after);
  if (timed.length === 0) return null;
  const times = timed.flatMap(({ not_before, not_after }) => [Date.parse(not_before ?? ""), Date.parse(not_after ?? "")]);
  const [from, to] = [Math.min(...times, now.getTime()), Math.max(...times, now.getTime())];
  const percent = (time: number) => `${(((time - from) / Math.max(to - from, 1)) * 100).toFixed(2)}%`;
  return h(
    "section",
    { class: "card", "aria-labelledby": "validity-title", id: "validity" },
    h("div", { class: "bar" }, h("h2", { id: "validity-title" }, labels.validity), h("span", { class: "today" }, labels.today, " ", now.toISOString().slice(0, 10))),
    h("ul", { class: "plain" }, ...timed.map((facts) => row(facts, percent, now))),
  );
}

function row(facts: CertificateFacts & { field: Field }, percent: (time: number) => string, now: Date): HTMLElement {
  const [start, end] = [Date.parse(facts.not_before ?? ""), Date.parse(facts.not_after ?? "")];
  const state = now.getTime() < start ? "future" : now.getTime() > end ? "over" : "current";
  const days = facts.days_left;
  const left = days === undefined ? "" : days < 0 ? labels.over(-days) : labels.daysLeft(days);
  return h(
    "li",
    { class: "period" },
    h("span", {}, h("strong", {}, facts.common_name ?? facts.subject), facts.algorithm_type === "SM2" && !facts.is_ca && ` (${laneTitle(facts.field)})`, " ", h("span", { class: "quiet" }, left)),
    svg(
      "svg",
      { class: "times", "aria-hidden": "true", height: 12, width: "100%" },
      svg("rect", { class: "whole", x: 0, y: 4, width: "100%", height: 4, rx: 2 }),
      svg("rect", { class: state, x: percent(start), y: 2, width: `${(Number.parseFloat(percent(end)) - Number.parseFloat(percent(start))).toFixed(2)}%`, height: 8, rx: 4 }),
      svg("line", { class: "now", x1: percent(now.getTime()), x2: percent(now.getTime()), y1: 0, y2: 12 }),
    ),
    h("span", { class: "quiet" }, labels.until(facts.not_before?.slice(0, 10) ?? "", facts.not_after?.slice(0, 10) ?? "")),
  );
}
