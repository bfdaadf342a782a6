// What the declarations must allow and what they must refuse. Only the compiler reads this file.

import { type Finding, load, type Report } from "certgate";

export async function use(file: Uint8Array): Promise<string[]> {
  const certgate = await load();
  const report: Report = certgate.check({ name: "www1", cert_content: "", private_key: "" }, { at: null, policy: { strict: true } });
  const lines = report.findings.map(({ code, severity, location }: Finding) => `${severity} ${code} ${location?.line ?? 0}`);
  lines.push(...certgate.inspect(file).findings.map((finding) => finding.hint));
  // @ts-expect-error a form has no such field
  certgate.check({ names: "www1" });
  // @ts-expect-error there is no such severity
  const heavy: Finding["severity"] = "fatal";
  return [...lines, heavy];
}
