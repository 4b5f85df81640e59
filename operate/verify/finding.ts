import type { PlannedResource } from "../../review/planned-resource.js";

/** The kinds of findings. Each has a reason in {@link reasons}. */
export type FindingKind = keyof typeof reasons;

/** One way in which a live cluster, or GitHub, is not what the files of a stack say. */
export interface Finding {
  readonly kind: FindingKind;
  /** `RoleBinding payments/reconciler`; `deploy key "fleet/staging" of acme/payments`. */
  readonly object: string;
  /** The part of the program that registers the object. */
  readonly owner: Owner;
  /** The difference, with the client that made it where Kubernetes knows one. Never a secret. */
  readonly difference: string;
  readonly reason: string;
  readonly fix: string;
}

/** The part of the program, and of its files, that decides an object. */
export interface Owner {
  /** Name of the component in the program. @default - no component registers it */
  readonly component?: string | undefined;
  /** @default - the platform */
  readonly tenant?: string | undefined;
  /** The file to change if the live state is the wanted one: `stacks/base/tenants/team-a.yaml`. */
  readonly file: string;
}

/** Why each kind of finding matters. */
const reasons = {
  "access-open": "The account has a right that the fleet's role bindings do not give it.",
  "admission-allowed": "The API server accepts an object that the policy must refuse: the policy is not in force.",
  "annotation-changed": "Controllers and admission policies decide by annotations that only the platform may write.",
  "binding-changed": "Role bindings decide which accounts have which rights.",
  "binding-foreign": "A binding that no file asks for gives rights that no review has seen.",
  "configuration-changed": "Flux, or the workloads of tenants, read another value than the files say.",
  "controller-changed": "The hardening of Flux's controllers holds for the release and the settings in the files only.",
  "controller-flag": "Flux's controllers keep tenants apart by these arguments.",
  "controller-image": "Only the images of flux.lock.json are verified.",
  "controller-unavailable": "Without its controller, Flux applies and reverts nothing of this kind.",
  "definition-changed": "The API server checks objects of Flux by their definition.",
  "extension-foreign":
    "Webhooks and API servers see requests, Secrets among them, and may change objects on their way.",
  "key-foreign": "A deploy key that no file asks for opens the repository to its holder.",
  "key-missing": "Without its deploy key, Flux cannot clone the repository.",
  "key-other": "The cluster uses another private key than GitHub knows.",
  "key-too-old": "An old key had more time to leak.",
  "key-writable": "A stolen key that can push controls what Flux applies.",
  "label-changed": "Policies, quotas and network rules select objects by their labels.",
  "limits-changed": "Defaults and maxima keep one container from using the resources of others.",
  "network-changed": "Network policies keep the pods of tenants apart.",
  "object-missing": "The files ask for an object that the cluster does not have.",
  "object-refused": "The policies refuse this object to its tenant: it was added by hand, or while a policy was off.",
  "object-tied": "A finalizer keeps a deleted object, and an owner reference deletes an object with its owner.",
  "object-terminating": "The object is being deleted, and a finalizer keeps it.",
  "object-unplanned": "An object with the label of this stack is in no plan: it was added by hand, or left behind.",
  "pod-security-changed": "Pod Security refuses privileged pods by the labels of their namespace.",
  "policy-binding-changed": "Without its binding and the action Deny, an admission policy refuses nothing.",
  "policy-changed": "Admission policies refuse what tenants must not do.",
  "quota-changed": "Quotas keep one tenant from using up the cluster.",
  "role-changed": "Roles decide which rights their holders have.",
  "ruleset-changed": "Rulesets protect the branch that Flux applies.",
  "ruleset-foreign": "A ruleset that no file asks for may block the program, or lead people to rely on it.",
  "ruleset-missing": "Without its ruleset, the history of the branch that Flux applies can be rewritten.",
  "secret-changed": "Flux authenticates with the content of this Secret.",
  "service-changed": "Services decide which pods get the traffic.",
  "sync-behind": "The cluster does not run the newest commit.",
  "sync-changed": "A sync applies with the account, from the source and the path that its fields name.",
  "sync-foreign": "A sync outside of the tenants applies what no review of the platform's repository has seen.",
  "sync-not-ready": "Flux does not apply the newest commit, or reverts no changes.",
  "sync-suspended": "Flux neither applies nor reverts anything of a suspended sync.",
  "webhook-changed": "GitHub calls another address, or with other settings, than the files say.",
  "webhook-foreign": "A webhook that no file asks for sends events of the repository to its address.",
  "webhook-missing": "Without its webhook, Flux fetches a push only after its interval.",
} as const;

/** All kinds of findings with their reasons, sorted. */
export const findingKinds: Readonly<Record<FindingKind, string>> = reasons;

/** A finding of a kind, with its reason. */
export function finding(kind: FindingKind, rest: Omit<Finding, "kind" | "reason">): Finding {
  return { kind, ...rest, reason: reasons[kind] };
}

/** The owner of a planned resource. */
export function ownerOf({ parent, tenant, name, type }: PlannedResource, stack: string): Owner {
  const component = parent === "" ? name : parent;
  if (tenant !== undefined) return { component, tenant, file: `stacks/base/tenants/${tenant}.yaml` };
  if (type.startsWith("kubernetes:admissionregistration.k8s.io/")) return { component, file: "policies/admission" };
  const isFlux = component.startsWith("fleet-flux");
  return { component, file: isFlux ? "flux.lock.json" : `Pulumi.${stack}.yaml` };
}

/** An owner in words: `tenant team-a (stacks/base/tenants/team-a.yaml)`. */
export function ownerText({ component, tenant, file }: Owner): string {
  const name = tenant === undefined ? (component ?? "none") : `tenant ${tenant}`;
  return `${name} (${file})`;
}

/** The order in which findings are printed: by object, then by kind and text. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  const keyOf = ({ object, kind, difference }: Finding) => `${object}\n${kind}\n${difference}`;
  const distinct = new Map(findings.map((one) => [keyOf(one), one]));
  return [...distinct].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, one]) => one);
}
