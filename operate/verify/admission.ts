import { definedOnly } from "../../lib/data/defined-only.js";
import { HOSTS_ANNOTATION } from "../../lib/kubernetes/ownership-labels.js";
import { unprovable, type Violation, type ViolationPlace, violations } from "../../policies/admission/violations.js";
import { type Finding, finding, type Owner } from "./finding.js";
import { objectText, type PlannedObject } from "./planned-objects.js";

/** A dry run that shows whether one policy is in force. */
export interface DryRun extends Violation {
  readonly policy: string;
  readonly owner: Owner;
}

/** The answer of an API server to a dry run. */
export interface DryRunAnswer {
  readonly status: number;
  /** The message of a refusal. */
  readonly message: string;
}

/** A policy that no dry run can prove, and why. */
export interface Unproven {
  readonly policy: string;
  readonly reason: string;
}

/** A dry run that was sent, with the answer: the proof of a policy, or of its absence. */
export interface SentDryRun {
  readonly policy: string;
  /** `Pod payments/fleet-verify` */
  readonly object: string;
  /** Name of the account that it was sent for. @default - the caller's own */
  readonly sender?: string;
  /** HTTP status of the answer. */
  readonly status: number;
  /** The policy that refused it. @default - none */
  readonly refusedBy?: string;
}

/** The result of all dry runs. */
export interface AdmissionResult {
  readonly proven: readonly string[];
  readonly unproven: readonly Unproven[];
  readonly dryRuns: readonly SentDryRun[];
  readonly findings: readonly Finding[];
}

const anyDigest = `sha256:${"0".repeat(64)}`;

/** The dry runs of the policies of a plan that deny, and the policies without one. */
export function plannedDryRuns(
  planned: readonly PlannedObject[],
  registries: readonly string[],
): { readonly runs: readonly DryRun[]; readonly unproven: readonly Unproven[] } {
  const place = violationPlace(planned, registries);
  const policies = planned.filter(({ kind }) => kind === "ValidatingAdmissionPolicyBinding");
  if (place === undefined) {
    return { runs: [], unproven: policies.map(({ metadata }) => unproved(metadata.name, "the stack has no tenant")) };
  }
  const runs: DryRun[] = [];
  const unproven: Unproven[] = [];
  for (const { metadata, fields, owner } of policies) {
    const { name: policy } = metadata;
    const { validationActions = [] } = fields.spec as { readonly validationActions?: readonly string[] };
    const violation = Object.hasOwn(violations, policy) ? violations[policy] : undefined;
    if (!validationActions.includes("Deny")) unproven.push(unproved(policy, "the stack only audits (fleet:admission)"));
    else if (violation !== undefined) runs.push({ ...violation(place), policy, owner });
    else unproven.push(unproved(policy, unprovable[policy] ?? "no violation of this add-on's policy is known"));
  }
  return { runs, unproven };
}

function unproved(policy: string, reason: string): Unproven {
  return { policy, reason };
}

/** A namespace for violations: one whose tenant may serve a host, where there is one. */
function violationPlace(planned: readonly PlannedObject[], registries: readonly string[]): ViolationPlace | undefined {
  const places = planned.flatMap(({ kind, owner, metadata, fields }) => {
    if (kind !== "Namespace" || owner.tenant === undefined) return [];
    const { annotations = {} } = fields.metadata as { readonly annotations?: Readonly<Record<string, string>> };
    const host = annotations[HOSTS_ANNOTATION]?.split(",")[0]?.replace(/^\*/, VIOLATION_HOST);
    return [{ namespace: metadata.name, host }];
  });
  const chosen = places.find(({ host }) => host !== undefined && host !== "") ?? places[0];
  return chosen && { ...chosen, image: `${registries[0] ?? "registry.example.com"}/fleet-verify@${anyDigest}` };
}

const VIOLATION_HOST = "fleet-verify";

/** The findings of the answers to dry runs. A refusal proves the policy that it names, and no other one. */
export function judgeDryRuns(
  runs: readonly DryRun[],
  answers: readonly DryRunAnswer[],
  none: readonly Unproven[] = [],
): AdmissionResult {
  const proven: string[] = [];
  const unproven: Unproven[] = [...none];
  const dryRuns: SentDryRun[] = [];
  const findings: Finding[] = [];
  for (const [index, run] of runs.entries()) {
    const answer = answers[index];
    if (answer === undefined) continue;
    const refusing = /ValidatingAdmissionPolicy '([^']+)' with binding '[^']+' denied request/.exec(
      answer.message,
    )?.[1];
    dryRuns.push(sentDryRun(run, answer.status, refusing));
    if (refusing === run.policy) proven.push(run.policy);
    else if (answer.status < 300) findings.push(allowedFinding(run));
    else unproven.push(unproved(run.policy, refusing ? `the policy ${refusing} refuses it first` : firstLine(answer)));
  }
  return {
    proven: proven.sort(),
    unproven: unproven.sort((a, b) => (a.policy < b.policy ? -1 : 1)),
    dryRuns,
    findings,
  };
}

function sentDryRun(run: DryRun, status: number, refusedBy: string | undefined): SentDryRun {
  return { policy: run.policy, object: objectOf(run), status, ...definedOnly({ sender: senderOf(run), refusedBy }) };
}

function objectOf({ object: { kind, metadata } }: DryRun): string {
  return objectText({ kind, metadata: { name: metadata.name, namespace: metadata.namespace } });
}

/** The account that a dry run is sent for. Undefined for the caller's own. */
function senderOf({ object, sender = "reconciler" }: DryRun): string | undefined {
  if (sender === "caller") return undefined;
  return typeof sender === "object" ? sender.user : `${object.metadata.namespace}/reconciler`;
}

function firstLine({ status, message }: DryRunAnswer): string {
  return `the API server answered ${status}: ${message.split("\n", 1)[0]?.slice(0, 200) ?? ""}`;
}

function allowedFinding(run: DryRun): Finding {
  const { policy, owner } = run;
  return finding("admission-allowed", {
    object: `ValidatingAdmissionPolicy ${policy}`,
    owner,
    difference: `a dry run of ${objectOf(run)}, which the policy must refuse, was accepted for ${senderOf(run) ?? "your account"}`,
    fix: "pulumi up --refresh; then see why the policy or its binding was changed",
  });
}
