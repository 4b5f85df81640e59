import { isManagedByFleet, MANAGED_BY_LABEL, STACK_LABEL } from "../../lib/kubernetes/ownership-labels.js";
import { type AuditedObject, placeOf } from "./audited-cluster.js";

/** The severities of findings, the worst first. */
export const severities = ["high", "medium", "low"] as const;
/** One of {@link severities}. */
export type Severity = (typeof severities)[number];

/** Why each rule matters. */
const reasons = {
  "api-deprecated": "A release of Kubernetes or Flux that no longer serves the version refuses the object.",
  "binding-cluster-admin": "The subject may do everything, so its credentials are those of the whole cluster.",
  "binding-namespace-admin": "The subject may change the quotas, network policies and role bindings that limit it.",
  "controller-flag": "Without this flag, Flux's controllers do not keep tenants apart.",
  "escalation-path": "Each step uses a right that exists today, and the last one reaches the whole cluster.",
  "image-unpinned": "The registry decides what runs: a tag can be moved to other content.",
  "object-orphaned": "Flux neither updates nor prunes an object whose owner is gone.",
  "reference-cross-namespace": "An object of one namespace decides what another one gets, or reads its content.",
  "source-insecure": "Any host on the way can read the credentials, and change what the cluster applies.",
  "source-unverified": "Write access to the repository is enough: no signature proves who made the content.",
  "sync-failing": "Flux does not apply the newest content, or reverts no changes.",
  "sync-never-reconciled": "No controller has looked at the object: nothing of it is applied.",
  "sync-suspended": "Flux neither applies nor reverts anything of a suspended object.",
  "sync-without-account": "The content of the source is applied with the rights of another account than the tenant's.",
} as const;

/** The rules of an audit. */
export type AuditRule = keyof typeof reasons;
/** All rules with the reason why each matters. */
export const auditRules: Readonly<Record<AuditRule, string>> = reasons;

/** One finding of an audit. Its fields are part of the command's interface (docs/operate/audit.md). */
export interface AuditFinding {
  readonly severity: Severity;
  readonly rule: AuditRule;
  /** `Kustomization payments/app` */
  readonly object: string;
  /** The sync or release that applies the object, as its labels say. A change by hand is reverted by it. @default - nothing that is known */
  readonly managedBy?: string;
  /** The observation. */
  readonly detail: string;
  /** The steps of an escalation. Empty for other rules. */
  readonly steps: readonly string[];
  readonly reason: string;
  /** A command of kubectl or flux, or lines of YAML. */
  readonly fix: string;
}

/** The parts of a finding that a rule decides. */
interface Found {
  readonly severity: Severity;
  readonly detail: string;
  readonly fix: string;
  /** @default - none */
  readonly steps?: readonly string[];
}

/** A finding about an object. */
export function auditFinding(rule: AuditRule, { kind, object }: AuditedObject, found: Found): AuditFinding {
  const { severity, detail, fix, steps = [] } = found;
  const managedBy = managerOf(object.metadata.labels);
  return {
    severity,
    rule,
    object: `${kind} ${placeOf(object.metadata)}`,
    ...(managedBy !== undefined && { managedBy }),
    detail,
    steps,
    reason: reasons[rule],
    fix,
  };
}

/** The client that applies an object again, by its labels. */
function managerOf(labels: Readonly<Record<string, string>>): string | undefined {
  const owner = fluxOwner(labels);
  if (owner !== undefined) return `${owner.kind} ${placeOf(owner)}`;
  if (isManagedByFleet(labels)) return `fleet, stack ${labels[STACK_LABEL] ?? "unknown"}`;
  return labels[MANAGED_BY_LABEL];
}

/** The Kustomization or HelmRelease that applied an object, as the object's labels name it. */
export function fluxOwner(labels: Readonly<Record<string, string>>) {
  for (const [kind, group] of [
    ["Kustomization", "kustomize.toolkit.fluxcd.io"],
    ["HelmRelease", "helm.toolkit.fluxcd.io"],
  ] as const) {
    const [name, namespace] = [labels[`${group}/name`], labels[`${group}/namespace`]];
    if (name !== undefined && namespace !== undefined) return { kind, name, namespace };
  }
  return undefined;
}

/** Findings in the order in which they are printed: the worst first, then by rule, object and detail. */
export function sortAudit(findings: readonly AuditFinding[]): AuditFinding[] {
  const keyOf = ({ severity, rule, object, detail }: AuditFinding) =>
    [severities.indexOf(severity), rule, object, detail].join("\n");
  return [...findings].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}
