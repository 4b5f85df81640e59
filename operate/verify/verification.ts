import type { AccountRights } from "../access/matrix.js";
import type { AdmissionResult } from "./admission.js";
import type { Finding, FindingKind } from "./finding.js";
import type { LiveKey } from "./github-objects.js";

/** The checks of a verification, with the kinds of findings of each. */
export const checks = {
  controllers: {
    title: "Controllers run with the arguments, images and roles of the lock and the hardening",
    kinds: ["controller-changed", "controller-flag", "controller-image", "controller-unavailable"],
  },
  objects: {
    title: "Every object of the plan is on the cluster, field by field, and no other has its label",
    kinds: [
      "annotation-changed",
      "configuration-changed",
      "definition-changed",
      "label-changed",
      "object-missing",
      "object-terminating",
      "object-tied",
      "object-unplanned",
      "secret-changed",
      "service-changed",
    ],
  },
  admission: {
    title: "Admission policies are present, bound and deny known violations",
    kinds: ["admission-allowed", "extension-foreign", "object-refused", "policy-binding-changed", "policy-changed"],
  },
  access: {
    title: "Accounts of tenants have no right outside of their own namespaces",
    kinds: ["access-open", "binding-changed", "binding-foreign", "role-changed"],
  },
  bounds: {
    title: "Network policies, quotas, limits and Pod Security are those of the files",
    kinds: ["limits-changed", "network-changed", "pod-security-changed", "quota-changed"],
  },
  gitHub: {
    title: "Deploy keys, rulesets and webhooks at GitHub are those of the files",
    kinds: [
      "key-foreign",
      "key-missing",
      "key-other",
      "key-too-old",
      "key-writable",
      "ruleset-changed",
      "ruleset-foreign",
      "ruleset-missing",
      "webhook-changed",
      "webhook-foreign",
      "webhook-missing",
    ],
  },
  syncs: {
    title: "Every sync is Ready at its head",
    kinds: ["sync-behind", "sync-changed", "sync-foreign", "sync-not-ready", "sync-suspended"],
  },
} as const satisfies Readonly<Record<string, { readonly title: string; readonly kinds: readonly FindingKind[] }>>;

/** The name of a check. */
export type CheckName = keyof typeof checks;

/** The result of one check. */
export interface CheckResult {
  readonly name: CheckName;
  readonly title: string;
  /** The number of things looked at. */
  readonly looked: number;
  /** Why it was left out. @default - it was not */
  readonly skipped?: string | undefined;
  readonly findings: readonly Finding[];
}

/** The access matrix in numbers. */
export interface AccessMatrix {
  readonly accounts: number;
  readonly namespaces: number;
  readonly rights: number;
  /** Combinations of account, right and namespace that the bindings decide. */
  readonly cells: number;
  /** Bindings that were judged. */
  readonly bindings: number;
  /** SubjectAccessReviews that were sent. */
  readonly reviews: number;
}

/** A deploy key at GitHub, of this stack or of another one. */
export interface KeyAtGitHub extends Pick<LiveKey, "title" | "readOnly" | "createdAt"> {
  /** `acme/payments` */
  readonly repository: string;
}

/** The result of `fleet verify`. */
export interface Verification {
  readonly stack: string;
  readonly cluster: string;
  /** Begin of the look, ISO 8601. */
  readonly at: string;
  readonly holds: boolean;
  readonly checks: readonly CheckResult[];
  readonly matrix: AccessMatrix;
  /** The cells of the matrix that a plan, a binding or a review says something about. */
  readonly accounts: readonly AccountRights[];
  readonly admission: Omit<AdmissionResult, "findings">;
  /** Extensions of the API server that the caller accepts, of those that are there. */
  readonly accepted: readonly string[];
  /** Deploy keys of the repositories of the plan. Empty without GitHub. */
  readonly keys: readonly KeyAtGitHub[];
  /** Parts of GitHub that the token may not read, and that no file asks for: they may be anything. */
  readonly unread: readonly string[];
  readonly requests: { readonly cluster: number; readonly gitHub: number };
  readonly seconds: number;
}

/** The results of all checks. @param looked the number of things that each check looked at */
export function checkResults(
  findings: readonly Finding[],
  looked: Readonly<Record<CheckName, number>>,
  skipped: Readonly<Partial<Record<CheckName, string>>> = {},
): CheckResult[] {
  return (Object.keys(checks) as CheckName[]).map((name) => {
    const { title, kinds } = checks[name];
    const own = findings.filter(({ kind }) => (kinds as readonly FindingKind[]).includes(kind));
    return { name, title, looked: looked[name], ...(skipped[name] && { skipped: skipped[name] }), findings: own };
  });
}

/** All findings of a verification. */
export function findingsOf({ checks: all }: Verification): Finding[] {
  return all.flatMap(({ findings }) => findings);
}
