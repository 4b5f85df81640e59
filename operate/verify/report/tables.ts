import { ownerText } from "../finding.js";
import { findingsOf, type Verification } from "../verification.js";

/** A table of a report. */
export interface ReportTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A verification as tables for people. */
export function tablesOf(verification: Verification): ReportTable[] {
  const { stack, checks, matrix, admission, accepted, unread, requests, seconds } = verification;
  const findings = findingsOf(verification);
  const summary = checks.map(({ title, looked, findings: own, skipped }) => {
    const result =
      skipped === undefined ? (own.length === 0 ? "holds" : `${own.length} findings`) : `skipped: ${skipped}`;
    return [title, String(looked), result];
  });
  const { accounts, namespaces, rights, cells, bindings, reviews } = matrix;
  const facts = [
    [
      "Access matrix",
      `${accounts} accounts × ${rights} rights × ${namespaces} namespaces and the cluster = ${cells} cells`,
    ],
    ["Decided by", `${bindings} bindings, and ${reviews} SubjectAccessReviews`],
    ["Policies proved by a refusal", String(admission.proven.length)],
    ...admission.unproven.map(({ policy, reason }) => [`Not proved: ${policy}`, reason]),
    ...accepted.map((object) => ["Accepted by the call", object]),
    ...unread.map((part) => ["Not read", `${part}: the token lacks the right`]),
    ["Requests", `${requests.cluster} to the API server, ${requests.gitHub} to GitHub, in ${seconds} s`],
  ];
  const rows = findings.map(({ kind, object, owner, difference, reason, fix }) => [
    `${object}\n(${kind})`,
    difference,
    ownerText(owner),
    reason,
    fix,
  ]);
  return [
    { title: `Stack ${stack}`, head: ["Check", "Looked at", "Result"], rows: summary },
    ...(rows.length === 0
      ? []
      : [{ title: "Findings", head: ["Object", "Difference", "Owner", "Why it matters", "Fix"], rows }]),
    { title: "Proof", head: ["Fact", "Value"], rows: facts },
  ];
}
